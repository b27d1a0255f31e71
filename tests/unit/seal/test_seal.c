/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "shebao/file.h"
#include "shebao/mem.h"
#include "shebao/seal.h"
#include "unit/unit.h"

#define OFFICE "国家税务总局贵阳市南明区税务局"
#define NOW INT64_C(1795414800000)

static char folder[] = "/tmp/shebao-seal-XXXXXX";
static char other_folder[64];
static struct seal *seal;
static struct seal *other;

/* Keys take a second to make: once for all tests. */
static void
need_seals(void)
{
	struct err err = { 0 };

	if (seal != NULL) {
		return;
	}
	ck_assert_ptr_nonnull(mkdtemp(folder));
	snprintf(other_folder, sizeof(other_folder), "%s/other", folder);
	ck_assert_msg(seal_create_office(folder, OFFICE, NOW, &err) == 0, "%s", err.text);
	ck_assert_msg(seal_open(folder, &seal, &err) == 0, "%s", err.text);
	ck_assert_int_eq(seal_create_office(other_folder, "别处的税务局", NOW, &err), 0);
	ck_assert_int_eq(seal_open(other_folder, &other, &err), 0);
}

/* The smallest PDF with a page, in the form cairo writes. */
static void
make_pdf(struct buf *out)
{
	static const char *const objects[] = {
		"<< /Type /Page\n   /Parent 2 0 R /MediaBox [0 0 595 842] >>",
		"<< /Type /Pages\n   /Kids [ 1 0 R ]\n   /Count 1 >>",
		"<< /Producer (test) >>",
		"<< /Type /Catalog\n   /Pages 2 0 R >>",
	};
	size_t at[ARRAY_LEN(objects)];
	size_t xref;
	size_t i;

	buf_puts(out, "%PDF-1.5\n%\xb5\xed\xae\xfb\n");
	for (i = 0; i < ARRAY_LEN(objects); i++) {
		at[i] = out->len;
		buf_printf(out, "%zu 0 obj\n%s\nendobj\n", i + 1, objects[i]);
	}
	xref = out->len;
	buf_printf(out, "xref\n0 %zu\n0000000000 65535 f \n", ARRAY_LEN(objects) + 1);
	for (i = 0; i < ARRAY_LEN(objects); i++) {
		buf_printf(out, "%010zu 00000 n \n", at[i]);
	}
	buf_printf(out,
	    "trailer\n<< /Size %zu\n   /Root 4 0 R\n   /Info 3 0 R\n>>\nstartxref\n%zu\n%%%%EOF\n",
	    ARRAY_LEN(objects) + 1, xref);
}

static void
make_sealed(struct buf *out)
{
	struct seal_request request = { .signed_at = NOW, .reason = "银行端查询缴费凭证 𠮷 1", .code = "SB1|x" };
	struct buf pdf = { 0 };
	struct err err = { 0 };

	need_seals();
	make_pdf(&pdf);
	ck_assert_msg(seal_sign(seal, &pdf, &request, out, &err) == 0, "%s", err.text);
	buf_release(&pdf);
}

static int
verify(const struct buf *pdf, struct seal_report *report, struct err *err)
{
	return seal_verify(pdf->data, pdf->len, seal_certificates_pem(seal), report, err);
}

START_TEST(a_sealed_file_verifies_and_says_by_whom)
{
	struct buf pdf = { 0 };
	struct seal_report report;
	struct err err = { 0 };

	make_sealed(&pdf);
	ck_assert_msg(verify(&pdf, &report, &err) == 0, "%s", err.text);
	ck_assert(report.is_sealed && report.is_intact && report.is_trusted);
	ck_assert_str_eq(report.office, OFFICE);
	ck_assert_str_eq(report.algorithm, "RSA-SHA256");
	ck_assert_str_eq(report.reason, "银行端查询缴费凭证 𠮷 1");
	ck_assert_str_eq(report.code, "SB1|x");
	ck_assert_int_eq(report.signed_at, NOW);
	ck_assert_uint_eq(strlen(report.fingerprint), 64);
	buf_release(&pdf);
}
END_TEST

START_TEST(without_certificates_it_is_intact_but_not_trusted)
{
	struct buf pdf = { 0 };
	struct seal_report report;

	make_sealed(&pdf);
	ck_assert_int_eq(seal_verify(pdf.data, pdf.len, NULL, &report, NULL), 0);
	ck_assert(report.is_intact && !report.is_trusted);
	buf_release(&pdf);
}
END_TEST

START_TEST(another_office_is_not_trusted)
{
	struct buf pdf = { 0 };
	struct seal_report report;
	struct err err = { 0 };

	make_sealed(&pdf);
	ck_assert_int_eq(
	    seal_verify(pdf.data, pdf.len, seal_certificates_pem(other), &report, &err), -1);
	ck_assert_int_eq(err.code, ERR_SEAL);
	ck_assert(report.is_intact && !report.is_trusted);
	buf_release(&pdf);
}
END_TEST

START_TEST(every_changed_byte_is_noticed)
{
	struct buf pdf = { 0 };
	struct seal_report report;
	size_t i;

	make_sealed(&pdf);
	for (i = 0; i < pdf.len; i++) {
		char bit = (char)(1 << (i % 8));

		pdf.data[i] = (char)(pdf.data[i] ^ bit);
		ck_assert_msg(seal_verify(pdf.data, pdf.len, NULL, &report, NULL) != 0,
		    "bit %zu of byte %zu", i % 8, i);
		pdf.data[i] = (char)(pdf.data[i] ^ bit);
	}
	ck_assert_int_eq(seal_verify(pdf.data, pdf.len, NULL, &report, NULL), 0);
	buf_release(&pdf);
}
END_TEST

START_TEST(every_shorter_and_longer_file_is_refused)
{
	struct buf pdf = { 0 };
	struct seal_report report;
	size_t n;

	make_sealed(&pdf);
	for (n = 0; n < pdf.len; n += n < 200 ? 1 : 97) {
		ck_assert_int_eq(seal_verify(pdf.data, n, NULL, &report, NULL), -1);
	}
	buf_puts(&pdf, "\n");
	ck_assert_int_eq(seal_verify(pdf.data, pdf.len, NULL, &report, NULL), -1);
	ck_assert(report.is_sealed && !report.is_intact);
	buf_release(&pdf);
}
END_TEST

/* A small generator of our own: the same bytes on every machine. */
static uint32_t
next_random(uint32_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 17;
	*state ^= *state << 5;
	return *state;
}

START_TEST(broken_files_do_no_harm)
{
	struct buf pdf = { 0 };
	struct seal_report report;
	uint32_t state = 2463534242u;
	int round;

	make_sealed(&pdf);
	for (round = 0; round < 3000; round++) {
		struct buf copy = { 0 };
		int n = 1 + (int)(next_random(&state) % 8);

		buf_put(&copy, pdf.data, pdf.len);
		while (n-- > 0) {
			copy.data[next_random(&state) % copy.len] = (char)next_random(&state);
		}
		copy.len -= next_random(&state) % 64;
		if (seal_verify(copy.data, copy.len, NULL, &report, NULL) == 0) {
			ck_assert_mem_eq(copy.data, pdf.data, pdf.len);
		}
		buf_release(&copy);
	}
	buf_release(&pdf);
}
END_TEST

START_TEST(broken_files_are_not_sealed)
{
	struct seal_request request = { .signed_at = NOW, .reason = "x", .code = NULL };
	struct buf pdf = { 0 };
	struct buf out = { 0 };
	uint32_t state = 88172645u;
	int round;

	need_seals();
	make_pdf(&pdf);
	for (round = 0; round < 300; round++) {
		struct buf copy = { 0 };
		int n = 1 + (int)(next_random(&state) % 20);

		buf_put(&copy, pdf.data, pdf.len);
		while (n-- > 0) {
			copy.data[next_random(&state) % copy.len] =
			    (char)(' ' + next_random(&state) % 95);
		}
		if (seal_sign(seal, &copy, &request, &out, NULL) == 0) {
			ck_assert_uint_gt(out.len, copy.len);
		}
		buf_release(&copy);
	}
	buf_clear(&pdf);
	buf_puts(&pdf, "no PDF at all");
	ck_assert_int_eq(seal_sign(seal, &pdf, &request, &out, NULL), -1);
	buf_release(&pdf);
	buf_release(&out);
}
END_TEST

START_TEST(a_sealed_file_is_not_sealed_again)
{
	struct seal_request request = { .signed_at = NOW, .reason = "x", .code = NULL };
	struct buf pdf = { 0 };
	struct buf again = { 0 };
	struct err err = { 0 };

	make_sealed(&pdf);
	ck_assert_int_eq(seal_sign(seal, &pdf, &request, &again, &err), -1);
	ck_assert_int_eq(err.code, ERR_DATA);
	buf_release(&pdf);
	buf_release(&again);
}
END_TEST

START_TEST(same_input_gives_the_same_bytes)
{
	struct buf first = { 0 };
	struct buf second = { 0 };

	make_sealed(&first);
	make_sealed(&second);
	ck_assert_uint_eq(first.len, second.len);
	ck_assert_mem_eq(first.data, second.data, first.len);
	buf_release(&first);
	buf_release(&second);
}
END_TEST

START_TEST(an_office_is_made_once)
{
	struct seal *again = NULL;

	need_seals();
	ck_assert_int_eq(seal_create_office(folder, "另一个名字", NOW, NULL), 0);
	ck_assert_int_eq(seal_open(folder, &again, NULL), 0);
	ck_assert_str_eq(seal_office(again), OFFICE);
	ck_assert_str_eq(seal_certificates_pem(again), seal_certificates_pem(seal));
	seal_close(again);
}
END_TEST

START_TEST(a_key_that_others_may_read_is_refused)
{
	char path[128];
	struct seal *again = NULL;
	struct err err = { 0 };

	need_seals();
	snprintf(path, sizeof(path), "%s/seal.key", folder);
	ck_assert_int_eq(chmod(path, 0640), 0);
	ck_assert_int_eq(seal_open(folder, &again, &err), -1);
	ck_assert_int_eq(err.code, ERR_LOCAL);
	ck_assert_int_eq(chmod(path, 0600), 0);
}
END_TEST

START_TEST(a_key_of_another_certificate_is_refused)
{
	char path[128];
	char kept[128];
	struct buf key = { 0 };
	struct seal *again = NULL;
	struct err err = { 0 };

	need_seals();
	snprintf(path, sizeof(path), "%s/seal.key", other_folder);
	ck_assert_int_eq(file_load(path, 65536, &key, NULL), 0);
	snprintf(path, sizeof(path), "%s/seal.key", folder);
	snprintf(kept, sizeof(kept), "%s/kept", folder);
	ck_assert_int_eq(rename(path, kept), 0);
	ck_assert_int_eq(file_save(path, key.data, key.len, FILE_REPLACE, NULL), 0);
	ck_assert_int_eq(seal_open(folder, &again, &err), -1);
	ck_assert_int_eq(err.code, ERR_LOCAL);
	ck_assert_int_eq(rename(kept, path), 0);
	buf_release(&key);
}
END_TEST

static const struct seal_claim claim = { "voucher", "452016200900000041", "91520102MA6X000166",
	8407924, "2026-11-23", "7K3QX9MDW2PA46TC" };

START_TEST(a_code_verifies_and_carries_its_claim)
{
	char code[SEAL_CODE_SIZE];
	struct seal_claim found;
	struct err err = { 0 };

	need_seals();
	ck_assert_int_eq(seal_code_sign(seal, &claim, code, &err), 0);
	ck_assert_msg(seal_code_verify(seal_certificates_pem(seal), code, &found, &err) == 0, "%s",
	    err.text);
	ck_assert_str_eq(found.kind, "voucher");
	ck_assert_str_eq(found.number, "452016200900000041");
	ck_assert_str_eq(found.taxpayer_id, "91520102MA6X000166");
	ck_assert_int_eq(found.amount, 8407924);
	ck_assert_str_eq(found.issued_on, "2026-11-23");
	ck_assert_str_eq(found.verify_code, "7K3QX9MDW2PA46TC");
	ck_assert_int_eq(
	    seal_code_verify(seal_certificates_pem(other), code, &found, &err), -1);
}
END_TEST

START_TEST(every_changed_character_of_a_code_is_noticed)
{
	char code[SEAL_CODE_SIZE];
	struct seal_claim found;
	size_t i;
	int bit;

	need_seals();
	ck_assert_int_eq(seal_code_sign(seal, &claim, code, NULL), 0);
	for (i = 0; code[i] != '\0'; i++) {
		for (bit = 0; bit < 8; bit++) {
			code[i] = (char)(code[i] ^ (1 << bit));
			ck_assert_int_eq(
			    seal_code_verify(seal_certificates_pem(seal), code, &found, NULL), -1);
			code[i] = (char)(code[i] ^ (1 << bit));
		}
	}
}
END_TEST

START_TEST(a_claim_with_a_separator_is_not_signed)
{
	char code[SEAL_CODE_SIZE];
	struct seal_claim bad = claim;
	struct err err = { 0 };

	need_seals();
	mem_copy_text(bad.number, sizeof(bad.number), "1|2");
	ck_assert_int_eq(seal_code_sign(seal, &bad, code, &err), -1);
	ck_assert_int_eq(err.code, ERR_DATA);
}
END_TEST

START_TEST(what_is_no_code_is_refused)
{
	static const char *const texts[] = { "", "SB1", "SB1|||||||", "https://example.com/",
		"SB1|a|b|c|1|d|e|" };
	struct seal_claim found;
	size_t i;

	need_seals();
	for (i = 0; i < ARRAY_LEN(texts); i++) {
		ck_assert_int_eq(
		    seal_code_verify(seal_certificates_pem(seal), texts[i], &found, NULL), -1);
	}
}
END_TEST

static void
remove_folder(const char *path)
{
	static const char *const names[] = { "seal.key", "seal.pem", "code.key", "code.pem",
		"ca.pem" };
	char name[128];
	size_t i;

	for (i = 0; i < ARRAY_LEN(names); i++) {
		snprintf(name, sizeof(name), "%s/%s", path, names[i]);
		unlink(name);
	}
	rmdir(path);
}

/* In a child: the service, whose keeper dies. */
static void
lose_the_keeper(int said)
{
	struct seal_request request = { .signed_at = NOW, .reason = "缴费凭证", .code = "SB1|x" };
	struct buf pdf = { 0 }, out = { 0 };
	struct seal *apart = NULL;
	struct err err = { 0 };
	FILE *children;
	int keeper = 0;

	dup2(said, STDERR_FILENO);
	make_pdf(&pdf);
	if (seal_open_apart(folder, OFFICE, NOW, &apart, &err) != 0 ||
	    seal_sign(apart, &pdf, &request, &out, &err) != 0 ||
	    (children = fopen("/proc/thread-self/children", "re")) == NULL ||
	    fscanf(children, "%d", &keeper) != 1 || kill(keeper, SIGKILL) != 0) {
		(void)!write(said, err.text, strlen(err.text));
		_exit(1);
	}
	buf_release(&out);
	(void)!seal_sign(apart, &pdf, &request, &out, &err);
	_exit(2);
}

START_TEST(a_service_whose_keeper_died_ends_and_says_so)
{
	char said[512] = "";
	int ends[2], status = 0;
	pid_t pid;

	need_seals();
	ck_assert_int_eq(pipe(ends), 0);
	pid = fork();
	if (pid == 0) {
		lose_the_keeper(ends[1]);
	}
	close(ends[1]);
	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	(void)!read(ends[0], said, sizeof(said) - 1);
	close(ends[0]);
	ck_assert_msg(WIFEXITED(status) && WEXITSTATUS(status) == 5, "%d %s", status, said);
	ck_assert_ptr_nonnull(strstr(said, "保管签章密钥的进程没有应答"));
}
END_TEST

/* Last. */
START_TEST(seals_are_closed)
{
	need_seals();
	seal_close(seal);
	seal_close(other);
	seal_close(NULL);
	remove_folder(other_folder);
	remove_folder(folder);
	seal = other = NULL;
}
END_TEST

UNIT_MAIN("seal", a_sealed_file_verifies_and_says_by_whom,
    without_certificates_it_is_intact_but_not_trusted, another_office_is_not_trusted,
    every_changed_byte_is_noticed, every_shorter_and_longer_file_is_refused,
    broken_files_do_no_harm, broken_files_are_not_sealed, a_sealed_file_is_not_sealed_again,
    same_input_gives_the_same_bytes, an_office_is_made_once,
    a_key_that_others_may_read_is_refused, a_key_of_another_certificate_is_refused,
    a_code_verifies_and_carries_its_claim, every_changed_character_of_a_code_is_noticed,
    a_claim_with_a_separator_is_not_signed, what_is_no_code_is_refused, a_service_whose_keeper_died_ends_and_says_so, seals_are_closed)

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Makes documents and exports for tests/documents/run, which reads them with other programs.
 *
 *   make_documents all FOLDER OFFICE       one file a kind and number of lines; facts on stdout
 *   make_documents verify FILE CERTIFICATES
 *   make_documents code TEXT CERTIFICATES
 *   make_documents sheet FILE ROWS
 *   make_documents peak FILE ROWS          the same, and says how many KB it took at most
 *   make_documents bench OFFICE            CPU milliseconds: KIND LINES MS BYTES
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

#include "shebao/doc.h"
#include "shebao/file.h"
#include "shebao/mem.h"
#include "shebao/money.h"
#include "shebao/seal.h"
#include "shebao/sheet.h"

#define ISSUED_AT INT64_C(1795414800000)
#define OFFICE_NAME "国家税务总局贵阳市南明区税务局"
#define VERIFY_CODE "7K3QX9MDW2PA46TC"

struct item {
	const char *item;
	const char *category;
};

// clang-format off
static const struct item items[] = {
	{ "企业职工基本养老保险费", "职工基本养老保险（单位缴纳）" },
	{ "企业职工基本养老保险费", "职工基本养老保险（个人缴纳）" },
	{ "失业保险费", "失业保险（单位缴纳）" },
	{ "失业保险费", "失业保险（个人缴纳）" },
	{ "工伤保险费", "=工伤保险" },
	{ "基本医疗保险费", "基本医疗保险（含生育）（单位缴纳）" },
	{ "基本医疗保险费", "职工大额医疗互助保险（个人缴纳）" },
};
// clang-format on

static const struct employer employer = {
	.taxpayer_id = "91520102MA6X000166",
	.name = "贵阳市南明区黔味轩餐饮管理有限责任公司",
	.tax_authority_code = "15201020000",
	.tax_authority_name = OFFICE_NAME,
};

static void
fill_levy(struct levy *levy, size_t i)
{
	const struct item *item = &items[i % ARRAY_LEN(items)];

	*levy = (struct levy){ .headcount = 277,
		.base_amount = 89642225,
		.rate = 1000000,
		.amount = 439175 + (int64_t)(i * 7919 % 900000),
		.period_from = "2026-10",
		.period_to = "2026-10",
		.settled_on = "2026-11-20" };
	snprintf(levy->levy_no, sizeof(levy->levy_no), "L%08zu", i);
	mem_copy_text(levy->unit_no, sizeof(levy->unit_no), i % 3 != 0 ? "00048857" : "00051234");
	mem_copy_text(levy->agency_name, sizeof(levy->agency_name),
	    i % 2 != 0 ? "贵阳市社会保险事业局" : "贵阳市医疗保障局");
	mem_copy_text(levy->item_name, sizeof(levy->item_name), item->item);
	mem_copy_text(levy->category_name, sizeof(levy->category_name), item->category);
	snprintf(levy->tax_ticket_no, sizeof(levy->tax_ticket_no), "4520162611%08u",
	    (unsigned)(i / 9 + 41));
}

/* A document with all it points to. */
struct made {
	struct levy *lines;
	int64_t *paid_at;
	struct voucher voucher;
	struct certificate certificate;
	struct view_document document;
	char code[SEAL_CODE_SIZE];
};

static int
make(struct made *m, enum view_document_kind kind, size_t count, int64_t reprint,
    const struct seal *seal, struct err *err)
{
	int is_voucher = kind == VIEW_DOCUMENT_VOUCHER;
	struct seal_claim claim = { .taxpayer_id = "91520102MA6X000166",
		.issued_on = "2026-11-23",
		.verify_code = VERIFY_CODE };
	size_t i;

	*m = (struct made){ .lines = mem_alloc(count * sizeof(*m->lines)),
		.paid_at = mem_alloc(count * sizeof(*m->paid_at)),
		.voucher = { .voucher_no = "452016261100000041",
		    .bank_name = "中国工商银行股份有限公司贵阳南明支行",
		    .account_no = "2402001009200012345",
		    .account_name = "贵阳市南明区黔味轩餐饮管理有限责任公司",
		    .issued_at = ISSUED_AT,
		    .due_date = "2026-11-25",
		    .verify_code = VERIFY_CODE },
		.certificate = { .certificate_no = "452015261100000007",
		    .issued_at = ISSUED_AT,
		    .period_from = "2026-10",
		    .period_to = "2026-10",
		    .verify_code = VERIFY_CODE } };
	for (i = 0; i < count; i++) {
		fill_levy(&m->lines[i], i);
		m->paid_at[i] = ISSUED_AT - INT64_C(5) * 86400000;
		claim.amount += m->lines[i].amount;
	}
	m->voucher.amount = m->certificate.amount = claim.amount;
	mem_copy_text(claim.kind, sizeof(claim.kind), view_document_kind_name(kind));
	mem_copy_text(claim.number, sizeof(claim.number),
	    is_voucher ? m->voucher.voucher_no : m->certificate.certificate_no);
	m->document = (struct view_document){ .kind = kind,
		.employer = &employer,
		.voucher = &m->voucher,
		.certificate = &m->certificate,
		.lines = m->lines,
		.count = count,
		.paid_at = m->paid_at,
		.office = seal_office(seal),
		.verify_url = "https://sbf.guizhou.example/v1/verify/",
		.qr_text = m->code,
		.reprint = reprint,
		.printed_at = ISSUED_AT + 86400000 };
	return seal_code_sign(seal, &claim, m->code, err);
}

static void
release(struct made *m)
{
	free(m->lines);
	free(m->paid_at);
}

static int
print(const struct made *m, const struct seal *seal, struct buf *out, struct err *err)
{
	struct seal_request request = { .signed_at = ISSUED_AT,
		.reason = view_document_title(m->document.kind),
		.code = m->code };
	struct buf pdf = { 0 };
	int rc = doc_pdf(&m->document, &pdf, err);

	if (rc == 0) {
		rc = seal_sign(seal, &pdf, &request, out, err);
	}
	buf_release(&pdf);
	return rc;
}

static int
make_one(const char *folder, enum view_document_kind kind, size_t count, int64_t reprint,
    const struct seal *seal, struct err *err)
{
	struct made m;
	struct buf pdf = { 0 };
	struct buf text = { 0 };
	char name[128];
	char path[4096];
	char figures[MONEY_TEXT_MAX];
	char words[MONEY_WORDS_MAX];
	int rc = -1;

	snprintf(name, sizeof(name), "%s-%zu%s", view_document_kind_name(kind), count,
	    reprint > 0 ? "-reprint" : "");
	snprintf(path, sizeof(path), "%s/%s.pdf", folder, name);
	if (make(&m, kind, count, reprint, seal, err) == 0 && print(&m, seal, &pdf, err) == 0 &&
	    file_save(path, pdf.data, pdf.len, FILE_REPLACE, err) == 0) {
		snprintf(path, sizeof(path), "%s/%s.preview", folder, name);
		view_document_text(&m.document, 100, &text);
		rc = file_save(path, text.data, text.len, FILE_REPLACE, err);
	}
	money_format(m.voucher.amount, figures);
	money_in_words(m.voucher.amount, words);
	printf("%s\t%s\t%s\t%s\t%s\t%zu\n", name, view_document_title(kind), figures, words, m.code,
	    pdf.len);
	buf_release(&text);
	buf_release(&pdf);
	release(&m);
	return rc;
}

static int
run_all(const char *folder, const struct seal *seal, struct err *err)
{
	static const size_t counts[] = { 1, 30, 500 };
	char path[4096];
	size_t k;
	size_t i;

	for (k = 0; k < VIEW_DOCUMENT_KIND_COUNT; k++) {
		for (i = 0; i < ARRAY_LEN(counts); i++) {
			if (make_one(folder, (enum view_document_kind)k, counts[i], 0, seal, err) != 0) {
				return -1;
			}
		}
	}
	if (make_one(folder, VIEW_DOCUMENT_TAX_PAID, 30, 2, seal, err) != 0) {
		return -1;
	}
	snprintf(path, sizeof(path), "%s/certificates.pem", folder);
	return file_save(path, seal_certificates_pem(seal), strlen(seal_certificates_pem(seal)),
	    FILE_REPLACE, err);
}

static int
run_verify(const char *path, const char *certificates, struct err *err)
{
	struct seal_report report;
	struct buf pdf = { 0 };
	struct buf pem = { 0 };
	int rc = -1;

	if (file_load(path, 64u << 20, &pdf, err) == 0 &&
	    file_load(certificates, 1u << 20, &pem, err) == 0) {
		rc = seal_verify(buf_text(&pdf), pdf.len, buf_text(&pem), &report, err);
		printf("%s|%s|%d|%s\n", report.office, report.reason, report.is_trusted, report.code);
	}
	buf_release(&pdf);
	buf_release(&pem);
	return rc;
}

static int
run_code(const char *text, const char *certificates, struct err *err)
{
	struct seal_claim claim = { 0 };
	struct buf pem = { 0 };
	int rc = -1;

	if (file_load(certificates, 1u << 20, &pem, err) == 0) {
		rc = seal_code_verify(buf_text(&pem), text, &claim, err);
	}
	printf("%s %s %s %" PRId64 "\n", claim.kind, claim.number, claim.taxpayer_id, claim.amount);
	buf_release(&pem);
	return rc;
}

static int
run_sheet(const char *path, long rows, struct err *err)
{
	struct sheet_options options = { .view = &view_levies,
		.summaries = sheet_levy_summaries,
		.summary_count = sheet_levy_summary_count,
		.heading = "贵阳市南明区黔味轩餐饮管理有限责任公司",
		.created_at = ISSUED_AT,
		.overwrite = FILE_KEEP };
	struct sheet *sheet;
	struct levy levy;
	long i;

	if (sheet_open(path, &options, &sheet, err) != 0) {
		return -1;
	}
	for (i = 0; i < rows; i++) {
		fill_levy(&levy, (size_t)i);
		if (sheet_add(sheet, &levy, err) != 0) {
			sheet_cancel(sheet);
			return -1;
		}
	}
	return sheet_finish(sheet, err);
}

static int
run_peak(const char *path, long rows, struct err *err)
{
	struct rusage usage;

	if (run_sheet(path, rows, err) != 0) {
		return -1;
	}
	getrusage(RUSAGE_SELF, &usage);
	printf("%ld\n", usage.ru_maxrss);
	return 0;
}

static double
now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

/* The best of seven, made and sealed: what the machine can do, not who else is on it. */
static int
run_bench(const struct seal *seal, struct err *err)
{
	static const size_t counts[] = { 1, 500 };
	size_t k;
	size_t i;
	int n;

	for (k = 0; k < VIEW_DOCUMENT_KIND_COUNT; k++) {
		for (i = 0; i < ARRAY_LEN(counts); i++) {
			struct made m;
			struct buf pdf = { 0 };
			double best = 0;

			if (make(&m, (enum view_document_kind)k, counts[i], 0, seal, err) != 0) {
				return -1;
			}
			for (n = 0; n < 7; n++) {
				double began = now_ms();
				double took;

				if (print(&m, seal, &pdf, err) != 0) {
					return -1;
				}
				took = now_ms() - began;
				best = n == 0 || took < best ? took : best;
			}
			printf("%s %zu %.1f %zu\n",
			    view_document_kind_name((enum view_document_kind)k), counts[i], best,
			    pdf.len);
			buf_release(&pdf);
			release(&m);
		}
	}
	return 0;
}

static int
run(int argc, char **argv, struct err *err)
{
	const char *office = argc > 1 && strcmp(argv[1], "bench") == 0 ? argv[2] : argv[argc - 1];
	struct seal *seal = NULL;
	int rc = -1;

	if (argc == 4 && strcmp(argv[1], "verify") == 0) {
		return run_verify(argv[2], argv[3], err);
	}
	if (argc == 4 && strcmp(argv[1], "code") == 0) {
		return run_code(argv[2], argv[3], err);
	}
	if (argc == 4 && strcmp(argv[1], "sheet") == 0) {
		return run_sheet(argv[2], strtol(argv[3], NULL, 10), err);
	}
	if (argc == 4 && strcmp(argv[1], "peak") == 0) {
		return run_peak(argv[2], strtol(argv[3], NULL, 10), err);
	}
	if (argc < 3) {
		return err_set(err, ERR_USAGE, "make_documents all|verify|code|sheet|bench ...");
	}
	if (seal_create_office(office, OFFICE_NAME, ISSUED_AT, err) == 0 &&
	    seal_open(office, &seal, err) == 0) {
		rc = argc == 4 ? run_all(argv[2], seal, err) : run_bench(seal, err);
	}
	seal_close(seal);
	return rc;
}

int
main(int argc, char **argv)
{
	struct err err = { 0 };

	if (run(argc, argv, &err) != 0) {
		fprintf(stderr, "%s\n", err.text);
		return EXIT_FAILURE;
	}
	return EXIT_SUCCESS;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The short signed text of the QR code: small enough to be scanned from paper, checked without
 * asking anybody. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "seal_cert.h"
#include "seal_keeper.h"
#include "seal_private.h"
#include "shebao/i18n.h"
#include "shebao/mem.h"
#include "shebao/text.h"

#define VERSION_TAG "SB1"
#define SIGNATURE_SIZE SEAL_CODE_SIGNATURE
#define FIELD_MAX 8

static const char digits64[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

static void
put_base64url(struct buf *out, const unsigned char *bytes, size_t n)
{
	uint32_t bits = 0;
	int have = 0;
	size_t i;

	for (i = 0; i < n; i++) {
		bits = (bits << 8 | bytes[i]) & 0xffff;
		for (have += 8; have >= 6; have -= 6) {
			buf_put(out, &digits64[bits >> (have - 6) & 63], 1);
		}
	}
	if (have > 0) {
		buf_put(out, &digits64[bits << (6 - have) & 63], 1);
	}
}

/* Exactly n bytes; the bits left over must be 0, so that there is one spelling. */
static int
read_base64url(const char *s, unsigned char *bytes, size_t n)
{
	uint32_t bits = 0;
	int have = 0;
	size_t filled = 0;

	for (; *s != '\0'; s++) {
		const char *p = strchr(digits64, *s);

		if (p == NULL) {
			return -1;
		}
		bits = (bits << 6 | (uint32_t)(p - digits64)) & 0xffff;
		have += 6;
		if (have >= 8) {
			have -= 8;
			if (filled == n) {
				return -1;
			}
			bytes[filled++] = (unsigned char)(bits >> have);
		}
	}
	return filled == n && have < 6 && (bits & ((1u << have) - 1)) == 0 ? 0 : -1;
}

/* Nothing that would be read as a separator, or end a PDF string. */
static int
is_plain(const char *s)
{
	for (; *s != '\0'; s++) {
		if (*s <= ' ' || *s > '~' || strchr("|()\\<>", *s) != NULL) {
			return 0;
		}
	}
	return 1;
}

int
seal_code_bytes(const struct seal *seal, const struct buf *text,
    unsigned char out[SEAL_CODE_SIGNATURE], struct err *err)
{
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	size_t n = SEAL_CODE_SIGNATURE;
	int ok = ctx != NULL &&
	    EVP_DigestSignInit(ctx, NULL, NULL, NULL, seal->code_key) == 1 &&
	    EVP_DigestSign(ctx, out, &n, (const unsigned char *)text->data, text->len) == 1 &&
	    n == SEAL_CODE_SIGNATURE;

	EVP_MD_CTX_free(ctx);
	return ok ? 0 : seal_cert_fail(err, ERR_LOCAL, _("凭证码签名失败"));
}

int
seal_code_sign(const struct seal *seal, const struct seal_claim *claim, char out[SEAL_CODE_SIZE],
    struct err *err)
{
	struct buf text = { 0 };
	unsigned char signature[SIGNATURE_SIZE];
	int rc = -1;

	if (!is_plain(claim->kind) || !is_plain(claim->number) || !is_plain(claim->taxpayer_id) ||
	    !is_plain(claim->issued_on) || !is_plain(claim->verify_code)) {
		err_set(err, ERR_DATA, _("凭证码的内容含有不允许的字符"));
		goto out;
	}
	buf_printf(&text, VERSION_TAG "|%s|%s|%s|%" PRId64 "|%s|%s", claim->kind, claim->number,
	    claim->taxpayer_id, claim->amount, claim->issued_on, claim->verify_code);
	if ((seal->is_apart ? seal_keeper_code(seal, &text, signature, err) :
			      seal_code_bytes(seal, &text, signature, err)) != 0) {
		goto out;
	}
	buf_puts(&text, "|");
	put_base64url(&text, signature, sizeof(signature));
	rc = mem_copy_text(out, SEAL_CODE_SIZE, text.data) ? 0 : -1;
	if (rc != 0) {
		err_set(err, ERR_LIMIT, _("凭证码太长"));
	}
out:
	buf_release(&text);
	return rc;
}

/* Cuts a copy of the code at its bars. */
static int
split(char *copy, char *fields[FIELD_MAX])
{
	size_t i;

	for (i = 0; i < FIELD_MAX; i++) {
		char *bar = strchr(copy, '|');

		fields[i] = copy;
		if ((bar == NULL) != (i == FIELD_MAX - 1)) {
			return -1;
		}
		if (bar != NULL) {
			*bar = '\0';
			copy = bar + 1;
		}
	}
	return 0;
}

static int
read_claim(char *fields[FIELD_MAX], struct seal_claim *claim)
{
	char *end;

	*claim = (struct seal_claim){ 0 };
	claim->amount = strtoll(fields[4], &end, 10);
	return strcmp(fields[0], VERSION_TAG) == 0 && *end == '\0' && end != fields[4] &&
		       mem_copy_text(claim->kind, sizeof(claim->kind), fields[1]) &&
		       mem_copy_text(claim->number, sizeof(claim->number), fields[2]) &&
		       mem_copy_text(claim->taxpayer_id, sizeof(claim->taxpayer_id), fields[3]) &&
		       mem_copy_text(claim->issued_on, sizeof(claim->issued_on), fields[5]) &&
		       mem_copy_text(claim->verify_code, sizeof(claim->verify_code), fields[6])
		   ? 0
		   : -1;
}

static int
is_signed_by(X509 *cert, const char *text, size_t n, const unsigned char *signature)
{
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	EVP_PKEY *key = X509_get0_pubkey(cert);
	int ok = ctx != NULL && key != NULL && EVP_PKEY_get_base_id(key) == EVP_PKEY_ED25519 &&
		 EVP_DigestVerifyInit(ctx, NULL, NULL, NULL, key) == 1 &&
		 EVP_DigestVerify(
		     ctx, signature, SIGNATURE_SIZE, (const unsigned char *)text, n) == 1;

	EVP_MD_CTX_free(ctx);
	ERR_clear_error();
	return ok;
}

/* The certificate for codes is made with the seal's own key, which is no authority for
 * anything else: so one request to the office's authority is enough. */
static int
is_from_seal(X509 *code, STACK_OF(X509) *list, struct err *err)
{
	int i;

	for (i = 0; i < sk_X509_num(list); i++) {
		X509 *cert = sk_X509_value(list, i);
		EVP_PKEY *key = X509_get0_pubkey(cert);
		int64_t at;
		ASN1_TIME *epoch;
		int days = 0;
		int seconds = 0;

		if (key == NULL || seal_algorithm_of(key) == NULL || X509_verify(code, key) != 1) {
			continue;
		}
		epoch = ASN1_TIME_set(NULL, 0);
		ASN1_TIME_diff(&days, &seconds, epoch, X509_get0_notBefore(code));
		ASN1_TIME_free(epoch);
		at = ((int64_t)days * 86400 + seconds) * 1000;
		return seal_cert_is_trusted(cert, list, NULL, at, err);
	}
	ERR_clear_error();
	err_set(err, ERR_SEAL, _("凭证码的证书不是该税务机关签发的"));
	return 0;
}

int
seal_code_verify(
    const char *certificates_pem, const char *code, struct seal_claim *claim, struct err *err)
{
	STACK_OF(X509) *list = NULL;
	char *copy = mem_dup(code);
	char *fields[FIELD_MAX];
	unsigned char signature[SIGNATURE_SIZE];
	X509 *cert = NULL;
	int rc = -1;
	int i;

	if (strlen(code) >= SEAL_CODE_SIZE || split(copy, fields) != 0 ||
	    read_claim(fields, claim) != 0 ||
	    read_base64url(fields[7], signature, sizeof(signature)) != 0) {
		err_set(err, ERR_SEAL, _("不是本系统的凭证码"));
		goto out;
	}
	list = seal_cert_read_all(certificates_pem, err);
	if (list == NULL) {
		goto out;
	}
	for (i = 0; i < sk_X509_num(list) && cert == NULL; i++) {
		if (is_signed_by(sk_X509_value(list, i), code,
			(size_t)(strrchr(code, '|') - code), signature)) {
			cert = sk_X509_value(list, i);
		}
	}
	if (cert == NULL) {
		err_set(err, ERR_SEAL, _("凭证码无效：内容被改动过，或不是该税务机关开具的"));
	} else if (is_from_seal(cert, list, err)) {
		rc = 0;
	}
out:
	sk_X509_pop_free(list, X509_free);
	free(copy);
	return rc;
}

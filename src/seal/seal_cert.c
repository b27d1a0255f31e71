/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Certificates and keys in PEM, and the way up to a root. */
#include "seal_cert.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "shebao/i18n.h"
#include "shebao/mem.h"
#include "shebao/text.h"

#define CERTIFICATES_MAX 16

/*
 * Where OpenSSL has its memory from. It tells a lack of memory as any other failure of what it was
 * asked to do, so that a seal that could not be checked would be called a seal that is wrong.
 */
static void *
take(size_t n, const char *file, int line)
{
	(void)file;
	(void)line;
	return n == 0 ? NULL : mem_resize(NULL, 1, n);
}

static void
give(void *p, const char *file, int line)
{
	(void)file;
	(void)line;
	free(p);
}

static void *
resize(void *p, size_t n, const char *file, int line)
{
	if (n == 0) {
		give(p, file, line);
		return NULL;
	}
	return mem_resize(p, 1, n);
}

/* Only before OpenSSL's first allocation, whoever makes that, so before main. */
static void __attribute__((constructor)) use_our_memory(void)
{
	(void)CRYPTO_set_mem_functions(take, resize, give);
}

int
seal_cert_fail(struct err *err, enum err_code code, const char *what)
{
	const char *reason = ERR_reason_error_string(ERR_peek_last_error());

	err_set(err, code, reason == NULL ? "%s" : "%s（%s）", what, reason);
	ERR_clear_error();
	return -1;
}

/* A key under a pass phrase cannot be used by a service that starts by itself: say no instead
 * of asking the terminal. */
static int
no_pass_phrase(char *buf, int size, int writing, void *user)
{
	(void)buf;
	(void)size;
	(void)writing;
	(void)user;
	return -1;
}

STACK_OF(X509) *
seal_cert_read_all(const char *pem, struct err *err)
{
	STACK_OF(X509) *list = sk_X509_new_null();
	BIO *in = BIO_new_mem_buf(pem, -1);
	X509 *cert = NULL;

	while (in != NULL && list != NULL && sk_X509_num(list) < CERTIFICATES_MAX &&
	       (cert = PEM_read_bio_X509(in, NULL, no_pass_phrase, NULL)) != NULL) {
		if (sk_X509_push(list, cert) <= 0) {
			X509_free(cert);
			break;
		}
	}
	BIO_free(in);
	if (list == NULL || sk_X509_num(list) == 0) {
		seal_cert_fail(err, ERR_SEAL, _("没有可用的证书"));
		sk_X509_pop_free(list, X509_free);
		return NULL;
	}
	ERR_clear_error();
	return list;
}

EVP_PKEY *
seal_cert_read_key(const char *pem, struct err *err)
{
	BIO *in = BIO_new_mem_buf(pem, -1);
	EVP_PKEY *key = NULL;

	if (in != NULL) {
		key = PEM_read_bio_PrivateKey(in, NULL, no_pass_phrase, NULL);
		BIO_free(in);
	}
	if (key == NULL) {
		seal_cert_fail(err, ERR_SEAL, _("签章密钥无法读取"));
	}
	return key;
}

void
seal_cert_name(const X509_NAME *name, char *out, size_t size)
{
	int at = X509_NAME_get_index_by_NID(name, NID_commonName, -1);
	unsigned char *utf8 = NULL;
	int n;

	out[0] = '\0';
	if (at < 0) {
		return;
	}
	n = ASN1_STRING_to_UTF8(&utf8, X509_NAME_ENTRY_get_data(X509_NAME_get_entry(name, at)));
	if (n > 0) {
		text_clean_copy(out, size, (const char *)utf8, (size_t)n);
	}
	OPENSSL_free(utf8);
	ERR_clear_error();
}

/* Self-signed ones are roots, the others help on the way. */
static int
sort_certificates(STACK_OF(X509) *list, X509_STORE *store, STACK_OF(X509) *helpers)
{
	int i;

	for (i = 0; i < sk_X509_num(list); i++) {
		X509 *cert = sk_X509_value(list, i);
		int is_root = X509_NAME_cmp(X509_get_subject_name(cert), X509_get_issuer_name(cert)) == 0;

		if (is_root ? X509_STORE_add_cert(store, cert) != 1
			    : sk_X509_push(helpers, cert) <= 0) {
			return -1;
		}
	}
	return 0;
}

int
seal_cert_is_trusted(
    X509 *cert, STACK_OF(X509) *list, STACK_OF(X509) *more, int64_t at, struct err *err)
{
	X509_STORE *store = X509_STORE_new();
	X509_STORE_CTX *ctx = X509_STORE_CTX_new();
	STACK_OF(X509) *helpers = sk_X509_new_null();
	int ok = 0;

	if (store == NULL || ctx == NULL || helpers == NULL ||
	    sort_certificates(list, store, helpers) != 0) {
		seal_cert_fail(err, ERR_SEAL, _("证书无法核验"));
		goto out;
	}
	if (more != NULL) {
		int i;

		for (i = 0; i < sk_X509_num(more); i++) {
			sk_X509_push(helpers, sk_X509_value(more, i));
		}
	}
	if (X509_STORE_CTX_init(ctx, store, cert, helpers) != 1) {
		seal_cert_fail(err, ERR_SEAL, _("证书无法核验"));
		goto out;
	}
	X509_VERIFY_PARAM_set_time(X509_STORE_CTX_get0_param(ctx), (time_t)(at / 1000));
	X509_VERIFY_PARAM_set_depth(X509_STORE_CTX_get0_param(ctx), 6);
	ok = X509_verify_cert(ctx) == 1;
	if (!ok) {
		err_set(err, ERR_SEAL, _("签章证书不受信任（%s）"),
		    X509_verify_cert_error_string(X509_STORE_CTX_get_error(ctx)));
	}
out:
	sk_X509_free(helpers);
	X509_STORE_CTX_free(ctx);
	X509_STORE_free(store);
	ERR_clear_error();
	return ok;
}

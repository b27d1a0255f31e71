/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Keys and certificates of a sandbox office: a root, the seal under it, and under the seal the
 * key for printed codes. */
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "seal_cert.h"
#include "seal_private.h"
#include "shebao/file.h"
#include "shebao/i18n.h"
#include "shebao/mem.h"

#define RSA_BITS 3072
#define VALID_DAYS 3653

struct extension {
	int nid;
	const char *value;
};

// clang-format off
static const struct extension root_extensions[] = {
	{ NID_basic_constraints, "critical,CA:TRUE,pathlen:0" },
	{ NID_key_usage, "critical,keyCertSign,cRLSign" },
	{ NID_subject_key_identifier, "hash" },
	{ 0, NULL },
};
/* documentSigning (RFC 9336), and emailProtection because NSS asks for it. */
static const struct extension seal_extensions[] = {
	{ NID_basic_constraints, "critical,CA:FALSE" },
	{ NID_key_usage, "critical,digitalSignature,nonRepudiation" },
	{ NID_ext_key_usage, "emailProtection,1.3.6.1.5.5.7.3.36" },
	{ NID_subject_key_identifier, "hash" },
	{ NID_authority_key_identifier, "keyid:always" },
	{ 0, NULL },
};
static const struct extension code_extensions[] = {
	{ NID_basic_constraints, "critical,CA:FALSE" },
	{ NID_key_usage, "critical,digitalSignature" },
	{ NID_subject_key_identifier, "hash" },
	{ 0, NULL },
};
// clang-format on

static int
add_extensions(X509 *cert, X509 *issuer, const struct extension *rows)
{
	X509V3_CTX ctx;
	int i;

	X509V3_set_ctx(&ctx, issuer, cert, NULL, NULL, 0);
	for (i = 0; rows[i].value != NULL; i++) {
		X509_EXTENSION *e = X509V3_EXT_conf_nid(NULL, &ctx, rows[i].nid, rows[i].value);
		int ok = e != NULL && X509_add_ext(cert, e, -1) == 1;

		X509_EXTENSION_free(e);
		if (!ok) {
			return -1;
		}
	}
	return 0;
}

static int
set_name(X509 *cert, const char *common_name)
{
	X509_NAME *name = X509_get_subject_name(cert);

	return X509_NAME_add_entry_by_txt(
		   name, "C", MBSTRING_UTF8, (const unsigned char *)"CN", -1, -1, 0) == 1 &&
		       X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8,
			   (const unsigned char *)common_name, -1, -1, 0) == 1
		   ? 0
		   : -1;
}

static int
set_serial(X509 *cert)
{
	unsigned char bytes[16];
	BIGNUM *n;
	int ok;

	if (RAND_bytes(bytes, sizeof(bytes)) != 1) {
		return -1;
	}
	bytes[0] &= 0x7f;
	n = BN_bin2bn(bytes, sizeof(bytes), NULL);
	ok = n != NULL && BN_to_ASN1_INTEGER(n, X509_get_serialNumber(cert)) != NULL;
	BN_free(n);
	return ok ? 0 : -1;
}

struct maker {
	const char *common_name;
	EVP_PKEY *key;
	X509 *issuer; /* NULL: itself */
	EVP_PKEY *issuer_key;
	const struct extension *extensions;
	int64_t now;
};

static X509 *
make_certificate(const struct maker *m)
{
	X509 *cert = X509_new();
	/* An hour back, for clocks that are behind. */
	time_t from = (time_t)(m->now / 1000) - 3600;
	X509 *issuer = m->issuer != NULL ? m->issuer : cert;

	if (cert == NULL || X509_set_version(cert, 2) != 1 || set_serial(cert) != 0 ||
	    set_name(cert, m->common_name) != 0 ||
	    X509_set_issuer_name(cert, X509_get_subject_name(issuer)) != 1 ||
	    ASN1_TIME_adj(X509_getm_notBefore(cert), from, 0, 0) == NULL ||
	    ASN1_TIME_adj(X509_getm_notAfter(cert), from, VALID_DAYS, 0) == NULL ||
	    X509_set_pubkey(cert, m->key) != 1 ||
	    add_extensions(cert, issuer, m->extensions) != 0 ||
	    X509_sign(cert, m->issuer_key, EVP_sha256()) == 0) {
		X509_free(cert);
		return NULL;
	}
	return cert;
}

static int
save_bio(const char *folder, const char *name, BIO *bio, struct err *err)
{
	char *path = mem_printf("%s/%s", folder, name);
	char *bytes = NULL;
	long n = BIO_get_mem_data(bio, &bytes);
	int rc = file_save(path, bytes, (size_t)n, FILE_REPLACE, err);

	OPENSSL_cleanse(bytes, (size_t)n);
	free(path);
	return rc;
}

static int
save_certificate(const char *folder, const char *name, X509 *cert, struct err *err)
{
	BIO *bio = BIO_new(BIO_s_mem());
	int rc = -1;

	if (bio != NULL && PEM_write_bio_X509(bio, cert) == 1) {
		rc = save_bio(folder, name, bio, err);
	}
	BIO_free(bio);
	return rc;
}

static int
save_key(const char *folder, const char *name, EVP_PKEY *key, struct err *err)
{
	BIO *bio = BIO_new(BIO_s_mem());
	int rc = -1;

	if (bio != NULL && PEM_write_bio_PrivateKey(bio, key, NULL, NULL, 0, NULL, NULL) == 1) {
		rc = save_bio(folder, name, bio, err);
	}
	BIO_free(bio);
	return rc;
}

struct office {
	EVP_PKEY *root_key, *seal_key, *code_key;
	X509 *root, *seal, *code;
};

static int
make_office(struct office *o, const char *name, int64_t now)
{
	int rc = -1;

	o->root_key = EVP_RSA_gen(RSA_BITS);
	o->seal_key = EVP_RSA_gen(RSA_BITS);
	o->code_key = EVP_PKEY_Q_keygen(NULL, NULL, "ED25519");
	if (o->root_key == NULL || o->seal_key == NULL || o->code_key == NULL) {
		goto out;
	}
	o->root = make_certificate(&(struct maker){ .common_name = "社保费沙箱根证书",
	    .key = o->root_key,
	    .issuer_key = o->root_key,
	    .extensions = root_extensions,
	    .now = now });
	if (o->root == NULL) {
		goto out;
	}
	o->seal = make_certificate(&(struct maker){ .common_name = name,
	    .key = o->seal_key,
	    .issuer = o->root,
	    .issuer_key = o->root_key,
	    .extensions = seal_extensions,
	    .now = now });
	if (o->seal == NULL) {
		goto out;
	}
	o->code = make_certificate(&(struct maker){ .common_name = "凭证码",
	    .key = o->code_key,
	    .issuer = o->seal,
	    .issuer_key = o->seal_key,
	    .extensions = code_extensions,
	    .now = now });
	rc = o->code != NULL ? 0 : -1;
out:
	return rc;
}

/* seal.key comes last: a folder that has it is complete. */
static int
save_office(const struct office *o, const char *folder, struct err *err)
{
	return save_certificate(folder, "ca.pem", o->root, err) == 0 &&
		       save_certificate(folder, "seal.pem", o->seal, err) == 0 &&
		       save_certificate(folder, "code.pem", o->code, err) == 0 &&
		       save_key(folder, "code.key", o->code_key, err) == 0 &&
		       save_key(folder, "seal.key", o->seal_key, err) == 0
		   ? 0
		   : -1;
}

static int
has_key(const char *folder)
{
	char *path = mem_printf("%s/seal.key", folder);
	struct stat st;
	int found = lstat(path, &st) == 0;

	free(path);
	return found;
}

int
seal_create_office(const char *folder, const char *office, int64_t now, struct err *err)
{
	struct office o = { 0 };
	int rc = -1;

	if (has_key(folder)) {
		return 0;
	}
	if (file_make_folder(folder, err) != 0) {
		return -1;
	}
	if (make_office(&o, office, now) != 0) {
		seal_cert_fail(err, ERR_LOCAL, _("签章密钥生成失败"));
	} else {
		rc = save_office(&o, folder, err);
	}
	EVP_PKEY_free(o.root_key);
	EVP_PKEY_free(o.seal_key);
	EVP_PKEY_free(o.code_key);
	X509_free(o.root);
	X509_free(o.seal);
	X509_free(o.code);
	return rc;
}

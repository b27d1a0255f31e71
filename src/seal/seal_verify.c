/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Checking a sealed document. Stricter than PDF readers are: the bytes must be such as
 * seal_sign writes them, so that not one of them can be changed unnoticed. */
#include <stdlib.h>
#include <string.h>

#include "seal_cert.h"
#include "seal_pdf.h"
#include "seal_private.h"
#include "shebao/hex.h"
#include "shebao/i18n.h"
#include "shebao/mem.h"

/* What the hole holds. */
struct signature {
	unsigned char *der;
	size_t n;
	CMS_ContentInfo *cms;
};

static void
release(struct signature *signature)
{
	CMS_ContentInfo_free(signature->cms);
	free(signature->der);
}

/* DER followed by nothing but zeros. */
static int
read_signature(const char *data, const struct seal_pdf_hole *hole, struct signature *out)
{
	static const size_t size = SEAL_PDF_DIGITS / 2;
	char *digits = mem_alloc(SEAL_PDF_DIGITS + 1);
	const unsigned char *p;
	unsigned char *again = NULL;
	int n = 0;
	size_t i;

	out->der = mem_alloc(size);
	p = out->der;
	memcpy(digits, data + hole->start + 1, SEAL_PDF_DIGITS);
	if (hex_decode(out->der, size, digits) == 0) {
		out->cms = d2i_CMS_ContentInfo(NULL, &p, (long)size);
		n = out->cms == NULL ? 0 : i2d_CMS_ContentInfo(out->cms, &again);
	}
	free(digits);
	ERR_clear_error();
	if (n <= 0) {
		return -1;
	}
	out->n = (size_t)n;
	for (i = out->n; i < size && out->der[i] == 0; i++) {
	}
	n = i == size && memcmp(out->der, again, out->n) == 0;
	OPENSSL_free(again);
	return n ? 0 : -1;
}

/* The few bytes that the signature does not cover and OpenSSL does not look at: the versions of
 * SignedData and SignerInfo, and issuer and serial spelt as the certificate spells them. */
static int
has_exact_frame(const struct signature *signature, X509 *cert)
{
	static const unsigned char version[] = { 0x02, 0x01, 0x01 };
	static const size_t first = 23; /* behind four heads with long lengths and the type */
	PKCS7_ISSUER_AND_SERIAL *name = PKCS7_ISSUER_AND_SERIAL_new();
	unsigned char *der = NULL;
	int n = 0;
	size_t at;
	int ok = 0;

	if (name != NULL && X509_NAME_set(&name->issuer, X509_get_issuer_name(cert)) == 1 &&
	    ASN1_STRING_copy(name->serial, X509_get0_serialNumber(cert)) == 1) {
		n = i2d_PKCS7_ISSUER_AND_SERIAL(name, &der);
	}
	for (at = first; n > 0 && at + (size_t)n <= signature->n && !ok; at++) {
		ok = memcmp(signature->der + at, der, (size_t)n) == 0 &&
		     memcmp(signature->der + at - 3, version, 3) == 0;
	}
	ok = ok && memcmp(signature->der + first, version, 3) == 0;
	OPENSSL_free(der);
	PKCS7_ISSUER_AND_SERIAL_free(name);
	return ok;
}

static int
read_time(const CMS_SignerInfo *signer, int64_t *at)
{
	int i = CMS_signed_get_attr_by_NID(signer, NID_pkcs9_signingTime, -1);
	ASN1_TYPE *value;
	ASN1_TIME *epoch;
	int days = 0;
	int seconds = 0;
	int ok;

	value = i < 0 ? NULL : X509_ATTRIBUTE_get0_type(CMS_signed_get_attr(signer, i), 0);
	if (value == NULL ||
	    (value->type != V_ASN1_UTCTIME && value->type != V_ASN1_GENERALIZEDTIME)) {
		return -1;
	}
	epoch = ASN1_TIME_set(NULL, 0);
	ok = epoch != NULL && ASN1_TIME_diff(&days, &seconds, epoch, value->value.utctime) == 1;
	ASN1_TIME_free(epoch);
	*at = ((int64_t)days * 86400 + seconds) * 1000;
	return ok ? 0 : -1;
}

static void
describe(X509 *cert, struct seal_report *report)
{
	const ASN1_INTEGER *serial = X509_get0_serialNumber(cert);
	unsigned char digest[EVP_MAX_MD_SIZE];
	unsigned n = 0;

	seal_cert_name(X509_get_subject_name(cert), report->office, sizeof(report->office));
	seal_cert_name(X509_get_issuer_name(cert), report->issuer, sizeof(report->issuer));
	if (serial->length > 0 && serial->length <= 20) {
		hex_encode(report->serial, serial->data, (size_t)serial->length);
	}
	if (X509_digest(cert, EVP_sha256(), digest, &n) == 1 && n == 32) {
		hex_encode(report->fingerprint, digest, n);
	}
}

/* rsaEncryption with NULL, as CMS writes it. */
static int
is_algorithm(const X509_ALGOR *found, int nid)
{
	const ASN1_OBJECT *object;
	int type;

	X509_ALGOR_get0(&object, &type, NULL, found);
	return OBJ_obj2nid(object) == nid && type == V_ASN1_NULL;
}

/* The signed attribute that names the certificate: without it another one with the same key could
 * be put in its place (ETSI EN 319 122-1 5.2.2). */
static int
is_named(CMS_SignerInfo *signer, STACK_OF(X509) *found)
{
	const ASN1_OBJECT *type = OBJ_nid2obj(NID_id_smime_aa_signingCertificateV2);
	const ASN1_STRING *der = CMS_signed_get0_data_by_OBJ(signer, type, -3, V_ASN1_SEQUENCE);
	ESS_SIGNING_CERT_V2 *named = NULL;
	int ok = 0;

	if (der != NULL) {
		const unsigned char *p = ASN1_STRING_get0_data(der);

		named = d2i_ESS_SIGNING_CERT_V2(NULL, &p, ASN1_STRING_length(der));
		ok = named != NULL && OSSL_ESS_check_signing_certs(NULL, named, found, 1) > 0;
	}
	ESS_SIGNING_CERT_V2_free(named);
	return ok;
}

static int
check_signer(const struct signature *signature, BIO *covered, struct seal_report *report, X509 **cert,
    struct err *err)
{
	const unsigned flags = CMS_DETACHED | CMS_BINARY | CMS_NO_SIGNER_CERT_VERIFY;
	CMS_ContentInfo *cms = signature->cms;
	STACK_OF(CMS_SignerInfo) *signers = CMS_get0_SignerInfos(cms);
	const struct seal_algorithm *algorithm;
	CMS_SignerInfo *signer;
	X509_ALGOR *digest;
	X509_ALGOR *signing;
	STACK_OF(X509) *found = NULL;
	int rc = -1;

	if (signers == NULL || sk_CMS_SignerInfo_num(signers) != 1 ||
	    CMS_verify(cms, NULL, NULL, covered, NULL, flags) != 1) {
		return seal_cert_fail(err, ERR_SEAL, _("电子签章无效：文件被改动过"));
	}
	signer = sk_CMS_SignerInfo_value(signers, 0);
	found = CMS_get0_signers(cms);
	if (found == NULL || sk_X509_num(found) != 1 || !is_named(signer, found)) {
		seal_cert_fail(err, ERR_SEAL, _("电子签章没有证书"));
		goto out;
	}
	*cert = sk_X509_value(found, 0);
	describe(*cert, report);
	algorithm = seal_algorithm_of(X509_get0_pubkey(*cert));
	CMS_SignerInfo_get0_algs(signer, NULL, NULL, &digest, &signing);
	if (algorithm == NULL || CMS_unsigned_get_attr_count(signer) > 0 ||
	    OBJ_obj2nid(digest->algorithm) != OBJ_txt2nid(algorithm->digest) ||
	    !is_algorithm(signing, algorithm->signature_nid) ||
	    OBJ_obj2nid(CMS_get0_eContentType(cms)) != NID_pkcs7_data ||
	    !has_exact_frame(signature, *cert) ||
	    read_time(signer, &report->signed_at) != 0) {
		err_set(err, ERR_SEAL, _("电子签章的算法或形式不受支持"));
		goto out;
	}
	mem_copy_text(report->algorithm, sizeof(report->algorithm), algorithm->name);
	rc = 0;
out:
	sk_X509_free(found);
	return rc;
}

static int
check_trust(CMS_ContentInfo *cms, X509 *cert, const char *certificates_pem,
    struct seal_report *report, struct err *err)
{
	STACK_OF(X509) *list = seal_cert_read_all(certificates_pem, err);
	STACK_OF(X509) *more = CMS_get1_certs(cms);

	if (list != NULL) {
		report->is_trusted = seal_cert_is_trusted(cert, list, more, report->signed_at, err);
	}
	sk_X509_pop_free(more, X509_free);
	sk_X509_pop_free(list, X509_free);
	return report->is_trusted ? 0 : -1;
}

/* The covered bytes to read from. Behind a filter, because CMS_verify of OpenSSL 3.0 makes a copy of
 * a bare memory BIO, which it does not free when it fails early. */
static BIO *
open_covered(const struct buf *covered)
{
	BIO *memory = BIO_new_mem_buf(covered->data, (int)covered->len);
	BIO *filter = BIO_new(BIO_f_null());

	if (memory == NULL || filter == NULL) {
		BIO_free(memory);
		BIO_free(filter);
		return NULL;
	}
	return BIO_push(filter, memory);
}

int
seal_verify(const void *pdf, size_t n, const char *certificates_pem, struct seal_report *report,
    struct err *err)
{
	const char *data = pdf;
	struct seal_pdf_hole hole;
	struct buf covered = { 0 };
	struct signature signature = { 0 };
	X509 *cert = NULL;
	BIO *bio = NULL;
	int rc = -1;

	*report = (struct seal_report){ 0 };
	if (n > SEAL_PDF_MAX) {
		return err_set(err, ERR_LIMIT, _("文件太大，无法核验签章"));
	}
	if (seal_pdf_find(data, n, &hole, &report->is_sealed, err) != 0) {
		return -1;
	}
	if (read_signature(data, &hole, &signature) != 0) {
		err_set(err, ERR_SEAL, _("电子签章无法读取"));
		goto out;
	}
	buf_put(&covered, data, hole.start);
	buf_put(&covered, data + hole.end, n - hole.end);
	bio = open_covered(&covered);
	if (bio == NULL || check_signer(&signature, bio, report, &cert, err) != 0) {
		goto out;
	}
	report->is_intact = 1;
	seal_pdf_read_code(data, hole.start, report->code, sizeof(report->code));
	seal_pdf_read_reason(data, hole.start, report->reason, sizeof(report->reason));
	rc = certificates_pem == NULL ? 0 : check_trust(signature.cms, cert, certificates_pem, report, err);
out:
	BIO_free_all(bio);
	release(&signature);
	buf_release(&covered);
	ERR_clear_error();
	return rc;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Signing a document: CMS over everything but the hole it is written into. */
#include <string.h>
#include <time.h>

#include "seal_cert.h"
#include "seal_keeper.h"
#include "seal_pdf.h"
#include "seal_private.h"
#include "shebao/hex.h"
#include "shebao/i18n.h"

/* What was asked to be signed and when; OpenSSL would take the clock of the machine. */
static int
set_signing_time(CMS_SignerInfo *signer, int64_t at)
{
	ASN1_TIME *time = ASN1_TIME_set(NULL, (time_t)(at / 1000));
	int ok = time != NULL && CMS_signed_add1_attr_by_NID(signer, NID_pkcs9_signingTime,
				     ASN1_STRING_type(time), time, -1) == 1;

	ASN1_TIME_free(time);
	return ok ? 0 : -1;
}

/* Certificates on the way to the root, not the root itself: whoever verifies has it, or has no
 * reason to believe this one. */
static int
add_certificates(CMS_ContentInfo *cms, const struct seal *seal)
{
	int i;

	for (i = 0; i < sk_X509_num(seal->above); i++) {
		X509 *cert = sk_X509_value(seal->above, i);

		if (X509_NAME_cmp(X509_get_subject_name(cert), X509_get_issuer_name(cert)) != 0 &&
		    CMS_add1_cert(cms, cert) != 1) {
			return -1;
		}
	}
	return 0;
}

static CMS_ContentInfo *
make_signature(const struct seal *seal, BIO *data, int64_t at)
{
	const unsigned flags = CMS_DETACHED | CMS_BINARY | CMS_PARTIAL | CMS_NOSMIMECAP;
	const EVP_MD *digest = EVP_get_digestbyname(seal->algorithm->digest);
	CMS_ContentInfo *cms = CMS_sign(NULL, NULL, NULL, NULL, flags);
	CMS_SignerInfo *signer;

	if (cms == NULL || digest == NULL) {
		goto fail;
	}
	signer = CMS_add1_signer(cms, seal->cert, seal->key, digest, flags | CMS_CADES);
	if (signer == NULL || set_signing_time(signer, at) != 0 ||
	    add_certificates(cms, seal) != 0 || CMS_final(cms, data, NULL, flags) != 1) {
		goto fail;
	}
	return cms;
fail:
	CMS_ContentInfo_free(cms);
	return NULL;
}

int
seal_sign_bytes(const struct seal *seal, const struct buf *covered, int64_t at, struct buf *der,
    struct err *err)
{
	BIO *data = BIO_new_mem_buf(covered->data, (int)covered->len);
	CMS_ContentInfo *cms = data != NULL ? make_signature(seal, data, at) : NULL;
	unsigned char *bytes = NULL;
	int n = cms != NULL ? i2d_CMS_ContentInfo(cms, &bytes) : 0;

	CMS_ContentInfo_free(cms);
	BIO_free(data);
	if (n <= 0) {
		return seal_cert_fail(err, ERR_LOCAL, _("电子签章失败"));
	}
	buf_put(der, bytes, (size_t)n);
	OPENSSL_free(bytes);
	return 0;
}

static int
fill_hole(
    const struct buf *der, struct buf *out, const struct seal_pdf_hole *hole, struct err *err)
{
	size_t end = hole->start + 1 + der->len * 2;
	char first;

	if (der->len * 2 > SEAL_PDF_DIGITS) {
		return err_set(err, ERR_LIMIT, _("电子签章的证书链太长"));
	}
	/* hex_encode ends with a NUL, which must not stay. */
	first = out->data[end];
	hex_encode(out->data + hole->start + 1, der->data, der->len);
	out->data[end] = first;
	return 0;
}

int
seal_sign(const struct seal *seal, const struct buf *pdf, const struct seal_request *request,
    struct buf *out, struct err *err)
{
	const struct seal_pdf_words words = { .office = seal->office,
		.reason = request->reason,
		.code = request->code,
		.subfilter = seal->algorithm->subfilter,
		.signed_at = request->signed_at };
	struct seal_pdf_hole hole;
	struct buf covered = { 0 }, der = { 0 };
	int rc;

	if (pdf->len > SEAL_PDF_MAX) {
		return err_set(err, ERR_LIMIT, _("文件太大，无法加盖签章"));
	}
	if (seal_pdf_append(pdf, &words, out, &hole, err) != 0) {
		return -1;
	}
	buf_put(&covered, out->data, hole.start);
	buf_put(&covered, out->data + hole.end, out->len - hole.end);
	rc = seal->is_apart ? seal_keeper_sign(seal, &covered, request->signed_at, &der, err) :
			      seal_sign_bytes(seal, &covered, request->signed_at, &der, err);
	if (rc == 0) {
		rc = fill_hole(&der, out, &hole, err);
	}
	buf_release(&covered);
	buf_release(&der);
	return rc;
}

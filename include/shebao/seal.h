/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SHEBAO_SEAL_SEAL_H
#define SHEBAO_SEAL_SEAL_H

#include <stddef.h>
#include <stdint.h>

#include "shebao/buf.h"
#include "shebao/err.h"

/*
 * 电子签章: the tax office's signature over the bytes of a document, and the short signed code
 * that is printed as a QR code.
 *
 * A seal folder holds
 *   seal.key seal.pem   RSA key (0600) and certificate of the office's seal
 *   code.key code.pem   Ed25519 key (0600) and certificate of its printed codes: a signature
 *                       of 64 bytes, so that the QR code stays readable
 *   ca.pem              certificates above them, the root last
 * seal_create_office makes one for a sandbox office; an office with a key of its own puts it
 * there with scripts/make-office-key.
 *
 * Format: PDF incremental update, ISO 32000-1 12.8, SubFilter ETSI.CAdES.detached, SHA-256,
 * RSASSA-PKCS1-v1_5, ESS signing-certificate-v2 (RFC 5035), signingTime. The latter is what
 * PAdES-E-BES (ETSI EN 319 142-2) allows; strict PAdES baseline forbids it. No time stamp of
 * an authority, no revocation data. Same input, same bytes. SM2/SM3 seals (GM/T 0031, GB/T
 * 38540) are not made; an algorithm is one row of the table in seal_algorithm.h.
 */
struct seal; /* opaque; safe between threads after seal_open */

#define SEAL_NAME_SIZE 193
#define SEAL_CODE_SIZE 320 /* of a printed code with its NUL */

/* Makes key and certificates for an office of this name (国家税务总局贵阳市南明区税务局) unless the
 * folder holds a complete set already. now: ms; certificates are good for ten years. The key of
 * the root is forgotten. */
int seal_create_office(const char *folder, const char *office, int64_t now, struct err *err)
    __attribute__((warn_unused_result));

/* Reads the folder. ERR_LOCAL when something is missing, when a key belongs to somebody else or
 * may be read by others, or when key and certificate do not belong together. */
int seal_open(const char *folder, struct seal **out, struct err *err)
    __attribute__((warn_unused_result));
/* The same with the keys in a process of its own, forked now, which signs and can do nothing else:
 * they are never in this one. office: not NULL: as seal_create_office first, there too. Call it while
 * there is one thread. */
int seal_open_apart(const char *folder, const char *office, int64_t now, struct seal **out,
    struct err *err) __attribute__((warn_unused_result));
void seal_close(struct seal *seal);

/* The office's name, from the certificate. Borrowed. */
const char *seal_office(const struct seal *seal);

/* seal.pem, code.pem and ca.pem one after the other: what a client needs to verify, no secret.
 * Borrowed. */
const char *seal_certificates_pem(const struct seal *seal);

struct seal_request {
	int64_t signed_at;  /* ms; printed to the second */
	const char *reason; /* for people: 银行端查询缴费凭证 452016200900000041 */
	const char *code;   /* seal_code_sign(): also readable by program in the file */
};

/* Appends the update to a copy of pdf (as doc_pdf made it) in out, which is cleared first. */
int seal_sign(const struct seal *seal, const struct buf *pdf, const struct seal_request *request,
    struct buf *out, struct err *err) __attribute__((warn_unused_result));

struct seal_report {
	int is_sealed;         /* there is a signature */
	int is_intact;         /* exactly one, over the whole file, and not a byte was changed */
	int is_trusted;        /* its certificate leads to the given root and was good at the time */
	char office[SEAL_NAME_SIZE];
	char issuer[SEAL_NAME_SIZE];
	char serial[65];       /* of the certificate, hexadecimal */
	char fingerprint[65];  /* SHA-256 of the certificate */
	char algorithm[33];    /* RSA-SHA256 */
	int64_t signed_at;     /* ms */
	char reason[SEAL_NAME_SIZE];
	char code[SEAL_CODE_SIZE]; /* read the claim with seal_code_verify */
};

/* Checks a sealed file of ours; certificates_pem holds the root, or is NULL: then is_trusted
 * stays 0 and that alone is no failure. report is always filled with what was found. ERR_SEAL
 * says why the file must not be relied on. Any bytes may be passed. At most 64 MiB. */
int seal_verify(const void *pdf, size_t n, const char *certificates_pem,
    struct seal_report *report, struct err *err) __attribute__((warn_unused_result));

/* What a printed code claims. */
struct seal_claim {
	char kind[17];        /* voucher, tax_paid, payment_proof */
	char number[19];
	char taxpayer_id[21];
	int64_t amount;       /* fen */
	char issued_on[11];   /* YYYY-MM-DD in China */
	char verify_code[25];
};

/* SB1|kind|number|taxpayer_id|amount|issued_on|verify_code|signature (base64url). */
int seal_code_sign(const struct seal *seal, const struct seal_claim *claim,
    char out[SEAL_CODE_SIZE], struct err *err) __attribute__((warn_unused_result));

/* ERR_SEAL unless a certificate for codes among certificates_pem made it, and that one leads to
 * the root there. */
int seal_code_verify(const char *certificates_pem, const char *code, struct seal_claim *claim,
    struct err *err) __attribute__((warn_unused_result));

#endif

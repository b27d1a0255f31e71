/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SHEBAO_SEAL_CERT_H
#define SHEBAO_SEAL_CERT_H

#include <stdint.h>

#include "seal_openssl.h"
#include "shebao/err.h"

/* Certificates and keys in PEM. Failures are ERR_SEAL unless said otherwise. */

/* err_set with OpenSSL's own reason behind the text; empties its queue; returns -1. */
int seal_cert_fail(struct err *err, enum err_code code, const char *what);

/* Every certificate of a PEM text, at most 16. The caller frees with
 * sk_X509_pop_free(list, X509_free). */
STACK_OF(X509) *seal_cert_read_all(const char *pem, struct err *err);

EVP_PKEY *seal_cert_read_key(const char *pem, struct err *err);

/* The common name, cleaned, into out of size; "" when there is none. */
void seal_cert_name(const X509_NAME *name, char *out, size_t size);

/* Whether cert leads to a self-signed certificate of the list and every one on the way was
 * good at that time (ms). */
int seal_cert_is_trusted(X509 *cert, STACK_OF(X509) *list, STACK_OF(X509) *more, int64_t at,
    struct err *err);

#endif

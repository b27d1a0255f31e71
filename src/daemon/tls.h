/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SHEBAO_DAEMON_TLS_H
#define SHEBAO_DAEMON_TLS_H

#include <gnutls/gnutls.h>
#include <gnutls/abstract.h>

#include "shebao/err.h"

/*
 * The certificate chain and key that handshakes show: one for the process. Loading another one
 * changes what the next handshake shows; those before it keep theirs, so that nothing that was
 * loaded is freed before the end.
 */

/* Reads both files (PEM). ERR_LOCAL: unreadable, no certificates, or the key is another one's;
 * what was shown before is shown on. */
int tls_load(const char *cert_path, const char *key_path, struct err *err)
    __attribute__((warn_unused_result));

/* From now on a handshake fails unless the client shows a certificate for clients by an authority
 * that its credentials trust: pem (from path, for the message), which the library is given too.
 * ERR_LOCAL: these are no certificates. */
int tls_demand(const char *pem, const char *path, struct err *err)
    __attribute__((warn_unused_result));

/* For MHD_OPTION_HTTPS_CERT_CALLBACK. */
gnutls_certificate_retrieve_function2 *tls_callback(void);

/* When no handshake can come any more. */
void tls_release(void);

#endif

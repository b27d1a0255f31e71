/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SHEBAO_SEAL_OPENSSL_H
#define SHEBAO_SEAL_OPENSSL_H

/* OpenSSL's headers, in one place: its opaque type ERR_STATE and our error code of that name
 * cannot stand in one file, so theirs goes by another name here. */
#define ERR_STATE openssl_err_state
#include <openssl/cms.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/ess.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/pkcs7.h>
#include <openssl/rand.h>
#include <openssl/x509.h>
#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>
#undef ERR_STATE

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SHEBAO_SEAL_PRIVATE_H
#define SHEBAO_SEAL_PRIVATE_H

#include <sys/types.h>

#include "seal_algorithm.h"
#include "seal_openssl.h"
#include "shebao/seal.h"

#define SEAL_PEM_MAX 65536
#define SEAL_PDF_MAX (64u << 20)

struct seal {
	EVP_PKEY *key;
	X509 *cert;
	STACK_OF(X509) *above; /* ca.pem */
	EVP_PKEY *code_key;
	X509 *code_cert;
	const struct seal_algorithm *algorithm;
	struct buf certificates_pem;
	char office[SEAL_NAME_SIZE];
	/* seal_keeper.h: without keys here. */
	int is_apart, keeper;
	pid_t keeper_pid;
};

#endif

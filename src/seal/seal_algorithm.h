/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SHEBAO_SEAL_ALGORITHM_H
#define SHEBAO_SEAL_ALGORITHM_H

#include "seal_openssl.h"

/* One way of sealing a document: a row. SM2 with SM3 would be the next one; it also needs its
 * own SubFilter and, for GM/T 0031 seals, another container than CMS. */
struct seal_algorithm {
	const char *name;
	int key_type; /* EVP_PKEY_... */
	int min_bits;
	const char *digest;
	int signature_nid; /* as CMS names it */
	const char *subfilter; /* of the signature dictionary */
};

/* The row that fits this key; NULL when it is of no known kind or too short. */
const struct seal_algorithm *seal_algorithm_of(const EVP_PKEY *key);

#endif

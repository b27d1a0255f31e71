/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which keys and digests a seal may be made with. */
#include "seal_algorithm.h"

#include "shebao/mem.h"

static const struct seal_algorithm algorithms[] = {
	{ .name = "RSA-SHA256",
	    .key_type = EVP_PKEY_RSA,
	    .min_bits = 2048,
	    .digest = "SHA256",
	    .signature_nid = NID_rsaEncryption,
	    .subfilter = "ETSI.CAdES.detached" },
};

const struct seal_algorithm *
seal_algorithm_of(const EVP_PKEY *key)
{
	size_t i;

	for (i = 0; i < ARRAY_LEN(algorithms); i++) {
		if (EVP_PKEY_get_base_id(key) == algorithms[i].key_type &&
		    EVP_PKEY_get_bits(key) >= algorithms[i].min_bits) {
			return &algorithms[i];
		}
	}
	return NULL;
}

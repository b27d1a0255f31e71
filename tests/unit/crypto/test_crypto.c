/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include "shebao/crypto.h"
#include "unit/unit.h"

START_TEST(sha256_gives_the_digests_of_fips_180)
{
	static const struct {
		const char *text, *digest;
	} cases[] = {
		{ "",
		    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855" },
		{ "abc",
		    "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad" },
		{ "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
		    "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1" },
	};
	size_t i, k;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char hex[CRYPTO_HASH_SIZE], pair[3];
		unsigned char raw[32];

		crypto_sha256(cases[i].text, strlen(cases[i].text), hex);
		ck_assert_str_eq(hex, cases[i].digest);
		crypto_sha256_raw(cases[i].text, strlen(cases[i].text), raw);
		for (k = 0; k < sizeof(raw); k++) {
			snprintf(pair, sizeof(pair), "%02x", raw[k]);
			ck_assert_int_eq(memcmp(pair, hex + 2 * k, 2), 0);
		}
	}
}
END_TEST

START_TEST(mac_is_keyed_blake2b_and_depends_on_every_part)
{
	unsigned char key[32] = { 0 };
	char first[CRYPTO_HASH_SIZE], other[CRYPTO_HASH_SIZE];
	size_t i;

	/* The expected digest is OpenSSL's BLAKE2BMAC of the same key and text. */
	for (i = 0; i < sizeof(key); i++) {
		key[i] = (unsigned char)i;
	}
	crypto_mac(key, "levy", 4, first);
	ck_assert_str_eq(
	    first, "e4e529fdc22d272ede50c15b0dfdfdb3c1987b6476d0505bd658e70fb923c1b6");
	crypto_mac(key, "levy", 4, other);
	ck_assert_str_eq(first, other);
	crypto_mac(key, "levz", 4, other);
	ck_assert_str_ne(first, other);
	key[31] ^= 1;
	crypto_mac(key, "levy", 4, other);
	ck_assert_str_ne(first, other);
}
END_TEST

START_TEST(password_is_verified_by_its_own_hash_only)
{
	char hash[CRYPTO_PASSWORD_SIZE], again[CRYPTO_PASSWORD_SIZE];
	struct err err = { 0 };

	ck_assert_int_eq(crypto_password_hash("048857", hash, &err), 0);
	ck_assert_int_eq(strncmp(hash, "$argon2id$v=19$", 15), 0);
	ck_assert_int_eq(crypto_password_verify(hash, "048857"), 1);
	ck_assert_int_eq(crypto_password_verify(hash, "048858"), 0);
	ck_assert_int_eq(crypto_password_verify(hash, ""), 0);
	ck_assert_int_eq(crypto_password_verify("", "048857"), 0);
	ck_assert_int_eq(crypto_password_verify("not a hash", "048857"), 0);
	ck_assert_int_eq(crypto_password_hash("048857", again, &err), 0);
	ck_assert_str_ne(hash, again);
}
END_TEST

START_TEST(password_costs_64_mib_and_two_passes)
{
	char hash[CRYPTO_PASSWORD_SIZE];
	struct err err = { 0 };

	ck_assert_int_eq(crypto_password_hash("社保费-申报-1", hash, &err), 0);
#ifdef SHEBAO_ARGON2_LIGHT
	ck_assert_ptr_nonnull(strstr(hash, "$m=8,t=1,p=1$"));
#else
	ck_assert_ptr_nonnull(strstr(hash, "$m=65536,t=2,p=1$"));
#endif
}
END_TEST

START_TEST(random_hex_is_hexadecimal_of_the_wanted_length_and_never_the_same)
{
	static const size_t lengths[] = { 0, 1, 16, 31, 32, 33, 100 };
	char a[201], b[201];
	size_t i;

	for (i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++) {
		crypto_random_hex(a, lengths[i]);
		crypto_random_hex(b, lengths[i]);
		ck_assert_uint_eq(strlen(a), 2 * lengths[i]);
		ck_assert_uint_eq(strspn(a, "0123456789abcdef"), 2 * lengths[i]);
		ck_assert(lengths[i] < 16 || strcmp(a, b) != 0);
	}
}
END_TEST

START_TEST(equal_compares_whole_texts)
{
	ck_assert_int_eq(crypto_equal("", ""), 1);
	ck_assert_int_eq(crypto_equal("abc", "abc"), 1);
	ck_assert_int_eq(crypto_equal("abc", "abd"), 0);
	ck_assert_int_eq(crypto_equal("abc", "ab"), 0);
	ck_assert_int_eq(crypto_equal("", "a"), 0);
}
END_TEST

START_TEST(wipe_leaves_zeros)
{
	char secret[] = "048857";

	crypto_wipe(secret, sizeof(secret));
	ck_assert_int_eq(memcmp(secret, "\0\0\0\0\0\0", sizeof(secret)), 0);
}
END_TEST

/* Locked memory of this process in KiB, as the kernel counts it. */
static long
locked_kib(void)
{
	char line[256];
	long kib = -1;
	FILE *status = fopen("/proc/self/status", "r");

	while (status != NULL && fgets(line, sizeof(line), status) != NULL) {
		if (strncmp(line, "VmLck:", 6) == 0) {
			kib = strtol(line + 6, NULL, 10);
		}
	}
	if (status != NULL) {
		fclose(status);
	}
	return kib;
}

START_TEST(secret_memory_tells_truly_whether_it_is_locked)
{
	struct err err = { 0 };
	long before;
	unsigned char *secret;
	size_t i;

	ck_assert_int_eq(crypto_init(&err), 0);
#ifdef __SANITIZE_ADDRESS__
	before = -1; /* mlock does nothing here */
#else
	before = locked_kib();
#endif
	secret = crypto_secret_alloc(64);
	for (i = 0; i < 64; i++) {
		ck_assert_uint_eq(secret[i], 0);
	}
	if (before >= 0) {
		ck_assert_int_eq(crypto_secrets_are_locked(), locked_kib() > before);
	}
	memset(secret, 'x', 64);
	crypto_secret_free(secret, 64);
	if (before >= 0) {
		ck_assert_int_eq(locked_kib(), before);
	}
	crypto_secret_free(NULL, 0);
}
END_TEST

/* The nearest that an unprivileged user has to a machine without locked memory. */
START_TEST(memory_that_cannot_be_locked_is_told_of)
{
	const struct rlimit none = { 0, 0 };
	struct err err = { 0 };
	char *secret;

	ck_assert_int_eq(crypto_init(&err), 0);
	ck_assert_int_eq(setrlimit(RLIMIT_MEMLOCK, &none), 0);
	ck_assert(geteuid() != 0 || setuid(65534) == 0);
	secret = crypto_secret_alloc(64);
	ck_assert_ptr_nonnull(secret);
#ifndef __SANITIZE_ADDRESS__
	ck_assert_int_eq(crypto_secrets_are_locked(), 0);
#endif
	crypto_secret_free(secret, 64);
}
END_TEST

START_TEST(init_leaves_no_core_dumps_and_no_tracer)
{
	struct rlimit core;
	struct err err = { 0 };

	ck_assert_int_eq(crypto_init(&err), 0);
	ck_assert_int_eq(crypto_init(&err), 0);
	ck_assert_int_eq(getrlimit(RLIMIT_CORE, &core), 0);
	ck_assert_uint_eq(core.rlim_cur, 0);
	ck_assert_uint_eq(core.rlim_max, 0);
	ck_assert_int_eq(prctl(PR_GET_DUMPABLE, 0, 0, 0, 0), 0);
}
END_TEST

UNIT_MAIN("crypto", init_leaves_no_core_dumps_and_no_tracer,
    sha256_gives_the_digests_of_fips_180, mac_is_keyed_blake2b_and_depends_on_every_part,
    password_is_verified_by_its_own_hash_only, password_costs_64_mib_and_two_passes,
    random_hex_is_hexadecimal_of_the_wanted_length_and_never_the_same,
    equal_compares_whole_texts, wipe_leaves_zeros,
    secret_memory_tells_truly_whether_it_is_locked, memory_that_cannot_be_locked_is_told_of)

/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SHEBAO_CRYPTO_CRYPTO_H
#define SHEBAO_CRYPTO_CRYPTO_H

#include <stddef.h>

#include "shebao/err.h"

/* Passwords, tokens, hashes, locked memory: libsodium behind our words. */

#define CRYPTO_HASH_SIZE 65     /* SHA-256 in hexadecimal */
#define CRYPTO_PASSWORD_SIZE 129 /* an Argon2id string */

/* First thing in main: no core dumps, not traceable, libsodium ready. */
int crypto_init(struct err *err) __attribute__((warn_unused_result));

void crypto_random(void *out, size_t n);
/* n random bytes in hexadecimal; out needs 2 n + 1. */
void crypto_random_hex(char *out, size_t n);

/* Argon2id, 64 MiB and 2 passes unless SHEBAO_ARGON2_LIGHT is set at build time for tests. */
int crypto_password_hash(const char *password, char out[CRYPTO_PASSWORD_SIZE], struct err *err)
    __attribute__((warn_unused_result));
/* The same for a client's own lock, which guards a screen and not an account: 19 MiB and 2 passes. */
int crypto_lock_hash(const char *password, char out[CRYPTO_PASSWORD_SIZE], struct err *err)
    __attribute__((warn_unused_result));
/* 1 right, 0 wrong. */
int crypto_password_verify(const char *hash, const char *password);

void crypto_sha256(const void *bytes, size_t n, char out[CRYPTO_HASH_SIZE]);
void crypto_sha256_raw(const void *bytes, size_t n, unsigned char out[32]);
/* 16 bytes that nobody without the key can aim at: to look something up by what must not be stored
 * (SipHash, many times faster than the others). */
void crypto_tag(const unsigned char key[16], const void *bytes, size_t n, unsigned char out[16]);
/* Keyed BLAKE2b, 32 bytes in hexadecimal. */
void crypto_mac(const unsigned char key[32], const void *bytes, size_t n, char out[CRYPTO_HASH_SIZE]);
/* Constant time; lengths must agree. */
int crypto_equal(const char *a, const char *b);

void crypto_wipe(void *p, size_t n);

/* Memory that is locked, excluded from dumps, wiped when freed. Ends the program when there is no
 * memory; where the limit of locked memory is too low it is given all the same. */
void *crypto_secret_alloc(size_t n);
void crypto_secret_free(void *p, size_t n);
/* Whether all of it was locked so far; tries one piece first. Where it was not, secrets may get into
 * the swap, and whoever deals in passwords says so. */
int crypto_secrets_are_locked(void);

#endif

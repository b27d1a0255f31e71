/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Passwords, hashes and secret memory: libsodium behind our words. */
#include "shebao/crypto.h"

#include <assert.h>
#include <errno.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include <sodium.h>

#include "shebao/fatal.h"
#include "shebao/i18n.h"
#include "shebao/sandbox.h"

_Static_assert(
    CRYPTO_HASH_SIZE == 2 * crypto_hash_sha256_BYTES + 1, "SHA-256 in hexadecimal");
_Static_assert(CRYPTO_PASSWORD_SIZE > crypto_pwhash_STRBYTES, "an Argon2id string fits");

/* RFC 9106 leaves memory to the deployment: 64 MiB holds a login below 100 ms on the small
 * machines the service runs on, and a guess costs an attacker the same. */
#ifdef SHEBAO_ARGON2_LIGHT
#define PASSWORD_MEMORY crypto_pwhash_argon2id_MEMLIMIT_MIN
#define PASSWORD_PASSES crypto_pwhash_argon2id_OPSLIMIT_MIN
#else
#define PASSWORD_MEMORY ((size_t)64 * 1024 * 1024)
#define PASSWORD_PASSES 2ULL
#endif
#define LOCK_MEMORY (PASSWORD_MEMORY < ((size_t)19 << 20) ? PASSWORD_MEMORY : ((size_t)19 << 20))

int
crypto_init(struct err *err)
{
	if (sandbox_forbid_dumps() != 0) {
		return err_set(
		    err, ERR_LOCAL, _("无法关闭内存转储：%s"), strerror(errno));
	}
	if (sodium_init() < 0) {
		return err_set(
		    err, ERR_LOCAL, "%s", _("无法初始化加密库（随机数不可用）"));
	}
	return 0;
}

void
crypto_random(void *out, size_t n)
{
	randombytes_buf(out, n);
}

void
crypto_random_hex(char *out, size_t n)
{
	unsigned char piece[32];
	size_t done, now;

	out[0] = '\0';
	for (done = 0; done < n; done += now) {
		now = n - done < sizeof(piece) ? n - done : sizeof(piece);
		randombytes_buf(piece, now);
		sodium_bin2hex(out + 2 * done, 2 * now + 1, piece, now);
	}
	sodium_memzero(piece, sizeof(piece));
}

static int
hash_with(size_t memory, const char *password, char out[CRYPTO_PASSWORD_SIZE], struct err *err)
{
	memset(out, 0, CRYPTO_PASSWORD_SIZE);
	if (crypto_pwhash_str_alg(out, password, strlen(password), PASSWORD_PASSES, memory,
		crypto_pwhash_ALG_ARGON2ID13) != 0) {
		return err_set(err, ERR_LOCAL, "%s", _("内存不足，无法计算密码摘要"));
	}
	return 0;
}

int
crypto_password_hash(
    const char *password, char out[CRYPTO_PASSWORD_SIZE], struct err *err)
{
	return hash_with(PASSWORD_MEMORY, password, out, err);
}

int
crypto_lock_hash(const char *password, char out[CRYPTO_PASSWORD_SIZE], struct err *err)
{
	return hash_with(LOCK_MEMORY, password, out, err);
}

int
crypto_password_verify(const char *hash, const char *password)
{
	return crypto_pwhash_str_verify(hash, password, strlen(password)) == 0;
}

void
crypto_sha256_raw(const void *bytes, size_t n, unsigned char out[32])
{
	crypto_hash_sha256(out, bytes, n);
}

void
crypto_sha256(const void *bytes, size_t n, char out[CRYPTO_HASH_SIZE])
{
	unsigned char hash[crypto_hash_sha256_BYTES];

	crypto_hash_sha256(hash, bytes, n);
	sodium_bin2hex(out, CRYPTO_HASH_SIZE, hash, sizeof(hash));
}

void
crypto_tag(const unsigned char key[16], const void *bytes, size_t n, unsigned char out[16])
{
	_Static_assert(crypto_shorthash_siphashx24_BYTES == 16, "the size of a tag");
	_Static_assert(crypto_shorthash_siphashx24_KEYBYTES == 16, "the size of its key");
	crypto_shorthash_siphashx24(out, bytes, n, key);
}

void
crypto_mac(
    const unsigned char key[32], const void *bytes, size_t n, char out[CRYPTO_HASH_SIZE])
{
	unsigned char mac[32];
	int failed = crypto_generichash(mac, sizeof(mac), bytes, n, key, 32);

	assert(failed == 0);
	(void)failed;
	sodium_bin2hex(out, CRYPTO_HASH_SIZE, mac, sizeof(mac));
}

int
crypto_equal(const char *a, const char *b)
{
	size_t n = strlen(a);

	return n == strlen(b) && sodium_memcmp(a, b, n) == 0;
}

void
crypto_wipe(void *p, size_t n)
{
	sodium_memzero(p, n);
}

/*
 * sodium_malloc locks by itself and does not say whether it could. Locking its pages once more
 * counts nothing extra against the limit and does say it; sodium_free unlocks.
 */
static atomic_int is_any_unlocked;

void *
crypto_secret_alloc(size_t n)
{
	void *p = sodium_malloc(n);

	if (p == NULL) {
		fatal_stop(FATAL_MEMORY);
	}
	memset(p, 0, n);
	/* The allocation locks too, but does not tell. */
	if (sodium_mlock(p, n) != 0) {
		atomic_store(&is_any_unlocked, 1);
	}
	return p;
}

int
crypto_secrets_are_locked(void)
{
	crypto_secret_free(crypto_secret_alloc(1), 1);
	return !atomic_load(&is_any_unlocked);
}

void
crypto_secret_free(void *p, size_t n)
{
	if (p != NULL) {
		sodium_memzero(p, n);
		sodium_free(p);
	}
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Put in place of the programs' own by the linker's --wrap: randomness from the seed, password
 * hashes that cost nothing, secrets in common memory, seals that are not looked at, files that are saved nowhere (but the
 * saving is a step at which a program may die), a host of one name.
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "shebao/crypto.h"
#include "shebao/db.h"
#include "shebao/file.h"
#include "shebao/hex.h"
#include "shebao/log.h"
#include "shebao/mem.h"
#include "shebao/seal.h"
#include "sim.h"

void __wrap_crypto_random(void *out, size_t n);
void __wrap_crypto_random_hex(char *out, size_t n);
int __wrap_crypto_password_hash(
    const char *password, char out[CRYPTO_PASSWORD_SIZE], struct err *err);
int __wrap_crypto_password_verify(const char *hash, const char *password);
void *__wrap_crypto_secret_alloc(size_t n);
void __wrap_crypto_secret_free(void *p, size_t n);
int __wrap_seal_verify(const void *pdf, size_t n, const char *certificates_pem,
    struct seal_report *report, struct err *err);
int __wrap_file_save(const char *path, const void *bytes, size_t n,
    enum file_overwrite overwrite, struct err *err);
int __wrap_gethostname(char *name, size_t n);
int __real_db_is_sqlite(const struct db *db);
int __wrap_db_is_sqlite(const struct db *db);
int __real_db_texts(struct db *db, const char *sql, const struct db_value *args, size_t count,
    struct text_list *out, struct err *err);
int __wrap_db_texts(struct db *db, const char *sql, const struct db_value *args, size_t count,
    struct text_list *out, struct err *err);
void __wrap_log_line(enum log_level level, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

void
__wrap_crypto_random(void *out, size_t n)
{
	sim_random_bytes(out, n);
}

void
__wrap_crypto_random_hex(char *out, size_t n)
{
	unsigned char raw[256];

	n = n < sizeof(raw) ? n : sizeof(raw);
	sim_random_bytes(raw, n);
	hex_encode(out, raw, n);
}

int
__wrap_crypto_password_hash(
    const char *password, char out[CRYPTO_PASSWORD_SIZE], struct err *err)
{
	(void)err;
	memset(out, 0, CRYPTO_PASSWORD_SIZE);
	memcpy(out, "$sim$", 5);
	crypto_sha256(password, strlen(password), out + 5);
	return 0;
}

int
__wrap_crypto_password_verify(const char *hash, const char *password)
{
	char own[CRYPTO_PASSWORD_SIZE];

	return __wrap_crypto_password_hash(password, own, NULL) == 0 && strcmp(hash, own) == 0;
}

/* Locking a page asks the system six times. */
void *
__wrap_crypto_secret_alloc(size_t n)
{
	return mem_alloc(n);
}

void
__wrap_crypto_secret_free(void *p, size_t n)
{
	(void)n;
	free(p);
}

int
__wrap_seal_verify(const void *pdf, size_t n, const char *certificates_pem,
    struct seal_report *report, struct err *err)
{
	(void)pdf;
	(void)n;
	(void)certificates_pem;
	(void)err;
	*report = (struct seal_report){ .is_sealed = 1, .is_intact = 1, .is_trusted = 1 };
	return 0;
}

int
__wrap_file_save(const char *path, const void *bytes, size_t n,
    enum file_overwrite overwrite, struct err *err)
{
	(void)bytes;
	(void)n;
	(void)overwrite;
	if (sim_is_dead() || sim_step() != SIM_STEP_ALIVE) {
		return err_set(err, ERR_LOCAL, "%s", path);
	}
	return 0;
}

int
__wrap_gethostname(char *name, size_t n)
{
	snprintf(name, n, "sim");
	return 0;
}

/* The services that share their books take them for a server's ... */
int
__wrap_db_is_sqlite(const struct db *db)
{
	return !sim.is_on[SIM_SECOND] && __real_db_is_sqlite(db);
}

/* ... whose words for "not what another one is taking" SQLite, with one writer, neither has nor needs. */
int
__wrap_db_texts(struct db *db, const char *sql, const struct db_value *args, size_t count,
    struct text_list *out, struct err *err)
{
	static const char skip[] = " FOR UPDATE SKIP LOCKED";
	const char *at = strstr(sql, skip);
	char *plain;
	int rc;

	if (at == NULL) {
		return __real_db_texts(db, sql, args, count, out, err);
	}
	plain = mem_printf("%.*s%s", (int)(at - sql), sql, at + strlen(skip));
	rc = __real_db_texts(db, plain, args, count, out, err);
	free(plain);
	return rc;
}

/* Programs that die in the middle complain a lot: only a trace shows it. */
void
__wrap_log_line(enum log_level level, const char *format, ...)
{
	char line[512];
	va_list args;

	(void)level;
	if (!sim.trace) {
		return;
	}
	va_start(args, format);
	vsnprintf(line, sizeof(line), format, args);
	va_end(args);
	printf("    log: %s\n", line);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * 登录密码: the client's own lock. When hundreds of clients of one machine are unlocked at once, each
 * check would take its memory at the same moment; so one is made at a time on a machine. The turn is
 * a lock on the program's own file, which all clients have open and nobody can replace.
 */
#include "app_private.h"

#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <time.h>
#include <unistd.h>

#include "shebao/crypto.h"
#include "shebao/i18n.h"

/* 300 checks take six seconds of a processor. Whoever sits on the lock keeps nobody out for longer. */
#define TURN_MS 10000
#define LOOK_MS 10

static void
await_turn(int fd)
{
	const struct timespec look = { .tv_nsec = LOOK_MS * 1000000L };
	int64_t until = loop_now_ms() + TURN_MS;

	while (flock(fd, LOCK_EX | LOCK_NB) != 0 && loop_now_ms() < until) {
		nanosleep(&look, NULL);
	}
}

int
app_lock_open(void)
{
	return open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
}

/* 1: there is one; 0: there is none; -1: nobody can tell. */
static int
lock_hash(struct app *app, char hash[CRYPTO_PASSWORD_SIZE])
{
	int found = mirror_setting(app->db, "", "login_password", hash, CRYPTO_PASSWORD_SIZE, NULL);

	return found == 1 ? hash[0] != '\0' : found;
}

int
app_lock_is_on(struct app *app)
{
	char hash[CRYPTO_PASSWORD_SIZE];

	return lock_hash(app, hash) != 0;
}

int
app_lock_set(struct app *app, const char *password, struct err *err)
{
	char hash[CRYPTO_PASSWORD_SIZE] = "";

	if (password != NULL) {
		if (strlen(password) < APP_LOCK_LEAST) {
			return err_set(err, ERR_PASSWORD_RULE, _("登录密码至少%d位"), APP_LOCK_LEAST);
		}
		if (crypto_lock_hash(password, hash, err) != 0) {
			return -1;
		}
	}
	return mirror_set(app->db, "", "login_password", hash, err);
}

int
app_lock_check(struct app *app, const char *password)
{
	char hash[CRYPTO_PASSWORD_SIZE];
	int is_set = lock_hash(app, hash), is_right;

	if (is_set <= 0) {
		return is_set == 0;
	}
	if (app->turn_fd >= 0) {
		await_turn(app->turn_fd);
	}
	is_right = crypto_password_verify(hash, password) == 1;
	if (app->turn_fd >= 0) {
		flock(app->turn_fd, LOCK_UN);
	}
	return is_right;
}

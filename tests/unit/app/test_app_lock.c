/* SPDX-License-Identifier: GPL-3.0-or-later */
/* 登录密码: one check at a time on a machine. */
#include "app/app_private.h"

#include <string.h>
#include <sys/file.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "shebao/crypto.h"
#include "shebao/mem.h"
#include "unit/unit.h"

#define HELD_MS 600

static struct loop *loop;
static struct app *app;
static char home[64];

static void
set_up(void)
{
	const struct app_settings settings = { .server = "http://127.0.0.1:1" };
	struct err err = { 0 };

	ck_assert_int_eq(crypto_init(&err), 0);
	mem_copy_text(home, sizeof(home), "/tmp/test_app.XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(home));
	loop = loop_new();
	ck_assert_int_eq(app_open(loop, &settings, home, &app, &err), 0);
	ck_assert_int_eq(app_lock_set(app, "secret-1", &err), 0);
}

static void
tear_down(void)
{
	char *database = mem_printf("%s/shebao.db", home);

	app_close(app);
	loop_free(loop);
	unlink(database);
	free(database);
	rmdir(home);
}

/* Another client in the middle of a check, for HELD_MS; returns when it has the turn. */
static pid_t
start_other(void)
{
	int ready[2];
	char byte;
	pid_t pid;

	ck_assert_int_eq(pipe(ready), 0);
	pid = fork();
	if (pid == 0) {
		const struct timespec held = { .tv_nsec = HELD_MS * 1000000L };
		int fd = app_lock_open();

		if (flock(fd, LOCK_EX) == 0 && write(ready[1], "x", 1) == 1) {
			nanosleep(&held, NULL);
		}
		_exit(0);
	}
	ck_assert_int_eq(read(ready[0], &byte, 1), 1);
	close(ready[0]);
	close(ready[1]);
	return pid;
}

START_TEST(only_the_right_password_opens)
{
	set_up();
	ck_assert_int_eq(app_lock_is_on(app), 1);
	ck_assert_int_eq(app_lock_check(app, "secret-1"), 1);
	ck_assert_int_eq(app_lock_check(app, "secret-2"), 0);
	tear_down();
}
END_TEST

/* A store that cannot be read is no store without a password, nor one without employers. */
START_TEST(what_cannot_be_read_stays_locked)
{
	struct err err = { 0 };

	set_up();
	ck_assert_int_eq(db_run(app_db(app), "DROP TABLE setting", DB_NONE, NULL, &err), 0);
	ck_assert_int_eq(app_lock_is_on(app), 1);
	ck_assert_int_eq(app_lock_check(app, "secret-1"), 0);
	ck_assert_int_eq(app_choose(app, NULL, &err), -1);
	ck_assert_int_eq(err.code, ERR_LOCAL);
	tear_down();
}
END_TEST

START_TEST(a_check_waits_until_the_other_is_through)
{
	int64_t began;
	pid_t other;

	set_up();
	began = loop_now_ms();
	other = start_other();
	ck_assert_int_eq(app_lock_check(app, "secret-1"), 1);
	ck_assert_int_ge(loop_now_ms() - began, HELD_MS);
	ck_assert_int_eq(waitpid(other, NULL, 0), other);
	tear_down();
}
END_TEST

START_TEST(who_has_been_checked_leaves_the_turn)
{
	int fd = app_lock_open();

	set_up();
	ck_assert_int_eq(app_lock_check(app, "secret-2"), 0);
	ck_assert_int_eq(flock(fd, LOCK_EX | LOCK_NB), 0);
	close(fd);
	tear_down();
}
END_TEST

UNIT_MAIN("app_lock", only_the_right_password_opens, what_cannot_be_read_stays_locked,
    a_check_waits_until_the_other_is_through, who_has_been_checked_leaves_the_turn)

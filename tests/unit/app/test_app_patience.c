/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Passwords at a service that is busy, cut off, or not there. */
#include "app/app_private.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "shebao/mem.h"
#include "unit/canned.h"
#include "unit/unit.h"

#define BUSY(seconds)                                                                     \
	"HTTP/1.1 503 Busy\r\nContent-Type: application/problem+json\r\nRetry-After: " seconds \
	"\r\nConnection: close\r\n\r\n{\"status\":503,\"code\":\"busy\",\"detail\":\"busy\"}"
#define WRONG                                                                             \
	"HTTP/1.1 401 Wrong\r\nContent-Type: application/problem+json\r\nConnection: close\r\n\r\n" \
	"{\"status\":401,\"code\":\"wrong_password\",\"detail\":\"wrong\"}"
#define PROVED                                                                            \
	"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n"  \
	"{\"proof\":\"p\",\"expires_at\":1}"

static struct {
	struct canned server;
	struct app *app;
	struct loop *loop;
	char home[64];
	int64_t told; /* seconds, the last time */
	int gives_up;
} w;

static void
hear(int64_t seconds, void *user)
{
	w.told = seconds;
	w.gives_up = user != NULL;
}

/* Answers as in struct canned; impatient: gives up when first told. */
static void
set_up(const char *const *answers, size_t count, int impatient)
{
	struct app_settings settings = { 0 };
	const struct app_patience patience = { hear, impatient ? &w : NULL, &w.gives_up };

	memset(&w, 0, sizeof(w));
	for (w.server.count = 0; w.server.count < count; w.server.count++) {
		w.server.answers[w.server.count] = answers[w.server.count];
	}
	canned_start(&w.server);
	snprintf(settings.server, sizeof(settings.server), "http://127.0.0.1:%d", w.server.port);
	mem_copy_text(w.home, sizeof(w.home), "/tmp/test_app.XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(w.home));
	w.loop = loop_new();
	ck_assert_int_eq(app_open(w.loop, &settings, w.home, &w.app, NULL), 0);
	app_on_wait(w.app, &patience);
}

static void
tear_down(void)
{
	char *command = mem_printf("%s/shebao.db", w.home);

	app_close(w.app);
	loop_free(w.loop);
	canned_stop(&w.server);
	unlink(command);
	free(command);
	rmdir(w.home);
}

static enum err_code
prove(void)
{
	struct proof_request request = { .amount = 100 };
	struct err err = { 0 };
	char proof[TOKEN_SIZE];
	int rc = app_prove(w.app, &request, "Qianhu-2020", proof, &err);

	ck_assert_int_eq(rc == 0, err.code == ERR_NONE);
	ck_assert(rc != 0 || strcmp(proof, "p") == 0);
	return err.code;
}

START_TEST(who_is_sent_away_comes_back_when_the_service_says)
{
	static const char *const answers[] = { BUSY("1"), BUSY("1"), PROVED };
	int64_t began = loop_now_ms();

	set_up(answers, ARRAY_LEN(answers), 0);
	ck_assert_int_eq(prove(), ERR_NONE);
	ck_assert_int_ge(loop_now_ms() - began, 2000);
	ck_assert_int_ge(w.told, 1);
	tear_down();
	ck_assert_str_eq(strstr(w.server.seen[0], "\r\n\r\n"), strstr(w.server.seen[2], "\r\n\r\n"));
}
END_TEST

START_TEST(a_connection_that_broke_is_tried_once_more)
{
	static const char *const once[] = { NULL, PROVED }, *const twice[] = { NULL, NULL };

	set_up(once, 2, 0);
	ck_assert_int_eq(prove(), ERR_NONE);
	tear_down();
	/* A third request would find nobody; each may count as a wrong password. */
	set_up(twice, 2, 0);
	ck_assert_int_eq(prove(), ERR_UNREACHABLE);
	tear_down();
}
END_TEST

START_TEST(a_wrong_password_is_never_tried_again)
{
	static const char *const answers[] = { WRONG };

	set_up(answers, 1, 0);
	ck_assert_int_eq(prove(), ERR_WRONG_PASSWORD);
	tear_down();
}
END_TEST

START_TEST(where_no_service_runs_nobody_waits)
{
	int64_t began = loop_now_ms();

	set_up(NULL, 0, 0);
	canned_stop(&w.server);
	ck_assert_int_eq(prove(), ERR_UNREACHABLE);
	ck_assert_int_eq(w.told, 0);
	ck_assert_int_lt(loop_now_ms() - began, 5000);
	canned_start(&w.server);
	tear_down();
}
END_TEST

START_TEST(waiting_can_be_given_up)
{
	static const char *const answers[] = { BUSY("60") };
	int64_t began = loop_now_ms();

	set_up(answers, 1, 1);
	ck_assert_int_eq(prove(), ERR_CANCELLED);
	ck_assert_int_eq(w.told, 1);
	ck_assert_int_lt(loop_now_ms() - began, 30000);
	tear_down();
}
END_TEST

START_TEST(a_change_that_broke_off_is_not_made_again)
{
	static const char *const answers[] = { BUSY("1"), NULL };
	struct err err = { 0 };

	set_up(answers, 2, 0);
	ck_assert_int_eq(app_password_change(w.app, "Qianhu-2020", "Qianhu-2021", &err), -1);
	ck_assert_int_eq(err.code, ERR_OUTCOME_UNKNOWN);
	tear_down();
}
END_TEST

UNIT_MAIN("app_patience", who_is_sent_away_comes_back_when_the_service_says,
    a_connection_that_broke_is_tried_once_more, a_wrong_password_is_never_tried_again,
    where_no_service_runs_nobody_waits, waiting_can_be_given_up,
    a_change_that_broke_off_is_not_made_again)

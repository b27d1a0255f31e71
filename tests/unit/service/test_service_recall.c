/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Polls answered from memory: only the same one, only while nothing has changed. */
#include "unit/service/world_steps.h"

static char body[256];

/* Whether memory has the answer, which is then the one that the books gave. */
static int
recalls(struct world *w, const char *token)
{
	struct service_request request = { .operation = OPERATION_FEEDBACK,
		.token = token,
		.source = "test",
		.body = body,
		.body_len = strlen(body),
		.now = w->now };
	struct service_answer answer = { 0 };
	int found = service_recall(w->service, &request, &answer);

	if (found) {
		ck_assert_int_eq(answer.status, 200);
		ck_assert_str_eq(buf_text(&answer.body), buf_text(&w->answer.body));
		ck_assert_str_eq(answer.content_type, w->answer.content_type);
		ck_assert_int_eq(answer.pending, w->answer.pending);
	}
	buf_release(&answer.body);
	return found;
}

static void
ask(struct world *w)
{
	world_must(w, world_call(w, OPERATION_FEEDBACK, "%s", body));
}

static int
is_on_one_engine_alone(const struct world *w)
{
	return strncmp(w->url, "sqlite:", 7) == 0;
}

START_TEST(a_poll_is_recalled_until_something_changes)
{
	struct world w;
	char id[129], two[65];

	world_new(&w);
	world_login(&w, TWO, "052217", two);
	world_declare(&w, "\"A1\"", 4990);
	world_value(&w, "SELECT declaration_id FROM declaration", id);
	snprintf(body, sizeof(body), "{\"declaration_ids\":[\"%s\"],\"wait_ms\":0}", id);
	if (!is_on_one_engine_alone(&w)) {
		ask(&w);
		ck_assert(!recalls(&w, w.token));
		world_free(&w);
		return;
	}
	ck_assert(!recalls(&w, w.token));
	ask(&w);
	ck_assert(recalls(&w, w.token));
	/* Another session, another body, a token that is nearly the same. */
	ck_assert(!recalls(&w, two));
	body[0] = ' ';
	ck_assert(!recalls(&w, w.token));
	body[0] = '{';
	two[0] = (char)(two[0] == 'a' ? 'b' : 'a');
	ck_assert(!recalls(&w, two));
	/* Its own employer's change, an officer's, and the worker's. */
	world_must(&w, world_call(&w, OPERATION_CONSULTATION_ASK,
	    "{\"op_id\":\"%s\",\"question\":\"何时入库？\"}", world_op(&w)));
	ck_assert(!recalls(&w, w.token));
	ask(&w);
	ck_assert(recalls(&w, w.token));
	world_must(&w, world_import(&w, OPERATION_ADMIN_LEVY_IMPORT,
	    LEVIES_HEAD LEVY("A2", ONE, "00048857", "normal", "1.00", "2020-12-31")));
	ck_assert(!recalls(&w, w.token));
	world_must(&w, world_call(&w, OPERATION_DECLARATION_VOID,
	    "{\"op_id\":\"%s\",\"declaration_id\":\"%s\"}", world_op(&w), id));
	ask(&w);
	ck_assert(recalls(&w, w.token));
	world_tick(&w, 3000);
	ck_assert(!recalls(&w, w.token));
	world_free(&w);
}
END_TEST

START_TEST(a_session_that_ends_is_not_recalled)
{
	struct world w;
	char id[129];

	world_new(&w);
	world_declare(&w, "\"A1\"", 4990);
	world_value(&w, "SELECT declaration_id FROM declaration", id);
	snprintf(body, sizeof(body), "{\"declaration_ids\":[\"%s\"],\"wait_ms\":0}", id);
	ask(&w);
	ck_assert_int_eq(recalls(&w, w.token), is_on_one_engine_alone(&w));
	/* Its use has to be noted once a minute. */
	w.now += 60000;
	ck_assert(!recalls(&w, w.token));
	ask(&w);
	ck_assert_int_eq(recalls(&w, w.token), is_on_one_engine_alone(&w));
	world_must(&w, world_call(&w, OPERATION_LOGOUT, ""));
	ck_assert(!recalls(&w, w.token));
	world_refused(&w, world_call(&w, OPERATION_FEEDBACK, "%s", body), "session");
	ck_assert(!recalls(&w, w.token));
	world_free(&w);
}
END_TEST

UNIT_MAIN("recall", a_poll_is_recalled_until_something_changes, a_session_that_ends_is_not_recalled)

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * sync_call.h without libcurl: a call is carried by a network that delays, loses, duplicates,
 * replays, answers with other people's pages, and above all loses answers.
 */
#include <stdlib.h>
#include <string.h>

#include "shebao/loop.h"
#include "shebao/mem.h"
#include "shebao/wire_lean.h"
#include "sim.h"
#include "sim_watch.h"
#include "sync/sync_call.h"

enum {
	IN_SERVICE_MAX = 8,
	/* In so long a client asks the same at most so often; people who log in again and again ask, too. */
	PACE_MS = 60000,
	PACE_MAX = 200,
	REPLAYS_MAX = 64
};

enum ending {
	END_ANSWERED,
	END_REFUSED, /* no connection */
	END_BROKEN,  /* in the middle of the answer */
	END_FOREIGN, /* a page that is not the service's */
	END_TIMEOUT
};

/* A request and its answer. Held by the call that waits for it, by what carries it, and by the
 * service while it works on it. */
struct message {
	struct message *next;
	int holders;
	struct sync_call *call; /* NULL: nobody waits (any more) */
	enum operation op;
	char *token, *body;
	size_t body_len;
	int from;             /* the clerk */
	int is_ready, timeout;
	enum ending ending;
	struct service_answer answer;
};

/* A clerk's line that is dead until then: what he sends, or what comes back, is lost. */
struct line {
	int64_t dead_until;
	int only_back;
};

static struct {
	int64_t since;
	int count;
} pace[SIM_CLERKS][OPERATION_COUNT];
static struct message *messages;
static struct line lines[SIM_CLERKS];
static int in_service;
static struct {
	struct message *message;
	int event;
} replays[REPLAYS_MAX];

void
sync_multi_open(struct sync *sync)
{
	(void)sync;
}

void
sync_multi_close(struct sync *sync)
{
	(void)sync;
}

static void
destroy(struct message *m)
{
	struct message **p;

	for (p = &messages; *p != m; p = &(*p)->next) {
	}
	*p = m->next;
	buf_release(&m->answer.body);
	free(m->token);
	free(m->body);
	free(m);
}

static void
let_go(struct message *m)
{
	if (--m->holders == 0) {
		destroy(m);
	}
}

void
sim_net_reset(void)
{
	while (messages != NULL) {
		destroy(messages);
	}
	in_service = 0;
	memset(lines, 0, sizeof(lines));
	memset(pace, 0, sizeof(pace));
	memset(replays, 0, sizeof(replays));
}

static struct message *
new_message(enum operation op, const char *token, const char *body, size_t n)
{
	struct message *m = mem_alloc(sizeof(*m));

	m->op = op;
	m->token = token == NULL ? NULL : mem_dup(token);
	m->body = mem_alloc(n + 1);
	memcpy(m->body, body, n);
	m->body_len = n;
	m->holders = 1;
	m->next = messages;
	messages = m;
	return m;
}

/* ---- the client's end */

struct sync_call *
sync_call_new(
    struct sync *sync, enum operation op, const void *bytes, size_t n, FILE *rows)
{
	struct sync_call *call = mem_alloc(sizeof(*call));

	call->sync = sync;
	call->op = op;
	call->rows = rows;
	call->body = mem_alloc(n + 1);
	call->body_len = n;
	if (n > 0) {
		memcpy(call->body, bytes, n);
	}
	return call;
}

static void
unlink_call(struct sync_call *call)
{
	struct sync_call **p;

	for (p = &call->sync->calls; *p != NULL; p = &(*p)->next) {
		if (*p == call) {
			*p = call->next;
			return;
		}
	}
}

void
sync_call_resume(struct sync_call *call)
{
	(void)call;
}

static void
detach(struct message *m)
{
	m->call = NULL;
	if (m->timeout != 0) {
		sim_cancel(m->timeout);
		m->timeout = 0;
	}
	let_go(m);
}

void
sync_call_free(struct sync_call *call)
{
	struct message *m;

	if (call == NULL) {
		return;
	}
	unlink_call(call);
	for (m = messages; m != NULL && m->call != call; m = m->next) {
	}
	if (m != NULL) {
		detach(m);
	}
	free(call->body);
	buf_release(&call->reply.body);
	free(call);
}

static const char *
after(const char *text, const char *mark)
{
	const char *p = strstr(text, mark);

	return p == NULL ? "" : p + strlen(mark);
}

static void
fill(struct sync_call *call, const struct message *m)
{
	struct sync_reply *reply = &call->reply;

	call->begun = m->ending != END_REFUSED;
	reply->outcome = m->ending == END_ANSWERED ? SYNC_ANSWERED
	    : m->ending == END_REFUSED		   ? SYNC_SURELY_NOT
						   : SYNC_UNKNOWN;
	if (m->ending == END_ANSWERED || m->ending == END_BROKEN) {
		size_t n = m->answer.body.len;

		reply->status = m->answer.status;
		reply->retry_after = m->answer.retry_after;
		n = m->ending == END_BROKEN ? n / 2 : n;
		if (call->sink == NULL || reply->status >= 300) {
			buf_put(&reply->body, buf_text(&m->answer.body), n);
		} else if (n > 0) {
			call->is_lean =
			    strncmp(m->answer.content_type, WIRE_LEAN_TYPE, strlen(WIRE_LEAN_TYPE)) == 0;
			call->sink(buf_text(&m->answer.body), n, call->sink_user);
		}
	}
	if (m->ending != END_ANSWERED) {
		snprintf(reply->reason, sizeof(reply->reason), "ending %d", (int)m->ending);
	}
	sim_trace("%s %s: %d %d %.20s %.32s", sim.sides[sim.side].name, operation_row(call->op)->name,
	    (int)m->ending, reply->status, after(buf_text(&m->answer.body), "\"code\":"),
	    after(call->body, "\"op_id\":\""));
}

/* Ends one call of this loop that has its answer, or, in a dead program, any. */
int
sim_net_serve(struct loop *loop)
{
	struct message *m;
	struct sync_call *call;

	for (m = messages; m != NULL; m = m->next) {
		if (m->call == NULL || m->call->sync->loop != loop) {
			continue;
		}
		if (sim_is_dead() && !m->is_ready) {
			m->ending = END_TIMEOUT;
			m->is_ready = 1;
		}
		if (!m->is_ready) {
			continue;
		}
		call = m->call;
		fill(call, m);
		detach(m);
		unlink_call(call);
		call->done(call, &call->reply, call->user);
		return 1;
	}
	return 0;
}

static void
ready(struct message *m, enum ending ending)
{
	if (m->call != NULL && !m->is_ready) {
		m->is_ready = 1;
		m->ending = ending;
		sim_loop_ready(m->call->sync->loop);
	}
}

static void
on_timeout(void *user)
{
	struct message *m = user;

	m->timeout = 0;
	ready(m, END_TIMEOUT);
}

/* ---- back */

static void
on_answer(void *user)
{
	struct message *m = user;

	ready(m, m->ending);
	let_go(m);
}

static void
send_answer(struct message *m, enum ending ending)
{
	if (m->call == NULL || m->is_ready || ending == END_TIMEOUT) {
		let_go(m);
		return;
	}
	m->ending = ending;
	sim_after(SIM_YES(SIM_DELAY, 10) ? sim_delay(4000) : sim_between(1, 60), on_answer, m);
}

static int
line_is_dead(int clerk, int is_back)
{
	struct line *line = &lines[clerk];

	if (sim.is_healed) {
		return 0;
	}
	if (line->dead_until <= sim.now && !is_back && SIM_YES(SIM_PARTITION, 2)) {
		line->dead_until = sim.now + sim_delay(20000);
		line->only_back = sim_chance(50);
	}
	if (line->dead_until <= sim.now || (line->only_back && !is_back)) {
		return 0;
	}
	return sim_hit(SIM_PARTITION);
}

static enum ending
fate_of_answer(const struct message *m)
{
	/* Losing the answer of a change is the case. */
	int changes = (operation_row(m->op)->flags & OPERATION_MUTATES) != 0;

	if (line_is_dead(m->from, 1) || SIM_YES(SIM_ANSWER_LOST, changes ? 25 : 5)) {
		return END_TIMEOUT;
	}
	if (SIM_YES(SIM_GARBAGE, 5)) {
		return sim_chance(50) ? END_FOREIGN : END_BROKEN;
	}
	return END_ANSWERED;
}

static void
busy_answer(struct service_answer *out)
{
	static const char text[] =
	    "{\"type\":\"about:blank\",\"title\":\"busy\",\"status\":503,\"code\":\"busy\","
	    "\"number\":0,\"detail\":\"busy\",\"retry_after\":1}";

	*out = (struct service_answer){ .status = 503, .retry_after = 1 };
	buf_puts(&out->body, text);
}

/* ---- inside the service */

static void
wait_for_change(const struct message *m, uint64_t seen, int64_t until)
{
	while (sim.now < until && !sim_is_dead() && m->call != NULL &&
	    service_changes(sim_service()) == seen) {
		sim_sleep(500);
	}
}

static void
handle(struct message *m)
{
	struct service_request request = { .operation = m->op,
		.token = m->token,
		.source = "sim",
		.takes_lean = 1,
		.body = m->body,
		.body_len = m->body_len };
	int64_t until = -1;
	uint64_t seen;

	for (;;) {
		buf_release(&m->answer.body);
		request.now = sim.now;
		seen = service_changes(sim_service());
		service_handle(sim_service(), &request, &m->answer);
		sim_service_changed();
		until = until < 0 ? sim.now + m->answer.wait_ms : until;
		if (!m->answer.pending || m->call == NULL || sim.now >= until || sim_is_dead()) {
			return;
		}
		wait_for_change(m, seen, until);
		if (sim_is_dead()) {
			return;
		}
	}
}

static void
serve(void *user)
{
	struct message *m = user;

	if (sim_is_dead()) {
		send_answer(m, END_BROKEN);
		return;
	}
	in_service++;
	handle(m);
	in_service--;
	sim_trace("%s %s: %d%s%s %.20s %.32s", sim.sides[sim.side].name, operation_row(m->op)->name, m->answer.status,
	    sim_is_dead() ? " dead" : "", m->call == NULL ? " unheard" : "",
	    after(buf_text(&m->answer.body), "\"code\":"), after(m->body, "\"op_id\":\""));
	if (sim_is_dead()) {
		buf_clear(&m->answer.body);
		send_answer(m, END_BROKEN);
	} else {
		send_answer(m, fate_of_answer(m));
	}
}

static void
arrive(void *user)
{
	struct message *m = user;
	int side = sim_service_side();

	if (side < 0) {
		ready(m, END_BROKEN);
		let_go(m);
	} else if (in_service >= IN_SERVICE_MAX || SIM_YES(SIM_BUSY, 4)) {
		busy_answer(&m->answer);
		send_answer(m, SIM_YES(SIM_GARBAGE, 20) ? END_FOREIGN : END_ANSWERED);
	} else {
		sim_fiber_start(side, serve, m);
	}
}

/* ---- out */

static void
replay(void *user)
{
	size_t i;

	for (i = 0; i < REPLAYS_MAX; i++) {
		if (replays[i].message == user) {
			replays[i].message = NULL;
		}
	}
	arrive(user);
}

static void
send_copy(const struct message *m, int64_t ms)
{
	struct message *copy = new_message(m->op, m->token, m->body, m->body_len);
	size_t i;

	copy->from = m->from;

	for (i = 0; i < REPLAYS_MAX && replays[i].message != NULL; i++) {
	}
	if (i == REPLAYS_MAX) {
		destroy(copy);
		return;
	}
	replays[i].message = copy;
	replays[i].event = sim_after(ms, replay, copy);
}

void
sim_net_heal(int64_t ms)
{
	size_t i;

	for (i = 0; i < REPLAYS_MAX; i++) {
		if (replays[i].message != NULL) {
			sim_cancel(replays[i].event);
			replays[i].event = sim_after(
			    ms + sim_between(0, 60000), replay, replays[i].message);
		}
	}
}

/* The request goes its way; or it does not, and nobody is told. */
static void
send_request(struct message *m)
{
	int is_held = (operation_row(m->op)->flags & OPERATION_WAITS) != 0;

	m->timeout = sim_after(m->call->sync->timeout_ms + (is_held ? 20000 : 0), on_timeout, m);
	if (SIM_YES(SIM_DUPLICATE, 10)) {
		send_copy(m, sim_delay(500));
	}
	if (SIM_YES(SIM_REPLAY, 10)) {
		send_copy(m,
		    sim.is_on[SIM_NIGHT]   ? sim_between(1, 3 * 24 * 3600) * 1000
			: sim_chance(50) ? sim_delay(30000)
					 : sim_delay(20 * 60 * 1000));
	}
	if (!line_is_dead(m->from, 0) && !SIM_YES(SIM_LOSS, 8)) {
		m->holders++;
		sim_after(SIM_YES(SIM_DELAY, 10) ? sim_delay(6000) : sim_between(1, 80), arrive, m);
	}
}

/* I-27: what may change something leaves this machine after its intent is durable. */
static void
check_journalled(const struct message *m)
{
	char op_id[33];
	const char *state;

	if (m->op == OPERATION_PASSWORD_CHANGE || after(m->body, "\"op_id\":\"")[0] == '\0') {
		return;
	}
	snprintf(op_id, sizeof(op_id), "%s", after(m->body, "\"op_id\":\""));
	state = sim_watch_state(SIM_OP, sim_watch_home(), op_id);
	if (strcmp(state, "sent") != 0 && strcmp(state, "unknown") != 0) {
		sim_fail("I-27: %s %s is sent, and the journal says '%s'",
		    operation_row(m->op)->name, op_id, state);
	}
}

/* L-3: whatever the service says or does not say, nobody asks without end. */
static void
check_pace(const struct message *m)
{
	if (sim.now - pace[m->from][m->op].since > PACE_MS) {
		pace[m->from][m->op].since = sim.now;
		pace[m->from][m->op].count = 0;
	}
	if (++pace[m->from][m->op].count > PACE_MAX) {
		sim_fail("L-3: %s asked %s %d times in a minute", sim.sides[m->from].name,
		    operation_row(m->op)->name, pace[m->from][m->op].count);
	}
}

void
sync_call_begin(struct sync_call *call, sync_done_fn *done, void *user)
{
	struct message *m = new_message(call->op, call->sync->token, call->body, call->body_len);
	enum sim_step step;

	call->done = done;
	call->user = user;
	call->next = call->sync->calls;
	call->sync->calls = call;
	m->call = call;
	m->from = sim.side;
	if (!sim_is_dead()) {
		check_journalled(m);
		check_pace(m);
	}
	step = sim_is_dead() ? SIM_STEP_DIED_BEFORE : sim_step();
	if (step == SIM_STEP_DIED_AFTER && sim_service_runs()) {
		m->holders++;
		sim_after(sim_between(1, 80), arrive, m);
	}
	if (step != SIM_STEP_ALIVE) {
		ready(m, END_TIMEOUT);
		return;
	}
	if (!sim_service_runs() || SIM_YES(SIM_NO_ROUTE, 6)) {
		ready(m, END_REFUSED);
		return;
	}
	call->begun = 1;
	send_request(m);
}

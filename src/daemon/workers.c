/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The threads that call the service. */
#include "workers.h"

#include <assert.h>
#include <pthread.h>
#include <stdlib.h>
#include <time.h>

#include "exchange.h"
#include "metrics.h"
#include "shebao/i18n.h"
#include "shebao/log.h"
#include "shebao/loop.h"
#include "shebao/mem.h"

#define STACK_BYTES ((size_t)1 << 20)
#define GENERAL_SECONDS 2
#define PASSWORD_SECONDS_MAX 15
#define WORK_RETRY_MS 200 /* soonest next round of background work when nothing changed */

struct queue {
	struct exchange *first, **last;
	int64_t count;
};

struct workers {
	struct workers_opts opts;
	pthread_mutex_t lock;
	pthread_cond_t ready, work_due;
	struct queue general, passwords, held;
	int64_t working, passwords_running;
	int64_t password_us; /* what checking one took lately */
	int64_t polled; /* monotonic ms of the last look at held requests for poll_ms */
	int work_wanted, draining, stopping, work_stopping;
	pthread_t *threads;
	pthread_t worker;
};

static void
queue_put(struct queue *q, struct exchange *exchange)
{
	exchange->next = NULL;
	if (q->first == NULL) {
		q->last = &q->first;
	}
	*q->last = exchange;
	q->last = &exchange->next;
	q->count++;
}

static struct exchange *
queue_take(struct queue *q)
{
	struct exchange *exchange = q->first;

	if (exchange != NULL) {
		q->first = exchange->next;
		q->count--;
	}
	return exchange;
}

static int
checks_password(const struct exchange *exchange)
{
	return exchange->operation == OPERATION_LOGIN ||
	    exchange->operation == OPERATION_PROOF ||
	    exchange->operation == OPERATION_PASSWORD_CHANGE;
}

/* ---- held requests (all with the lock held) */

static int
has_moved(const struct workers *w, const struct exchange *exchange)
{
	return service_changes_of(w->opts.service, exchange->answer.watch) != exchange->answer.seen;
}

static void
requeue_held(struct workers *w, int64_t now, int all)
{
	struct queue held = w->held;
	struct exchange *exchange;

	w->held = (struct queue){ 0 };
	while ((exchange = queue_take(&held)) != NULL) {
		if (all || has_moved(w, exchange) || exchange->held_until <= now) {
			queue_put(&w->general, exchange);
			pthread_cond_signal(&w->ready);
		} else {
			queue_put(&w->held, exchange);
		}
	}
}

/* True when the exchange was put aside. Its employer's count of changes was read before it was
 * handled: if it has moved meanwhile, the change may have been the one it waits for. */
static int
hold(struct workers *w, struct exchange *exchange)
{
	int64_t now = loop_now_ms();
	int64_t wait_ms = exchange->answer.wait_ms;

	if (!exchange->answer.pending || w->draining) {
		return 0;
	}
	if (exchange->held_until == 0) {
		wait_ms = wait_ms > WORKERS_HELD_MAX_MS ? WORKERS_HELD_MAX_MS : wait_ms;
		exchange->held_until = now + wait_ms;
	}
	if (exchange->held_until <= now) {
		return 0;
	}
	if (has_moved(w, exchange)) {
		queue_put(&w->general, exchange);
		pthread_cond_signal(&w->ready);
	} else {
		queue_put(&w->held, exchange);
	}
	return 1;
}

/* ---- requests */

/* The one that came first, unless it would be one password too many. */
static struct exchange *
take(struct workers *w)
{
	const struct exchange *general = w->general.first, *password = w->passwords.first;

	if (w->passwords_running >= WORKERS_PASSWORD_RUNNING) {
		password = NULL;
	}
	if (password != NULL &&
	    (general == NULL || password->started_us < general->started_us)) {
		w->passwords_running++;
		return queue_take(&w->passwords);
	}
	return queue_take(&w->general);
}

/* When half of those who wait will have had their turn: then there is room again, and still work to
 * do. */
static int64_t
password_seconds(const struct workers *w)
{
	int64_t seconds =
	    1 + w->passwords.count / 2 * w->password_us / WORKERS_PASSWORD_RUNNING / 1000000;

	return seconds < PASSWORD_SECONDS_MAX ? seconds : PASSWORD_SECONDS_MAX;
}

static void
check_password(struct workers *w, struct exchange *exchange)
{
	int64_t waited = exchange_age_us(exchange), took;

	if (waited > WORKERS_PASSWORD_WAIT_MS * 1000) {
		pthread_mutex_lock(&w->lock);
		exchange->retry_after = password_seconds(w);
		pthread_mutex_unlock(&w->lock);
		exchange_refuse(exchange, ERR_BUSY, 0, _("服务繁忙"));
		return;
	}
	exchange_handle(exchange, w->opts.service);
	took = exchange_age_us(exchange) - waited;
	pthread_mutex_lock(&w->lock);
	w->password_us += (took - w->password_us) / 8;
	pthread_mutex_unlock(&w->lock);
}

static void
handle(struct workers *w, struct exchange *exchange)
{
	int is_password = checks_password(exchange), held;
	uint64_t before = service_works(w->opts.service);

	if (exchange->is_admission) {
		exchange_admit(exchange, w->opts.service);
	} else if (is_password) {
		check_password(w, exchange);
	} else {
		exchange_handle(exchange, w->opts.service);
	}
	pthread_mutex_lock(&w->lock);
	w->working--;
	w->passwords_running -= is_password;
	if (is_password && w->passwords.count > 0) {
		pthread_cond_signal(&w->ready);
	}
	if (service_works(w->opts.service) != before) {
		w->work_wanted = 1;
		/* Who is held is looked at when the work is done, and at each tick: not at each of
		 * thousands of changes. */
		pthread_cond_signal(&w->work_due);
	}
	held = hold(w, exchange);
	pthread_mutex_unlock(&w->lock);
	if (!held) {
		if (exchange->takes_gzip) {
			exchange_compress(exchange);
		}
		w->opts.done(exchange);
	}
}

static void *
run_worker(void *user)
{
	struct workers *w = user;
	struct exchange *exchange;

	pthread_mutex_lock(&w->lock);
	for (;;) {
		exchange = take(w);
		if (exchange == NULL && w->stopping && w->passwords.count == 0) {
			break;
		}
		if (exchange == NULL) {
			pthread_cond_wait(&w->ready, &w->lock);
			continue;
		}
		w->working++;
		pthread_mutex_unlock(&w->lock);
		handle(w, exchange);
		pthread_mutex_lock(&w->lock);
	}
	/* The next one sees the end too. */
	pthread_cond_broadcast(&w->ready);
	pthread_mutex_unlock(&w->lock);
	return NULL;
}

/* ---- background work */

static void
wait_for_work(struct workers *w, int64_t delay_ms)
{
	struct timespec until;

	clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_sec += (time_t)(delay_ms / 1000);
	until.tv_nsec += (long)(delay_ms % 1000) * 1000000;
	if (until.tv_nsec >= 1000000000) {
		until.tv_sec++;
		until.tv_nsec -= 1000000000;
	}
	while (!w->work_wanted && !w->work_stopping &&
	    pthread_cond_timedwait(&w->work_due, &w->lock, &until) == 0) {
	}
	w->work_wanted = 0;
}

static void *
run_work(void *user)
{
	struct workers *w = user;

	pthread_mutex_lock(&w->lock);
	while (!w->work_stopping) {
		int64_t next = 0, now, delay;
		int done;

		pthread_mutex_unlock(&w->lock);
		now = loop_wall_ms();
		done = service_work(w->opts.service, now, &next);
		if (done > 0) {
			metrics_work_done(done);
		}
		delay = next - loop_wall_ms();
		delay = delay < 1 ? 1 : delay > 60000 ? 60000 : delay;
		if (done <= 0 && delay < WORK_RETRY_MS && next <= now) {
			delay = WORK_RETRY_MS;
		}
		pthread_mutex_lock(&w->lock);
		requeue_held(w, loop_now_ms(), 0);
		wait_for_work(w, delay);
	}
	pthread_mutex_unlock(&w->lock);
	return NULL;
}

/* ---- outside */

static void
start_thread(pthread_t *thread, void *(*run)(void *), void *user)
{
	pthread_attr_t attributes;
	int result;

	pthread_attr_init(&attributes);
	pthread_attr_setstacksize(&attributes, STACK_BYTES);
	result = pthread_create(thread, &attributes, run, user);
	assert(result == 0);
	pthread_attr_destroy(&attributes);
}

struct workers *
workers_start(const struct workers_opts *opts)
{
	struct workers *w = mem_alloc(sizeof(*w));
	pthread_condattr_t attributes;
	int64_t i;

	w->opts = *opts;
	pthread_mutex_init(&w->lock, NULL);
	pthread_condattr_init(&attributes);
	pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
	pthread_cond_init(&w->ready, &attributes);
	pthread_cond_init(&w->work_due, &attributes);
	pthread_condattr_destroy(&attributes);
	w->threads = mem_alloc((size_t)opts->threads * sizeof(*w->threads));
	for (i = 0; i < opts->threads; i++) {
		start_thread(&w->threads[i], run_worker, w);
	}
	start_thread(&w->worker, run_work, w);
	return w;
}

int64_t
workers_submit(struct workers *w, struct exchange *exchange)
{
	struct queue *q = checks_password(exchange) ? &w->passwords : &w->general;
	int64_t max = q == &w->passwords ? WORKERS_PASSWORD_QUEUE_MAX : WORKERS_QUEUE_MAX;
	int64_t seconds = 0;

	pthread_mutex_lock(&w->lock);
	if (q->count < max && !w->stopping) {
		queue_put(q, exchange);
		pthread_cond_signal(&w->ready);
	} else {
		seconds = q == &w->passwords ? password_seconds(w) : GENERAL_SECONDS;
	}
	pthread_mutex_unlock(&w->lock);
	return seconds;
}

void
workers_drain(struct workers *w)
{
	pthread_mutex_lock(&w->lock);
	w->draining = 1;
	requeue_held(w, 0, 1);
	pthread_mutex_unlock(&w->lock);
}

void
workers_tick(struct workers *w, int64_t now)
{
	int all;

	pthread_mutex_lock(&w->lock);
	all = w->opts.poll_ms > 0 && now - w->polled >= w->opts.poll_ms;
	w->polled = all ? now : w->polled;
	if (w->held.count > 0) {
		requeue_held(w, now, all);
	}
	pthread_mutex_unlock(&w->lock);
}

void
workers_count(struct workers *w, int64_t *queued, int64_t *held, int64_t *working)
{
	pthread_mutex_lock(&w->lock);
	*queued = w->general.count + w->passwords.count;
	*held = w->held.count;
	*working = w->working;
	pthread_mutex_unlock(&w->lock);
}

void
workers_stop(struct workers *w)
{
	int64_t i;

	workers_drain(w);
	pthread_mutex_lock(&w->lock);
	w->stopping = 1;
	w->work_stopping = 1;
	pthread_cond_broadcast(&w->ready);
	pthread_cond_broadcast(&w->work_due);
	pthread_mutex_unlock(&w->lock);
	for (i = 0; i < w->opts.threads; i++) {
		pthread_join(w->threads[i], NULL);
	}
	pthread_join(w->worker, NULL);
}

void
workers_free(struct workers *w)
{
	if (w == NULL) {
		return;
	}
	pthread_cond_destroy(&w->ready);
	pthread_cond_destroy(&w->work_due);
	pthread_mutex_destroy(&w->lock);
	free(w->threads);
	free(w);
}

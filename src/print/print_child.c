/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Work that may block, in a child of the broker, with the client's loop served meanwhile. */
#define _GNU_SOURCE /* O_ASYNC */
#include "print_child.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "print_cups.h"
#include "shebao/i18n.h"
#include "shebao/mem.h"

_Static_assert(sizeof(struct print_message) <= 4096, "a message is written in one piece");

#define TURN_MS 100
#define BYTES_MAX ((size_t)64 << 20)

/* ---- in the child */

void
print_child_tell(int to, const struct print_message *message)
{
	ssize_t n;

	do {
		n = send(to, message, sizeof(*message), MSG_NOSIGNAL);
	} while (n < 0 && errno == EINTR);
	if (n != (ssize_t)sizeof(*message)) {
		_exit(1); /* the client is gone */
	}
}

void
print_child_fail(int to, const struct err *err)
{
	struct print_message message = { .kind = PRINT_MESSAGE_FAILED, .as.err = *err };

	print_child_tell(to, &message);
}

void
print_child_close_others(int kept)
{
	long limit = sysconf(_SC_OPEN_MAX);
	int fd;

	for (fd = 3; fd < (limit > 0 && limit < 4096 ? limit : 4096); fd++) {
		if (fd != kept) {
			close(fd);
		}
	}
}

static int watched = -1;

/* Something happened on the channel: has the client closed it? */
static void
on_channel(int number)
{
	char byte;

	(void)number;
	if (recv(watched, &byte, 1, MSG_PEEK | MSG_DONTWAIT) == 0) {
		_exit(1);
	}
}

/* Ends with the client's interest in it, or when its time is over, whatever it waits for. */
static void
end_with(int channel, int64_t limit_ms)
{
	struct sigaction action = { .sa_handler = on_channel, .sa_flags = SA_RESTART };

	watched = channel;
	sigemptyset(&action.sa_mask);
	sigaction(SIGIO, &action, NULL);
	fcntl(channel, F_SETOWN, getpid());
	fcntl(channel, F_SETFL, O_ASYNC);
	on_channel(0);
	if (limit_ms > 0) {
		alarm((unsigned)(limit_ms / 1000) + 1);
	}
}

/* Without a terminal: it ends with its work, not with the line. */
static void
leave_terminal(void)
{
	int nothing = open("/dev/null", O_RDWR), fd;

	setsid();
	for (fd = 0; fd < 3 && nothing >= 0; fd++) {
		dup2(nothing, fd);
	}
}

static void *
take_bytes(int channel, size_t n)
{
	char *bytes = n > 0 && n <= BYTES_MAX ? mem_alloc(n) : NULL;
	size_t at = 0;

	while (bytes != NULL && at < n) {
		ssize_t got = read(channel, bytes + at, n - at);

		if (got <= 0 && !(got < 0 && errno == EINTR)) {
			_exit(1);
		}
		at += got > 0 ? (size_t)got : 0;
	}
	return bytes;
}

static void
serve_submit(int channel, const struct print_order *order)
{
	struct print_request request = { .len = order->len,
		.printer = order->printer,
		.title = order->title,
		.copies = order->copies,
		.wait_ms = order->wait_ms };
	void *bytes = take_bytes(channel, order->len);

	request.bytes = bytes;
	end_with(channel, order->limit_ms);
	if (bytes != NULL) {
		print_cups_submit(channel, &request);
	}
	free(bytes);
}

static void
serve_send(int channel, const struct print_order *order, const char *zmodem_program)
{
	const struct print_message end = { .kind = PRINT_MESSAGE_END };
	struct err err = { 0 };

	if (print_zmodem_run(zmodem_program, order->path, &err) == 0) {
		print_child_tell(channel, &end);
	} else {
		print_child_fail(channel, &err);
	}
}

void
print_child_serve(int channel, const struct print_order *order, const char *zmodem_program)
{
	struct sigaction plain = { .sa_handler = SIG_DFL };
	const int numbers[] = { SIGHUP, SIGINT, SIGQUIT, SIGTSTP, SIGCHLD };
	size_t i;

	sigemptyset(&plain.sa_mask);
	/* The client shows what Ctrl-C means while a file is sent. */
	for (i = order->kind == PRINT_ORDER_SEND ? ARRAY_LEN(numbers) - 1 : 0;
	     i < ARRAY_LEN(numbers); i++) {
		sigaction(numbers[i], &plain, NULL);
	}
	if (order->kind == PRINT_ORDER_SEND) {
		serve_send(channel, order, zmodem_program);
		return;
	}
	leave_terminal();
	if (order->kind == PRINT_ORDER_LIST) {
		end_with(channel, order->limit_ms);
		print_cups_list(channel);
	} else {
		serve_submit(channel, order);
	}
}

/* ---- in the client */

struct running {
	struct loop *loop;
	const struct print_child *child;
	struct err *err;
	int channel;
	int timer;
	int64_t until_ms;
	int is_over, has_ended;
	char bytes[sizeof(struct print_message)];
	size_t got;
};

static void
take_message(struct running *r)
{
	struct print_message message;

	memcpy(&message, r->bytes, sizeof(message));
	r->got = 0;
	if (message.kind == PRINT_MESSAGE_FAILED) {
		err_set(r->err, message.as.err.code, "%s", message.as.err.text);
	} else if (message.kind == PRINT_MESSAGE_END) {
		r->has_ended = 1;
	} else if (r->child->on_message != NULL) {
		r->child->on_message(&message, r->child->user);
	}
}

static void
on_readable(int fd, int events, void *user)
{
	struct running *r = user;
	ssize_t n = read(fd, r->bytes + r->got, sizeof(r->bytes) - r->got);

	(void)events;
	if (n > 0) {
		r->got += (size_t)n;
		if (r->got == sizeof(r->bytes)) {
			take_message(r);
		}
	} else if (n == 0 || (errno != EINTR && errno != EAGAIN)) {
		r->is_over = 1;
	}
}

static void
on_turn(void *user)
{
	struct running *r = user;

	r->timer = 0;
	if (r->child->is_cancelled != NULL && r->child->is_cancelled(r->child->user)) {
		err_set(r->err, ERR_CANCELLED, "%s", _("已取消"));
		r->is_over = 1;
	} else if (loop_now_ms() > r->until_ms) {
		err_set(r->err, ERR_LOCAL, "%s",
		    _("打印服务（CUPS）没有回答。请检查 CUPS 是否正常运行（lpstat -t）。"));
		r->is_over = 1;
	} else {
		r->timer = loop_timer(r->loop, TURN_MS, on_turn, r);
	}
}

/* The child reads them before all else. */
static int
give_bytes(int channel, const char *bytes, size_t n)
{
	while (n > 0) {
		ssize_t put = send(channel, bytes, n, MSG_NOSIGNAL);

		if (put < 0 && errno != EINTR) {
			return -1;
		}
		if (put > 0) {
			bytes += put;
			n -= (size_t)put;
		}
	}
	return 0;
}

static int
start(struct running *r)
{
	const struct print_child *child = r->child;

	if (print_broker_start(NULL, "", r->err) != 0 ||
	    print_broker_order(&child->order, &r->channel, r->err) != 0) {
		return -1;
	}
	if (give_bytes(r->channel, child->bytes, child->order.len) != 0) {
		err_set(r->err, ERR_LOCAL, "%s: %s", _("无法开始打印"), strerror(errno));
		close(r->channel);
		return -1;
	}
	fcntl(r->channel, F_SETFL, O_NONBLOCK);
	return 0;
}

int
print_child_run(struct loop *loop, const struct print_child *child, struct err *err)
{
	struct err own = { 0 };
	struct running r = { .loop = loop,
		.child = child,
		.err = err != NULL ? err : &own,
		.until_ms = loop_now_ms() + child->order.limit_ms };

	if (start(&r) != 0) {
		return -1;
	}
	loop_watch(loop, r.channel, LOOP_READ, on_readable, &r);
	if (child->order.limit_ms > 0) {
		r.timer = loop_timer(loop, TURN_MS, on_turn, &r);
	}
	loop_run_until(loop, &r.is_over);
	if (r.timer != 0) {
		loop_timer_cancel(loop, r.timer);
	}
	loop_watch(loop, r.channel, 0, NULL, NULL);
	close(r.channel);
	if (r.err->code == ERR_NONE && !r.has_ended) {
		err_set(r.err, ERR_LOCAL, "%s", _("与打印服务（CUPS）的通话中断了"));
	}
	return r.err->code == ERR_NONE ? 0 : -1;
}

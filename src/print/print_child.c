/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Work that may block, in a child process, with the loop served meanwhile. */
#include "print_child.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "shebao/i18n.h"
#include "shebao/mem.h"

_Static_assert(sizeof(struct print_message) <= 4096, "a message is written in one piece");

#define TURN_MS 100

struct running {
	struct loop *loop;
	const struct print_child *child;
	struct err *err;
	pid_t pid;
	int from;
	int timer;
	int64_t until_ms;
	int is_over, has_ended;
	char bytes[sizeof(struct print_message)];
	size_t got;
};

void
print_child_tell(int to, const struct print_message *message)
{
	ssize_t n;

	do {
		n = write(to, message, sizeof(*message));
	} while (n < 0 && errno == EINTR);
	if (n != (ssize_t)sizeof(*message)) {
		_exit(1); /* the parent is gone */
	}
}

/* Nothing of the client's stays open or catches signals in the child. */
static void
leave_parent(int to)
{
	struct sigaction plain = { .sa_handler = SIG_DFL };
	const int numbers[] = { SIGHUP, SIGINT, SIGTERM, SIGWINCH, SIGPIPE };
	int nothing = open("/dev/null", O_RDWR);
	int limit = (int)sysconf(_SC_OPEN_MAX);
	size_t i;
	int fd;

	/* Without a terminal: it ends with its work, not with the line. */
	setsid();
	sigemptyset(&plain.sa_mask);
	for (i = 0; i < ARRAY_LEN(numbers); i++) {
		sigaction(numbers[i], &plain, NULL);
	}
	for (fd = 0; fd < 3 && nothing >= 0; fd++) {
		dup2(nothing, fd);
	}
	for (fd = 3; fd < (limit > 0 && limit < 4096 ? limit : 4096); fd++) {
		if (fd != to) {
			close(fd);
		}
	}
}

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
	} else {
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
		kill(r->pid, SIGTERM);
		r->is_over = 1;
	} else if (loop_now_ms() > r->until_ms) {
		err_set(r->err, ERR_LOCAL, "%s",
		    _("打印服务（CUPS）没有回答。请检查 CUPS 是否正常运行（lpstat -t）。"));
		kill(r->pid, SIGTERM);
		r->is_over = 1;
	} else {
		r->timer = loop_timer(r->loop, TURN_MS, on_turn, r);
	}
}

static int
start(struct running *r)
{
	int ends[2];

	if (pipe(ends) != 0) {
		return err_set(r->err, ERR_LOCAL, "%s: %s", _("无法开始打印"), strerror(errno));
	}
	r->pid = fork();
	if (r->pid == 0) {
		leave_parent(ends[1]);
		r->child->work(ends[1], r->child->about);
		_exit(0);
	}
	close(ends[1]);
	if (r->pid < 0) {
		close(ends[0]);
		return err_set(r->err, ERR_LOCAL, "%s: %s", _("无法开始打印"), strerror(errno));
	}
	r->from = ends[0];
	fcntl(r->from, F_SETFL, O_NONBLOCK);
	fcntl(r->from, F_SETFD, FD_CLOEXEC);
	return 0;
}

int
print_child_run(struct loop *loop, const struct print_child *child, struct err *err)
{
	struct err own = { 0 };
	struct running r = { .loop = loop,
		.child = child,
		.err = err != NULL ? err : &own,
		.until_ms = loop_now_ms() + child->limit_ms };

	if (start(&r) != 0) {
		return -1;
	}
	loop_watch(loop, r.from, LOOP_READ, on_readable, &r);
	r.timer = loop_timer(loop, TURN_MS, on_turn, &r);
	loop_run_until(loop, &r.is_over);
	loop_timer_cancel(loop, r.timer);
	loop_watch(loop, r.from, 0, NULL, NULL);
	close(r.from);
	while (waitpid(r.pid, NULL, 0) < 0 && errno == EINTR) {
	}
	if (r.err->code == ERR_NONE && !r.has_ended) {
		err_set(r.err, ERR_LOCAL, "%s", _("与打印服务（CUPS）的通话中断了"));
	}
	return r.err->code == ERR_NONE ? 0 : -1;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The process that forks and executes for a client which no longer can. */
#include "print_broker.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "print_child.h"
#include "shebao/i18n.h"
#include "shebao/mem.h"

static int control = -1; /* the client's end */

/* ---- passing a channel along with an order */

union passing {
	struct cmsghdr head;
	char bytes[CMSG_SPACE(sizeof(int))];
};

static int
send_order(const struct print_order *order, int channel)
{
	union passing passing = { 0 };
	struct iovec part = { .iov_base = mem_alloc(sizeof(*order)), .iov_len = sizeof(*order) };
	struct msghdr message = { .msg_iov = &part,
		.msg_iovlen = 1,
		.msg_control = passing.bytes,
		.msg_controllen = sizeof(passing.bytes) };
	struct cmsghdr *head = CMSG_FIRSTHDR(&message);
	ssize_t n;

	memcpy(part.iov_base, order, sizeof(*order));
	head->cmsg_level = SOL_SOCKET;
	head->cmsg_type = SCM_RIGHTS;
	head->cmsg_len = CMSG_LEN(sizeof(int));
	memcpy(CMSG_DATA(head), &channel, sizeof(channel));
	do {
		n = sendmsg(control, &message, MSG_NOSIGNAL);
	} while (n < 0 && errno == EINTR);
	free(part.iov_base);
	return n == (ssize_t)sizeof(*order) ? 0 : -1;
}

/* 1: an order, 0: one that is not understood, -1: the client is gone. */
static int
take_order(int from, struct print_order *order, int *channel)
{
	union passing passing = { 0 };
	struct iovec part = { .iov_base = order, .iov_len = sizeof(*order) };
	struct msghdr message = { .msg_iov = &part,
		.msg_iovlen = 1,
		.msg_control = passing.bytes,
		.msg_controllen = sizeof(passing.bytes) };
	struct cmsghdr *head;
	ssize_t n = recvmsg(from, &message, MSG_CMSG_CLOEXEC);

	if (n <= 0) {
		return n < 0 && errno == EINTR ? 0 : -1;
	}
	head = CMSG_FIRSTHDR(&message);
	if (head == NULL || head->cmsg_type != SCM_RIGHTS) {
		return 0;
	}
	memcpy(channel, CMSG_DATA(head), sizeof(*channel));
	if (n != (ssize_t)sizeof(*order) || (unsigned)order->kind >= PRINT_ORDER_COUNT) {
		close(*channel);
		return 0;
	}
	order->printer[sizeof(order->printer) - 1] = '\0';
	order->title[sizeof(order->title) - 1] = '\0';
	order->path[sizeof(order->path) - 1] = '\0';
	return 1;
}

/* ---- the broker */

/* Keys meant for the client, and its end, do not end the broker: a closed socket does. */
static void
set_signals(void)
{
	struct sigaction ignored = { .sa_handler = SIG_IGN };
	struct sigaction plain = { .sa_handler = SIG_DFL };
	const int deaf[] = { SIGINT, SIGQUIT, SIGHUP, SIGTSTP, SIGPIPE, SIGCHLD };
	const int usual[] = { SIGTERM, SIGWINCH };
	size_t i;

	for (i = 0; i < ARRAY_LEN(deaf); i++) {
		sigaction(deaf[i], &ignored, NULL);
	}
	for (i = 0; i < ARRAY_LEN(usual); i++) {
		sigaction(usual[i], &plain, NULL);
	}
}

static void
serve(int from, const char *zmodem_program)
{
	struct print_order *order = mem_alloc(sizeof(*order));
	int channel = -1, got;

	while ((got = take_order(from, order, &channel)) >= 0) {
		pid_t pid = got > 0 ? fork() : -1;

		if (pid == 0) {
			close(from);
			print_child_serve(channel, order, zmodem_program);
			_exit(0);
		}
		if (got > 0) {
			close(channel);
		}
	}
}

int
print_broker_start(
    const struct sandbox_rules *rules, const char *zmodem_program, struct err *err)
{
	int ends[2];
	pid_t pid;

	if (control >= 0) {
		return 0;
	}
	if (socketpair(AF_UNIX, SOCK_SEQPACKET, 0, ends) != 0) {
		return err_set(err, ERR_LOCAL, "%s: %s", _("无法开始打印"), strerror(errno));
	}
	pid = fork();
	if (pid == 0) {
		print_child_close_others(ends[1]);
		set_signals();
		if (rules != NULL) {
			sandbox_enter(rules);
		}
		serve(ends[1], zmodem_program);
		_exit(0);
	}
	close(ends[1]);
	if (pid < 0) {
		close(ends[0]);
		return err_set(err, ERR_LOCAL, "%s: %s", _("无法开始打印"), strerror(errno));
	}
	control = ends[0];
	fcntl(control, F_SETFD, FD_CLOEXEC);
	return 0;
}

int
print_broker_order(const struct print_order *order, int *channel, struct err *err)
{
	int ends[2];

	if (control < 0) {
		return err_set(err, ERR_LOCAL, "%s", _("无法开始打印"));
	}
	if (socketpair(AF_UNIX, SOCK_STREAM, 0, ends) != 0) {
		return err_set(err, ERR_LOCAL, "%s: %s", _("无法开始打印"), strerror(errno));
	}
	fcntl(ends[0], F_SETFD, FD_CLOEXEC);
	if (send_order(order, ends[1]) != 0) {
		err_set(err, ERR_LOCAL, "%s: %s", _("无法开始打印"), strerror(errno));
		close(ends[0]);
		close(ends[1]);
		return -1;
	}
	close(ends[1]);
	*channel = ends[0];
	return 0;
}

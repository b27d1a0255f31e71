/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SHEBAO_TESTS_CANNED_H
#define SHEBAO_TESTS_CANNED_H

#include <arpa/inet.h>
#include <check.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* A server that says exactly what a test wants, one answer a connection, on a port of its own. */
#define CANNED_MAX 4

/* One connection each: reads a whole request, sends the answer (NULL: nothing), closes. */
struct canned {
	int fd, port;
	const char *answers[CANNED_MAX];
	size_t count;
	char seen[CANNED_MAX][4096]; /* the requests */
	pthread_t thread;
};

static inline void
canned_read(int fd, char *out, size_t size)
{
	size_t n = 0, need = 0;

	while (n + 1 < size) {
		ssize_t got = recv(fd, out + n, size - 1 - n, 0);
		const char *end, *length;

		if (got <= 0) {
			return;
		}
		n += (size_t)got;
		out[n] = '\0';
		end = strstr(out, "\r\n\r\n");
		length = strstr(out, "Content-Length: ");
		need = length != NULL ? strtoul(length + 16, NULL, 10) : 0;
		if (end != NULL && n >= (size_t)(end + 4 - out) + need) {
			return;
		}
	}
}

static inline void *
canned_serve(void *user)
{
	struct canned *canned = user;
	size_t i;

	for (i = 0; i < canned->count; i++) {
		int fd = accept(canned->fd, NULL, NULL);

		canned_read(fd, canned->seen[i], sizeof(canned->seen[i]));
		if (canned->answers[i] != NULL) {
			ck_assert(send(fd, canned->answers[i], strlen(canned->answers[i]),
				      MSG_NOSIGNAL) > 0);
		}
		close(fd);
	}
	return NULL;
}

static inline void
canned_start(struct canned *canned)
{
	struct sockaddr_in address = { .sin_family = AF_INET };
	socklen_t n = sizeof(address);

	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	canned->fd = socket(AF_INET, SOCK_STREAM, 0);
	ck_assert_int_eq(bind(canned->fd, (struct sockaddr *)&address, n), 0);
	ck_assert_int_eq(listen(canned->fd, 8), 0);
	ck_assert_int_eq(getsockname(canned->fd, (struct sockaddr *)&address, &n), 0);
	canned->port = ntohs(address.sin_port);
	ck_assert_int_eq(pthread_create(&canned->thread, NULL, canned_serve, canned), 0);
}

static inline void
canned_stop(struct canned *canned)
{
	pthread_join(canned->thread, NULL);
	close(canned->fd);
}

#endif

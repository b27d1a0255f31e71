/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SHEBAO_DAEMON_LISTENER_H
#define SHEBAO_DAEMON_LISTENER_H

#include <sys/un.h>

#include "shebao/err.h"

/* A socket that takes connections. */
struct listener {
	int fd;       /* -1: none */
	int is_local; /* unix socket or loopback: nobody else's machine reaches it */
	int is_unix;
	char path[sizeof(((struct sockaddr_un *)0)
			     ->sun_path)]; /* of a unix socket: removed on close */
	char url
	    [160]; /* what clients are given; without scheme for TCP until the caller knows it */
};

/* Whether it can be one of those below, as far as can be seen without opening it. */
int listener_is_address(const char *address);

/* "127.0.0.1:8600", "[::]:443", "host:0", "unix:PATH". A unix socket that another process
 * listens on is ERR_LOCAL; one that was left behind is replaced. Unix sockets are for owner and
 * group. ERR_USAGE when the address cannot be read. */
int listener_open(const char *address, struct listener *out, struct err *err)
    __attribute__((warn_unused_result));
void listener_close(struct listener *listener);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SHEBAO_DAEMON_SERVER_H
#define SHEBAO_DAEMON_SERVER_H

#include "daemon_settings.h"
#include "office.h"

/*
 * The HTTP side: listening addresses, the routes of the operations table, limits, deadlines.
 * Sockets are served by libmicrohttpd's threads with epoll; the service is called by workers
 * while the connection is suspended, so that a slow request keeps no socket waiting.
 *
 * Refused: request lines and headers over 16 KiB or so (431), bodies over 1 MiB (413; rows of an
 * import: 2 GiB), two lengths or a length with chunks, a missing or doubled Host, NUL, folded
 * lines, bare CR or LF (400), headers or bodies that come too slowly (closed), too many connections (closed),
 * too much work (503 with Retry-After), more questions without a login than a source may ask (429
 * with Retry-After).
 */
struct server; /* opaque */

/* Binds the addresses and reads the certificate: what may be wrong about them is found before
 * anything is made in the state folder. *out must be given to server_stop also after a failure. */
int server_open(const struct daemon_settings *settings, struct server **out,
    struct err *err) __attribute__((warn_unused_result));

/* Begins to take connections. */
int server_start(struct server *server, const struct daemon_settings *settings,
    const struct office *office, struct err *err) __attribute__((warn_unused_result));

/* One line "listening on URL" for each address on standard output. */
void server_announce(const struct server *server);

/* Takes over the limits of the settings that may change, and reads the certificate again: -1 when
 * it cannot be used, then the old one is shown on. */
int server_reload(struct server *server, const struct daemon_settings *settings,
    struct err *err) __attribute__((warn_unused_result));

/* Takes no new connections, answers what was begun (at most grace_ms), frees. */
void server_stop(struct server *server, int64_t grace_ms);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SHEBAO_DAEMON_HEADER_SHAPE_H
#define SHEBAO_DAEMON_HEADER_SHAPE_H

#include <stddef.h>

struct MHD_Connection;

/* Where the library keeps the parts of the request line; the target is not what it was any more
 * when the rest is known, so that its length is taken before. */
struct header_shape {
	const char *method, *target, *version;
	size_t target_length;
};

/*
 * True when the header is lines that end in CR LF and hold one field each, and nothing else: no
 * folded line, no bare LF or CR, no NUL, one blank between the parts of the request line. To be
 * asked with the headers of a request, before anything is taken from the connection's memory.
 *
 * A NUL with a bare LF right after it is taken for a line end: libmicrohttpd has written NUL
 * over both by then, as it does with CR LF.
 */
int header_shape_is_strict(struct MHD_Connection *http, const struct header_shape *shape)
    __attribute__((warn_unused_result));

#endif

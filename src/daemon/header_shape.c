/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * libmicrohttpd before 0.9.77 joins folded lines, takes a bare LF for a line end and cuts what
 * has a NUL in it, and says nothing of it. But it cuts the header where it lies, writing NUL over
 * the end of each part, and says how long all of it was: the parts of a strict header follow one
 * another at known distances, those of any other one do not. Only addresses are compared, nothing
 * outside the parts is read. Later versions refuse these headers themselves, and may keep them
 * elsewhere.
 */
#include "header_shape.h"

#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <microhttpd.h>

#define LINE_END 2u /* CR LF */

struct walk {
	uintptr_t end; /* of the part before */
	int is_broken;
};

static int library_is_lenient;

static void
look_at_library(void)
{
	int major = 0, minor = 0, patch = 0;

	library_is_lenient =
	    sscanf(MHD_get_version(), "%d.%d.%d", &major, &minor, &patch) == 3 &&
	    major == 0 && minor == 9 && patch < 77;
}

static int
has_control(const char *text)
{
	for (; *text != '\0'; text++) {
		if (((unsigned char)*text < ' ' && *text != '\t') || *text == 0x7F) {
			return 1;
		}
	}
	return 0;
}

static enum MHD_Result
walk_field(void *user, enum MHD_ValueKind kind, const char *name, const char *value)
{
	struct walk *walk = user;

	(void)kind;
	if (value == NULL || (uintptr_t)name != walk->end + LINE_END ||
	    (uintptr_t)value <= (uintptr_t)name + strlen(name) || has_control(value)) {
		walk->is_broken = 1;
		return MHD_NO;
	}
	walk->end = (uintptr_t)value + strlen(value);
	return MHD_YES;
}

int
header_shape_is_strict(struct MHD_Connection *http, const struct header_shape *shape)
{
	static pthread_once_t looked = PTHREAD_ONCE_INIT;
	const union MHD_ConnectionInfo *size;
	uintptr_t target = (uintptr_t)shape->target;
	struct walk walk = { (uintptr_t)shape->version + strlen(shape->version), 0 };

	pthread_once(&looked, look_at_library);
	if (!library_is_lenient) {
		return 1;
	}
	if (target != (uintptr_t)shape->method + strlen(shape->method) + 1 ||
	    (uintptr_t)shape->version != target + shape->target_length + 1) {
		return 0;
	}
	MHD_get_connection_values(http, MHD_HEADER_KIND, walk_field, &walk);
	size = MHD_get_connection_info(http, MHD_CONNECTION_INFO_REQUEST_HEADER_SIZE);
	/* The last field's line, and the empty one. */
	return !walk.is_broken && size != NULL &&
	    walk.end + 2 * LINE_END - (uintptr_t)shape->method == size->header_size;
}

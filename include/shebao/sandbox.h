/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SHEBAO_BASE_SANDBOX_H
#define SHEBAO_BASE_SANDBOX_H

#include <stddef.h>
#include <stdint.h>

#include "shebao/buf.h"

/*
 * What a process gives up once it has opened what it needs. Landlock forbids all files but the
 * listed ones and all TCP ports but the listed ones; seccomp forbids system calls that the
 * programs never make: exec, fork, ptrace, other processes' memory, mounts, keys, io_uring,
 * typing into a terminal, kinds of sockets that are not named. Nobody can take it back, neither
 * this process nor what it forks.
 *
 * What stays possible: the descriptors that are open; looking at names and modes of files
 * (Landlock does not hide them); UDP where SANDBOX_LOOKUP says so; any local socket where
 * SANDBOX_LOCAL says so. Kernels without Landlock (before 5.13), without its ports (before 6.7)
 * or without seccomp give less, which the state tells.
 */

enum sandbox_access {
	SANDBOX_READ = 1,
	SANDBOX_WRITE = 2, /* read, write, make, rename and remove */
	SANDBOX_RUN = 4    /* execute; only with SANDBOX_CHILDREN */
};

struct sandbox_path {
	const char *path; /* a file, or a folder with all in it; one that is not there is left out */
	unsigned access;
};

enum sandbox_flags {
	SANDBOX_LOOKUP = 1,    /* host names are looked up: UDP, and TCP to port 53 */
	SANDBOX_LOCAL = 2,     /* local (AF_UNIX) sockets may be made */
	SANDBOX_NETWORK = 4,   /* sockets of the network may be made: TCP to the listed ports */
	SANDBOX_SERVE = 8,     /* connections are accepted on sockets that listen already */
	SANDBOX_CHILDREN = 16, /* processes are made, programs of SANDBOX_RUN executed */
	SANDBOX_ANY_PORT = 32  /* with SANDBOX_NETWORK: any */
};

struct sandbox_rules {
	const struct sandbox_path *paths;
	size_t path_count;
	const uint16_t *ports; /* TCP, to connect to */
	size_t port_count;
	unsigned flags; /* enum sandbox_flags */
};

enum sandbox_level {
	SANDBOX_NONE, /* never entered, or nothing of it works here */
	SANDBOX_PART, /* something is missing: kernel too old, or built with sanitizers */
	SANDBOX_WHOLE
};

struct sandbox_state {
	enum sandbox_level level;
	int is_entered; /* sandbox_enter was called */
	int abi;        /* of the kernel's Landlock; 0: none */
	int has_files, has_ports, has_calls;
};

/* Call it while there is one thread. Does as much as the kernel can; the state tells how much. */
void sandbox_enter(const struct sandbox_rules *rules);

/* Of this process. Before sandbox_enter: what it would be. */
const struct sandbox_state *sandbox_state(void);

/* The state in words, translated: "完整" or what is missing. */
void sandbox_describe(const struct sandbox_state *state, struct buf *out);

/* No core dumps, not to be traced by this user's other processes. -1: errno says why. */
int sandbox_forbid_dumps(void) __attribute__((warn_unused_result));

#endif

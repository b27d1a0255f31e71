/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Landlock: the files and ports that stay within reach. System calls: sandbox_calls.c. */
#define _GNU_SOURCE
#include "shebao/sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <linux/landlock.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

#include "sandbox_calls.h"
#include "shebao/i18n.h"
#include "shebao/mem.h"

/* The kernel's numbers; headers of older kernels know only some of them. */
enum {
	FS_EXECUTE = 1 << 0,
	FS_WRITE_FILE = 1 << 1,
	FS_READ_FILE = 1 << 2,
	FS_READ_DIR = 1 << 3,
	FS_REMOVE_DIR = 1 << 4,
	FS_REMOVE_FILE = 1 << 5,
	FS_MAKE_DIR = 1 << 7,
	FS_MAKE_REG = 1 << 8,
	FS_REFER = 1 << 13,
	FS_TRUNCATE = 1 << 14,
	FS_IOCTL_DEV = 1 << 15,

	NET_BIND = 1 << 0,
	NET_CONNECT = 1 << 1,
	RULE_PATH = 1,
	RULE_PORT = 2,

	SCOPE_LOCAL = 1 << 0, /* abstract local sockets of others */
	SCOPE_SIGNAL = 1 << 1,

	ABI_REFER = 2,
	ABI_TRUNCATE = 3,
	ABI_PORTS = 4,
	ABI_IOCTL = 5,
	ABI_SCOPE = 6,

	PORT_DOMAIN = 53
};
#define FS_OF_FILES (FS_EXECUTE | FS_WRITE_FILE | FS_READ_FILE | FS_TRUNCATE | FS_IOCTL_DEV)

struct ruleset {
	uint64_t files, ports, scope;
};

struct port_rule {
	uint64_t access, port;
};

static struct sandbox_state state;

static int
landlock_abi(void)
{
	long abi = syscall(
	    SYS_landlock_create_ruleset, NULL, (size_t)0, LANDLOCK_CREATE_RULESET_VERSION);

	return abi > 0 ? (int)abi : 0;
}

/* All rights of files that this kernel knows. */
static uint64_t
known_rights(int abi)
{
	return ((UINT64_C(1) << 13) - 1) | (abi >= ABI_REFER ? (uint64_t)FS_REFER : 0) |
	    (abi >= ABI_TRUNCATE ? (uint64_t)FS_TRUNCATE : 0) |
	    (abi >= ABI_IOCTL ? (uint64_t)FS_IOCTL_DEV : 0);
}

static uint64_t
rights_of(unsigned access)
{
	const uint64_t read = FS_READ_FILE | FS_READ_DIR;
	uint64_t rights = 0;

	if ((access & SANDBOX_READ) != 0) {
		rights |= read;
	}
	if ((access & SANDBOX_WRITE) != 0) {
		rights |= read | FS_WRITE_FILE | FS_REMOVE_DIR | FS_REMOVE_FILE | FS_MAKE_REG | FS_MAKE_DIR |
		    FS_REFER | FS_TRUNCATE | FS_IOCTL_DEV;
	}
	if ((access & SANDBOX_RUN) != 0) {
		rights |= FS_EXECUTE | FS_READ_FILE;
	}
	return rights;
}

static void
add_path(int ruleset, const struct sandbox_path *path, uint64_t known)
{
	struct landlock_path_beneath_attr rule = { 0 };
	struct stat st;
	int fd = open(path->path, O_PATH | O_CLOEXEC);

	if (fd < 0) {
		return;
	}
	rule.parent_fd = fd;
	rule.allowed_access = rights_of(path->access) & known;
	if (fstat(fd, &st) == 0 && !S_ISDIR(st.st_mode)) {
		rule.allowed_access &= FS_OF_FILES;
	}
	/* Pipes and the like have no rules: they are never out of reach. */
	(void)!syscall(SYS_landlock_add_rule, ruleset, RULE_PATH, &rule, 0u);
	close(fd);
}

static void
add_port(int ruleset, uint16_t port)
{
	const struct port_rule rule = { NET_CONNECT, port };

	(void)!syscall(SYS_landlock_add_rule, ruleset, RULE_PORT, &rule, 0u);
}

static void
add_rules(int ruleset, const struct sandbox_rules *rules, uint64_t known, int has_ports)
{
	size_t i;

	for (i = 0; i < rules->path_count; i++) {
		add_path(ruleset, &rules->paths[i], known);
	}
	for (i = 0; has_ports && i < rules->port_count; i++) {
		add_port(ruleset, rules->ports[i]);
	}
	if (has_ports && (rules->flags & SANDBOX_LOOKUP) != 0) {
		add_port(ruleset, PORT_DOMAIN);
	}
}

static void
enter_landlock(const struct sandbox_rules *rules)
{
	int is_free = (rules->flags & SANDBOX_ANY_PORT) != 0;
	struct ruleset wanted = { .files = known_rights(state.abi) };
	size_t size = sizeof(wanted.files);
	int ruleset;

	if (state.abi == 0) {
		return;
	}
	if (state.abi >= ABI_PORTS) {
		wanted.ports = is_free ? 0 : NET_BIND | NET_CONNECT;
		size = sizeof(wanted.files) + sizeof(wanted.ports);
	}
	if (state.abi >= ABI_SCOPE) {
		/* A service manager may listen on an abstract name. */
		wanted.scope = SCOPE_SIGNAL |
		    ((rules->flags & (SANDBOX_SERVE | SANDBOX_CHILDREN)) == 0 ? (uint64_t)SCOPE_LOCAL
									      : 0);
		size = sizeof(wanted);
	}
	ruleset = (int)syscall(SYS_landlock_create_ruleset, &wanted, size, 0u);
	if (ruleset < 0) {
		return;
	}
	add_rules(ruleset, rules, wanted.files, wanted.ports != 0);
	if (syscall(SYS_landlock_restrict_self, ruleset, 0u) == 0) {
		state.has_files = 1;
		state.has_ports = is_free || wanted.ports != 0;
	}
	close(ruleset);
}

static enum sandbox_level
level_of(const struct sandbox_state *s)
{
	int count = s->has_files + s->has_ports + s->has_calls;

	return count == 3 ? SANDBOX_WHOLE : count > 0 ? SANDBOX_PART : SANDBOX_NONE;
}

void
sandbox_enter(const struct sandbox_rules *rules)
{
	state = (struct sandbox_state){ .is_entered = 1, .abi = landlock_abi() };
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0) {
		enter_landlock(rules);
		state.has_calls = sandbox_calls_enter(rules) == 0;
	}
	state.level = level_of(&state);
}

const struct sandbox_state *
sandbox_state(void)
{
	if (!state.is_entered) {
		state.abi = landlock_abi();
		state.has_files = state.abi > 0;
		state.has_ports = state.abi >= ABI_PORTS;
		state.has_calls = sandbox_calls_work();
		state.level = level_of(&state);
	}
	return &state;
}

void
sandbox_describe(const struct sandbox_state *s, struct buf *out)
{
	const struct {
		int is_there;
		const char *name;
	} parts[] = {
		{ s->has_files, _("文件（Landlock）") },
		{ s->has_ports, _("网络端口（Landlock）") },
		{ s->has_calls, _("系统调用（seccomp）") },
	};
	const char *separator = "";
	size_t i;

	if (s->level == SANDBOX_WHOLE) {
		buf_puts(out, _("完整：文件、网络端口、系统调用"));
		return;
	}
	buf_puts(out, _("未限制："));
	for (i = 0; i < ARRAY_LEN(parts); i++) {
		if (!parts[i].is_there) {
			buf_printf(out, "%s%s", separator, parts[i].name);
			separator = " ";
		}
	}
}

int
sandbox_forbid_dumps(void)
{
	const struct rlimit none = { 0, 0 };

	return setrlimit(RLIMIT_CORE, &none) == 0 && prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) == 0 ? 0
											      : -1;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A file down the terminal line, by sz. */
#include "print_child.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "shebao/i18n.h"
#include "shebao/mem.h"

const char *
print_zmodem_refusal(const char *program)
{
	if (program[0] != '/') {
		return _("没有启用 ZMODEM 传送（设置 zmodem_program）");
	}
	if (access(program, X_OK) != 0) {
		return _("本机没有安装 ZMODEM 传送程序。请管理员安装 lrzsz");
	}
	if (getenv("TMUX") != NULL || getenv("STY") != NULL) {
		return _("tmux 或 screen 里不能使用 ZMODEM，请直接用终端软件登录后再试");
	}
	return NULL;
}

/* Only the terminal is left open. */
static int
prepare(posix_spawn_file_actions_t *actions, posix_spawnattr_t *attributes)
{
	sigset_t none, plain;
	long limit = sysconf(_SC_OPEN_MAX);
	int fd, rc;

	posix_spawn_file_actions_init(actions);
	posix_spawnattr_init(attributes);
	rc = posix_spawn_file_actions_addopen(
	    actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
	for (fd = 3; rc == 0 && fd < (limit > 0 && limit < 4096 ? limit : 4096); fd++) {
		if (fcntl(fd, F_GETFD) != -1) {
			rc = posix_spawn_file_actions_addclose(actions, fd);
		}
	}
	sigemptyset(&none);
	sigemptyset(&plain);
	sigaddset(&plain, SIGPIPE);
	sigaddset(&plain, SIGHUP);
	sigaddset(&plain, SIGTSTP);
	sigaddset(&plain, SIGINT);
	sigaddset(&plain, SIGQUIT);
	posix_spawnattr_setsigmask(attributes, &none);
	posix_spawnattr_setsigdefault(attributes, &plain);
	posix_spawnattr_setflags(attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
	return rc;
}

/* Binary, with control characters escaped (telnet and serial consoles swallow some), silent,
 * ten seconds for each answer. */
static int
start(const char *program, const char *path, pid_t *pid)
{
	char name[] = "sz", binary[] = "-b", escape[] = "-e", quiet[] = "-q";
	char timeout[] = "-t", tenths[] = "100", end[] = "--";
	char search[] = "PATH=/usr/bin:/bin", locale[] = "LC_ALL=C";
	char *environment[] = { search, locale, NULL };
	char *copy = mem_dup(path);
	char *arguments[] = { name, binary, escape, quiet, timeout, tenths, end, copy, NULL };
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attributes;
	int rc = prepare(&actions, &attributes);

	if (rc == 0) {
		rc = posix_spawn(pid, program, &actions, &attributes, arguments, environment);
	}
	posix_spawn_file_actions_destroy(&actions);
	posix_spawnattr_destroy(&attributes);
	free(copy);
	return rc;
}

int
print_zmodem_run(const char *program, const char *path, struct err *err)
{
	const char *refusal = print_zmodem_refusal(program);
	int rc, status = 0;
	pid_t pid;

	if (refusal != NULL) {
		return err_set(err, ERR_LOCAL, "%s", refusal);
	}
	rc = start(program, path, &pid);
	if (rc != 0) {
		return err_set(err, ERR_LOCAL, _("无法启动 %s：%s"), program, strerror(rc));
	}
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR) {
	}
	if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) {
		return err_set(err, ERR_CANCELLED, "%s",
		    _("文件没有传送完成：终端软件没有接收，或中途取消了"));
	}
	return 0;
}

int
print_zmodem_send(struct loop *loop, const char *path, struct err *err)
{
	struct print_child child = { .order = { .kind = PRINT_ORDER_SEND } };

	if (!mem_copy_text(child.order.path, sizeof(child.order.path), path)) {
		return err_set(err, ERR_LIMIT, _("文件 %s 超过 %zu 字节"), path,
		    sizeof(child.order.path) - 1);
	}
	return print_child_run(loop, &child, err);
}

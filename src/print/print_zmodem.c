/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A file down the terminal line, by sz. */
#include "shebao/print.h"

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

/* Only the terminal is left open; alive, the write end of a pipe, is closed by the program's
 * end, which wakes the loop. */
static int
prepare(posix_spawn_file_actions_t *actions, posix_spawnattr_t *attributes, int alive)
{
	sigset_t none, plain;
	long limit = sysconf(_SC_OPEN_MAX);
	int fd, rc;

	posix_spawn_file_actions_init(actions);
	posix_spawnattr_init(attributes);
	rc = posix_spawn_file_actions_addopen(
	    actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
	for (fd = 3; rc == 0 && fd < (limit > 0 && limit < 4096 ? limit : 4096); fd++) {
		if (fd != alive && fcntl(fd, F_GETFD) != -1) {
			rc = posix_spawn_file_actions_addclose(actions, fd);
		}
	}
	sigemptyset(&none);
	sigemptyset(&plain);
	sigaddset(&plain, SIGPIPE);
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
start(const char *program, const char *path, int alive, pid_t *pid)
{
	char name[] = "sz", binary[] = "-b", escape[] = "-e", quiet[] = "-q";
	char timeout[] = "-t", tenths[] = "100", end[] = "--";
	char search[] = "PATH=/usr/bin:/bin", locale[] = "LC_ALL=C";
	char *environment[] = { search, locale, NULL };
	char *copy = mem_dup(path);
	char *arguments[] = { name, binary, escape, quiet, timeout, tenths, end, copy, NULL };
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attributes;
	int rc = prepare(&actions, &attributes, alive);

	if (rc == 0) {
		rc = posix_spawn(pid, program, &actions, &attributes, arguments, environment);
	}
	posix_spawn_file_actions_destroy(&actions);
	posix_spawnattr_destroy(&attributes);
	free(copy);
	return rc;
}

static void
on_end(int fd, int events, void *user)
{
	char byte;

	(void)events;
	if (read(fd, &byte, 1) == 0) {
		*(int *)user = 1;
	}
}

int
print_zmodem_send(struct loop *loop, const char *program, const char *path, struct err *err)
{
	const char *refusal = print_zmodem_refusal(program);
	int ends[2], rc, status = 0, is_over = 0;
	pid_t pid;

	if (refusal != NULL) {
		return err_set(err, ERR_LOCAL, "%s", refusal);
	}
	if (pipe(ends) != 0) {
		return err_set(err, ERR_LOCAL, _("无法启动 %s：%s"), program, strerror(errno));
	}
	fcntl(ends[0], F_SETFD, FD_CLOEXEC);
	rc = start(program, path, ends[1], &pid);
	close(ends[1]);
	if (rc == 0) {
		loop_watch(loop, ends[0], LOOP_READ, on_end, &is_over);
		loop_run_until(loop, &is_over);
		loop_watch(loop, ends[0], 0, NULL, NULL);
		while (waitpid(pid, &status, 0) < 0 && errno == EINTR) {
		}
	}
	close(ends[0]);
	if (rc != 0) {
		return err_set(err, ERR_LOCAL, _("无法启动 %s：%s"), program, strerror(rc));
	}
	if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) {
		return err_set(err, ERR_CANCELLED, "%s",
		    _("文件没有传送完成：终端软件没有接收，或中途取消了"));
	}
	return 0;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Starting and ending the real programs. */
#define _GNU_SOURCE
#include "torture.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define READY_MAX_MS 90000
#define RUN_MAX_MS 60000

static struct {
	pid_t pid;
	int status;
} service;

int64_t
now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* ---- what a child sees */

static void
set(const char *name, const char *format, const char *value)
{
	char text[PATH_MAX + 64];

	snprintf(text, sizeof(text), format, value);
	setenv(name, text, 1);
}

static void
set_environment(const char *home, struct harm harm)
{
	char at[32];

	clearenv();
	set("PATH", "%s", "/usr/bin:/bin");
	set("LANG", "%s", "C.UTF-8");
	set("TERM", "%s", "xterm-256color");
	set("USER", "%s", "torture");
	set("HOME", "%s", torture.work);
	set("SHEBAO_SERVER", "http+unix://%s/socket", torture.now);
	set("SHEBAO_TOKEN_FILE", "%s/state/admin.token", torture.now);
	set("SHEBAO_PASSWORD_FILE", "%s/password", torture.work);
	if (home != NULL) {
		set("SHEBAO_HOME", "%s", home);
	} else {
		set("SHEBAO_HOME", "%s/home", torture.now);
	}
	if (harm.how == NULL) {
		return;
	}
	snprintf(at, sizeof(at), "%ld", harm.at);
	set("LD_PRELOAD", "%s", torture.preload);
	set("TORTURE_HOW", "%s", harm.how);
	set("TORTURE_AT", "%s", at);
	set("TORTURE_COUNT", "%s/count", torture.work);
}

static void
become_user(const char *name, uid_t uid)
{
	set("USER", "%s", name);
	if (uid != 0 && (setgroups(0, NULL) != 0 || setgid(uid) != 0 || setuid(uid) != 0)) {
		_exit(126);
	}
}

static void
become(const char *const *argv, const char *home, const struct clerk *clerk, struct harm harm)
{
	char path[2 * PATH_MAX], out[PATH_MAX + 8];
	const char *all[WORDS_MAX + 1];
	static char values[WORDS_MAX][64];
	static const char *const numbers[][2] = {
		{ "@voucher", "SELECT max(voucher_no) FROM voucher" },
		{ "@declaration", "SELECT max(declaration_id) FROM declaration" },
		{ "@certificate", "SELECT max(certificate_no) FROM certificate" },
	};
	size_t i, n;

	for (i = 0; i < WORDS_MAX && argv[i] != NULL; i++) {
		all[i] = argv[i];
		for (n = 0; n < sizeof(numbers) / sizeof(numbers[0]); n++) {
			if (strcmp(argv[i], numbers[n][0]) == 0) {
				books_value("state/books.db", numbers[n][1], values[i], sizeof(values[i]));
				all[i] = values[i];
			}
		}
	}
	all[i] = NULL;
	set_environment(home, harm);
	snprintf(out, sizeof(out), "%s/out", torture.now);
	snprintf(path, sizeof(path), "%s/%s", torture.programs, argv[0]);
	if (chdir(out) == 0) {
		if (clerk != NULL) {
			become_user(clerk->name, clerk->uid);
		}
		/* A change of user would undo it. */
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		execv(path, (char *const *)(uintptr_t)all);
	}
	_exit(127);
}

/* ---- ends */

/* A signal to the supervisor is no event. */
static int
poll_through(struct pollfd *p, int64_t ms)
{
	int64_t until = now_ms() + ms;
	int n;

	do {
		int64_t left = until - now_ms();

		n = poll(p, 1, left < 0 ? 0 : (int)left);
	} while (n < 0 && errno == EINTR);
	return n;
}

int
process_wait(pid_t pid, int ms, int *status)
{
	int fd = pidfd_open(pid, 0), is_over, raw = 0;
	struct pollfd p = { .fd = fd, .events = POLLIN };

	is_over = fd >= 0 && poll_through(&p, ms) == 1;
	if (fd >= 0) {
		close(fd);
	}
	if (!is_over || waitpid(pid, &raw, 0) != pid) {
		return 0;
	}
	*status = WIFSIGNALED(raw) ? 128 + WTERMSIG(raw) : WEXITSTATUS(raw);
	return 1;
}

int64_t
process_cpu_ms(pid_t pid)
{
	char path[64], text[1024], *p;
	unsigned long user = 0, kernel = 0;
	FILE *file;
	size_t n;

	snprintf(path, sizeof(path), "/proc/%d/stat", (int)pid);
	file = fopen(path, "re");
	if (file == NULL) {
		return 0;
	}
	n = fread(text, 1, sizeof(text) - 1, file);
	fclose(file);
	text[n] = '\0';
	p = strrchr(text, ')');
	if (p == NULL || sscanf(p, ") %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu", &user, &kernel) != 2) {
		return 0;
	}
	return (int64_t)(user + kernel) * 1000 / sysconf(_SC_CLK_TCK);
}

static void
load(const char *path, char *out, size_t size)
{
	FILE *file = fopen(path, "re");
	size_t n = 0;

	if (file != NULL) {
		n = fread(out, 1, size - 1, file);
		fclose(file);
	}
	out[n] = '\0';
}

/* ---- runs */

static void
reset_count(void)
{
	torture.count[0] = torture.count[1] = torture.count[2] = 0;
}

static void
said_path(const struct launch *launch, const char *what, char out[PATH_MAX + 8])
{
	snprintf(out, PATH_MAX + 8, "%s.%s", launch->said_to, what);
}

int
process_start(struct launch *launch)
{
	static int number;
	char out[PATH_MAX + 8], err[PATH_MAX + 8];
	int fd;

	snprintf(launch->said_to, sizeof(launch->said_to), "%.*s/said%d", PATH_MAX - 32, torture.work, number++ % 8);
	said_path(launch, "out", out);
	said_path(launch, "err", err);
	if (launch->harm.how != NULL) {
		reset_count();
	}
	launch->pid = fork();
	if (launch->pid == 0) {
		fd = open("/dev/null", O_RDONLY);
		dup2(fd, 0);
		dup2(open(out, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600), 1);
		dup2(open(err, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600), 2);
		become(launch->argv, launch->home, launch->clerk, launch->harm);
	}
	return launch->pid > 0 ? 0 : -1;
}

void
process_end(struct launch *launch, struct said *said)
{
	char path[PATH_MAX + 8];
	int ms = launch->timeout_ms > 0 ? launch->timeout_ms : RUN_MAX_MS, raw;

	if (!process_wait(launch->pid, ms, &said->status)) {
		kill(launch->pid, SIGKILL);
		waitpid(launch->pid, &raw, 0);
		said->status = -1;
	}
	said->pid = launch->pid;
	said_path(launch, "out", path);
	load(path, said->out, sizeof(said->out));
	said_path(launch, "err", path);
	load(path, said->err, sizeof(said->err));
}

void
process_run(const char *const *argv, struct harm harm, struct said *said)
{
	struct launch launch = { .argv = argv, .harm = harm };

	said->status = -1;
	if (process_start(&launch) == 0) {
		process_end(&launch, said);
	}
}

int
process_terminal(const char *const *argv, pid_t *pid)
{
	struct winsize size = { .ws_row = 24, .ws_col = 80 };
	int master = -1;

	*pid = forkpty(&master, NULL, NULL, &size);
	if (*pid == 0) {
		become(argv, NULL, NULL, (struct harm){ 0 });
	}
	return *pid > 0 ? master : -1;
}

/* ---- the service */

static int
await_ready(int fd)
{
	char text[512];
	size_t have = 0;
	int64_t until = now_ms() + READY_MAX_MS;

	for (;;) {
		struct pollfd p = { .fd = fd, .events = POLLIN };
		int64_t left = until - now_ms();
		ssize_t n;

		if (left <= 0 || poll_through(&p, left) <= 0) {
			return -1;
		}
		n = read(fd, text + have, sizeof(text) - 1 - have);
		if (n <= 0) {
			return -1;
		}
		have += (size_t)n;
		text[have] = '\0';
		if (strstr(text, "listening on ") != NULL) {
			return 0;
		}
	}
}

static void
become_service(struct harm harm)
{
	char state[PATH_MAX + 16], listen[PATH_MAX + 16], bank[PATH_MAX + 16], log[PATH_MAX + 16];
	char url[PATH_MAX + 128];
	const char *argv[] = { "shebaod", "--state", state, "--listen", listen, "--sandbox-bank",
		bank, "--feedback-delay", "0", "--workers", "2",
		torture.cluster[0] != '\0' ? "--database" : NULL, url, NULL };

	cluster_url(CLUSTER_NOW, url, sizeof(url));

	snprintf(state, sizeof(state), "%s/state", torture.now);
	snprintf(listen, sizeof(listen), "unix:%s/socket", torture.now);
	snprintf(bank, sizeof(bank), "%s/bank.csv", torture.sample);
	snprintf(log, sizeof(log), "%s/shebaod.log", torture.work);
	dup2(open(log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600), 2);
	become(argv, NULL, NULL, harm);
}

int
daemon_start(struct harm harm)
{
	int64_t began = now_ms();
	int ends[2], rc;

	daemon_stop(SIGKILL);
	if (pipe2(ends, O_CLOEXEC) != 0) {
		return -1;
	}
	if (harm.how != NULL) {
		reset_count();
	}
	service.pid = fork();
	if (service.pid == 0) {
		dup2(ends[1], 1);
		become_service(harm);
	}
	close(ends[1]);
	if (harm.then != NULL) {
		cluster_harm_when_stopped(service.pid, harm.then);
	}
	rc = await_ready(ends[0]);
	close(ends[0]);
	if (rc != 0) {
		/* It has ended, or will not get ready any more. */
		daemon_stop(SIGKILL);
		return -1;
	}
	if (harm.how == NULL && now_ms() - began > torture.slowest_ready_ms) {
		torture.slowest_ready_ms = now_ms() - began;
	}
	return 0;
}

int
daemon_is_up(void)
{
	if (service.pid > 0 && process_wait(service.pid, 0, &service.status)) {
		service.pid = 0;
		cluster_await_harm();
	}
	return service.pid > 0;
}

pid_t
daemon_pid(void)
{
	return service.pid;
}

int
daemon_status(void)
{
	return service.status;
}

void
daemon_stop(int signal)
{
	int raw;

	if (!daemon_is_up()) {
		return;
	}
	kill(service.pid, signal);
	kill(service.pid, SIGCONT);
	if (!process_wait(service.pid, 40000, &service.status)) {
		failed("the service does not end after signal %d", signal);
		kill(service.pid, SIGKILL);
		waitpid(service.pid, &raw, 0);
	}
	service.pid = 0;
	cluster_await_harm();
}

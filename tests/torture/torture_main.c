/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * torture --programs DIR --preload FILE --sample DIR --work DIR [--cluster DIR] [--share I/N] [--say]
 *         [--only STEP] [--target client|daemon] [--how HOW] [--at N] SWEEP[:STRIDE]...
 * Sweeps: calls (kill, after; both, statement), server (drop, crash, restart: of connections, one
 * backend, the whole server, while the service stands still at its n-th call), errors (enospc, eio, eintr, short), memory (nomem,
 * nomore), disk, screens, race, random. Prints what failed and, at the end, the counts. --only with --how and --at
 * repeats one harm; sample is a folder of --work.
 */
#include "torture.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

struct torture torture = { .shares = 1 };

static const char *only_step, *only_target, *only_how;
static int turn;

static int
is_mine(void)
{
	return turn++ % torture.shares == torture.share;
}

int
is_server_harm(const char *how)
{
	return strcmp(how, "drop") == 0 || strcmp(how, "crash") == 0 || strcmp(how, "restart") == 0;
}

/* Not every harm is for everybody: both begins with the client, SQL is counted where databases are
 * made or changed. */
static int
fits(const char *how, const struct step *step, enum target target)
{
	if (strcmp(how, "both") == 0) {
		return target == TARGET_CLIENT && (step->targets & 1U << TARGET_DAEMON) != 0;
	}
	if (is_server_harm(how)) {
		return target == TARGET_DAEMON;
	}
	/* On a server every statement is a send. */
	return strcmp(how, "statement") != 0 ||
	    (step->migrates & 1U << target && (target == TARGET_CLIENT || torture.cluster[0] == '\0'));
}

static void
each_step(const char *const *hows, void (*sweep)(const struct step *, enum target, const char *))
{
	static const char *const names[] = { "client", "daemon" };
	size_t i, h;
	unsigned target;

	for (h = 0; hows[h] != NULL; h++) {
		for (i = 0; i < story_count; i++) {
			const struct step *step = &story_steps[i];

			for (target = TARGET_CLIENT; target <= TARGET_DAEMON; target++) {
				if ((step->targets & 1U << target) == 0 || !fits(hows[h], step, target) ||
				    (only_step != NULL && strcmp(only_step, step->name) != 0) ||
				    (only_target != NULL && strcmp(only_target, names[target]) != 0) ||
				    (only_how != NULL && strcmp(only_how, hows[h]) != 0)) {
					continue;
				}
				if (is_mine()) {
					sweep(step, (enum target)target, hows[h]);
				}
			}
		}
	}
}

/* Sweeps that are not divided: each is one share's. */
static int
run_whole(const char *name)
{
	static const struct {
		const char *name;
		void (*sweep)(void);
	} whole[] = { { "disk", sweep_disk }, { "screens", sweep_screens }, { "race", sweep_race },
		{ "random", sweep_random } };
	size_t i;

	for (i = 0; i < sizeof(whole) / sizeof(whole[0]); i++) {
		if (strcmp(name, whole[i].name) == 0) {
			if (is_mine()) {
				whole[i].sweep();
			}
			return 1;
		}
	}
	return 0;
}

static void
run(char *name)
{
	char *colon = strchr(name, ':');

	static const char *const kills[] = { "kill", "after", "both", "statement", NULL };
	static const char *const server[] = { "drop", "crash", "restart", NULL };
	static const char *const errors[] = { "enospc", "eio", "eintr", "short", NULL };
	static const char *const memory[] = { "nomem", "nomore", NULL };

	torture.stride = colon == NULL ? 0 : atol(colon + 1);
	if (colon != NULL) {
		*colon = '\0';
	}
	if (strcmp(name, "calls") == 0) {
		each_step(kills, sweep_calls);
	} else if (strcmp(name, "server") == 0) {
		each_step(server, sweep_calls);
	} else if (strcmp(name, "errors") == 0) {
		each_step(errors, sweep_calls);
	} else if (strcmp(name, "memory") == 0) {
		each_step(memory, sweep_memory);
	} else if (!run_whole(name)) {
		fprintf(stderr, "torture: no sweep %s\n", name);
		exit(2);
	}
}

static void
copy(char out[PATH_MAX], const char *value)
{
	snprintf(out, PATH_MAX, "%s", value);
}

static int
read_options(int argc, char **argv)
{
	int i;

	for (i = 1; i + 1 < argc && strncmp(argv[i], "--", 2) == 0; i++) {
		const char *name = argv[i] + 2, *value = argv[i + 1];

		if (strcmp(name, "say") == 0) {
			torture.say_all = 1;
			continue;
		}
		i++;
		if (strcmp(name, "programs") == 0) {
			copy(torture.programs, value);
		} else if (strcmp(name, "preload") == 0) {
			copy(torture.preload, value);
		} else if (strcmp(name, "sample") == 0) {
			copy(torture.sample, value);
		} else if (strcmp(name, "work") == 0) {
			copy(torture.work, value);
		} else if (strcmp(name, "cluster") == 0) {
			copy(torture.cluster, value);
		} else if (strcmp(name, "at") == 0) {
			torture.at = atol(value);
		} else if (strcmp(name, "share") == 0) {
			sscanf(value, "%d/%d", &torture.share, &torture.shares);
		} else if (strcmp(name, "only") == 0) {
			only_step = value;
		} else if (strcmp(name, "target") == 0) {
			only_target = value;
		} else if (strcmp(name, "how") == 0) {
			only_how = value;
		} else {
			fprintf(stderr, "torture: no option --%s\n", name);
			exit(2);
		}
	}
	return i;
}

static void
put_password(const char *name, const char *password)
{
	char path[PATH_MAX + 16];
	FILE *file;

	snprintf(path, sizeof(path), "%s/%s", torture.work, name);
	file = fopen(path, "we");
	if (file == NULL || fprintf(file, "%s\n", password) < 0 || fclose(file) != 0) {
		perror(path);
		exit(2);
	}
}

static void
open_count(void)
{
	char path[PATH_MAX + 8];
	int fd;
	void *p;

	snprintf(path, sizeof(path), "%s/count", torture.work);
	fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	if (fd < 0 || ftruncate(fd, 4096) != 0 ||
	    (p = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0)) == MAP_FAILED) {
		perror(path);
		exit(2);
	}
	close(fd);
	torture.count = p;
}

/* Between two cycles. */
static void
stop_soon(int signal)
{
	(void)signal;
	torture.is_stopping = 1;
}

static void
print_counts(const char *when)
{
	printf("%s: %lld cycles, %lld kills, %lld errors, %lld failures; ready again within %lld ms; %lld s\n",
	    when, (long long)torture.cycles, (long long)torture.kills, (long long)torture.errors,
	    (long long)torture.failures, (long long)torture.slowest_ready_ms,
	    (long long)((now_ms() - torture.began) / 1000));
	fflush(stdout);
}

void
torture_say(void)
{
	if (torture.say_all) {
		print_counts("so far");
	}
}

void
torture_finish(void)
{
	daemon_stop(SIGKILL);
	print_counts("counts");
	exit(torture.failures != 0);
}

int
main(int argc, char **argv)
{
	int i = read_options(argc, argv);

	torture.began = now_ms();
	umask(077);
	signal(SIGTERM, stop_soon);
	signal(SIGINT, stop_soon);
	signal(SIGPIPE, SIG_IGN);
	prctl(PR_SET_PDEATHSIG, SIGTERM);
	snprintf(torture.now, sizeof(torture.now), "%.*s/now", PATH_MAX - 8, torture.work);
	folder_remove(torture.now);
	mkdir(torture.now, 0700);
	put_password("initial", "048857");
	put_password("password", "Qianhu-2020");
	open_count();
	if (story_prepare() != 0) {
		failed("the story does not work untouched");
	}
	for (; i < argc && torture.failures == 0; i++) {
		run(argv[i]);
	}
	torture_finish();
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* shebaod from its command line to its end. */
#include "shebao/daemon.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include "daemon_confine.h"
#include "daemon_settings.h"
#include "move.h"
#include "notify.h"
#include "office.h"
#include "server.h"
#include "shebao/crypto.h"
#include "shebao/file.h"
#include "shebao/i18n.h"
#include "shebao/log.h"
#include "shebao/mem.h"
#include "shebao/operation.h"

#define GRACE_MS 25000
/* Files and sockets besides the connections: databases, ledgers, spools, the bank. */
#define MORE_FILES 512
#define CONNECTIONS_MOST 60000

static int
fail(const struct err *err)
{
	fprintf(stderr, "shebaod: %s\n", err->text);
	return err_info(err->code)->exit_status;
}

/* A connection that is accepted must find a descriptor. */
static int64_t
most_connections(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) != 0) {
		return MORE_FILES;
	}
	if (limit.rlim_cur < limit.rlim_max) {
		limit.rlim_cur = limit.rlim_max;
		(void)!setrlimit(RLIMIT_NOFILE, &limit);
	}
	if (limit.rlim_cur > CONNECTIONS_MOST) { /* RLIM_INFINITY, too */
		return CONNECTIONS_MOST;
	}
	return limit.rlim_cur > 2 * MORE_FILES ? (int64_t)limit.rlim_cur - MORE_FILES
					       : MORE_FILES / 2;
}

static void
fit_connections(struct daemon_settings *settings)
{
	if (settings->connections > settings->connections_most) {
		settings->connections = settings->connections_most;
		log_line(LOG_WARNING, "only %lld connections: there may be no more open files",
		    (long long)settings->connections);
	}
}

/* Signals are taken by sigwait in this thread alone; the others inherit the mask. */
static void
block_signals(sigset_t *set)
{
	sigemptyset(set);
	sigaddset(set, SIGTERM);
	sigaddset(set, SIGINT);
	sigaddset(set, SIGHUP);
	pthread_sigmask(SIG_BLOCK, set, NULL);
	signal(SIGPIPE, SIG_IGN);
}

static void
serve(struct daemon_settings *settings, struct server *server, const sigset_t *signals)
{
	int got = 0;

	while (sigwait(signals, &got) == 0 && got == SIGHUP) {
		struct err err = { 0 };

		notify_manager("RELOADING=1");
		if (daemon_settings_reload(settings, &err) != 0) {
			log_line(LOG_ERROR, "not reloaded: %s", err.text);
			notify_manager("READY=1");
			continue;
		}
		fit_connections(settings);
		if (server_reload(server, settings, &err) != 0) {
			log_line(LOG_ERROR, "the old certificate stays: %s", err.text);
		} else {
			log_line(LOG_INFO, "reloaded, log level %s", settings->log_level);
		}
		notify_manager("READY=1");
	}
	log_line(LOG_INFO, "draining");
	notify_manager("STOPPING=1");
}

/* A socket may stand in the state folder, which is otherwise made after the addresses are
 * bound: a refused address leaves nothing behind. */
static int
make_folder_of_socket(const struct daemon_settings *settings, struct err *err)
{
	char *inside = mem_printf("unix:%s/", settings->state);
	int is_inside = strstr(settings->listen, inside) != NULL;

	free(inside);
	return is_inside ? file_make_folder(settings->state, err) : 0;
}

static int
run(struct daemon_settings *settings, struct err *err)
{
	struct office office = { .lock = -1 };
	struct server *server = NULL;
	sigset_t signals;
	int result = -1;

	mem_stay_small();
	block_signals(&signals);
	settings->connections_most = most_connections();
	fit_connections(settings);
	/* What it answers is Chinese, whoever started it: clients translate (shebao/said.h). */
	i18n_init("zh");
	if (crypto_init(err) != 0 || make_folder_of_socket(settings, err) != 0 ||
	    server_open(settings, &server, err) != 0 ||
	    office_open(settings, &office, err) != 0) {
		goto out;
	}
	daemon_confine(settings);
	if (server_start(server, settings, &office, err) != 0) {
		goto out;
	}
	server_announce(server);
	notify_manager("READY=1");
	serve(settings, server, &signals);
	result = 0;
out:
	server_stop(server, GRACE_MS);
	office_close(&office);
	return result;
}

int
daemon_main(int argc, char **argv)
{
	struct daemon_settings *settings = mem_alloc(sizeof(*settings));
	struct err err = { 0 };
	struct buf text = { 0 };
	int status = 0;

	umask(077);
	if (daemon_settings_load(argc, argv, settings, &err) != 0) {
		status = fail(&err);
	} else if (settings->help) {
		daemon_settings_help(&text);
		fputs(buf_text(&text), stdout);
	} else if (settings->version) {
		printf("shebaod %s\n", SHEBAO_VERSION);
	} else if (settings->print_openapi) {
		operation_openapi(&text);
		fputs(buf_text(&text), stdout);
	} else if (settings->audit) {
		status = crypto_init(&err) == 0 && move_audit(settings, &err) == 0 ? 0 : fail(&err);
	} else if (settings->move_to[0] != '\0') {
		status = crypto_init(&err) == 0 && move_run(settings, &err) == 0 ? 0 : fail(&err);
	} else if (run(settings, &err) != 0) {
		status = fail(&err);
	}
	if (status == 0 && (fflush(stdout) != 0 || ferror(stdout))) {
		err_set(&err, ERR_LOCAL, _("无法写出结果：%s"), strerror(errno));
		status = fail(&err);
	}
	buf_release(&text);
	free(settings);
	return status;
}

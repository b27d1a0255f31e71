/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The service's books on a PostgreSQL server of our own: kept, brought back, harmed. */
#define _GNU_SOURCE
#include "torture.h"

#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define TRIES_MAX 300
#define TRY_MS 20

void
cluster_url(const char *database, char *out, size_t size)
{
	snprintf(out, size, "postgresql:///%s?host=%s&user=shebao", database, torture.cluster);
}

/* That something was not there to be dropped. */
static void
ignore_notice(void *user, const char *words)
{
	(void)user;
	(void)words;
}

/* A server that was harmed is not there for a moment. */
PGconn *
cluster_open(const char *database)
{
	char url[PATH_MAX + 128];
	PGconn *conn = NULL;
	int tries;

	cluster_url(database, url, sizeof(url));
	for (tries = 0; tries < TRIES_MAX; tries++) {
		conn = PQconnectdb(url);
		if (PQstatus(conn) == CONNECTION_OK) {
			PQsetNoticeProcessor(conn, ignore_notice, NULL);
			return conn;
		}
		PQfinish(conn);
		pause_ms(TRY_MS);
	}
	return NULL;
}

void
cluster_await(void)
{
	PQfinish(cluster_open(CLUSTER_NOW));
}

/* As often as needed: a service that was killed leaves its connections for a moment. */
static void
copy_database(const char *from, const char *to)
{
	char drop[128], create[192], words[512] = "no connection";
	int tries, done = 0;

	snprintf(drop, sizeof(drop), "DROP DATABASE IF EXISTS %s WITH (FORCE)", to);
	snprintf(create, sizeof(create), "CREATE DATABASE %s TEMPLATE %s STRATEGY FILE_COPY", to, from);
	for (tries = 0; !done && tries < TRIES_MAX; tries++) {
		PGconn *conn = cluster_open("postgres");
		PGresult *dropped = PQexec(conn, drop), *created = PQexec(conn, create);

		done = PQresultStatus(created) == PGRES_COMMAND_OK;
		if (!done) {
			snprintf(words, sizeof(words), "%s", PQerrorMessage(conn));
			pause_ms(TRY_MS);
		}
		PQclear(dropped);
		PQclear(created);
		PQfinish(conn);
	}
	if (!done) {
		fprintf(stderr, "torture: %s: %s", create, words);
		exit(2);
	}
}

static const char *
kept(const char *name, char out[64])
{
	snprintf(out, 64, "kept_%s", name);
	return out;
}

void
cluster_make(void)
{
	copy_database("template1", CLUSTER_NOW);
}

void
cluster_keep(const char *name)
{
	char copy[64];

	copy_database(CLUSTER_NOW, kept(name, copy));
}

void
cluster_back_to(const char *name)
{
	char copy[64];

	copy_database(kept(name, copy), CLUSTER_NOW);
}

int
cluster_do(const char *what, const char *database)
{
	int status = 0;
	pid_t pid = fork();

	if (pid == 0) {
		execl("tests/pg", "pg", what, torture.cluster, database, (char *)NULL);
		_exit(127);
	}
	return pid > 0 && waitpid(pid, &status, 0) == pid && status == 0 ? 0 : -1;
}

/* ---- harm while the service stands still */

static struct {
	pthread_t thread;
	pid_t service;
	const char *what;
	int runs;
} accident;

static void *
await_stop(void *user)
{
	siginfo_t info;

	(void)user;
	if (waitid(P_PID, (id_t)accident.service, &info, WSTOPPED) == 0) {
		if (cluster_do(accident.what, CLUSTER_NOW) != 0) {
			fprintf(stderr, "torture: tests/pg %s failed\n", accident.what);
		}
		kill(accident.service, SIGCONT);
	}
	return NULL;
}

void
cluster_harm_when_stopped(pid_t service, const char *what)
{
	accident.service = service;
	accident.what = what;
	accident.runs = pthread_create(&accident.thread, NULL, await_stop, NULL) == 0;
}

void
cluster_await_harm(void)
{
	if (accident.runs) {
		pthread_join(accident.thread, NULL);
		accident.runs = 0;
	}
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * How many passwords the machine can check: libsodium's Argon2id with the service's cost, a thread
 * for each processor, nothing else.
 *
 *	floor_argon SECONDS	prints "argon per_s N"
 */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <sodium.h>

/* As in src/crypto/crypto.c. */
#define PASSES 2ULL
#define MEMORY ((size_t)64 * 1024 * 1024)
#define THREADS_MAX 64

static const char password[] = "Qianhu-2020";
static char hash[crypto_pwhash_STRBYTES];
static double until;

static double
now_s(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void *
check(void *user)
{
	long *done = user;

	while (now_s() < until) {
		if (crypto_pwhash_str_verify(hash, password, strlen(password)) != 0) {
			abort();
		}
		(*done)++;
	}
	return NULL;
}

int
main(int argc, char **argv)
{
	long processors = sysconf(_SC_NPROCESSORS_ONLN), done[THREADS_MAX] = { 0 }, sum = 0, i;
	pthread_t threads[THREADS_MAX];
	double from;

	processors = processors > THREADS_MAX ? THREADS_MAX : processors;
	if (argc != 2 || sodium_init() < 0 ||
	    crypto_pwhash_str_alg(hash, password, strlen(password), PASSES, MEMORY,
		crypto_pwhash_ALG_ARGON2ID13) != 0) {
		fputs("usage: floor_argon SECONDS\n", stderr);
		return 2;
	}
	from = now_s();
	until = from + atof(argv[1]);
	for (i = 0; i < processors; i++) {
		if (pthread_create(&threads[i], NULL, check, &done[i]) != 0) {
			abort();
		}
	}
	for (i = 0; i < processors; i++) {
		pthread_join(threads[i], NULL);
		sum += done[i];
	}
	printf("argon per_s %.4g\n", (double)sum / (now_s() - from));
	return 0;
}

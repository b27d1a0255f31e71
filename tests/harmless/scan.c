/* SPDX-License-Identifier: GPL-3.0-or-later */
/* scan PID FILE: how often the bytes of FILE stand in the memory of a process. Run as root. Where they
 * stand is said on standard error. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static long
scan_range(int mem, unsigned long from, unsigned long to, const char *what, size_t n, const char *line)
{
	size_t size = to - from;
	char *copy = malloc(size + 1), *at = copy;
	ssize_t got = copy != NULL ? pread(mem, copy, size, (off_t)from) : -1;
	long hits = 0;

	while (got > 0 && (at = memmem(at, (size_t)(copy + got - at), what, n)) != NULL) {
		hits++;
		fprintf(stderr, "at %lx of %s", from + (unsigned long)(at - copy), line);
		at += n;
	}
	free(copy);
	return hits;
}

int
main(int argc, char **argv)
{
	char path[64], line[512], what[4096];
	unsigned long from, to;
	long hits = 0, ranges = 0;
	size_t n;
	FILE *maps, *file = argc == 3 ? fopen(argv[2], "r") : NULL;
	int mem;

	if (file == NULL || (n = fread(what, 1, sizeof(what), file)) == 0) {
		return 2;
	}
	snprintf(path, sizeof(path), "/proc/%s/maps", argv[1]);
	maps = fopen(path, "r");
	snprintf(path, sizeof(path), "/proc/%s/mem", argv[1]);
	mem = open(path, O_RDONLY);
	if (maps == NULL || mem < 0) {
		return 2;
	}
	while (fgets(line, sizeof(line), maps) != NULL) {
		if (sscanf(line, "%lx-%lx", &from, &to) == 2 && strstr(line, "[v") == NULL &&
		    to - from < (1ul << 30)) {
			hits += scan_range(mem, from, to, what, n, line);
			ranges++;
		}
	}
	printf("%ld\n", ranges > 10 ? hits : -1);
	return 0;
}

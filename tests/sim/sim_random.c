/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Randomness from the seed: SplitMix64 (public domain, S. Vigna), one state a stream. */
#include <string.h>

#include "sim.h"

static uint64_t world, programs;

static uint64_t
next(uint64_t *state)
{
	uint64_t z = *state += UINT64_C(0x9e3779b97f4a7c15);

	z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
	return z ^ (z >> 31);
}

void
sim_random_seed(uint64_t seed)
{
	world = seed * 2 + 1;
	programs = ~seed;
}

uint64_t
sim_random(void)
{
	return next(&world);
}

int64_t
sim_between(int64_t least, int64_t most)
{
	return least + (int64_t)(sim_random() % (uint64_t)(most - least + 1));
}

int
sim_chance(int percent)
{
	return sim_between(0, 99) < percent;
}

/* Halves with each heads: near enough to exponential, and the same with every compiler. */
int64_t
sim_delay(int64_t mean_ms)
{
	int64_t ms = sim_between(0, 2 * mean_ms);

	while (ms < 20 * mean_ms && sim_chance(20)) {
		ms *= 2;
	}
	return ms + 1;
}

void
sim_random_bytes(void *out, size_t n)
{
	unsigned char *p = out;
	uint64_t word;

	while (n > 0) {
		size_t now = n < sizeof(word) ? n : sizeof(word);

		word = next(&programs);
		memcpy(p, &word, now);
		p += now;
		n -= now;
	}
}

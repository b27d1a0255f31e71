/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SHEBAO_CORE_REGION_H
#define SHEBAO_CORE_REGION_H

#include <stddef.h>

/* 地区: the 36 tax authorities of provincial level: 31 provinces, autonomous regions and
 * municipalities and the five cities with independent planning status, in the order of GB/T
 * 2260. */
struct region {
	const char *name; /* Chinese, as employer.region has it; shown through _( ) */
	const char *code; /* administrative division, GB/T 2260 */
};

const struct region *region_table(size_t *count);

/* -1 when there is none of this name. */
int region_find(const char *name);

#endif

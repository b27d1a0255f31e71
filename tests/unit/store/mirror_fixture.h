/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SHEBAO_TESTS_UNIT_STORE_MIRROR_FIXTURE_H
#define SHEBAO_TESTS_UNIT_STORE_MIRROR_FIXTURE_H

/* A client's database in a folder of its own. */
#include "unit/unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "shebao/mirror.h"

static char folder[64];

static struct db *
open_again(void)
{
	struct db *db = NULL;
	struct err err = { 0 };
	char url[128];

	snprintf(url, sizeof(url), "sqlite:%s/m.db", folder);
	ck_assert_msg(mirror_open(url, &db, &err) == 0, "%s", err.text);
	return db;
}

static struct db *
fresh(void)
{
	snprintf(folder, sizeof(folder), "/tmp/shebao-mirror-XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(folder));
	return open_again();
}

static void
discard(struct db *db)
{
	static const char *const names[] = { "m.db", "m.db-wal", "m.db-shm" };
	char path[128];
	size_t i;

	db_close(db);
	for (i = 0; i < 3; i++) {
		snprintf(path, sizeof(path), "%s/%s", folder, names[i]);
		unlink(path);
	}
	rmdir(folder);
}

#endif

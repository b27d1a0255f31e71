/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The calls that write rows of a client's lists, wrapped by the linker: none gives way to an older
 * one (I-31), not even until the next download brings the newer one again. */
#include <stdio.h>
#include <string.h>

#include "shebao/mem.h"
#include "shebao/mirror.h"
#include "sim.h"
#include "store/mirror_schema.h"

enum {
	ROWS_MAX = 64
};

struct rows_seen {
	size_t count;
	struct {
		char key[65];
		int64_t version;
	} rows[ROWS_MAX];
};

static void
see_rows(struct db *db, enum mirror_noun noun, struct rows_seen *out)
{
	const struct mirror_table *table = mirror_schema_table(noun);
	struct rows *rows = NULL;
	char sql[128];

	out->count = 0;
	if (record_field(table->type, "version") == NULL) {
		return;
	}
	snprintf(sql, sizeof(sql), "SELECT %s, version FROM %s", table->key, table->name);
	if (db_query(db, sql, DB_NONE, &rows, NULL) == 0) {
		while (db_rows_next(rows, NULL) == 1 && out->count < ROWS_MAX) {
			mem_copy_text(out->rows[out->count].key, sizeof(out->rows[0].key), db_rows_text(rows, 0));
			out->rows[out->count++].version = db_rows_int(rows, 1);
		}
		db_rows_close(rows);
	}
}

static void
compare_rows(enum mirror_noun noun, const struct rows_seen *before, const struct rows_seen *after)
{
	size_t i, j;

	for (i = 0; i < before->count; i++) {
		for (j = 0; j < after->count && strcmp(before->rows[i].key, after->rows[j].key) != 0; j++) {
		}
		if (j < after->count && after->rows[j].version < before->rows[i].version) {
			sim_fail("I-31: %s %s of version %d gave way to version %d",
			    mirror_schema_table(noun)->name, before->rows[i].key,
			    (int)before->rows[i].version, (int)after->rows[j].version);
		}
	}
}

int __real_mirror_put(
    struct db *db, enum mirror_noun noun, const void *record, struct err *err);
int __wrap_mirror_put(
    struct db *db, enum mirror_noun noun, const void *record, struct err *err);
int __real_mirror_stage_swap(struct db *db, enum mirror_noun noun, const char *taxpayer_id,
    int64_t now, struct err *err);
int __wrap_mirror_stage_swap(struct db *db, enum mirror_noun noun, const char *taxpayer_id,
    int64_t now, struct err *err);

int
__wrap_mirror_put(struct db *db, enum mirror_noun noun, const void *record, struct err *err)
{
	struct rows_seen before, after;
	int rc;

	see_rows(db, noun, &before);
	rc = __real_mirror_put(db, noun, record, err);
	see_rows(db, noun, &after);
	compare_rows(noun, &before, &after);
	return rc;
}

int
__wrap_mirror_stage_swap(struct db *db, enum mirror_noun noun, const char *taxpayer_id,
    int64_t now, struct err *err)
{
	struct rows_seen before, after;
	int rc;

	see_rows(db, noun, &before);
	rc = __real_mirror_stage_swap(db, noun, taxpayer_id, now, err);
	see_rows(db, noun, &after);
	compare_rows(noun, &before, &after);
	return rc;
}

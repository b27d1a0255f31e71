/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Threads for what takes seconds after a download, each with a connection of its own. */
#include "shebao/mirror.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "db_driver.h"
#include "shebao/i18n.h"
#include "shebao/mem.h"

struct mirror_stage {
	int (*work)(struct mirror_stage *stage);
	enum mirror_noun noun;
	char taxpayer_id[TAXPAYER_ID_SIZE];
	int64_t now;
	struct db *db;
	pthread_t thread;
	int fds[2]; /* the thread writes a byte at its end */
	int result;
	struct err err;
};

static int
make_list(struct mirror_stage *stage)
{
	return mirror_stage_swap(stage->db, stage->noun, stage->taxpayer_id, stage->now, &stage->err);
}

static int
empty_log(struct mirror_stage *stage)
{
	return db_run(stage->db, "PRAGMA wal_checkpoint(PASSIVE)", DB_NONE, NULL, &stage->err);
}

static void *
run_stage(void *user)
{
	struct mirror_stage *stage = user;
	struct db *db = stage->db;

	/* Sorting a million keys is done on disk: the client's memory stays small. */
	if (db_run(db, "PRAGMA temp_store = FILE", DB_NONE, NULL, &stage->err) == 0 &&
	    db_run(db, "PRAGMA cache_size = -16384", DB_NONE, NULL, &stage->err) == 0) {
		stage->result = stage->work(stage);
	} else {
		stage->result = -1;
	}
	while (write(stage->fds[1], "", 1) < 0) {
		/* Interrupted: the reader waits for it. */
	}
	return NULL;
}

/* Temporary files go beside the database: the client may be locked out of everywhere else, and
 * /var/tmp is others' too. */
static int
sort_beside(struct db *db, struct err *err)
{
	const char *file = strchr(db->url, ':') + 1, *slash = strrchr(file, '/'), *c;
	struct buf sql = { 0 };
	int rc;

	buf_puts(&sql, "PRAGMA temp_store_directory = '");
	for (c = file; slash != NULL && c < slash; c++) {
		buf_put(&sql, *c == '\'' ? "''" : c, *c == '\'' ? 2 : 1);
	}
	buf_puts(&sql, slash == NULL ? ".'" : slash == file ? "/'" : "'");
	rc = db_run(db, buf_text(&sql), DB_NONE, NULL, err);
	buf_release(&sql);
	return rc;
}

/* Takes over stage, whatever comes of it. */
static int
start(struct db *db, struct mirror_stage *stage, struct mirror_stage **out, struct err *err)
{
	int has_pipe = 0;

	*out = NULL;
	if (sort_beside(db, err) == 0 && db_open(db->url, &stage->db, err) == 0) {
		has_pipe = pipe(stage->fds) == 0;
		if (has_pipe && pthread_create(&stage->thread, NULL, run_stage, stage) == 0) {
			*out = stage;
			return 0;
		}
		err_set(err, ERR_LOCAL, "%s", _("无法建立线程"));
	}
	if (has_pipe) {
		close(stage->fds[0]);
		close(stage->fds[1]);
	}
	db_close(stage->db);
	free(stage);
	return -1;
}

int
mirror_stage_start(struct db *db, enum mirror_noun noun, const char *taxpayer_id, int64_t now,
    struct mirror_stage **out, struct err *err)
{
	struct mirror_stage *stage = mem_alloc(sizeof(*stage));

	stage->work = make_list;
	stage->noun = noun;
	stage->now = now;
	mem_copy_text(stage->taxpayer_id, sizeof(stage->taxpayer_id), taxpayer_id);
	return start(db, stage, out, err);
}

int
mirror_stage_start_log(struct db *db, struct mirror_stage **out, struct err *err)
{
	struct mirror_stage *stage = mem_alloc(sizeof(*stage));

	stage->work = empty_log;
	return start(db, stage, out, err);
}

int
mirror_stage_fd(const struct mirror_stage *stage)
{
	return stage->fds[0];
}

void
mirror_stage_stop(struct mirror_stage *stage)
{
	db_interrupt(stage->db);
}

int
mirror_stage_end(struct mirror_stage *stage, struct err *err)
{
	int result;

	pthread_join(stage->thread, NULL);
	result = stage->result;
	if (result != 0) {
		err_set(err, stage->err.code, "%s", stage->err.text);
	}
	close(stage->fds[0]);
	close(stage->fds[1]);
	db_close(stage->db);
	free(stage);
	return result;
}

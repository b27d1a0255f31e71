/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The client's journal of intents and the levies they hold. */
#include "shebao/journal.h"

#include <stdio.h>
#include <string.h>

#include "shebao/i18n.h"
#include "shebao/mem.h"
#include "shebao/state_table.h"

// clang-format off
static const struct field journal_entry_fields[] = {
	RECORD_TEXT(journal_entry, op_id, N_("操作编号"), FIELD_REQUIRED | FIELD_KEY),
	RECORD_TEXT(journal_entry, taxpayer_id, N_("纳税人识别号"), 0),
	RECORD_TEXT(journal_entry, operation, N_("操作"), FIELD_REQUIRED),
	RECORD_STATE(journal_entry, state, N_("状态"), 0, &states_op),
	RECORD_NUMBER(journal_entry, attempts, N_("次数"), 0),
	RECORD_NUMBER(journal_entry, http_status, N_("应答"), 0),
	RECORD_TEXT(journal_entry, code, N_("代码"), 0),
	RECORD_TEXT(journal_entry, reason, N_("原因"), 0),
	RECORD_FEN(journal_entry, amount, N_("金额"), 0),
	RECORD_NUMBER(journal_entry, levy_count, N_("笔数"), 0),
	RECORD_TEXT(journal_entry, fingerprint, N_("摘要"), 0),
	RECORD_TIME(journal_entry, created_at, N_("时间"), 0),
	RECORD_TIME(journal_entry, updated_at, N_("更新时间"), 0),
};

/* What a held levy shows while the operation is under way: the column, the value it must have
 * at the service for the overlay to be right, and the value shown instead. */
static const struct {
	const char *column, *from, *shown;
} overlays[] = {
	[JOURNAL_HOLD_NONE]    = { NULL, NULL, NULL },
	[JOURNAL_HOLD_DECLARE] = { "state", "initial", "declaring" },
	[JOURNAL_HOLD_PAY]     = { "pay_state", "unpaid", "paying" },
	[JOURNAL_HOLD_VOUCHER] = { "pay_state", "unpaid", "vouchered" },
};
_Static_assert(ARRAY_LEN(overlays) == JOURNAL_HOLD_COUNT, "an overlay for every hold");
// clang-format on

const struct record_type journal_entry_type = {
	.name = "journal",
	.size = sizeof(struct journal_entry),
	.fields = journal_entry_fields,
	.count = ARRAY_LEN(journal_entry_fields),
};

#define NOT_FINAL "('ready', 'sent', 'unknown')"

static int
hold_levies(struct db *db, const struct journal_entry *entry, enum journal_hold hold,
    const struct text_list *levy_nos, struct err *err)
{
	size_t i;

	for (i = 0; i < levy_nos->count; i++) {
		struct err why = { 0 };

		if (db_run(db,
			"INSERT INTO hold (taxpayer_id, levy_no, op_id, kind, state_before,"
			" pay_state_before) SELECT taxpayer_id, levy_no, $1, $2, state, pay_state"
			" FROM levy WHERE taxpayer_id = $3 AND levy_no = $4",
			DB_ARGS(db_text(entry->op_id), db_int(hold),
			    db_text(entry->taxpayer_id), db_text(levy_nos->items[i])),
			NULL, &why) == 0) {
			continue;
		}
		return why.code == ERR_TAKEN ?
		    err_set(err, ERR_TAKEN, _("费款 %s 正在办理中，尚未得到结果，不能重复提交。"),
			levy_nos->items[i]) :
		    err_set(err, why.code, "%s", why.text);
	}
	return 0;
}

/* Shows what is under way on the rows of one operation (op_id) or of all (NULL). */
static int
show_holds(struct db *db, const char *taxpayer_id, const char *op_id, struct err *err)
{
	char sql[512];
	size_t i;

	for (i = JOURNAL_HOLD_DECLARE; i < JOURNAL_HOLD_COUNT; i++) {
		snprintf(sql, sizeof(sql),
		    "UPDATE levy SET %s = '%s' WHERE taxpayer_id = $1 AND %s = '%s'"
		    " AND levy_no IN (SELECT levy_no FROM hold WHERE taxpayer_id = $1"
		    " AND kind = $2 AND (op_id = $3 OR $3 = ''))",
		    overlays[i].column, overlays[i].shown, overlays[i].column, overlays[i].from);
		if (db_run(db, sql,
			DB_ARGS(db_text(taxpayer_id), db_int((int64_t)i),
			    db_text(op_id == NULL ? "" : op_id)),
			NULL, err) != 0) {
			return -1;
		}
	}
	return 0;
}

static int
put(struct db *db, const struct journal_entry *entry, const struct buf *request,
    enum journal_hold hold, const struct text_list *levy_nos, struct err *err)
{
	if (db_insert(db, "journal", &journal_entry_type, entry, err) != 0 ||
	    db_run_one(db, "UPDATE journal SET request = $1 WHERE op_id = $2",
		DB_ARGS(db_bytes(request->data, request->len), db_text(entry->op_id)),
		ERR_LOCAL, err) != 0) {
		return -1;
	}
	if (hold == JOURNAL_HOLD_NONE) {
		return 0;
	}
	if (hold_levies(db, entry, hold, levy_nos, err) != 0) {
		return -1;
	}
	return show_holds(db, entry->taxpayer_id, entry->op_id, err);
}

int
journal_put(struct db *db, const struct journal_entry *entry, const struct buf *request,
    enum journal_hold hold, const struct text_list *levy_nos, struct err *err)
{
	if (db_begin(db, err) != 0) {
		return -1;
	}
	if (put(db, entry, request, hold, levy_nos, err) != 0 || db_commit(db, err) != 0) {
		db_rollback(db);
		return -1;
	}
	return 0;
}

int
journal_find(struct db *db, const char *op_id, struct journal_entry *entry,
    struct buf *request, struct buf *answer, struct err *err)
{
	struct rows *rows = NULL;
	const void *bytes;
	size_t len;
	int rc;

	if (db_query(db, "SELECT request, answer, journal.* FROM journal WHERE op_id = $1",
		DB_ARGS(db_text(op_id)), &rows, err) != 0) {
		return -1;
	}
	rc = db_rows_next(rows, err);
	if (rc == 1) {
		if (request != NULL) {
			bytes = db_rows_bytes(rows, 0, &len);
			buf_put(request, bytes, len);
		}
		if (answer != NULL) {
			bytes = db_rows_bytes(rows, 1, &len);
			buf_put(answer, bytes, len);
		}
		if (entry != NULL && db_rows_record(rows, &journal_entry_type, entry, err) != 0) {
			rc = -1;
		}
	}
	db_rows_close(rows);
	return rc;
}

/* Moves the entry's state by the table, guarded by the state it was read in. */
static int
move(struct db *db, struct journal_entry *entry, int event, struct err *err)
{
	const char *from = states_op.state_names[entry->state];
	int to;

	if (state_table_next(&states_op, entry->state, event, ROLE_CLERK, &to, err) != 0) {
		return -1;
	}
	entry->state = to;
	return db_run_one(db, "UPDATE journal SET state = $1 WHERE op_id = $2 AND state = $3",
	    DB_ARGS(db_text(states_op.state_names[to]), db_text(entry->op_id), db_text(from)),
	    ERR_STATE, err);
}

static int
attempt(struct db *db, const char *op_id, int64_t now, struct buf *request, struct err *err)
{
	struct journal_entry entry = { 0 };
	int found = journal_find(db, op_id, &entry, request, NULL, err);

	if (found <= 0) {
		return found < 0 ? -1 : err_set(err, ERR_NOT_FOUND, "%s", op_id);
	}
	if (move(db, &entry, OP_SEND, err) != 0) {
		return -1;
	}
	return db_run_one(db,
	    "UPDATE journal SET attempts = attempts + 1, updated_at = $1 WHERE op_id = $2",
	    DB_ARGS(db_int(now), db_text(op_id)), ERR_LOCAL, err);
}

int
journal_attempt(
    struct db *db, const char *op_id, int64_t now, struct buf *request, struct err *err)
{
	if (db_begin(db, err) != 0) {
		return -1;
	}
	if (attempt(db, op_id, now, request, err) != 0 || db_commit(db, err) != 0) {
		db_rollback(db);
		return -1;
	}
	return 0;
}

int
journal_uncover(struct db *db, const char *op_id, struct err *err)
{
	return db_run(db,
	    "UPDATE levy SET state = h.state_before, pay_state = h.pay_state_before"
	    " FROM hold h WHERE h.op_id = $1 AND h.taxpayer_id = levy.taxpayer_id"
	    " AND h.levy_no = levy.levy_no",
	    DB_ARGS(db_text(op_id)), NULL, err);
}

/* A done operation was uncovered by the caller, who then put what its answer means. */
static int
let_go(struct db *db, const char *op_id, int state, struct err *err)
{
	if (state != OP_DONE && state != OP_REFUSED) {
		return 0;
	}
	if (state == OP_REFUSED && journal_uncover(db, op_id, err) != 0) {
		return -1;
	}
	return db_run(
	    db, "DELETE FROM hold WHERE op_id = $1", DB_ARGS(db_text(op_id)), NULL, err);
}

int
journal_result(struct db *db, const char *op_id, const struct journal_result *result,
    int64_t now, struct err *err)
{
	struct journal_entry entry = { 0 };
	int found = journal_find(db, op_id, &entry, NULL, NULL, err);

	if (found <= 0) {
		return found < 0 ? -1 : err_set(err, ERR_NOT_FOUND, "%s", op_id);
	}
	if (move(db, &entry, result->event, err) != 0) {
		return -1;
	}
	if (db_run_one(db,
		"UPDATE journal SET http_status = $1, code = $2, reason = $3, answer = $4,"
		" updated_at = $5 WHERE op_id = $6",
		DB_ARGS(db_int(result->http_status),
		    db_text(result->code == NULL ? "" : result->code),
		    db_text(result->reason == NULL ? "" : result->reason),
		    db_bytes(result->answer, result->answer_len), db_int(now), db_text(op_id)),
		ERR_LOCAL, err) != 0) {
		return -1;
	}
	return let_go(db, op_id, entry.state, err);
}

int
journal_open(
    struct db *db, const char *taxpayer_id, struct record_list *out, struct err *err)
{
	struct rows *rows = NULL;
	int rc;

	if (db_query(db,
		"SELECT * FROM journal WHERE taxpayer_id = $1 AND state IN " NOT_FINAL
		" ORDER BY created_at, op_id",
		DB_ARGS(db_text(taxpayer_id)), &rows, err) != 0) {
		return -1;
	}
	while ((rc = db_rows_next(rows, err)) == 1) {
		if (db_rows_record(rows, &journal_entry_type,
			record_list_add(out, &journal_entry_type), err) != 0) {
			rc = -1;
			break;
		}
	}
	db_rows_close(rows);
	return rc;
}

int
journal_open_count(struct db *db, const char *taxpayer_id, int64_t *count, struct err *err)
{
	*count = 0;
	return db_find_int(db,
		   "SELECT count(*) FROM journal WHERE taxpayer_id = $1 AND state IN " NOT_FINAL,
		   DB_ARGS(db_text(taxpayer_id)), count, err) < 0 ?
	    -1 :
	    0;
}

int
journal_overlay(struct db *db, const char *taxpayer_id, struct err *err)
{
	/* What the service says now is what a refusal goes back to; in the list itself it may
	 * already be covered by what is under way here. */
	if (db_run(db,
		"UPDATE hold SET state_before = s.state, pay_state_before = s.pay_state"
		" FROM levy_stage s WHERE s.taxpayer_id = hold.taxpayer_id"
		" AND s.levy_no = hold.levy_no AND hold.taxpayer_id = $1",
		DB_ARGS(db_text(taxpayer_id)), NULL, err) != 0) {
		return -1;
	}
	return show_holds(db, taxpayer_id, NULL, err);
}

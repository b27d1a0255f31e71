/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Lists of the session's employer: what changed after the cursor. */
#include "service_uses.h"
#include "shebao/i18n.h"
#include "shebao/wire_lean.h"

enum {
	PAGE = 5000,
	LEAN_PAGE = 10000,
	PAGE_MAX = 20000
};

/* Records with lists inside need a second query each, so the first must be over. */
static int
collect(struct service_call *call, struct rows *rows, struct record_list *out, struct err *err)
{
	const struct record_type *type = call->row->answer;
	int more;

	while ((more = db_rows_next(rows, err)) == 1) {
		if (db_rows_record(rows, type, record_list_add(out, type), err) < 0) {
			return -1;
		}
	}
	return more;
}

static int
put_whole(struct service_call *call, struct record_list *list, struct err *err)
{
	const struct record_type *type = call->row->answer;
	size_t i;

	for (i = 0; i < list->count; i++) {
		void *record = record_list_at(list, type, i);

		if (books_record_lists(call->db, type, record, err) < 0) {
			return -1;
		}
		service_put_line(call, record);
	}
	return 0;
}

int
service_list_rows(struct service_call *call, struct rows *rows, struct err *err)
{
	struct record_list list = { 0 };
	int failed = collect(call, rows, &list, err);

	db_rows_close(rows);
	if (failed == 0) {
		failed = put_whole(call, &list, err);
	}
	record_list_release(&list, call->row->answer);
	return failed;
}

static int
is_number(const struct field *f)
{
	return f->type == FIELD_NUMBER || f->type == FIELD_FEN || f->type == FIELD_RATE ||
	    f->type == FIELD_TIME || f->type == FIELD_BOOL;
}

/* From the columns to the answer, without a record in between: what stands in the books was checked
 * when it came in. */
static int
put_lean(struct service_call *call, const struct books_page *page, struct err *err)
{
	const struct record_type *type = call->row->answer;
	struct wire_lean_row line = { 0 };
	struct rows *rows = NULL;
	int more;
	size_t i;

	if (books_record_columns(call->db, type, page, &rows, err) < 0) {
		return -1;
	}
	call->out->content_type = WIRE_LEAN_TYPE "; charset=utf-8";
	wire_lean_header(type, &call->out->body);
	while ((more = db_rows_next(rows, err)) == 1) {
		for (i = 0; i < type->count; i++) {
			if (is_number(&type->fields[i])) {
				wire_lean_number(&line, db_rows_int(rows, (int)i));
			} else {
				wire_lean_text(&line, db_rows_text(rows, (int)i));
			}
		}
		wire_lean_end(&line, &call->out->body);
	}
	db_rows_close(rows);
	return more;
}

int
service_list_run(struct service_call *call, struct err *err)
{
	const struct list_request *r = call->request;
	int is_lean = call->asked->takes_lean && wire_lean_fits(call->row->answer);
	int64_t standard = is_lean ? LEAN_PAGE : PAGE;
	int64_t limit = r->limit <= 0 ? standard : r->limit > PAGE_MAX ? PAGE_MAX : r->limit;
	struct books_page page = {
		.taxpayer_id = call->taxpayer_id, .after = r->after, .limit = limit
	};
	struct rows *rows = NULL;

	if (is_lean) {
		return put_lean(call, &page, err);
	}
	if (books_record_changes(call->db, call->row->answer, &page, &rows, err) < 0) {
		return -1;
	}
	return service_list_rows(call, rows, err);
}

int
service_list_employer(struct service_call *call, struct err *err)
{
	int found = books_employer_find(call->db, call->taxpayer_id, call->answer, err);

	return found == 0 ? err_set(err, ERR_NOT_FOUND, _("没有该单位的登记信息")) : found < 0 ? -1 : 0;
}

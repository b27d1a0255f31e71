/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What offices and bureaus push: all rows of a file or none. */
#include <stdlib.h>
#include <string.h>

#include "service_uses.h"
#include "shebao/i18n.h"
#include "shebao/mem.h"
#include "shebao/registration.h"
#include "shebao/states.h"
#include "shebao/taxpayer_id.h"
#include "shebao/wire.h"

/* Versions of one employer at a time: files have an employer's rows together. */
struct versions {
	struct db *db;
	char taxpayer_id[TAXPAYER_ID_SIZE];
	int64_t next;
	int is_known; /* the employer is registered */
};

struct import {
	struct service_call *call;
	struct versions versions;
	struct import_answer *answer;
};

static int
leave(struct versions *v, struct err *err)
{
	if (v->taxpayer_id[0] == '\0') {
		return 0;
	}
	return books_head_set(v->db, v->taxpayer_id, v->next - 1, err);
}

static int
turn_to(struct versions *v, const char *taxpayer_id, struct err *err)
{
	struct employer employer;
	struct books_head head;

	if (strcmp(v->taxpayer_id, taxpayer_id) == 0) {
		return 0;
	}
	if (leave(v, err) < 0) {
		return -1;
	}
	v->is_known = books_employer_find(v->db, taxpayer_id, &employer, err);
	mem_copy_text(v->taxpayer_id, sizeof(v->taxpayer_id), taxpayer_id);
	if (v->is_known < 0 || books_head_next(v->db, taxpayer_id, &head, err) < 0) {
		return -1;
	}
	v->next = head.version;
	return 0;
}

static void
count(struct import *import, int what)
{
	import->answer->rows++;
	import->answer->created += what == 2;
	import->answer->updated += what == 1;
	import->versions.next += what != 0;
}

typedef int import_row_fn(struct import *import, void *record, struct err *err);

static int
import_file(struct service_call *call, const char *name, import_row_fn *row, struct err *err)
{
	const struct record_type *type = call->row->request;
	struct import import = { .call = call, .versions.db = call->db, .answer = call->answer };
	struct wire_rows *rows = NULL;
	void *record = mem_alloc(type->size);
	int more = -1;

	if (call->asked->rows == NULL) {
		err_set(err, ERR_REQUEST, _("没有文件内容"));
		goto out;
	}
	rewind(call->asked->rows);
	if (wire_rows_open(type, call->asked->rows, name, &rows, err) < 0) {
		goto out;
	}
	while ((more = wire_rows_next(rows, record, err)) == 1) {
		if (row(&import, record, err) < 0) {
			err_wrap(err, "%s:%ld", name, wire_rows_line(rows));
			more = -1;
			break;
		}
		record_release(type, record);
		memset(record, 0, type->size);
	}
	if (more == 0) {
		more = leave(&import.versions, err);
	}
	snprintf(call->detail, sizeof(call->detail), "%lld rows, %lld created, %lld updated",
	    (long long)import.answer->rows, (long long)import.answer->created,
	    (long long)import.answer->updated);
out:
	wire_rows_close(rows);
	record_release(type, record);
	free(record);
	return more;
}

/* ---- employers and units */

static int
import_registration(struct import *import, void *record, struct err *err)
{
	struct registration *r = record;
	struct versions *v = &import->versions;
	int of_employer, of_unit;

	if (taxpayer_id_check(r->employer.taxpayer_id, err) < 0) {
		return err_wrap(err, "taxpayer_id");
	}
	mem_copy_text(r->unit.taxpayer_id, sizeof(r->unit.taxpayer_id), r->employer.taxpayer_id);
	mem_copy_text(r->unit.tax_authority_code, sizeof(r->unit.tax_authority_code),
	    r->employer.tax_authority_code);
	mem_copy_text(r->unit.tax_authority_name, sizeof(r->unit.tax_authority_name),
	    r->employer.tax_authority_name);
	if (turn_to(v, r->employer.taxpayer_id, err) < 0 ||
	    books_employer_put(v->db, &employer_type, &r->employer, v->next, &of_employer, err) < 0) {
		return -1;
	}
	v->next += of_employer != 0;
	if (books_employer_put(v->db, &unit_type, &r->unit, v->next, &of_unit, err) < 0) {
		return -1;
	}
	count(import, of_unit != 0 ? of_unit : of_employer != 0);
	return 0;
}

int
service_import_employers(struct service_call *call, struct err *err)
{
	return import_file(call, "units.csv", import_registration, err);
}

/* ---- agreements and accounts */

/* A number is one agreement's, although keys of the books begin with the employer. */
static int
refuse_stranger(struct db *db, const struct agreement *agreement, struct err *err)
{
	char owner[TAXPAYER_ID_SIZE];
	int found = books_employer_agreement_owner(db, agreement->agreement_no, owner, err);

	if (found < 0) {
		return -1;
	}
	return found == 0 || strcmp(owner, agreement->taxpayer_id) == 0
	    ? 0
	    : err_set(err, ERR_TAKEN, _("agreement_no: 协议%s属于另一个单位"), agreement->agreement_no);
}

static int
import_property(struct import *import, void *record, struct err *err)
{
	const struct record_type *type = import->call->row->request;
	const char *taxpayer_id = record_text(record_field(type, "taxpayer_id"), record);
	struct versions *v = &import->versions;
	int what;

	if (turn_to(v, taxpayer_id, err) < 0) {
		return -1;
	}
	if (!v->is_known) {
		return err_set(err, ERR_DATA, _("taxpayer_id: %s没有登记，应先导入用人单位"), taxpayer_id);
	}
	if (type == &agreement_type && refuse_stranger(v->db, record, err) < 0) {
		return -1;
	}
	if (books_employer_put(v->db, type, record, v->next, &what, err) < 0) {
		return -1;
	}
	count(import, what);
	return 0;
}

int
service_import_agreements(struct service_call *call, struct err *err)
{
	return import_file(call, "agreements.csv", import_property, err);
}

int
service_import_accounts(struct service_call *call, struct err *err)
{
	return import_file(call, "accounts.csv", import_property, err);
}

/* ---- levies */

static int
check_levy(struct import *import, const struct levy *levy, struct err *err)
{
	struct unit unit;
	int found;

	if (!import->versions.is_known) {
		return err_set(err, ERR_DATA, _("taxpayer_id: %s没有登记，应先导入用人单位"), levy->taxpayer_id);
	}
	found = books_employer_unit_find(
	    import->versions.db, levy->taxpayer_id, levy->unit_no, &unit, err);
	if (found <= 0) {
		return err_set(err, ERR_DATA, _("unit_no: %s不是该单位的单位编号，应为已登记的编号"), levy->unit_no);
	}
	if (strcmp(levy->period_from, levy->period_to) > 0) {
		return err_set(err, ERR_DATA, _("period_to: %s早于所属期起%s"), levy->period_to,
		    levy->period_from);
	}
	return 0;
}

/* Whether a push says nothing new. */
static int
is_same(const struct levy *a, const struct levy *b)
{
	char left[257], right[257];
	size_t i;

	for (i = 0; i < levy_push_type.count; i++) {
		record_print(&levy_push_type.fields[i], a, left, sizeof(left));
		record_print(&levy_push_type.fields[i], b, right, sizeof(right));
		if (strcmp(left, right) != 0) {
			return 0;
		}
	}
	return 1;
}

/* The members that are pushed, from one levy to another. */
static void
copy_pushed(struct levy *to, const struct levy *from)
{
	struct levy merged = *from;

	merged.state = to->state;
	merged.pay_state = to->pay_state;
	merged.version = to->version;
	memcpy(merged.declaration_id, to->declaration_id, sizeof(merged.declaration_id));
	memcpy(merged.payment_no, to->payment_no, sizeof(merged.payment_no));
	memcpy(merged.voucher_no, to->voucher_no, sizeof(merged.voucher_no));
	memcpy(merged.tax_ticket_no, to->tax_ticket_no, sizeof(merged.tax_ticket_no));
	memcpy(merged.settled_on, to->settled_on, sizeof(merged.settled_on));
	memcpy(merged.certificate_no, to->certificate_no, sizeof(merged.certificate_no));
	*to = merged;
}

static int
push_again(struct import *import, struct levy *known, const struct levy *pushed, struct err *err)
{
	struct levy after = *known;
	int is_open = known->state == LEVY_INITIAL && known->pay_state == LEVY_PAY_UNPAID;

	if (strcmp(known->taxpayer_id, pushed->taxpayer_id) != 0) {
		return err_set(err, ERR_DATA, _("levy_no: %s属于其他单位，应为新的征集单号"), pushed->levy_no);
	}
	if (!is_open && known->amount != pushed->amount) {
		return err_set(err, ERR_STATE, _("amount: 征集单%s%s，金额不能再变更"), pushed->levy_no,
		    _(state_table_label(&states_levy, known->state)));
	}
	if (!is_open || is_same(known, pushed)) {
		count(import, 0);
		return 0;
	}
	copy_pushed(&after, pushed);
	after.version = import->versions.next;
	if (books_levy_replace(import->versions.db, &after, err) < 0) {
		return -1;
	}
	count(import, 1);
	return 0;
}

static int
import_levy(struct import *import, void *record, struct err *err)
{
	struct levy *levy = record, known;
	int found;

	if (turn_to(&import->versions, levy->taxpayer_id, err) < 0 ||
	    check_levy(import, levy, err) < 0) {
		return -1;
	}
	found = books_levy_find_any(import->versions.db, levy->levy_no, &known, err);
	if (found < 0) {
		return -1;
	}
	if (found == 1) {
		return push_again(import, &known, levy, err);
	}
	levy->state = LEVY_INITIAL;
	levy->pay_state = LEVY_PAY_UNPAID;
	levy->version = import->versions.next;
	count(import, 2);
	return books_levy_insert(import->versions.db, levy, err);
}

int
service_import_levies(struct service_call *call, struct err *err)
{
	return import_file(call, "levies.csv", import_levy, err);
}

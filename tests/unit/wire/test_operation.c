/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>
#include <string.h>

#include <jansson.h>

#include "shebao/buf.h"
#include "shebao/operation.h"
#include "shebao/request.h"
#include "shebao/state_table.h"
#include "unit/unit.h"

static const struct operation_row *
row_at(int op)
{
	return operation_row((enum operation)op);
}

START_TEST(every_row_is_complete_and_its_name_and_route_are_its_own)
{
	int i, k;

	for (i = 0; i < OPERATION_COUNT; i++) {
		const struct operation_row *row = row_at(i);

		ck_assert_msg(row->name != NULL && row->summary != NULL, "row %d", i);
		ck_assert_msg(row->status >= 200 && row->status <= 202, "%s", row->name);
		ck_assert(
		    strcmp(row->method, "GET") == 0 || strcmp(row->method, "POST") == 0);
		ck_assert(strncmp(row->path, "/v1/", 4) == 0 ||
		    strncmp(row->path, "/admin/v1/", 10) == 0);
		for (k = 0; k < i; k++) {
			ck_assert_str_ne(row->name, row_at(k)->name);
			ck_assert(strcmp(row->path, row_at(k)->path) != 0 ||
			    strcmp(row->method, row_at(k)->method) != 0);
		}
	}
}
END_TEST

START_TEST(what_changes_something_carries_an_op_id_and_nothing_else_does)
{
	int i;

	for (i = 0; i < OPERATION_COUNT; i++) {
		const struct operation_row *row = row_at(i);
		int carries =
		    row->request != NULL && record_field(row->request, "op_id") != NULL;

		ck_assert_msg(
		    carries == ((row->flags & OPERATION_MUTATES) != 0), "%s", row->name);
		ck_assert_msg(
		    !carries || strcmp(row->method, "POST") == 0, "%s", row->name);
	}
}
END_TEST

static int
has_password(const struct record_type *type)
{
	size_t i;

	for (i = 0; type != NULL && i < type->count; i++) {
		const struct field *f = &type->fields[i];

		/* A proof in a payment is good for that payment only: those are journalled. */
		if ((f->flags & FIELD_SECRET) != 0 &&
		    !(strcmp(f->name, "proof") == 0 &&
			record_field(type, "op_id") != NULL)) {
			return 1;
		}
	}
	return 0;
}

START_TEST(what_holds_a_password_or_token_is_never_journalled)
{
	int i;

	for (i = 0; i < OPERATION_COUNT; i++) {
		const struct operation_row *row = row_at(i);

		ck_assert_msg((has_password(row->request) || has_password(row->answer)) ==
			((row->flags & OPERATION_SECRET) != 0),
		    "%s", row->name);
	}
}
END_TEST

START_TEST(lists_and_queries_are_gets_of_scalars)
{
	size_t k;
	int i;

	for (i = 0; i < OPERATION_COUNT; i++) {
		const struct operation_row *row = row_at(i);

		if ((row->flags & OPERATION_LISTS) != 0) {
			ck_assert_str_eq(row->method, "GET");
			/* An officer's list covers all employers: there is no cursor. */
			ck_assert_ptr_eq(row->request,
			    row->role == ROLE_CLERK ? &request_list : NULL);
			ck_assert_ptr_nonnull(row->answer);
		}
		if (strcmp(row->method, "GET") != 0 || row->request == NULL) {
			continue;
		}
		for (k = 0; k < row->request->count; k++) {
			const struct field *f = &row->request->fields[k];

			ck_assert(f->type != FIELD_TEXTS && f->type != FIELD_RECORDS &&
			    f->type != FIELD_BYTES && (f->flags & FIELD_SECRET) == 0);
		}
	}
}
END_TEST

START_TEST(what_may_wait_says_how_long)
{
	int i;

	for (i = 0; i < OPERATION_COUNT; i++) {
		const struct operation_row *row = row_at(i);
		int waits =
		    row->request != NULL && record_field(row->request, "wait_ms") != NULL;

		ck_assert_msg(
		    waits == ((row->flags & OPERATION_WAITS) != 0), "%s", row->name);
	}
}
END_TEST

START_TEST(clerks_are_kept_from_the_office_and_the_office_from_their_money)
{
	int i;

	for (i = 0; i < OPERATION_COUNT; i++) {
		const struct operation_row *row = row_at(i);
		int office = strncmp(row->path, "/admin/", 7) == 0;

		ck_assert_msg(office == ((row->role & (ROLE_OFFICER | ROLE_BUREAU)) != 0),
		    "%s", row->name);
		ck_assert_msg(!office || (row->role & ROLE_CLERK) == 0, "%s", row->name);
		ck_assert_msg((row->flags & OPERATION_INITIAL_OK) == 0 ||
			i == OPERATION_LOGIN || i == OPERATION_LOGOUT ||
			i == OPERATION_PASSWORD_CHANGE,
		    "%s", row->name);
	}
	ck_assert_uint_eq(operation_row(OPERATION_LOGIN)->role, 0);
	ck_assert_uint_eq(operation_row(OPERATION_PAYMENT_SUBMIT)->role, ROLE_CLERK);
	ck_assert_uint_eq(
	    operation_row(OPERATION_ADMIN_PASSWORD_RESET)->role, ROLE_OFFICER);
}
END_TEST

START_TEST(every_route_is_found_and_no_other)
{
	const char *tail;
	int i;

	for (i = 0; i < OPERATION_COUNT; i++) {
		if (i != OPERATION_VERIFY) {
			ck_assert_int_eq(
			    operation_find(row_at(i)->method, row_at(i)->path, &tail), i);
			ck_assert_ptr_null(tail);
		}
		ck_assert_int_ne(operation_find("DELETE", row_at(i)->path, &tail), i);
	}
	ck_assert_int_eq(
	    operation_find("GET", "/v1/verify/AB12", &tail), OPERATION_VERIFY);
	ck_assert_str_eq(tail, "AB12");
	ck_assert_int_eq(operation_find("POST", "/v1/verify/AB12", &tail), -2);
	ck_assert_ptr_null(tail);
	ck_assert_int_eq(operation_find("GET", "/v1/verify/", &tail), -1);
	ck_assert_int_eq(operation_find("GET", "/v1/verify/a/b", &tail), -1);
	ck_assert_int_eq(operation_find("GET", "/v1/login", &tail), -2);
	ck_assert_int_eq(operation_find("DELETE", "/v1/payments", &tail), -2);
	ck_assert_int_eq(operation_find("GET", "/v1/levies/", &tail), -1);
	ck_assert_int_eq(operation_find("GET", "/v1", &tail), -1);
	ck_assert_int_eq(operation_find("GET", "", &tail), -1);
}
END_TEST

/* Every $ref of the document leads somewhere in it. */
static int
check_references(const json_t *root, json_t *node)
{
	const char *key;
	json_t *value;
	size_t i;
	int count = 0;

	if (json_is_array(node)) {
		json_array_foreach(node, i, value)
		{
			count += check_references(root, value);
		}
		return count;
	}
	json_object_foreach(node, key, value)
	{
		const char *target = json_string_value(value), *name;

		if (strcmp(key, "$ref") != 0) {
			count += check_references(root, value);
			continue;
		}
		name = strrchr(target, '/') + 1;
		value = json_object_get(json_object_get(root, "components"),
		    strstr(target, "/schemas/") != NULL ? "schemas" : "responses");
		ck_assert_msg(json_object_get(value, name) != NULL, "%s", target);
		count++;
	}
	return count;
}

START_TEST(openapi_has_every_operation_and_its_references_lead_somewhere)
{
	struct buf out = { 0 };
	json_error_t error;
	json_t *root, *paths;
	int i;

	operation_openapi(&out);
	root = json_loadb(out.data, out.len, JSON_REJECT_DUPLICATES, &error);
	ck_assert_msg(root != NULL, "%d:%d %s", error.line, error.column, error.text);
	ck_assert_str_eq(json_string_value(json_object_get(root, "openapi")), "3.1.0");
	paths = json_object_get(root, "paths");
	for (i = 0; i < OPERATION_COUNT; i++) {
		json_t *operation =
		    json_object_get(json_object_get(paths, row_at(i)->path),
			strcmp(row_at(i)->method, "GET") == 0 ? "get" : "post");

		ck_assert_str_eq(
		    json_string_value(json_object_get(operation, "operationId")),
		    row_at(i)->name);
	}
	ck_assert_int_gt(check_references(root, root), 2 * OPERATION_COUNT);
	json_decref(root);
	buf_release(&out);
}
END_TEST

UNIT_MAIN("operation", every_row_is_complete_and_its_name_and_route_are_its_own,
    what_changes_something_carries_an_op_id_and_nothing_else_does,
    what_holds_a_password_or_token_is_never_journalled,
    lists_and_queries_are_gets_of_scalars, what_may_wait_says_how_long,
    clerks_are_kept_from_the_office_and_the_office_from_their_money,
    every_route_is_found_and_no_other,
    openapi_has_every_operation_and_its_references_lead_somewhere)

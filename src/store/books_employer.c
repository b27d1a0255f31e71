/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Employers, and what is registered about them: units, agreements, accounts. */
#include "shebao/books.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "shebao/mem.h"

int
books_employer_find(struct db *db, const char *taxpayer_id, struct employer *out, struct err *err)
{
	*out = (struct employer){ 0 };
	return db_find(db, "SELECT * FROM employer WHERE taxpayer_id = $1",
	    DB_ARGS(db_text(taxpayer_id)), &employer_type, out, err);
}

int
books_employer_unit_find(struct db *db, const char *taxpayer_id, const char *unit_no,
    struct unit *out, struct err *err)
{
	*out = (struct unit){ 0 };
	return db_find(db, "SELECT * FROM unit WHERE taxpayer_id = $1 AND unit_no = $2",
	    DB_ARGS(db_text(taxpayer_id), db_text(unit_no)), &unit_type, out, err);
}

int
books_employer_agreement_find(struct db *db, const char *taxpayer_id, const char *agreement_no,
    struct agreement *out, struct err *err)
{
	*out = (struct agreement){ 0 };
	return db_find(db, "SELECT * FROM agreement WHERE taxpayer_id = $1 AND agreement_no = $2",
	    DB_ARGS(db_text(taxpayer_id), db_text(agreement_no)), &agreement_type, out, err);
}

int
books_employer_agreement_owner(struct db *db, const char *agreement_no,
    char taxpayer_id[TAXPAYER_ID_SIZE], struct err *err)
{
	struct agreement found = { 0 };
	int status = db_find(db, "SELECT * FROM agreement WHERE agreement_no = $1",
	    DB_ARGS(db_text(agreement_no)), &agreement_type, &found, err);

	mem_copy_text(taxpayer_id, TAXPAYER_ID_SIZE, found.taxpayer_id);
	return status;
}

int
books_employer_initial(
    struct db *db, const char *taxpayer_id, const char *password, struct err *err)
{
	struct rows *rows = NULL;
	char initial[INITIAL_PASSWORD_SIZE];
	int found = 0, more;

	if (db_query(db, "SELECT unit_no FROM unit WHERE taxpayer_id = $1",
		DB_ARGS(db_text(taxpayer_id)), &rows, err) < 0) {
		return -1;
	}
	while ((more = db_rows_next(rows, err)) == 1) {
		employer_initial_password(db_rows_text(rows, 0), initial);
		found |= strcmp(initial, password) == 0;
	}
	db_rows_close(rows);
	return more < 0 ? -1 : found;
}

struct identity {
	const struct record_type *type;
	const char *find;
	const char *remove;
	const char *member; /* besides taxpayer_id; NULL: none */
};

// clang-format off
static const struct identity identities[] = {
	{ &employer_type, "SELECT * FROM employer WHERE taxpayer_id = $1",
	  "DELETE FROM employer WHERE taxpayer_id = $1", NULL },
	{ &unit_type, "SELECT * FROM unit WHERE taxpayer_id = $1 AND unit_no = $2",
	  "DELETE FROM unit WHERE taxpayer_id = $1 AND unit_no = $2", "unit_no" },
	{ &agreement_type, "SELECT * FROM agreement WHERE taxpayer_id = $1 AND agreement_no = $2",
	  "DELETE FROM agreement WHERE taxpayer_id = $1 AND agreement_no = $2", "agreement_no" },
	{ &account_type, "SELECT * FROM account WHERE taxpayer_id = $1 AND account_no = $2",
	  "DELETE FROM account WHERE taxpayer_id = $1 AND account_no = $2", "account_no" },
};
// clang-format on

static const struct identity *
identity_of(const struct record_type *type)
{
	size_t i = 0;

	while (i < ARRAY_LEN(identities) - 1 && identities[i].type != type) {
		i++;
	}
	return &identities[i];
}

int
books_employer_put(struct db *db, const struct record_type *type, void *record, int64_t version,
    int *what, struct err *err)
{
	const struct identity *identity = identity_of(type);
	struct db_value keys[2] = { db_text(record_text(record_field(type, "taxpayer_id"), record)) };
	size_t key_count = 1;
	void *before = mem_alloc(type->size);
	int found, result = -1;

	if (identity->member != NULL) {
		keys[key_count++] = db_text(record_text(record_field(type, identity->member), record));
	}
	found = db_find(db, identity->find, keys, key_count, type, before, err);
	if (found < 0) {
		goto out;
	}
	/* Equal but for the version: nothing to tell the clients. */
	record_set_number(record_field(type, "version"), record,
	    record_number(record_field(type, "version"), before));
	*what = 0;
	if (found == 1 && memcmp(before, record, type->size) == 0) {
		result = 0;
		goto out;
	}
	record_set_number(record_field(type, "version"), record, version);
	*what = found == 1 ? 1 : 2;
	if ((found == 1 && db_run_one(db, identity->remove, keys, key_count, ERR_LOCAL, err) < 0) ||
	    db_insert(db, type->name, type, record, err) < 0) {
		goto out;
	}
	result = 0;
out:
	free(before);
	return result;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Records as rows of tables: a column is named as its member; states and choices are stored by
 * name, so that a table can be read without this program. */
#include "db_driver.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "shebao/i18n.h"
#include "shebao/mem.h"
#include "shebao/state_table.h"
#include "shebao/text.h"

enum column_type {
	COLUMN_NONE,
	COLUMN_TEXT,
	COLUMN_NAME, /* of a state or choice */
	COLUMN_INT
};

// clang-format off
static const enum column_type column_types[] = {
	[FIELD_TEXT]    = COLUMN_TEXT,
	[FIELD_NUMBER]  = COLUMN_INT,
	[FIELD_FEN]     = COLUMN_INT,
	[FIELD_RATE]    = COLUMN_INT,
	[FIELD_TIME]    = COLUMN_INT,
	[FIELD_DATE]    = COLUMN_TEXT,
	[FIELD_PERIOD]  = COLUMN_TEXT,
	[FIELD_BOOL]    = COLUMN_INT,
	[FIELD_STATE]   = COLUMN_NAME,
	[FIELD_CHOICE]  = COLUMN_NAME,
	[FIELD_TEXTS]   = COLUMN_NONE,
	[FIELD_RECORDS] = COLUMN_NONE,
	[FIELD_BYTES]   = COLUMN_NONE,
};
// clang-format on
_Static_assert(ARRAY_LEN(column_types) == FIELD_TYPE_COUNT, "a row for every field type");

static enum column_type
column_of(const struct field *f)
{
	return column_types[f->type];
}

static const char *
name_of(const struct field *f, int64_t value)
{
	if (f->type == FIELD_STATE) {
		return state_table_name(f->states, (int)value);
	}
	assert(value >= 0 && (size_t)value < f->choices->count);
	return f->choices->rows[value].name;
}

/* ---- reading */

static void
map_columns(const struct rows *rows, const struct record_type *type)
{
	struct db_row_map *map = rows->map;
	int count = rows->db->driver->columns(rows), i;

	assert(count <= DB_FIELDS_MAX);
	map->type = type;
	for (i = 0; i < count; i++) {
		const struct field *f =
		    record_field(type, rows->db->driver->column_name(rows, i));

		map->fields[i] = f != NULL && column_of(f) != COLUMN_NONE ? f : NULL;
	}
}

static int
refuse_value(const struct field *f, const struct record_type *type, struct err *err)
{
	return err_set(err, ERR_LOCAL, _("数据库中%s（%s.%s）的内容无效，请从备份恢复"),
	    i18n_text(f->label), type->name, f->name);
}

static int
find_name(const struct field *f, const char *name)
{
	int index = -1;

	if (f->type == FIELD_STATE) {
		return state_table_find(f->states, name);
	}
	return choice_find(f->choices, name, &index) != NULL ? index : -1;
}

static int
read_column(const struct rows *rows, int column, void *record, struct err *err)
{
	const struct field *f = rows->map->fields[column];
	const struct db_driver *driver = rows->db->driver;
	const char *text;
	size_t len;
	int index;

	if (column_of(f) == COLUMN_INT) {
		int64_t value = driver->number(rows, column);

		record_set_number(f, record, f->type == FIELD_BOOL ? value != 0 : value);
		return 0;
	}
	text = driver->text(rows, column, &len);
	if (column_of(f) == COLUMN_TEXT) {
		char *member = (char *)record + f->offset;

		/* Cut text would look whole. */
		return text_clean_copy(member, f->size, text, len) == 2
		    ? refuse_value(f, rows->map->type, err)
		    : 0;
	}
	index = find_name(f, text);
	if (index < 0) {
		return refuse_value(f, rows->map->type, err);
	}
	record_set_number(f, record, index);
	return 0;
}

int
db_record_read(const struct rows *rows, const struct record_type *type, void *record,
    struct err *err)
{
	int count = rows->db->driver->columns(rows), i;

	if (rows->map->type != type) {
		map_columns(rows, type);
	}
	for (i = 0; i < count; i++) {
		if (rows->map->fields[i] != NULL &&
		    read_column(rows, i, record, err) < 0) {
			return -1;
		}
	}
	return 0;
}

/* ---- writing */

/* Appends the columns for which the flag's presence is as wanted, between separators. */
static void
put_names(
    struct buf *sql, const struct record_type *type, unsigned without, const char *format)
{
	const char *separator = "";
	size_t i;

	for (i = 0; i < type->count; i++) {
		const struct field *f = &type->fields[i];

		if (column_of(f) != COLUMN_NONE && (f->flags & without) == 0) {
			buf_puts(sql, separator);
			buf_puts(sql, f->name);
			buf_puts(sql, format);
			if (format[0] != '\0') {
				buf_puts(sql, f->name);
			}
			separator = ", ";
		}
	}
}

static void
put_keys(struct buf *sql, const struct record_type *type)
{
	const char *separator = "";
	size_t i;

	for (i = 0; i < type->count; i++) {
		if (type->fields[i].flags & FIELD_KEY) {
			buf_printf(sql, "%s%s", separator, type->fields[i].name);
			separator = ", ";
		}
	}
	assert(separator[0] != '\0');
}

static char *
write_sql(const char *table, const struct record_type *type, int put)
{
	struct buf sql = { 0 };
	size_t i, before, number = 0;

	buf_printf(&sql, "INSERT INTO %s (", table);
	put_names(&sql, type, 0, "");
	buf_puts(&sql, ") VALUES (");
	for (i = 0; i < type->count; i++) {
		if (column_of(&type->fields[i]) != COLUMN_NONE) {
			buf_printf(&sql, number == 0 ? "$%zu" : ", $%zu", number + 1);
			number++;
		}
	}
	buf_puts(&sql, ")");
	if (put) {
		buf_puts(&sql, " ON CONFLICT (");
		put_keys(&sql, type);
		buf_puts(&sql, ") DO UPDATE SET ");
		before = sql.len;
		put_names(&sql, type, FIELD_KEY, " = excluded.");
		/* A record of nothing but its identity has nothing to update. */
		assert(sql.len > before);
		if (record_field(type, "version") != NULL) {
			buf_printf(&sql, " WHERE %s.version <= excluded.version", table);
		}
	}
	return buf_detach(&sql);
}

static struct db_record_sql *
sql_for(struct db *db, const char *table, const struct record_type *type, int put)
{
	struct db_record_sql *r;

	for (r = db->record_sql; r != NULL; r = r->next) {
		if (r->type == type && r->put == put && strcmp(r->table, table) == 0) {
			return r;
		}
	}
	r = mem_alloc(sizeof(*r));
	r->type = type;
	r->table = mem_dup(table);
	r->put = put;
	r->statement.sql = write_sql(table, type, put);
	r->next = db->record_sql;
	db->record_sql = r;
	return r;
}

struct db_value
db_record_value(const struct field *f, const void *record)
{
	if (column_of(f) == COLUMN_TEXT) {
		return db_text(record_text(f, record));
	}
	if (column_of(f) == COLUMN_NAME) {
		return db_text(name_of(f, record_number(f, record)));
	}
	return db_int(record_number(f, record));
}

int
db_record_write(struct db *db, const char *table, const struct record_type *type,
    enum db_write how, const void *record, struct err *err)
{
	struct db_statement *statement = &sql_for(db, table, type, how == DB_WRITE_PUT)->statement;
	struct db_value values[DB_FIELDS_MAX];
	size_t count = 0, i;

	assert(type->count <= DB_FIELDS_MAX);
	for (i = 0; i < type->count; i++) {
		if (column_of(&type->fields[i]) != COLUMN_NONE) {
			values[count++] = db_record_value(&type->fields[i], record);
		}
	}
	return how == DB_WRITE_POST
	    ? db_post_statement(db, statement, values, count, DB_ANY, ERR_NONE, err)
	    : db_run_statement(db, statement, values, count, NULL, err);
}

void
db_record_columns(const struct record_type *type, struct buf *out)
{
	const char *separator = "";
	size_t i;

	for (i = 0; i < type->count; i++) {
		const struct field *f = &type->fields[i];

		if (column_of(f) == COLUMN_NONE) {
			continue;
		}
		buf_printf(out, "%s%s ", separator, f->name);
		if (column_of(f) == COLUMN_INT) {
			buf_puts(out, "BIGINT NOT NULL DEFAULT 0");
		} else {
			buf_printf(out, "TEXT NOT NULL DEFAULT '%s'",
			    column_of(f) == COLUMN_NAME ? name_of(f, 0) : "");
		}
		separator = ", ";
	}
}

void
db_record_unprepare(struct db *db)
{
	struct db_record_sql *r;

	for (r = db->record_sql; r != NULL; r = r->next) {
		if (r->statement.native != NULL) {
			db->driver->finalize(db, &r->statement);
		}
	}
}

void
db_record_forget(struct db *db)
{
	struct db_record_sql *r, *next;

	db_record_unprepare(db);
	for (r = db->record_sql; r != NULL; r = next) {
		next = r->next;
		free(r->statement.sql);
		free(r->table);
		free(r);
	}
	db->record_sql = NULL;
}

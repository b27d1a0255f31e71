/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The OpenAPI 3.1 document: a picture of the operations and field tables, nothing of its own. */
#include "shebao/operation.h"

#include <assert.h>
#include <ctype.h>
#include <string.h>

#include "shebao/buf.h"
#include "shebao/request.h"
#include "shebao/state_table.h"
#include "shebao/wire.h"
#include "shebao/wire_lean.h"
#include "wire_value.h"

#define TYPES_MAX 96

struct type_set {
	const struct record_type *types[TYPES_MAX];
	size_t count;
};

/* ---- schemas */

static void
add_type(struct type_set *set, const struct record_type *type)
{
	size_t i;

	if (type == NULL) {
		return;
	}
	for (i = 0; i < set->count; i++) {
		if (set->types[i] == type) {
			return;
		}
	}
	assert(set->count < TYPES_MAX);
	set->types[set->count++] = type;
	for (i = 0; i < type->count; i++) {
		if (type->fields[i].type == FIELD_RECORDS) {
			add_type(set, type->fields[i].item);
		}
	}
}

static void
put_reference(struct buf *out, const char *kind, const char *name)
{
	buf_printf(out, "{\"$ref\":\"#/components/%s/%s\"}", kind, name);
}

static void
put_text_schema(struct buf *out, const struct field *f)
{
	static const char *const patterns[FIELD_TYPE_COUNT] = {
		[FIELD_DATE] = "[0-9]{4}-[0-9]{2}-[0-9]{2}",
		[FIELD_PERIOD] = "[0-9]{4}-[0-9]{2}",
	};
	int required = (f->flags & FIELD_REQUIRED) != 0;

	if (patterns[f->type] != NULL) {
		buf_printf(out, "\"type\":\"string\",\"pattern\":\"^(%s)%s$\"",
		    patterns[f->type], required ? "" : "?");
		return;
	}
	/* The limit is one of bytes, which no text of so many characters can keep below. */
	buf_printf(out, "\"type\":\"string\",\"minLength\":%d,\"maxLength\":%zu",
	    required, f->size - 1);
	if ((f->flags & FIELD_SECRET) != 0) {
		buf_puts(out, ",\"format\":\"password\"");
	}
}

static void
put_names(struct buf *out, const struct field *f)
{
	const char *name;
	int i;

	buf_puts(out, "\"type\":\"string\",\"enum\":[");
	for (i = 0; (name = wire_value_name(f, i)) != NULL; i++) {
		buf_puts(out, i == 0 ? "" : ",");
		wire_value_put_string(out, name);
	}
	buf_puts(out, "]");
}

static void
put_list_schema(struct buf *out, const struct field *f)
{
	buf_printf(out, "\"type\":\"array\",\"minItems\":%d,\"maxItems\":%d,\"items\":",
	    (f->flags & FIELD_REQUIRED) != 0, WIRE_VALUE_ITEMS_MAX);
	if (f->type == FIELD_RECORDS) {
		put_reference(out, "schemas", f->item->name);
	} else {
		buf_printf(out, "{\"type\":\"string\",\"minLength\":1,\"maxLength\":%d}",
		    WIRE_VALUE_ITEM_SIZE - 1);
	}
}

static void
put_field_schema(struct buf *out, const struct field *f)
{
	static const char *const units[FIELD_TYPE_COUNT] = {
		[FIELD_FEN] = "fen",
		[FIELD_RATE] = "millionths",
		[FIELD_TIME] = "milliseconds since 1970-01-01 UTC, 0: not yet",
	};

	buf_puts(out, "{\"title\":");
	wire_value_put_string(out, f->label);
	buf_puts(out, ",");
	if (wire_value_is_text(f)) {
		put_text_schema(out, f);
	} else if (f->type == FIELD_STATE || f->type == FIELD_CHOICE) {
		put_names(out, f);
	} else if (f->type == FIELD_TEXTS || f->type == FIELD_RECORDS) {
		put_list_schema(out, f);
	} else if (f->type == FIELD_BYTES) {
		buf_puts(out, "\"type\":\"string\",\"contentEncoding\":\"base64\"");
	} else if (f->type == FIELD_BOOL) {
		buf_puts(out, "\"type\":\"boolean\"");
	} else {
		buf_puts(out, "\"type\":\"integer\",\"format\":\"int64\"");
	}
	if (units[f->type] != NULL) {
		buf_printf(out, ",\"description\":\"%s\"", units[f->type]);
	}
	buf_puts(out, "}");
}

static void
put_schema(struct buf *out, const struct record_type *type)
{
	const char *before = "";
	size_t i;

	buf_puts(out, "{\"type\":\"object\",\"required\":[");
	for (i = 0; i < type->count; i++) {
		if ((type->fields[i].flags & FIELD_REQUIRED) != 0) {
			buf_printf(out, "%s\"%s\"", before, type->fields[i].name);
			before = ",";
		}
	}
	buf_puts(out, "],\"properties\":{");
	for (i = 0; i < type->count; i++) {
		buf_printf(out, "%s\"%s\":", i == 0 ? "" : ",", type->fields[i].name);
		put_field_schema(out, &type->fields[i]);
	}
	buf_puts(out, "}}");
}

/* ---- operations */

static void
put_parameters(struct buf *out, const struct operation_row *row)
{
	size_t i;

	buf_puts(out, "\"parameters\":[");
	for (i = 0; i < row->request->count; i++) {
		const struct field *f = &row->request->fields[i];
		const char *brace = strchr(row->path, '{');
		int in_path =
		    brace != NULL && strncmp(brace + 1, f->name, strlen(f->name)) == 0;

		buf_printf(out,
		    "%s{\"name\":\"%s\",\"in\":\"%s\",\"required\":%s,\"schema\":",
		    i == 0 ? "" : ",", f->name, in_path ? "path" : "query",
		    in_path || (f->flags & FIELD_REQUIRED) != 0 ? "true" : "false");
		put_field_schema(out, f);
		buf_puts(out, "}");
	}
	buf_puts(out, "],");
}

static void
put_request(struct buf *out, const struct operation_row *row)
{
	struct buf header = { 0 };

	if (row->request == NULL) {
		return;
	}
	if (strcmp(row->method, "GET") == 0) {
		put_parameters(out, row);
		return;
	}
	buf_puts(out, "\"requestBody\":{\"required\":true,\"content\":{");
	if ((row->flags & OPERATION_ROWS) != 0) {
		wire_rows_header(row->request, &header);
		header.data[strcspn(header.data, "\r\n")] = '\0';
		buf_puts(out,
		    "\"text/csv\":{\"schema\":{\"type\":\"string\",\"description\":");
		wire_value_put_string(out, header.data);
		buf_puts(out, "}}");
		buf_release(&header);
	} else {
		buf_puts(out, "\"application/json\":{\"schema\":");
		put_reference(out, "schemas", row->request->name);
		buf_puts(out, "}");
	}
	buf_puts(out, "}},");
}

static void
put_responses(struct buf *out, const struct operation_row *row)
{
	int lists = (row->flags & OPERATION_LISTS) != 0;

	buf_printf(out, "\"responses\":{\"%d\":{\"description\":\"%s\"", row->status,
	    lists ? "one record a line" : "done");
	if (row->answer != NULL) {
		buf_printf(out, ",\"content\":{\"%s\":{\"schema\":",
		    lists ? "application/x-ndjson" : "application/json");
		put_reference(out, "schemas", row->answer->name);
		buf_puts(out, "}");
		if (lists && wire_lean_fits(row->answer)) {
			/* The same values as CSV, names in the first line. */
			buf_puts(out, ",\"" WIRE_LEAN_TYPE "\":{\"schema\":{\"type\":\"string\"}}");
		}
		buf_puts(out, "}");
	} else if ((row->flags & OPERATION_FILE) != 0) {
		buf_puts(out, ",\"content\":{\"" OPERATION_FILE_TYPE "\":{}}");
	}
	buf_puts(out, "},\"default\":");
	put_reference(out, "responses", "problem");
	buf_puts(out, "}");
}

static void
put_roles(struct buf *out, unsigned roles)
{
	static const struct {
		unsigned role;
		const char *name;
	} names[] = {
		{ ROLE_CLERK, "clerk" },
		{ ROLE_OFFICER, "officer" },
		{ ROLE_BUREAU, "bureau" },
	};
	const char *before = "";
	size_t i;

	if (roles == 0) {
		buf_puts(out, "\"security\":[],");
		return;
	}
	buf_puts(out, "\"security\":[{\"token\":[");
	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if ((roles & names[i].role) != 0) {
			buf_printf(out, "%s\"%s\"", before, names[i].name);
			before = ",";
		}
	}
	buf_puts(out, "]}],");
}

static void
put_operation(struct buf *out, const struct operation_row *row)
{
	size_t i;

	buf_puts(out, "\"");
	for (i = 0; row->method[i] != '\0'; i++) {
		char c = (char)tolower((unsigned char)row->method[i]);

		buf_put(out, &c, 1);
	}
	buf_printf(out, "\":{\"operationId\":\"%s\",\"summary\":", row->name);
	wire_value_put_string(out, row->summary);
	buf_puts(out, ",");
	put_roles(out, row->role);
	put_request(out, row);
	put_responses(out, row);
	buf_puts(out, "}");
}

/* True for the first row of its path; the others of that path are printed with it. */
static int
is_first_of_path(int op)
{
	int i;

	for (i = 0; i < op; i++) {
		if (strcmp(operation_row((enum operation)i)->path,
			operation_row((enum operation)op)->path) == 0) {
			return 0;
		}
	}
	return 1;
}

static void
put_path(struct buf *out, int first)
{
	const char *path = operation_row((enum operation)first)->path, *before = "";
	int i;

	buf_printf(out, "\"%s\":{", path);
	for (i = first; i < OPERATION_COUNT; i++) {
		if (strcmp(operation_row((enum operation)i)->path, path) == 0) {
			buf_puts(out, before);
			put_operation(out, operation_row((enum operation)i));
			before = ",\n";
		}
	}
	buf_puts(out, "}");
}

/* What "code" of a problem document may be. */
static void
put_codes(struct buf *out)
{
	int i;

	buf_puts(out, "\"x-problem-codes\":[");
	for (i = ERR_NONE + 1; i < ERR_CODE_COUNT; i++) {
		const struct err_info *info = err_info((enum err_code)i);

		buf_printf(out, "%s\n{\"code\":\"%s\",\"status\":%d,\"number\":%d}",
		    i > ERR_NONE + 1 ? "," : "", info->name, info->http_status, info->number);
	}
	buf_puts(out, "],\n");
}

static void
put_components(struct buf *out, const struct type_set *set)
{
	size_t i;

	buf_puts(out,
	    "\"components\":{\"securitySchemes\":{\"token\":"
	    "{\"type\":\"http\",\"scheme\":\"bearer\"}},\n"
	    "\"responses\":{\"problem\":{\"description\":\"refused or failed, RFC 9457\","
	    "\"content\":{\"application/problem+json\":{\"schema\":");
	put_reference(out, "schemas", request_problem.name);
	buf_puts(out, "}}}},\n\"schemas\":{");
	for (i = 0; i < set->count; i++) {
		buf_printf(out, "%s\"%s\":", i == 0 ? "\n" : ",\n", set->types[i]->name);
		put_schema(out, set->types[i]);
	}
	buf_puts(out, "}}");
}

void
operation_openapi(struct buf *out)
{
	struct type_set set = { 0 };
	int i;

	buf_puts(out,
	    "{\"openapi\":\"3.1.0\",\"info\":{\"title\":\"shebao collection service\","
	    "\"version\":\"" SHEBAO_VERSION "\"},\n\"paths\":{");
	for (i = 0; i < OPERATION_COUNT; i++) {
		const struct operation_row *row = operation_row((enum operation)i);

		if (is_first_of_path(i)) {
			buf_puts(out, i == 0 ? "\n" : ",\n");
			put_path(out, i);
		}
		if (strcmp(row->method, "GET") != 0 &&
		    (row->flags & OPERATION_ROWS) == 0) {
			add_type(&set, row->request);
		}
		add_type(&set, row->answer);
	}
	add_type(&set, &request_problem);
	buf_puts(out, "},\n");
	put_codes(out);
	put_components(out, &set);
	buf_puts(out, "}\n");
}

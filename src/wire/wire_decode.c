/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * JSON to records, strictly. Nothing of the text is repeated in an error but the offending
 * value itself, and of a secret member not even that.
 */
#include "shebao/wire.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "shebao/hex.h"
#include "shebao/i18n.h"
#include "shebao/mem.h"
#include "shebao/text.h"
#include "wire_flat.h"
#include "wire_value.h"

#define DEPTH_MAX 16
#define PATH_SIZE 128

/* Where we are, from the inside out: member of a record, or item of a list. */
struct place {
	const struct place *outer;
	const char *name; /* NULL: item */
	size_t index;
};

struct decoder {
	enum wire_mode mode;
	struct err *err;
};

/* ---- memory of the parser: passwords pass through it, so it is wiped when it is freed */

union header {
	size_t size;
	max_align_t align;
};

static void *(*const volatile wipe)(void *, int, size_t) = memset;

static void *
parser_alloc(size_t size)
{
	union header *header;

	/* The parser itself asserts that its buffers grow. */
	header = mem_resize(NULL, 1, size > SIZE_MAX - sizeof(*header) ? SIZE_MAX : sizeof(*header) + size);
	header->size = size;
	return header + 1;
}

static void
parser_free(void *p)
{
	union header *header = p;

	if (p == NULL) {
		return;
	}
	header--;
	wipe(p, 0, header->size);
	free(header);
}

static void
prepare_parser(void)
{
	json_set_alloc_funcs(parser_alloc, parser_free);
}

/* ---- errors */

static void
print_place(const struct place *at, char *out)
{
	size_t n;

	if (at == NULL) {
		out[0] = '\0';
		return;
	}
	print_place(at->outer, out);
	n = strlen(out);
	if (at->name == NULL) {
		snprintf(out + n, PATH_SIZE - n, "[%zu]", at->index);
	} else {
		snprintf(out + n, PATH_SIZE - n, "%s%s", n == 0 ? "" : ".", at->name);
	}
}

/* A request that cannot be read is its sender's fault, an answer the service's. */
static int
refuse(
    const struct decoder *d, const struct place *at, enum err_code code, const char *why)
{
	char path[PATH_SIZE];

	print_place(at, path);
	return err_set(d->err, d->mode == WIRE_LENIENT ? ERR_SERVICE : code, "%s%s%s",
	    path, path[0] == '\0' ? "" : ": ", why);
}

static int
refuse_type(const struct decoder *d, const struct place *at, const json_t *found,
    const char *expected)
{
	static const char *const kinds[] = {
		[JSON_OBJECT] = N_("对象"),
		[JSON_ARRAY] = N_("数组"),
		[JSON_STRING] = N_("文本"),
		[JSON_INTEGER] = N_("整数"),
		[JSON_REAL] = N_("小数"),
		[JSON_TRUE] = "true",
		[JSON_FALSE] = "false",
		[JSON_NULL] = "null",
	};
	char why[128];

	snprintf(why, sizeof(why), _("是%s，应为%s"), _(kinds[json_typeof(found)]),
	    _(expected));
	return refuse(d, at, ERR_REQUEST, why);
}

/* ---- values */

static int
decode_text(const struct decoder *d, const struct place *at, const struct field *f,
    const json_t *value, void *record)
{
	char why[ERR_TEXT_MAX];
	int result;

	if (!json_is_string(value)) {
		return refuse_type(d, at, value, N_("文本"));
	}
	result = wire_value_set_text(f, record, json_string_value(value),
	    json_string_length(value), why, sizeof(why));
	if (result < 0) {
		return refuse(d, at, result == -2 ? ERR_LIMIT : ERR_REQUEST, why);
	}
	return 0;
}

static int
decode_name(const struct decoder *d, const struct place *at, const struct field *f,
    const json_t *value, void *record)
{
	char why[ERR_TEXT_MAX];
	int index;

	if (!json_is_string(value)) {
		return refuse_type(d, at, value, N_("文本"));
	}
	index = wire_value_by_name(f, json_string_value(value));
	if (index < 0) {
		wire_value_expect_name(f, json_string_value(value),
		    json_string_length(value), why, sizeof(why));
		return refuse(d, at, ERR_REQUEST, why);
	}
	record_set_number(f, record, index);
	return 0;
}

static int
decode_texts(const struct decoder *d, const struct place *at, const struct field *f,
    const json_t *value, void *record)
{
	struct text_list *list = (void *)((char *)record + f->offset);
	char item[WIRE_VALUE_ITEM_SIZE], why[ERR_TEXT_MAX];
	/* Every item passes as a text member of its own. */
	const struct field item_field = { .name = f->name,
		.label = f->label,
		.type = FIELD_TEXT,
		.flags = f->flags | FIELD_REQUIRED,
		.size = sizeof(item) };
	size_t i;

	for (i = 0; i < json_array_size(value); i++) {
		const json_t *text = json_array_get(value, i);
		struct place here = { .outer = at, .index = i };
		int result;

		if (!json_is_string(text)) {
			return refuse_type(d, &here, text, N_("文本"));
		}
		result = wire_value_set_text(&item_field, item, json_string_value(text),
		    json_string_length(text), why, sizeof(why));
		if (result < 0) {
			return refuse(
			    d, &here, result == -2 ? ERR_LIMIT : ERR_REQUEST, why);
		}
		text_list_add(list, item);
	}
	return 0;
}

static int decode_record(const struct decoder *d, const struct place *at,
    const struct record_type *type, json_t *object, void *record);

static int
decode_records(const struct decoder *d, const struct place *at, const struct field *f,
    const json_t *value, void *record)
{
	struct record_list *list = (void *)((char *)record + f->offset);
	size_t i;

	for (i = 0; i < json_array_size(value); i++) {
		struct place here = { .outer = at, .index = i };

		if (decode_record(d, &here, f->item, json_array_get(value, i),
			record_list_add(list, f->item)) < 0) {
			return -1;
		}
	}
	return 0;
}

static int
decode_list(const struct decoder *d, const struct place *at, const struct field *f,
    const json_t *value, void *record)
{
	char why[128];

	if (!json_is_array(value)) {
		return refuse_type(d, at, value, N_("数组"));
	}
	if (json_array_size(value) > WIRE_VALUE_ITEMS_MAX) {
		snprintf(why, sizeof(why), _("有 %zu 项，最多 %d 项"),
		    json_array_size(value), WIRE_VALUE_ITEMS_MAX);
		return refuse(d, at, ERR_LIMIT, why);
	}
	if (json_array_size(value) == 0 && (f->flags & FIELD_REQUIRED) != 0) {
		return refuse(d, at, ERR_REQUEST, _("为空，应至少有一项"));
	}
	return f->type == FIELD_TEXTS ? decode_texts(d, at, f, value, record)
				      : decode_records(d, at, f, value, record);
}

static int
decode_bytes(const struct decoder *d, const struct place *at, const struct field *f,
    const json_t *value, void *record)
{
	struct byte_string *bytes = (void *)((char *)record + f->offset);
	struct buf plain = { 0 }, again = { 0 };
	const char *text;
	int same;

	if (!json_is_string(value)) {
		return refuse_type(d, at, value, N_("base64 文本"));
	}
	text = json_string_value(value);
	/* Encoded again it must be the same text: one spelling only. */
	same = hex_base64_decode(&plain, text, NULL) == 0;
	hex_base64_encode(&again, plain.data, plain.len);
	same = same && strcmp(buf_text(&again), text) == 0;
	buf_release(&again);
	if (!same) {
		buf_release(&plain);
		return refuse(
		    d, at, ERR_REQUEST, _("不是 base64 文本，应为 RFC 4648 的 base64"));
	}
	if (plain.len == 0) {
		buf_release(&plain);
		return (f->flags & FIELD_REQUIRED) == 0
		    ? 0
		    : refuse(d, at, ERR_REQUEST, _("为空，应有内容"));
	}
	bytes->len = plain.len;
	bytes->bytes = (unsigned char *)buf_detach(&plain);
	return 0;
}

static int
decode_number(const struct decoder *d, const struct place *at, const struct field *f,
    const json_t *value, void *record)
{
	if (!json_is_integer(value)) {
		return refuse_type(d, at, value, N_("整数"));
	}
	record_set_number(f, record, json_integer_value(value));
	return 0;
}

static int
decode_value(const struct decoder *d, const struct place *at, const struct field *f,
    const json_t *value, void *record)
{
	switch (f->type) {
	case FIELD_TEXT:
	case FIELD_DATE:
	case FIELD_PERIOD:
		return decode_text(d, at, f, value, record);
	case FIELD_NUMBER:
	case FIELD_FEN:
	case FIELD_RATE:
	case FIELD_TIME:
		return decode_number(d, at, f, value, record);
	case FIELD_BOOL:
		if (!json_is_boolean(value)) {
			return refuse_type(d, at, value, N_("true 或 false"));
		}
		record_set_number(f, record, json_is_true(value));
		return 0;
	case FIELD_STATE:
	case FIELD_CHOICE:
		return decode_name(d, at, f, value, record);
	case FIELD_TEXTS:
	case FIELD_RECORDS:
		return decode_list(d, at, f, value, record);
	case FIELD_BYTES:
		return decode_bytes(d, at, f, value, record);
	case FIELD_TYPE_COUNT:
		break;
	}
	return 0;
}

/* ---- records */

static int
refuse_unknown(const struct decoder *d, const struct place *at,
    const struct record_type *type, json_t *object)
{
	void *i;

	for (i = json_object_iter(object); i != NULL;
	     i = json_object_iter_next(object, i)) {
		const char *key = json_object_iter_key(i);
		char shown[WIRE_VALUE_SHOWN], why[128];

		if (record_field(type, key) == NULL) {
			wire_value_show(NULL, key, strlen(key), shown, sizeof(shown));
			snprintf(why, sizeof(why), _("没有名为“%s”的成员"), shown);
			return refuse(d, at, ERR_REQUEST, why);
		}
	}
	return 0;
}

static int
decode_record(const struct decoder *d, const struct place *at,
    const struct record_type *type, json_t *object, void *record)
{
	size_t i;

	if (!json_is_object(object)) {
		return refuse_type(d, at, object, N_("对象"));
	}
	if (d->mode == WIRE_STRICT && refuse_unknown(d, at, type, object) < 0) {
		return -1;
	}
	for (i = 0; i < type->count; i++) {
		const struct field *f = &type->fields[i];
		const json_t *value = json_object_get(object, f->name);
		struct place here = { .outer = at, .name = f->name };

		if (value == NULL && (f->flags & FIELD_REQUIRED) != 0) {
			return refuse(d, &here, ERR_REQUEST, _("缺少这个成员"));
		}
		if (value != NULL && decode_value(d, &here, f, value, record) < 0) {
			return -1;
		}
	}
	return 0;
}

/* Counted before parsing, so that the parser never recurses deeper. */
static int
is_too_deep(const char *json, size_t n)
{
	int depth = 0, in_string = 0;
	size_t i;

	for (i = 0; i < n; i++) {
		char c = json[i];

		if (in_string) {
			if (c == '\\') {
				i++;
			} else if (c == '"') {
				in_string = 0;
			}
		} else if (c == '"') {
			in_string = 1;
		} else if ((c == '{' || c == '[') && ++depth > DEPTH_MAX) {
			return 1;
		} else if (c == '}' || c == ']') {
			depth--;
		}
	}
	return 0;
}

static int
refuse_syntax(const struct decoder *d, const json_error_t *found)
{
	const char *what = _("不是正确的 JSON");
	char why[192];

	/* The parser's own words may repeat a part of a secret. */
	if (json_error_code(found) == json_error_duplicate_key) {
		what = _("同一成员出现了两次");
	} else if (json_error_code(found) == json_error_numeric_overflow) {
		what = _("数字太大，应为 64 位整数");
	} else if (json_error_code(found) == json_error_invalid_utf8) {
		what = _("不是 UTF-8 文字");
	} else if (json_error_code(found) == json_error_null_character) {
		what = _("含有 NUL 字符");
	}
	snprintf(why, sizeof(why), _("第 %d 行第 %d 列附近：%s"), found->line,
	    found->column, what);
	return refuse(d, NULL, ERR_REQUEST, why);
}

int
wire_decode(const struct record_type *type, const char *json, size_t n,
    enum wire_mode mode, void *record, struct err *err)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	const struct decoder d = { .mode = mode, .err = err };
	json_error_t found;
	json_t *root;
	int result;

	if (wire_flat_decode(type, json, n, record)) {
		return 0;
	}
	pthread_once(&once, prepare_parser);
	if (is_too_deep(json, n)) {
		return refuse(&d, NULL, ERR_REQUEST, _("嵌套超过 16 层"));
	}
	root = json_loadb(json, n, JSON_REJECT_DUPLICATES, &found);
	if (root == NULL) {
		return refuse_syntax(&d, &found);
	}
	result = decode_record(&d, NULL, type, root, record);
	json_decref(root);
	return result;
}

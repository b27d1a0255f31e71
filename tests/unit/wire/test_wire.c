/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Every record type there and back, every member filled. */
#include <stdint.h>
#include <stdio.h>

#include "shebao/state_table.h"
#include "shebao/wire.h"
#include "types.h"
#include "unit/unit.h"

/* One filling a round: empty-ish, ordinary, as full as the member holds. */
enum filling {
	FILL_LEAST,
	FILL_USUAL,
	FILL_MOST,
	FILL_COUNT
};

static void
fill_text(const struct field *f, char *text, enum filling filling)
{
	static const char usual[] = "社保\"费\\/<b>&\xf0\xa0\x80\x80 é";
	size_t room = f->size - 1, n = 0;

	if (filling == FILL_LEAST) {
		text[0] = (f->flags & FIELD_REQUIRED) != 0 ? '0' : '\0';
		return;
	}
	if (filling == FILL_MOST) {
		memset(text, 'Z', room);
		memcpy(text, "\"\\", room < 2 ? room : 2);
		return;
	}
	while (n + 3 <= room && n + 3 <= 6) {
		memcpy(text + n, usual + n, 3);
		n += 3;
	}
	if (room >= sizeof(usual)) {
		memcpy(text, usual, sizeof(usual));
	}
}

static int64_t
fill_number(enum filling filling, size_t i)
{
	static const int64_t numbers[FILL_COUNT][2] = {
		[FILL_LEAST] = { 0, INT64_MIN },
		[FILL_USUAL] = { 9007199254740993, -1 },
		[FILL_MOST] = { INT64_MAX, 123456789 },
	};

	return numbers[filling][i % 2];
}

static void fill(const struct record_type *type, void *record, enum filling filling);

static void
fill_lists(const struct field *f, void *member, enum filling filling)
{
	size_t count = (f->flags & FIELD_REQUIRED) != 0 ? (size_t)filling + 1
							: (size_t)filling,
	       i;
	struct byte_string *bytes = member;

	if (f->type == FIELD_BYTES) {
		bytes->len = count * 100 + (count != 0);
		bytes->bytes = bytes->len == 0 ? NULL : mem_alloc(bytes->len);
		for (i = 0; i < bytes->len; i++) {
			bytes->bytes[i] = (unsigned char)(i * 7);
		}
		return;
	}
	for (i = 0; i < count; i++) {
		if (f->type == FIELD_TEXTS) {
			text_list_add(member, i == 0 ? "00048857" : "征集\"单\\1");
		} else {
			fill(f->item, record_list_add(member, f->item), filling);
		}
	}
}

static size_t
name_count(const struct field *f)
{
	return f->type == FIELD_CHOICE ? f->choices->count : f->states->states;
}

static void
fill(const struct record_type *type, void *record, enum filling filling)
{
	size_t i;

	for (i = 0; i < type->count; i++) {
		const struct field *f = &type->fields[i];
		char *member = (char *)record + f->offset;

		if (f->type == FIELD_TEXT) {
			fill_text(f, member, filling);
		} else if (f->type == FIELD_DATE || f->type == FIELD_PERIOD) {
			memcpy(member, f->type == FIELD_DATE ? "2020-02-29" : "2020-06",
			    f->size);
			if (filling == FILL_LEAST && (f->flags & FIELD_REQUIRED) == 0) {
				member[0] = '\0';
			}
		} else if (f->type == FIELD_STATE || f->type == FIELD_CHOICE) {
			record_set_number(f, record,
			    filling == FILL_LEAST
				? 0
				: (int64_t)((i + filling) % name_count(f)));
		} else if (f->type == FIELD_BOOL) {
			record_set_number(f, record, filling == FILL_MOST);
		} else if (f->type == FIELD_TEXTS || f->type == FIELD_RECORDS ||
		    f->type == FIELD_BYTES) {
			fill_lists(f, member, filling);
		} else {
			record_set_number(f, record, fill_number(filling, i));
		}
	}
}

static void assert_same(const struct record_type *type, const void *a, const void *b);

static void
assert_same_lists(const struct field *f, const void *a, const void *b)
{
	const struct text_list *texts = a, *other_texts = b;
	const struct record_list *records = a, *other_records = b;
	size_t i;

	if (f->type == FIELD_TEXTS) {
		ck_assert_uint_eq(texts->count, other_texts->count);
		for (i = 0; i < texts->count; i++) {
			ck_assert_str_eq(texts->items[i], other_texts->items[i]);
		}
		return;
	}
	ck_assert_uint_eq(records->count, other_records->count);
	for (i = 0; i < records->count; i++) {
		assert_same(f->item, record_list_at(records, f->item, i),
		    record_list_at(other_records, f->item, i));
	}
}

static void
assert_same(const struct record_type *type, const void *a, const void *b)
{
	size_t i;

	for (i = 0; i < type->count; i++) {
		const struct field *f = &type->fields[i];
		const void *one = (const char *)a + f->offset,
			   *other = (const char *)b + f->offset;
		const struct byte_string *bytes = one, *other_bytes = other;

		if (f->type == FIELD_TEXTS || f->type == FIELD_RECORDS) {
			assert_same_lists(f, one, other);
		} else if (f->type == FIELD_BYTES) {
			ck_assert_uint_eq(bytes->len, other_bytes->len);
			ck_assert(bytes->len == 0 ||
			    memcmp(bytes->bytes, other_bytes->bytes, bytes->len) == 0);
		} else if (f->type == FIELD_TEXT || f->type == FIELD_DATE ||
		    f->type == FIELD_PERIOD) {
			ck_assert_msg(strcmp(one, other) == 0, "%s.%s: “%s”, “%s”",
			    type->name, f->name, (const char *)one, (const char *)other);
		} else {
			ck_assert_msg(record_number(f, a) == record_number(f, b), "%s.%s",
			    type->name, f->name);
		}
	}
}

static void
check_round_trip(
    const struct record_type *type, enum filling filling, enum wire_mode mode)
{
	void *record = mem_alloc(type->size), *back = mem_alloc(type->size);
	struct buf json = { 0 }, again = { 0 };
	struct err err = { 0 };

	fill(type, record, filling);
	wire_encode(type, record, &json);
	ck_assert_msg(wire_decode(type, json.data, json.len, mode, back, &err) == 0,
	    "%s: %s\n%s", type->name, err.text, json.data);
	assert_same(type, record, back);
	wire_encode(type, back, &again);
	ck_assert_str_eq(json.data, again.data);
	record_release(type, record);
	record_release(type, back);
	buf_release(&json);
	buf_release(&again);
	free(record);
	free(back);
}

START_TEST(every_record_comes_back_from_json_as_it_was)
{
	size_t i;
	int filling;

	for (i = 0; i < ARRAY_LEN(types); i++) {
		for (filling = 0; filling < FILL_COUNT; filling++) {
			check_round_trip(types[i], (enum filling)filling, WIRE_STRICT);
			check_round_trip(types[i], (enum filling)filling, WIRE_LENIENT);
		}
	}
}
END_TEST

/* All names of every state table and choice set, and nothing beside them. */
START_TEST(every_state_and_choice_has_a_name_that_comes_back)
{
	size_t i, k;
	int64_t v;
	int seen = 0;

	for (i = 0; i < ARRAY_LEN(types); i++) {
		for (k = 0; k < types[i]->count; k++) {
			const struct field *f = &types[i]->fields[k];
			struct record_type one = { .name = "one",
				.size = types[i]->size,
				.fields = f,
				.count = 1 };

			if (f->type != FIELD_STATE && f->type != FIELD_CHOICE) {
				continue;
			}
			for (v = 0; v < (int64_t)name_count(f); v++) {
				void *record = mem_alloc(one.size),
				     *back = mem_alloc(one.size);
				struct buf json = { 0 };
				struct err err = { 0 };

				record_set_number(f, record, v);
				wire_encode(&one, record, &json);
				ck_assert_int_eq(wire_decode(&one, json.data, json.len,
						     WIRE_STRICT, back, &err),
				    0);
				ck_assert_int_eq(record_number(f, back), v);
				buf_release(&json);
				free(record);
				free(back);
				seen++;
			}
		}
	}
	ck_assert_int_gt(seen, 30);
}
END_TEST

static int
is_query(const struct record_type *type)
{
	size_t i;

	for (i = 0; i < type->count; i++) {
		enum field_type t = type->fields[i].type;

		if (t == FIELD_TEXTS || t == FIELD_RECORDS || t == FIELD_BYTES) {
			return 0;
		}
	}
	return 1;
}

START_TEST(every_record_of_scalars_comes_back_from_a_query_as_it_was)
{
	size_t i;
	int filling, seen = 0;

	for (i = 0; i < ARRAY_LEN(types); i++) {
		for (filling = 0; filling < FILL_COUNT && is_query(types[i]); filling++) {
			void *record = mem_alloc(types[i]->size),
			     *back = mem_alloc(types[i]->size);
			struct buf query = { 0 };
			struct err err = { 0 };

			fill(types[i], record, (enum filling)filling);
			wire_encode_query(types[i], record, &query);
			if (query.len < 8000) {
				ck_assert_msg(wire_decode_query(types[i],
						  buf_text(&query), back, &err) == 0,
				    "%s: %s\n%s", types[i]->name, err.text, query.data);
				assert_same(types[i], record, back);
				seen++;
			}
			buf_release(&query);
			free(record);
			free(back);
		}
	}
	ck_assert_int_gt(seen, 90);
}
END_TEST

START_TEST(query_is_strict)
{
	static const struct {
		const char *query, *error;
	} cases[] = {
		{ "after=1&after=2", "after: 出现了两次" },
		{ "before=1", "没有名为“before”的查询参数" },
		{ "after", "查询参数“after”写法不对，应为 名称=值" },
		{ "after=", "after: “”不是整数，应为 64 位整数" },
		{ "after=+1", "after: “ 1”不是整数，应为 64 位整数" },
		{ "after=1.0", "after: “1.0”不是整数，应为 64 位整数" },
		{ "after=0x10", "after: “0x10”不是整数，应为 64 位整数" },
		{ "after=9223372036854775808",
		    "after: “9223372036854775808”不是整数，应为 64 位整数" },
		{ "after=%3", "after: 百分号编码不对，或超过 2048 字节" },
		{ "after=%zz", "after: 百分号编码不对，或超过 2048 字节" },
		{ "after=1%00", "after: 百分号编码不对，或超过 2048 字节" },
	};
	struct list_request list = { 0 };
	struct err err;
	size_t i;

	for (i = 0; i < ARRAY_LEN(cases); i++) {
		err = (struct err){ 0 };
		ck_assert_int_eq(
		    wire_decode_query(&request_list, cases[i].query, &list, &err), -1);
		ck_assert_str_eq(err.text, cases[i].error);
		ck_assert_int_eq(err.code, ERR_REQUEST);
	}
	err = (struct err){ 0 };
	list = (struct list_request){ 0 };
	ck_assert_int_eq(
	    wire_decode_query(&request_list, "&limit=5&&%61fter=-7", &list, &err), 0);
	ck_assert_int_eq(list.limit, 5);
	ck_assert_int_eq(list.after, -7);
	ck_assert_int_eq(wire_decode_query(&request_verify, "", &list, &err), -1);
	ck_assert_str_eq(err.text, "code: 缺少这个查询参数");
}
END_TEST

START_TEST(list_is_an_array_with_a_record_a_line)
{
	struct numbers_answer counts[2] = { { 1 }, { 2 } };
	struct buf out = { 0 };

	wire_encode_list(&request_numbers_answer, NULL, 0, &out);
	ck_assert_str_eq(out.data, "[]\n");
	buf_clear(&out);
	wire_encode_list(&request_numbers_answer, counts, 2, &out);
	ck_assert_str_eq(out.data, "[\n{\"count\":1},\n{\"count\":2}\n]\n");
	buf_release(&out);
}
END_TEST

START_TEST(answer_that_cannot_be_read_is_the_services_fault)
{
	struct numbers_answer answer = { 0 };
	struct err err = { 0 };

	ck_assert_int_eq(wire_decode(&request_numbers_answer, "{\"count\":1,\"more\":[]}",
			     20, WIRE_LENIENT, &answer, &err),
	    -1);
	ck_assert_int_eq(err.code, ERR_SERVICE);
	err = (struct err){ 0 };
	ck_assert_int_eq(wire_decode(&request_numbers_answer, "{\"count\":1,\"more\":[]}",
			     21, WIRE_LENIENT, &answer, &err),
	    0);
	ck_assert_int_eq(answer.count, 1);
	ck_assert_int_eq(wire_decode(&request_numbers_answer, "{\"count\":1,\"more\":[]}",
			     21, WIRE_STRICT, &answer, &err),
	    -1);
	ck_assert_int_eq(err.code, ERR_REQUEST);
	ck_assert_str_eq(err.text, "没有名为“more”的成员");
}
END_TEST

/* depth 16 is read as far as its own mistake, 17 is not looked into. */
START_TEST(depth_is_limited_before_parsing)
{
	char json[256];
	struct err err = { 0 };
	struct numbers_answer answer = { 0 };
	int depth;

	for (depth = 15; depth <= 16; depth++) {
		int n =
		    snprintf(json, sizeof(json), "{\"count\":1,\"more\":%.*s\"[[{\"%.*s}",
			depth, "[[[[[[[[[[[[[[[[[[[[", depth, "]]]]]]]]]]]]]]]]]]]]");

		err = (struct err){ 0 };
		ck_assert_int_eq(wire_decode(&request_numbers_answer, json, (size_t)n,
				     WIRE_LENIENT, &answer, &err),
		    depth == 15 ? 0 : -1);
	}
	ck_assert_str_eq(err.text, "嵌套超过 16 层");
}
END_TEST

START_TEST(list_of_more_than_100000_items_is_refused)
{
	struct buf json = { 0 };
	struct feedback_request request = { 0 };
	struct err err = { 0 };
	int i;

	buf_puts(&json, "{\"declaration_ids\":[");
	for (i = 0; i < 100000; i++) {
		buf_puts(&json, i == 0 ? "\"a\"" : ",\"a\"");
	}
	buf_puts(&json, "]}");
	ck_assert_int_eq(wire_decode(&request_feedback, json.data, json.len, WIRE_STRICT,
			     &request, &err),
	    0);
	ck_assert_uint_eq(request.declaration_ids.count, 100000);
	record_release(&request_feedback, &request);
	json.len -= 2;
	buf_puts(&json, ",\"a\"]}");
	ck_assert_int_eq(wire_decode(&request_feedback, json.data, json.len, WIRE_STRICT,
			     &request, &err),
	    -1);
	ck_assert_int_eq(err.code, ERR_LIMIT);
	ck_assert_str_eq(err.text, "declaration_ids: 有 100001 项，最多 100000 项");
	record_release(&request_feedback, &request);
	buf_release(&json);
}
END_TEST

/* Cut anywhere, a record is refused, and what was decoded before is released by the caller. */
START_TEST(every_prefix_of_a_record_is_refused)
{
	struct payment payment = { 0 }, back;
	struct buf json = { 0 };
	size_t n;

	fill(&payment_type, &payment, FILL_USUAL);
	wire_encode(&payment_type, &payment, &json);
	for (n = 0; n < json.len; n++) {
		struct err err = { 0 };

		back = (struct payment){ 0 };
		ck_assert_int_eq(
		    wire_decode(&payment_type, json.data, n, WIRE_STRICT, &back, &err),
		    -1);
		ck_assert_int_ne(err.code, ERR_NONE);
		record_release(&payment_type, &back);
	}
	record_release(&payment_type, &payment);
	buf_release(&json);
}
END_TEST

UNIT_MAIN("wire", every_record_comes_back_from_json_as_it_was,
    every_state_and_choice_has_a_name_that_comes_back,
    every_record_of_scalars_comes_back_from_a_query_as_it_was, query_is_strict,
    list_is_an_array_with_a_record_a_line,
    answer_that_cannot_be_read_is_the_services_fault, depth_is_limited_before_parsing,
    list_of_more_than_100000_items_is_refused, every_prefix_of_a_record_is_refused)

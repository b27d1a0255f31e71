/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Names of states and choices, and texts that are taken as they are or not at all. */
#include "wire_value.h"

#include <stdio.h>
#include <string.h>

#include "shebao/choice.h"
#include "shebao/i18n.h"
#include "shebao/state_table.h"
#include "shebao/text.h"

int
wire_value_is_text(const struct field *f)
{
	return f->type == FIELD_TEXT || f->type == FIELD_DATE || f->type == FIELD_PERIOD;
}

const char *
wire_value_name(const struct field *f, int64_t index)
{
	if (index < 0) {
		return NULL;
	}
	if (f->type == FIELD_CHOICE) {
		return (size_t)index < f->choices->count ? f->choices->rows[index].name
							 : NULL;
	}
	return (size_t)index < f->states->states ? f->states->state_names[index] : NULL;
}

int
wire_value_by_name(const struct field *f, const char *name)
{
	const char *known;
	int i;

	for (i = 0; (known = wire_value_name(f, i)) != NULL; i++) {
		if (strcmp(known, name) == 0) {
			return i;
		}
	}
	return -1;
}

void
wire_value_show(const struct field *f, const char *s, size_t n, char *out, size_t size)
{
	if (f != NULL && (f->flags & FIELD_SECRET) != 0) {
		snprintf(out, size, "%s", _("（不显示）"));
		return;
	}
	text_clean_copy(out, size < WIRE_VALUE_SHOWN ? size : WIRE_VALUE_SHOWN, s, n);
}

void
wire_value_expect_name(
    const struct field *f, const char *s, size_t n, char *why, size_t why_size)
{
	char shown[WIRE_VALUE_SHOWN];
	const char *name;
	size_t used;
	int i;

	wire_value_show(f, s, n, shown, sizeof(shown));
	snprintf(why, why_size, _("“%s”不在可选值中，应为 "), shown);
	for (i = 0; (name = wire_value_name(f, i)) != NULL; i++) {
		used = strlen(why);
		snprintf(why + used, why_size - used, "%s%s", i == 0 ? "" : ", ", name);
	}
}

/* A date or period must already be in the one spelling: what record_parse would mend is not
 * accepted here. */
static int
set_day(const struct field *f, void *record, const char *s, size_t n, char *why,
    size_t why_size)
{
	struct err err = { 0 };
	char text[DATE_SIZE];

	memcpy(text, s, n);
	text[n] = '\0';
	if (record_parse(f, record, text, &err) < 0) {
		snprintf(why, why_size, "%s", err.text);
		return -1;
	}
	if (strcmp(record_text(f, record), text) != 0) {
		snprintf(why, why_size, _("“%s”的写法不对，应为 %s"), text,
		    record_text(f, record));
		return -1;
	}
	return 0;
}

int
wire_value_set_text(const struct field *f, void *record, const char *s, size_t n,
    char *why, size_t why_size)
{
	char shown[WIRE_VALUE_SHOWN];

	if (n == 0 && (f->flags & FIELD_REQUIRED) != 0) {
		snprintf(why, why_size, _("为空，应填写%s"), _(f->label));
		return -1;
	}
	if (n >= f->size) {
		snprintf(why, why_size, _("长 %zu 字节，最多 %zu 字节"), n, f->size - 1);
		return -2;
	}
	if (!text_is_clean(s, n)) {
		wire_value_show(f, s, n, shown, sizeof(shown));
		snprintf(why, why_size, _("“%s”含有不可见或不允许的字符，应为普通文字"),
		    shown);
		return -1;
	}
	if (n > 0 && f->type != FIELD_TEXT) {
		return set_day(f, record, s, n, why, why_size);
	}
	memcpy((char *)record + f->offset, s, n);
	((char *)record)[f->offset + n] = '\0';
	return 0;
}

void
wire_value_put_string(struct buf *out, const char *s)
{
	const char *from = s, *p;

	buf_puts(out, "\"");
	for (p = s; *p != '\0'; p++) {
		unsigned char c = (unsigned char)*p;

		if (c >= 0x20 && c != '"' && c != '\\') {
			continue;
		}
		buf_put(out, from, (size_t)(p - from));
		from = p + 1;
		if (c < 0x20) {
			buf_printf(out, "\\u%04x", c);
		} else {
			buf_printf(out, "\\%c", c);
		}
	}
	buf_put(out, from, (size_t)(p - from));
	buf_puts(out, "\"");
}

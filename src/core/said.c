/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A text with values in it, taken apart by the table and put together again. */
#include "shebao/said.h"

#include <stdlib.h>
#include <string.h>

#include "said_table.h"
#include "shebao/buf.h"
#include "shebao/i18n.h"
#include "shebao/mem.h"

#define VALUES_MAX 6
/* A text that fits nothing is given up early, however it is made. */
#define STEPS_MAX 20000

struct piece {
	const char *start;
	size_t len;
};

struct fitting {
	struct piece values[VALUES_MAX];
	size_t count;
	int steps;
};

/* A place for a value: %s, %lld, %2$s, %.40s. */
struct place {
	size_t len;
	size_t number; /* from 1; 0: the next one */
	char kind;
};

static struct place
place_at(const char *format)
{
	struct place place = { .len = 1 };
	size_t digits = 0;

	while (format[place.len] != '\0' && strchr("0123456789.-$hlzj", format[place.len]) != NULL) {
		if (format[place.len] == '$') {
			place.number = digits;
		}
		digits = format[place.len] >= '0' && format[place.len] <= '9'
		    ? 10 * digits + (size_t)(format[place.len] - '0')
		    : 0;
		place.len++;
	}
	place.kind = format[place.len];
	place.len += place.kind != '\0';
	return place;
}

static size_t
ascii_run(const char *s)
{
	size_t n = 0;

	while (s[n] > ' ' && s[n] < 0x7f) {
		n++;
	}
	return n;
}

static int fits(const char *format, const char *text, struct fitting *f);

/* The value ends where the rest fits: as early as possible; of two values side by side the first is
 * a number or a code. */
static int
fits_value(const char *format, const char *text, struct place place, struct fitting *f)
{
	const char *rest = format + place.len;
	size_t n = 0, most = strlen(text);
	const size_t at = f->count;

	if (at == VALUES_MAX) {
		return 0;
	}
	if (place.kind != 's') {
		n = most = strspn(text, "-0123456789");
	} else if (*rest == '%') {
		n = most = ascii_run(text);
	}
	for (; n <= most; n++) {
		f->count = at;
		f->values[f->count++] = (struct piece){ text, n };
		if (fits(rest, text + n, f)) {
			return 1;
		}
	}
	return 0;
}

static int
fits(const char *format, const char *text, struct fitting *f)
{
	for (; *format != '\0'; format++, text++) {
		if (++f->steps > STEPS_MAX) {
			return 0;
		}
		if (*format == '%' && format[1] != '%') {
			return fits_value(format, text, place_at(format), f);
		}
		format += *format == '%';
		if (*format != *text) {
			return 0;
		}
	}
	return *text == '\0';
}

static void
put_value(struct buf *out, struct piece value)
{
	char *own = mem_printf("%.*s", (int)value.len, value.start);

	buf_puts(out, i18n_text(own)); /* the name of a state or of an event, too */
	free(own);
}

static void
put_together(struct buf *out, const char *format, const struct fitting *f)
{
	size_t next = 0, n;

	while (*format != '\0') {
		n = strcspn(format, "%");
		buf_put(out, format, n);
		format += n;
		if (format[0] == '%' && format[1] == '%') {
			buf_puts(out, "%");
			format += 2;
		} else if (format[0] == '%') {
			struct place place = place_at(format);

			n = place.number > 0 ? place.number - 1 : next++;
			if (n < f->count) {
				put_value(out, f->values[n]);
			}
			format += place.len;
		}
	}
}

/* The row with the most words of its own: "%s已开具缴费凭证%s" before "%s%s". */
static const char *
find(const char *text, struct fitting *best)
{
	const char *found = NULL;
	size_t i;

	for (i = 0; i < ARRAY_LEN(said_table); i++) {
		struct fitting f = { .count = 0 };

		if ((found == NULL || strlen(said_table[i]) > strlen(found)) &&
		    fits(said_table[i], text, &f)) {
			found = said_table[i];
			*best = f;
		}
	}
	return found;
}

static int
translate(const char *text, struct buf *out)
{
	struct fitting f;
	const char *translated = i18n_text(text);
	const char *found;

	if (strcmp(translated, text) != 0) {
		buf_puts(out, translated);
		return 1;
	}
	found = find(text, &f);
	if (found == NULL || strcmp(i18n_text(found), found) == 0) {
		return 0;
	}
	put_together(out, i18n_text(found), &f);
	return 1;
}

const char *
said_text(const char *text, char *out, size_t size)
{
	struct buf words = { 0 };
	size_t code = ascii_run(text);

	if (!i18n_is_translating()) {
		mem_copy_text(out, size, text);
		return out;
	}
	code += strspn(text + code, " ");
	/* "24003 账户余额不足支付", "520…01: 申报中": a code stands before the words. */
	if (!translate(text, &words)) {
		buf_put(&words, text, code);
		if (code == 0 || !translate(text + code, &words)) {
			buf_puts(&words, text + code);
		}
	}
	mem_copy_text(out, size, buf_text(&words));
	buf_release(&words);
	return out;
}

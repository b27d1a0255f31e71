/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Documents as plain text: the preview in the terminal. */
#include "shebao/view_document.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "shebao/declaration.h"
#include "shebao/i18n.h"
#include "shebao/mem.h"
#include "shebao/text.h"
#include "shebao/view_form.h"

struct kind_row {
	const char *name;
	const char *title; /* documents stay in Chinese: not translated */
};

// clang-format off
static const struct kind_row kinds[] = {
	[VIEW_DOCUMENT_VOUCHER] = { "voucher", "银行端查询缴费凭证" },
	[VIEW_DOCUMENT_TAX_PAID] = { "tax_paid", "税收完税证明" },
	[VIEW_DOCUMENT_PAYMENT_PROOF] = { "payment_proof", "单位社会保险费缴费证明" },
};
// clang-format on
_Static_assert(ARRAY_LEN(kinds) == VIEW_DOCUMENT_KIND_COUNT, "a row for every kind");

const char *
view_document_kind_name(enum view_document_kind kind)
{
	return kinds[kind].name;
}

const char *
view_document_title(enum view_document_kind kind)
{
	return kinds[kind].title;
}

static const char *
number_of(const struct view_document *d)
{
	return d->kind == VIEW_DOCUMENT_VOUCHER ? d->voucher->voucher_no
						 : d->certificate->certificate_no;
}

int
view_document_check(const struct view_document *d, struct err *err)
{
	int64_t amount;
	int64_t sum = 0;
	size_t i;

	if (d->employer == NULL || d->lines == NULL ||
	    (d->kind == VIEW_DOCUMENT_VOUCHER ? d->voucher == NULL : d->certificate == NULL)) {
		return err_set(err, ERR_DATA, _("凭证的数据不完整"));
	}
	if (d->count == 0 || d->count > LEVIES_MAX) {
		return err_set(err, ERR_DATA, _("凭证的明细必须有 1 至 %d 笔"), LEVIES_MAX);
	}
	amount = d->kind == VIEW_DOCUMENT_VOUCHER ? d->voucher->amount : d->certificate->amount;
	for (i = 0; i < d->count; i++) {
		if (__builtin_add_overflow(sum, d->lines[i].amount, &sum)) {
			return err_set(err, ERR_DATA, _("凭证的金额超出范围"));
		}
	}
	if (sum != amount) {
		return err_set(err, ERR_DATA, _("凭证 %s 的金额与明细合计不符"), number_of(d));
	}
	return 0;
}

void
view_document_file_name(const struct view_document *d, char *out, size_t size)
{
	char mark[40] = "";

	if (d->reprint > 0) {
		snprintf(mark, sizeof(mark), "_补打%" PRId64, d->reprint);
	}
	snprintf(out, size, "%s_%s%s.pdf", view_document_title(d->kind), number_of(d), mark);
}

/* ---- text */

struct page {
	struct buf *out;
	int width;
	int columns[VIEW_FORM_COLUMNS]; /* width of each */
	int is_stacked; /* too narrow: the names of a line stand above its numbers */
};

/* No preview asks for less than this of a name. */
#define NAME_MIN 12

static void
put_spaces(struct buf *out, int n)
{
	for (; n > 0; n--) {
		buf_puts(out, " ");
	}
}

static void
put_centered(struct page *p, const char *text)
{
	if (text[0] != '\0') {
		put_spaces(p->out, (p->width - text_width(text)) / 2);
		buf_printf(p->out, "%s\n", text);
	}
}

static void
put_rule(struct page *p, char c)
{
	int i;

	for (i = 0; i < p->width; i++) {
		buf_put(p->out, &c, 1);
	}
	buf_puts(p->out, "\n");
}

/* Text over as many lines as it needs, the later ones under the first. */
static void
put_wrapped(struct page *p, int indent, const char *text)
{
	int is_first = 1;

	do {
		int used;
		size_t n = text_prefix(text, p->width - indent, &used);

		if (n == 0) {
			break;
		}
		if (!is_first) {
			put_spaces(p->out, indent);
		}
		buf_put(p->out, text, n);
		buf_puts(p->out, "\n");
		text += n;
		is_first = 0;
	} while (*text != '\0');
	if (is_first) {
		buf_puts(p->out, "\n");
	}
}

static void
put_pair(struct page *p, const struct view_form_pair *pair)
{
	char text[VIEW_FORM_VALUE + 64];

	view_form_say(pair, text, sizeof(text));
	put_wrapped(p, 0, text);
}

/* The widest cell of a column in one line; heads of numbers may be broken, but not too often. */
static int
natural_width(const struct view_document *d, const struct view_form_column *column)
{
	char cell[VIEW_FORM_VALUE];
	int head = text_width(column->title);
	int width = column->align == VIEW_FORM_LEFT || head < 8 ? head : 8;
	size_t line;

	for (line = 0; line < d->count; line++) {
		int w;

		column->cell(d, line, cell, sizeof(cell));
		w = text_width(cell);
		width = w > width ? w : width;
	}
	return width;
}

/* Numbers and dates are never broken; the names share what is left, the wider ones give way. */
static void
divide(struct page *p, const struct view_document *d, const struct view_form *form)
{
	int room = p->width - (int)(form->column_count - 1);
	int names = 0;
	size_t i;

	for (i = 0; i < form->column_count; i++) {
		p->columns[i] = natural_width(d, form->columns[i]);
		room -= p->columns[i];
		names += form->columns[i]->align == VIEW_FORM_LEFT;
	}
	while (room < 0 && names > 0) {
		size_t widest = form->column_count;

		for (i = 0; i < form->column_count; i++) {
			if (form->columns[i]->align == VIEW_FORM_LEFT &&
			    (widest == form->column_count || p->columns[i] > p->columns[widest])) {
				widest = i;
			}
		}
		if (p->columns[widest] <= NAME_MIN) {
			p->is_stacked = 1;
			return;
		}
		p->columns[widest]--;
		room++;
	}
}

/* Lines never end in spaces. */
static void
end_line(struct page *p)
{
	while (p->out->len > 0 && p->out->data[p->out->len - 1] == ' ') {
		p->out->len--;
	}
	buf_puts(p->out, "\n");
}

static void
put_part(struct page *p, const struct view_form *form, size_t column, const char **rest)
{
	int used = 0;
	size_t n = text_prefix(*rest, p->columns[column], &used);
	int room = p->columns[column] - used;
	int before = form->columns[column]->align == VIEW_FORM_RIGHT ? room : 0;

	put_spaces(p->out, before);
	buf_put(p->out, *rest, n);
	put_spaces(p->out, room - before + 1);
	*rest += n;
}

/* The cells of the names, of the numbers or of both, over as many lines as they need. */
static void
put_parts(struct page *p, const struct view_form *form, const char **rest, int names)
{
	int more = 1;
	size_t i;

	while (more) {
		more = 0;
		for (i = 0; i < form->column_count; i++) {
			if (names || form->columns[i]->align != VIEW_FORM_LEFT) {
				put_part(p, form, i, &rest[i]);
				more |= rest[i][0] != '\0';
			}
		}
		end_line(p);
	}
}

static void
put_row(struct page *p, const struct view_form *form, char cells[][VIEW_FORM_VALUE])
{
	const char *rest[VIEW_FORM_COLUMNS];
	size_t i;

	for (i = 0; i < form->column_count; i++) {
		rest[i] = cells[i];
		if (p->is_stacked && form->columns[i]->align == VIEW_FORM_LEFT) {
			buf_printf(p->out, "%s  ", cells[i]);
		}
	}
	if (p->is_stacked) {
		end_line(p);
	}
	put_parts(p, form, rest, !p->is_stacked);
}

static void
put_table(struct page *p, const struct view_document *d, const struct view_form *form)
{
	char cells[VIEW_FORM_COLUMNS][VIEW_FORM_VALUE];
	size_t line;
	size_t i;

	divide(p, d, form);
	for (i = 0; i < form->column_count; i++) {
		mem_copy_text(cells[i], VIEW_FORM_VALUE, form->columns[i]->title);
	}
	put_row(p, form, cells);
	put_rule(p, '-');
	for (line = 0; line < d->count; line++) {
		for (i = 0; i < form->column_count; i++) {
			form->columns[i]->cell(d, line, cells[i], VIEW_FORM_VALUE);
		}
		put_row(p, form, cells);
	}
}

static void
put_head(struct page *p, const struct view_form *form)
{
	size_t i;

	put_centered(p, form->overline);
	put_centered(p, form->title);
	put_centered(p, form->subtitle);
	if (form->mark[0] != '\0') {
		buf_printf(p->out, "[%s]\n", form->mark);
	}
	put_pair(p, &form->number);
	put_pair(p, &form->date);
	if (form->authority.label[0] != '\0') {
		put_pair(p, &form->authority);
	}
	put_rule(p, '=');
	for (i = 0; i < form->pair_count; i++) {
		put_pair(p, &form->pairs[i]);
	}
	put_rule(p, '-');
}

static void
put_foot(struct page *p, const struct view_document *d, const struct view_form *form)
{
	size_t i;

	put_rule(p, '-');
	put_pair(p, form->is_figures_first ? &form->figures : &form->words);
	put_pair(p, form->is_figures_first ? &form->words : &form->figures);
	for (i = 0; i < form->box_count; i++) {
		if (form->boxes[i].value[0] != '\0') {
			put_pair(p, &form->boxes[i]);
		}
	}
	put_rule(p, '=');
	if (d->office != NULL && d->office[0] != '\0') {
		buf_printf(p->out, "开具税务机关：%s（电子签章）\n", d->office);
	}
	buf_printf(p->out, "查询验证码：%s\n", form->verify_code);
	if (form->verify_url[0] != '\0') {
		buf_puts(p->out, "核验网址：");
		put_wrapped(p, text_width("核验网址："), form->verify_url);
	}
	for (i = 0; i < form->note_count; i++) {
		put_wrapped(p, 0, form->notes[i]);
	}
}

void
view_document_text(const struct view_document *document, int width, struct buf *out)
{
	struct page page = { .out = out, .width = width < 72 ? 72 : width };
	struct view_form form;

	view_form_fill(document, &form);
	put_head(&page, &form);
	put_table(&page, document, &form);
	put_foot(&page, document, &form);
}

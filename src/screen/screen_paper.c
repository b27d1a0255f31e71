/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A document as it is printed, as text: 银行端查询缴费凭证打印界面, and the same for certificates. */
#include "screen_paper.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "shebao/date.h"
#include "shebao/i18n.h"
#include "shebao/mem.h"
#include "shebao/tui_pager.h"

/* A pager keeps two columns free on either side of an 80 column terminal. */
#define PAPER_COLUMNS 76

static const char id_print[] = "print", id_send[] = "send";

static const struct tui_action actions[] = {
	{ .key = TUI_KEY_F7, .also = TUI_KEY_F2, .letters = "p", .label = N_("打印"), .help = N_("用打印机打印已保存的文件"), .flags = TUI_ACTION_MAIN, .id = id_print },
	{ .key = TUI_KEY_F6, .letters = "s", .label = N_("传送"), .help = N_("用 ZMODEM 把文件传送到我的电脑"), .id = id_send },
};

const struct screen_keys screen_paper_keys = { actions, ARRAY_LEN(actions) };

struct paper {
	struct screen_ui *ui;
	char said[1200]; /* seal, and where the file is */
	struct buf text;
	char **lines; /* of text */
	size_t count;
};

static size_t
line_count(void *user)
{
	return ((struct paper *)user)->count + 2;
}

static struct tui_pager_line
line(void *user, size_t index)
{
	const struct paper *paper = user;

	if (index == 0) {
		return (struct tui_pager_line){ "", text_literal(paper->said), TUI_STYLE_GOOD };
	}
	return (struct tui_pager_line){ "",
		text_cleaned(index == 1 ? "" : paper->lines[index - 2]), TUI_STYLE_NORMAL };
}

/* What is written down, with all that it is made of. */
struct draft {
	struct screen_ui *ui;
	struct view_document document;
	struct voucher voucher;
	struct certificate certificate;
	struct record_list levies;
	int64_t *settled_at;
};

static int
add_levy(const void *record, void *user, struct err *err)
{
	(void)err;
	memcpy(record_list_add(user, &levy_type), record, sizeof(struct levy));
	return 0;
}

static int
find_voucher(struct draft *d, const char *number, struct err *err)
{
	struct db *db = app_db(d->ui->app);
	const char *unit = app_unit(d->ui->app);
	struct mirror_query q = { .noun = MIRROR_LEVY };
	int found = mirror_find(db, MIRROR_VOUCHER, unit, number, &d->voucher, err);

	d->document.voucher = &d->voucher;
	mem_copy_text(q.taxpayer_id, sizeof(q.taxpayer_id), unit);
	mirror_where(&q, "voucher_no", MIRROR_IS, number);
	if (found == 1 && mirror_each(db, &q, add_levy, &d->levies, err) != 0) {
		return -1;
	}
	return found;
}

/* The levies of a period that no other certificate has; a sum that differs is found out later. */
static int
add_certified(const void *record, void *user, struct err *err)
{
	const struct levy *levy = record;
	struct draft *d = user;

	if (d->document.kind == VIEW_DOCUMENT_PAYMENT_PROOF || levy->certificate_no[0] == '\0' ||
	    strcmp(levy->certificate_no, d->certificate.certificate_no) == 0) {
		return add_levy(record, &d->levies, err);
	}
	return 0;
}

static int
find_certificate(struct draft *d, const char *number, struct err *err)
{
	struct db *db = app_db(d->ui->app);
	const char *unit = app_unit(d->ui->app);
	struct mirror_query q = { .noun = MIRROR_LEVY };
	int found = mirror_find(db, MIRROR_CERTIFICATE, unit, number, &d->certificate, err);

	d->document.certificate = &d->certificate;
	d->document.reprint = d->certificate.reprints;
	d->document.printed_at = loop_wall_ms();
	mem_copy_text(q.taxpayer_id, sizeof(q.taxpayer_id), unit);
	mirror_where(&q, "pay_state", MIRROR_IS, "settled");
	mirror_where(&q, "period_from", MIRROR_AT_LEAST, d->certificate.period_from);
	mirror_where(&q, "period_to", MIRROR_AT_MOST, d->certificate.period_to);
	if (found == 1 && mirror_each(db, &q, add_certified, d, err) != 0) {
		return -1;
	}
	return found;
}

/* The order in which the service prints them. */
static int
compare_levies(const void *left, const void *right)
{
	const struct levy *a = left, *b = right;
	int order = strcmp(a->period_from, b->period_from);

	if (order == 0) {
		order = strcmp(a->unit_no, b->unit_no);
	}
	return order != 0 ? order : strcmp(a->levy_no, b->levy_no);
}

static void
set_lines(struct draft *d)
{
	struct levy *levies = d->levies.items;
	size_t i;

	if (d->levies.count > 0) {
		qsort(levies, d->levies.count, sizeof(*levies), compare_levies);
	}
	d->document.lines = levies;
	d->document.count = d->levies.count;
	if (d->document.kind != VIEW_DOCUMENT_PAYMENT_PROOF) {
		return;
	}
	d->settled_at = mem_alloc((d->levies.count + 1) * sizeof(*d->settled_at));
	for (i = 0; i < d->levies.count; i++) {
		d->settled_at[i] =
		    levies[i].settled_on[0] == '\0' ? 0 : date_first_ms(levies[i].settled_on);
	}
	d->document.paid_at = d->settled_at;
}

static int
write_paper(struct screen_ui *ui, enum view_document_kind kind, const char *number,
    struct buf *out, struct err *err)
{
	struct draft d = {
		.ui = ui,
		.document = { .kind = kind,
		    .employer = app_employer(ui->app),
		    .office = app_employer(ui->app)->tax_authority_name },
	};
	int found = kind == VIEW_DOCUMENT_VOUCHER ? find_voucher(&d, number, err)
						  : find_certificate(&d, number, err);
	int rc = -1;

	if (found == 0) {
		err_set(err, ERR_NOT_FOUND, _("没有号码为 %s 的凭证"), number);
	} else if (found == 1) {
		set_lines(&d);
		rc = view_document_check(&d.document, err);
	}
	if (rc == 0) {
		view_document_text(&d.document, PAPER_COLUMNS, out);
	}
	free(d.settled_at);
	record_list_release(&d.levies, &levy_type);
	record_release(&voucher_type, &d.voucher);
	record_release(&certificate_type, &d.certificate);
	return rc;
}

/* Cuts the text into its lines, in place. */
static void
cut_lines(struct paper *paper)
{
	char *at = paper->text.data;
	char *end;

	for (; at != NULL && *at != '\0'; at = end + 1) {
		end = strchr(at, '\n');
		paper->lines = mem_resize(paper->lines, paper->count + 1, sizeof(*paper->lines));
		paper->lines[paper->count++] = at;
		if (end == NULL) {
			break;
		}
		*end = '\0';
	}
}

static const char *
refuse(void *user, const struct tui_action *row)
{
	const struct paper *paper = user;

	return row->id == id_send ? app_send_refusal(paper->ui->app) : NULL;
}

static enum tui_code
run(void *user, const struct tui_action *row)
{
	const struct paper *paper = user;

	if (row->id == id_print) {
		(void)screen_print(paper->ui, paper->ui->saved);
	} else {
		(void)screen_print_send(paper->ui, paper->ui->saved);
	}
	return TUI_REDRAW;
}

void
screen_paper_show(struct screen_ui *ui, enum view_document_kind kind, const char *number)
{
	static const char *const titles[VIEW_DOCUMENT_KIND_COUNT] = {
		[VIEW_DOCUMENT_VOUCHER] = N_("银行端查询缴费凭证"),
		[VIEW_DOCUMENT_TAX_PAID] = N_("社保费完税证明"),
		[VIEW_DOCUMENT_PAYMENT_PROOF] = N_("单位缴费证明"),
	};
	struct paper paper = { .ui = ui };
	const struct tui_pager_options options = { line_count, line, &paper };
	const int is_voucher = kind == VIEW_DOCUMENT_VOUCHER;
	struct tui_pager *pager;
	struct tui_screen screen = {
		.title = titles[kind],
		.actions = { actions, ARRAY_LEN(actions), refuse, run, &paper },
		.help = is_voucher ? _("加盖付款人签章后，持凭证到银行缴费即可。") : NULL,
		.user = &paper,
	};
	struct err err = { 0 };

	if (write_paper(ui, kind, number, &paper.text, &err) != 0) {
		screen_common_error(ui, &err);
		buf_release(&paper.text);
		return;
	}
	cut_lines(&paper);
	snprintf(paper.said, sizeof(paper.said), _("加盖有税务机关电子签章，已保存到 %s%s%s"),
	    ui->saved, is_voucher ? "\n" : "",
	    is_voucher ? _("加盖付款人签章后，持凭证到银行缴费即可。") : "");
	pager = tui_pager_new(ui->tui, &options);
	screen.body = tui_pager_view(pager);
	tui_screen_run(ui->tui, &screen);
	tui_pager_free(pager);
	free(paper.lines);
	buf_release(&paper.text);
}

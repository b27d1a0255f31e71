/* SPDX-License-Identifier: GPL-3.0-or-later */
/* 银行端查询缴费凭证打印界面: the voucher as it is printed, as text. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "screen_payment.h"
#include "shebao/i18n.h"
#include "shebao/mem.h"
#include "shebao/tui_pager.h"
#include "shebao/view_document.h"

/* A pager keeps two columns free on either side of an 80 column terminal. */
#define PAPER_COLUMNS 76

struct paper {
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

static int
add_levy(const void *record, void *user, struct err *err)
{
	(void)err;
	memcpy(record_list_add(user, &levy_type), record, sizeof(struct levy));
	return 0;
}

static int
write_paper(struct screen_ui *ui, const char *voucher_no, struct buf *out, struct err *err)
{
	struct mirror_query q = { .noun = MIRROR_LEVY };
	struct voucher voucher = { 0 };
	struct record_list levies = { 0 };
	struct view_document document = {
		.kind = VIEW_DOCUMENT_VOUCHER,
		.employer = app_employer(ui->app),
		.voucher = &voucher,
		.office = app_employer(ui->app)->tax_authority_name,
	};
	int found = mirror_find(
	    app_db(ui->app), MIRROR_VOUCHER, app_unit(ui->app), voucher_no, &voucher, err);
	int rc = -1;

	if (found <= 0) {
		return found < 0 ?
		    -1 :
		    err_set(err, ERR_NOT_FOUND, _("没有号码为 %s 的凭证"), voucher_no);
	}
	mem_copy_text(q.taxpayer_id, sizeof(q.taxpayer_id), app_unit(ui->app));
	mirror_where(&q, "voucher_no", MIRROR_IS, voucher_no);
	if (mirror_each(app_db(ui->app), &q, add_levy, &levies, err) == 0) {
		document.lines = levies.items;
		document.count = levies.count;
		rc = view_document_check(&document, err);
	}
	if (rc == 0) {
		view_document_text(&document, PAPER_COLUMNS, out);
	}
	record_list_release(&levies, &levy_type);
	record_release(&voucher_type, &voucher);
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

void
screen_voucher_show(struct screen_ui *ui, const char *voucher_no)
{
	struct paper paper = { 0 };
	const struct tui_pager_options options = { line_count, line, &paper };
	struct tui_pager *pager;
	struct tui_screen screen = {
		.title = N_("银行端查询缴费凭证"),
		.help = _("加盖付款人签章后，持凭证到银行缴费即可。打印请使用已保存的文件。"),
	};
	struct err err = { 0 };

	if (write_paper(ui, voucher_no, &paper.text, &err) != 0) {
		screen_common_error(ui, &err);
		buf_release(&paper.text);
		return;
	}
	cut_lines(&paper);
	snprintf(paper.said, sizeof(paper.said),
	    _("加盖有税务机关电子签章，已保存到 %s\n加盖付款人签章后，持凭证到银行缴费即可。"), ui->saved);
	pager = tui_pager_new(ui->tui, &options);
	screen.body = tui_pager_view(pager);
	tui_screen_run(ui->tui, &screen);
	tui_pager_free(pager);
	free(paper.lines);
	buf_release(&paper.text);
}

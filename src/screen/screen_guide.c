/* SPDX-License-Identifier: GPL-3.0-or-later */
/* 使用指南: shebao-guide(7), read without leaving the client. */
#include "screen_ui.h"

#include <stdlib.h>

#include "shebao/i18n.h"
#include "shebao/mem.h"
#include "shebao/tui_pager.h"

struct guide_line {
	const char *label; /* "1.", "" for running text, NULL for a heading */
	const char *text;
};

#include "guide_text.h"

static void
show(struct screen_ui *ui, const struct guide_line *guide, size_t count)
{
	struct tui_pager_line *lines = mem_resize(NULL, count, sizeof(*lines));
	size_t i;

	for (i = 0; i < count; i++) {
		int is_heading = guide[i].label == NULL;

		lines[i] = (struct tui_pager_line){
			.label = is_heading ? "" : guide[i].label,
			.value = text_literal(guide[i].text),
			.style = is_heading ? TUI_STYLE_STRONG : TUI_STYLE_NORMAL,
		};
	}
	tui_pager_show(ui->tui, _("使用指南"), lines, count);
	free(lines);
}

void
screen_guide_show(struct screen_ui *ui)
{
	if (i18n_is_translating()) {
		show(ui, guide_en, ARRAY_LEN(guide_en));
	} else {
		show(ui, guide_zh, ARRAY_LEN(guide_zh));
	}
}

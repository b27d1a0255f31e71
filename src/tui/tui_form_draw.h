/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SHEBAO_TUI_FORM_DRAW_H
#define SHEBAO_TUI_FORM_DRAW_H

#include "tui_field.h"
#include "tui_panel.h"

/* What is said below a field. */
struct tui_form_remark {
	struct buf text;
	enum tui_style style;
};

struct tui_form_state {
	struct tui *tui;
	const struct tui_form *spec;
	struct tui_panel_buttons buttons;
	size_t focus;         /* a field; field_count: the buttons */
	size_t top;           /* first field shown when they do not all fit */
	struct tui_edit edit; /* of the focused field */
	struct tui_form_remark *remarks;
	char **before; /* values as they were; NULL for passwords */
	int *chosen_before;
	int is_dirty;
};

/* A field that does not matter now, and one that the cursor can be in. */
int tui_form_draw_is_skipped(const struct tui_form_state *f, size_t i);
int tui_form_draw_can_enter(const struct tui_form_state *f, size_t i);

void tui_form_draw(void *self, struct tui_canvas *canvas);

#endif

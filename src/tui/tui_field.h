/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SHEBAO_TUI_FIELD_H
#define SHEBAO_TUI_FIELD_H

#include "shebao/tui_form.h"

#include "tui_edit.h"

/* What tells the kinds of fields apart. */

/* True for kinds whose value is text that is edited. */
int tui_field_is_text(const struct tui_field *field);

/* What a character typed into a field of this kind becomes; 0: it may not stand there. */
uint32_t tui_field_accept(enum tui_field_kind kind, uint32_t c);

/* Columns of the input. */
int tui_field_columns(const struct tui_field *field);

/* Puts a complete value into its usual form (20200630 becomes 2020-06-30). Returns 0, or -1 and
 * in words what is wrong. An empty value is good. */
int tui_field_normalize(const struct tui_field *field, struct buf *mend);

/* Draws the value in width columns; edit is that of the focused field or NULL. */
void tui_field_draw(const struct tui_field *field, const struct tui_edit *edit,
    struct tui_canvas *c, struct tui_span where, enum tui_style style);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SHEBAO_TUI_CANVAS_H
#define SHEBAO_TUI_CANVAS_H

#include "shebao/text.h"

/*
 * Drawing. A canvas is a rectangle of the picture that is being painted; coordinates count
 * from its upper left corner in lines and columns, and nothing is drawn outside it. Only
 * struct text can be drawn. What a text covers is erased first, a double-width character is
 * drawn whole or not at all, and one that another text covers by half disappears whole: so
 * rows never shift.
 *
 * Styles are meanings; one table gives each its colours, and its attributes where there is no
 * colour. Colour is never the only carrier of a meaning.
 */
enum tui_style {
	TUI_STYLE_NORMAL,
	TUI_STYLE_DIM,    /* hints, separators, what is not available */
	TUI_STYLE_STRONG, /* headings, totals */
	TUI_STYLE_TITLE,  /* line 1 */
	TUI_STYLE_STATUS, /* last line but one */
	TUI_STYLE_KEY,    /* a key's name */
	TUI_STYLE_LABEL,  /* a field's or column's label */
	TUI_STYLE_INPUT,  /* a field that can be typed into */
	TUI_STYLE_FOCUS,  /* the focused row, field or button */
	TUI_STYLE_MARKED, /* a marked row */
	TUI_STYLE_FOUND,  /* what a search found */
	TUI_STYLE_GOOD,
	TUI_STYLE_WARNING,
	TUI_STYLE_BAD,
	TUI_STYLE_BORDER,
	TUI_STYLE_COUNT
};

enum tui_align {
	TUI_ALIGN_LEFT,
	TUI_ALIGN_RIGHT,
	TUI_ALIGN_CENTER
};

struct tui_canvas; /* opaque; lives for one call of a draw function */

/* A place in a canvas; width and height in cells. */
struct tui_box {
	int line, column;
	int lines, columns;
};

/* A span of one line. */
struct tui_span {
	int line, column;
	int columns; /* 0: what the text needs, to the canvas' edge at most */
};

int tui_canvas_lines(const struct tui_canvas *c);
int tui_canvas_columns(const struct tui_canvas *c);

/* Draws text in the span, padded with spaces; text that does not fit is cut at a whole
 * character and ends in the cut mark. Returns the columns that the text itself took. */
int tui_canvas_put(struct tui_canvas *c, struct tui_span where, enum tui_style style,
    enum tui_align align, struct text text);

/* Shorter: left aligned, as wide as needed. Returns the columns taken. */
int tui_canvas_text(
    struct tui_canvas *c, int line, int column, enum tui_style style, struct text text);

/* Fills a box with spaces. */
void tui_canvas_fill(struct tui_canvas *c, struct tui_box box, enum tui_style style);

/* Gives the cells of a span another style, the text stays. */
void tui_canvas_restyle(
    struct tui_canvas *c, struct tui_span where, enum tui_style style);

/* A frame along the box's edge, its inside cleared, the title in the upper edge ("" for none). */
void tui_canvas_frame(struct tui_canvas *c, struct tui_box box, struct text title);

/* Horizontal and vertical lines. */
void tui_canvas_rule(struct tui_canvas *c, struct tui_span where, enum tui_style style);
void tui_canvas_upright(struct tui_canvas *c, struct tui_box box, enum tui_style style);

/* Draws text of several lines ("\n" separates; text_literal allows it) wrapped to the box,
 * breaking between hanzi or at spaces, never before closing punctuation. Returns the lines
 * needed for all of it, also when the box is lower. */
int tui_canvas_wrap(
    struct tui_canvas *c, struct tui_box box, enum tui_style style, const char *text);

/* Lines that the text needs when wrapped to columns, and the columns of its longest line. */
int tui_canvas_wrap_lines(const char *text, int columns);
int tui_canvas_wrap_width(const char *text, int limit);

/* Where the hardware cursor stands: on the focused item. The last call wins. */
void tui_canvas_cursor(struct tui_canvas *c, int line, int column);

/* A part of a canvas as a canvas of its own; valid as long as c. */
struct tui_canvas *tui_canvas_part(struct tui_canvas *c, struct tui_box box);

/* The glyphs of the terminal: true where only ASCII is sure. */
int tui_canvas_is_ascii(const struct tui_canvas *c);

#endif

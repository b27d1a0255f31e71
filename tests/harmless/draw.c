/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * draw [--strings N] [--seed S]: random and hostile strings through the real drawing code, and what
 * it sends through a real terminal emulation (libvterm). Each string has a span of a page; between
 * the spans stand fences. Whatever the string is: no fence ever changes, the cursor ends where it
 * was put, no title, mode, bell or answer of the terminal is caused.
 */
#include <inttypes.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <vterm.h>

#include "shebao/mem.h"
#include "tui/tui_paint.h"

#define LINES_OF_PAGE 24
#define COLUMNS_OF_PAGE 80
#define FENCE '#'

/* Columns of the spans; all others are fence. */
static const struct {
	int column, columns;
} spans[] = { { 1, 30 }, { 32, 7 }, { 40, 1 }, { 42, 36 } };

static uint64_t state_of_chance;
static uint64_t drawn;
static const char *complaint;

static uint64_t
chance(uint64_t below)
{
	state_of_chance ^= state_of_chance >> 12;
	state_of_chance ^= state_of_chance << 25;
	state_of_chance ^= state_of_chance >> 27;
	return (state_of_chance * UINT64_C(2685821657736338717) >> 11) % below;
}

/* ---- strings */

static const struct {
	uint32_t from, to;
} ranges[] = {
	{ 0x20, 0x7e }, { 0x20, 0x7e }, { 0x4e00, 0x9fff }, { 0x4e00, 0x9fff }, { 0x00, 0x1f },
	{ 0x7f, 0xa0 }, { 0xa1, 0x17f }, { 0x300, 0x36f }, { 0x590, 0x6ff }, { 0x900, 0xdff },
	{ 0xe00, 0xe7f }, { 0x1100, 0x11ff }, { 0x200b, 0x206f }, { 0x20d0, 0x20ff },
	{ 0x2100, 0x27ff }, { 0x2e80, 0x303f }, { 0x3040, 0x33ff }, { 0xa960, 0xa97f },
	{ 0xac00, 0xd7ff }, { 0xd800, 0xdfff }, { 0xe000, 0xf8ff }, { 0xfe00, 0xfe6f },
	{ 0xff00, 0xffff }, { 0x1b000, 0x1b2ff }, { 0x1d100, 0x1d1ff }, { 0x1f000, 0x1faff },
	{ 0x20000, 0x2ffff }, { 0xe0000, 0xe01ff }, { 0x10000, 0x10ffff },
};

static const char *const fragments[] = { "\033[2J", "\033[H", "\033]0;t\007", "\033[?1049l", "\033c",
	"\033[c", "\033[6n", "\xc2\x9b" "2J", "\xc2\x9d" "0;t\xc2\x9c", "\033P+q544e\033\\", "\r", "\b\b\b",
	"\n", "\x0e", "\x0f", "\t", "\v", "\033(0", "\033#8", "\033[3;1H", "\xe2\x80\xae", "\xe2\x81\xa6",
	"\xe2\x80\x8d", "\xcc\x81", "\xe0\xb9\x87", "\xff", "\xe4\xb8", "\xf0\x9f\x98\x80", "\xe4\xb8\xad",
	"a", " ", "\033[1000000b", "\033[31m", "\x9b", "\033[?7l", "\033[4h", "\033[1;3r", "\033[?6h" };

static size_t
make_points(char *out, size_t count, size_t kinds)
{
	size_t n = 0, i;
	uint64_t kind = chance(kinds);

	for (i = 0; i < count; i++) {
		uint64_t k = chance(4) != 0 ? kind : chance(kinds);

		n += text_put(out + n,
		    (uint32_t)(ranges[k].from + chance(ranges[k].to - ranges[k].from + 1)));
	}
	return n;
}

/* A string of at most 60 characters into out[512]; no NUL in it. */
static void
make_string(char *out)
{
	size_t count = (size_t)chance(chance(8) == 0 ? 60 : 24), n = 0, i;

	switch (chance(4)) {
	case 0:
		for (n = 0; n < count; n++) {
			out[n] = (char)(1 + chance(255));
		}
		break;
	case 1:
		for (i = 0; i < count / 3; i++) {
			const char *s = fragments[chance(ARRAY_LEN(fragments))];

			memcpy(out + n, s, strlen(s));
			n += strlen(s);
			if (chance(2) == 0) {
				n += make_points(out + n, 1, ARRAY_LEN(ranges));
			}
		}
		break;
	case 2:
		n = make_points(out, count, 4);
		break;
	default:
		n = make_points(out, count, ARRAY_LEN(ranges));
		break;
	}
	for (i = 0; i < n; i++) {
		out[i] = out[i] != '\0' ? out[i] : '\x01';
	}
	out[n] = '\0';
}

/* ---- the terminal */

static int
complain(const char *what)
{
	complaint = what;
	return 1;
}

static int
on_property(VTermProp property, VTermValue *value, void *user)
{
	(void)value;
	(void)user;
	/* Where and how the cursor shows follows from moving it. */
	return property == VTERM_PROP_CURSORVISIBLE || property == VTERM_PROP_CURSORBLINK ||
		property == VTERM_PROP_CURSORSHAPE || property == VTERM_PROP_REVERSE
	    ? 1
	    : complain("a property of the terminal was set");
}

static int
on_bell(void *user)
{
	(void)user;
	return complain("the bell rang");
}

static int
on_scrolled(int columns, const VTermScreenCell *cells, void *user)
{
	(void)columns;
	(void)cells;
	(void)user;
	return complain("the page scrolled");
}

static void
on_answer(const char *bytes, size_t n, void *user)
{
	(void)bytes;
	(void)n;
	(void)user;
	complain("the terminal answered");
}

static int
on_control(unsigned char c, void *user)
{
	(void)c;
	(void)user;
	return complain("an unknown control");
}

static int
on_osc(const char *command, size_t n, void *user)
{
	(void)command;
	(void)n;
	(void)user;
	return complain("an operating system command");
}

static const VTermScreenCallbacks screen_calls = { .settermprop = on_property,
	.bell = on_bell,
	.sb_pushline = on_scrolled };
static const VTermParserCallbacks fallbacks = { .control = on_control, .osc = on_osc, .dcs = on_osc };

struct page {
	struct tui_grid grid;
	struct tui_paint paint;
	VTerm *terminal;
	VTermScreen *screen;
	char (*strings)[512];
};

static void
open_page(struct page *p)
{
	struct err err = { 0 };

	tui_grid_resize(&p->grid, LINES_OF_PAGE, COLUMNS_OF_PAGE);
	if (tui_caps_load("xterm-256color", 0, &p->paint.caps, &err) != 0) {
		fprintf(stderr, "draw: %s\n", err.text);
		exit(2);
	}
	p->terminal = vterm_new(LINES_OF_PAGE, COLUMNS_OF_PAGE);
	vterm_set_utf8(p->terminal, 1);
	p->screen = vterm_obtain_screen(p->terminal);
	vterm_screen_reset(p->screen, 1);
	vterm_screen_set_callbacks(p->screen, &screen_calls, NULL);
	vterm_screen_set_unrecognised_fallbacks(p->screen, &fallbacks, NULL);
	vterm_output_set_callback(p->terminal, on_answer, NULL);
	p->strings = mem_alloc(sizeof(*p->strings) * LINES_OF_PAGE * ARRAY_LEN(spans));
}

/* ---- a page of strings */

static void
draw_one(struct tui_canvas *canvas, int line, size_t span, const char *s)
{
	const struct tui_span where = { line, spans[span].column, spans[span].columns };
	const struct tui_box box = { line, spans[span].column, 1, spans[span].columns };
	enum tui_style style = (enum tui_style)chance(TUI_STYLE_COUNT);

	drawn++;
	if (chance(4) == 0) {
		tui_canvas_fill(canvas, box, style);
		tui_canvas_wrap(canvas, box, style, s);
	} else {
		tui_canvas_put(canvas, where, style, (enum tui_align)chance(3), text_cleaned(s));
	}
}

static void
draw_page(struct page *p)
{
	const struct tui_box whole = { 0, 0, LINES_OF_PAGE, COLUMNS_OF_PAGE };
	struct tui_canvas *canvas;
	int line, column;
	size_t i;

	tui_grid_clear(&p->grid);
	canvas = tui_grid_canvas(&p->grid, whole);
	for (line = 0; line < LINES_OF_PAGE; line++) {
		for (column = 0; column < COLUMNS_OF_PAGE; column++) {
			tui_grid_cell(&p->grid, line, column)->ch = FENCE;
		}
		for (i = 0; i < ARRAY_LEN(spans); i++) {
			char *s = p->strings[(size_t)line * ARRAY_LEN(spans) + i];

			/* Most stay from page to page, so that little is sent. */
			if (chance(3) != 0) {
				make_string(s);
			}
			draw_one(canvas, line, i, s);
		}
	}
	tui_canvas_cursor(canvas, (int)chance(LINES_OF_PAGE), (int)chance(COLUMNS_OF_PAGE));
	tui_paint_make(&p->paint, &p->grid, chance(64) == 0);
	vterm_input_write(p->terminal, p->paint.out.data, p->paint.out.len);
}

static int
is_fence(int column)
{
	size_t i;

	for (i = 0; i < ARRAY_LEN(spans); i++) {
		if (column >= spans[i].column && column < spans[i].column + spans[i].columns) {
			return 0;
		}
	}
	return 1;
}

static int
check_page(const struct page *p)
{
	VTermPos at, cursor;
	VTermScreenCell cell;

	for (at.col = 0; at.col < COLUMNS_OF_PAGE; at.col++) {
		for (at.row = 0; is_fence(at.col) && at.row < LINES_OF_PAGE; at.row++) {
			/* The last cell of the page is never written: it would scroll. */
			if (at.row == LINES_OF_PAGE - 1 && at.col == COLUMNS_OF_PAGE - 1) {
				continue;
			}
			vterm_screen_get_cell(p->screen, at, &cell);
			if (cell.chars[0] != FENCE || cell.chars[1] != 0 || cell.width != 1) {
				printf("line %d column %d holds U+%04X\n", at.row, at.col,
				    (unsigned)cell.chars[0]);
				return complain("a fence was changed");
			}
		}
	}
	vterm_state_get_cursorpos(vterm_obtain_state(p->terminal), &cursor);
	if (cursor.row != p->grid.cursor_line || cursor.col != p->grid.cursor_column) {
		return complain("the cursor is elsewhere");
	}
	return complaint != NULL;
}

int
main(int argc, char **argv)
{
	struct page page = { 0 };
	uint64_t wanted = 100000, seed = 1;
	int i;

	for (i = 1; i + 1 < argc; i += 2) {
		if (strcmp(argv[i], "--strings") == 0) {
			wanted = strtoull(argv[i + 1], NULL, 10);
		} else if (strcmp(argv[i], "--seed") == 0) {
			seed = strtoull(argv[i + 1], NULL, 10);
		}
	}
	if (setlocale(LC_ALL, "C.UTF-8") == NULL) {
		fprintf(stderr, "draw: no locale C.UTF-8\n");
		return 2;
	}
	state_of_chance = seed * UINT64_C(0x9e3779b97f4a7c15) + 1;
	open_page(&page);
	while (drawn < wanted) {
		draw_page(&page);
		if (check_page(&page)) {
			printf("draw: seed %" PRIu64 ", string %" PRIu64 ": %s\n", seed, drawn,
			    complaint);
			return 1;
		}
	}
	printf("draw: %" PRIu64 " strings, nothing outside their cells changed\n", drawn);
	return 0;
}

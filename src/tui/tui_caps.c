/* SPDX-License-Identifier: GPL-3.0-or-later */
/* terminfo: styles, cursor, keys. */
#include "tui_caps.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <ncurses.h>
#include <term.h>

#include "shebao/i18n.h"
#include "shebao/mem.h"

struct style {
	unsigned plain;   /* enum attribute bits, without colour */
	unsigned colored; /* with it */
	short rich[2]; /* 256 colours: foreground, background; -1: the terminal's own */
	short few[2];  /* 8 colours */
};

enum attribute {
	BOLD = 1,
	DIM = 2,
	REVERSE = 4,
	UNDERLINE = 8
};

/* Readable on dark and on light: nothing but the title has a background of its own, and the
 * colours are of middle brightness. */
// clang-format off
static const struct style styles[] = {
	[TUI_STYLE_NORMAL]  = { 0, 0, { -1, -1 }, { -1, -1 } },
	[TUI_STYLE_DIM]     = { DIM, 0, { 245, -1 }, { -1, -1 } },
	[TUI_STYLE_STRONG]  = { BOLD, BOLD, { -1, -1 }, { -1, -1 } },
	[TUI_STYLE_TITLE]   = { REVERSE, BOLD, { 255, 24 }, { COLOR_WHITE, COLOR_BLUE } },
	[TUI_STYLE_STATUS]  = { 0, 0, { 245, -1 }, { -1, -1 } },
	[TUI_STYLE_KEY]     = { BOLD, BOLD, { 32, -1 }, { COLOR_CYAN, -1 } },
	[TUI_STYLE_LABEL]   = { UNDERLINE, UNDERLINE | BOLD, { -1, -1 }, { -1, -1 } },
	[TUI_STYLE_INPUT]   = { UNDERLINE, UNDERLINE, { -1, -1 }, { -1, -1 } },
	[TUI_STYLE_FOCUS]   = { REVERSE, REVERSE, { -1, -1 }, { -1, -1 } },
	[TUI_STYLE_MARKED]  = { BOLD, BOLD, { 32, -1 }, { COLOR_CYAN, -1 } },
	[TUI_STYLE_FOUND]   = { BOLD | UNDERLINE, BOLD | UNDERLINE, { -1, -1 }, { -1, -1 } },
	[TUI_STYLE_GOOD]    = { 0, 0, { 34, -1 }, { COLOR_GREEN, -1 } },
	[TUI_STYLE_WARNING] = { BOLD, 0, { 172, -1 }, { COLOR_YELLOW, -1 } },
	[TUI_STYLE_BAD]     = { BOLD, BOLD, { 167, -1 }, { COLOR_RED, -1 } },
	[TUI_STYLE_BORDER]  = { 0, 0, { 245, -1 }, { -1, -1 } },
};
// clang-format on
_Static_assert(ARRAY_LEN(styles) == TUI_STYLE_COUNT, "a style is missing");

static const struct {
	const char *capability;
	int key;
} keys[] = {
	{ "kf1", TUI_KEY_F1 },
	{ "kf2", TUI_KEY_F2 },
	{ "kf3", TUI_KEY_F3 },
	{ "kf4", TUI_KEY_F4 },
	{ "kf5", TUI_KEY_F5 },
	{ "kf6", TUI_KEY_F6 },
	{ "kf7", TUI_KEY_F7 },
	{ "kf8", TUI_KEY_F8 },
	{ "kf9", TUI_KEY_F9 },
	{ "kf10", TUI_KEY_F10 },
	{ "kf11", TUI_KEY_F11 },
	{ "kf12", TUI_KEY_F12 },
	{ "kcuu1", TUI_KEY_UP },
	{ "kcud1", TUI_KEY_DOWN },
	{ "kcub1", TUI_KEY_LEFT },
	{ "kcuf1", TUI_KEY_RIGHT },
	{ "khome", TUI_KEY_HOME },
	{ "kend", TUI_KEY_END },
	{ "kpp", TUI_KEY_PAGE_UP },
	{ "knp", TUI_KEY_PAGE_DOWN },
	{ "kich1", TUI_KEY_INSERT },
	{ "kdch1", TUI_KEY_DELETE },
	{ "kcbt", TUI_KEY_BACK_TAB },
};

/* Where tputs puts its characters; one thread, one paint. */
static struct buf *sink;

static int
put_char(int c)
{
	char byte = (char)c;

	buf_put(sink, &byte, 1);
	return c;
}

/* What a capability sends, delays left out; "" if the terminal has none or it is too long. */
static void
copy_sequence(char *out, size_t size, const char *capability)
{
	struct buf bytes = { 0 };

	out[0] = '\0';
	if (capability != NULL) {
		sink = &bytes;
		tputs(capability, 1, put_char);
		if (bytes.len < size) {
			memcpy(out, buf_text(&bytes), bytes.len + 1);
		}
	}
	buf_release(&bytes);
}

static void
append(char *out, size_t size, const char *capability)
{
	size_t len = strlen(out);

	copy_sequence(out + len, size - len, capability);
}

static void
make_style(char *out, size_t size, const struct style *style, int use_color)
{
	unsigned attributes = use_color ? style->colored : style->plain;
	const short *color = max_colors >= 256 ? style->rich : style->few;

	out[0] = '\0';
	if (use_color && max_colors < 256 && style == &styles[TUI_STYLE_DIM]) {
		attributes = DIM;
	}
	if ((attributes & BOLD) != 0) {
		append(out, size, enter_bold_mode);
	}
	if ((attributes & DIM) != 0) {
		append(out, size, enter_dim_mode);
	}
	if ((attributes & REVERSE) != 0) {
		append(out, size, enter_reverse_mode);
	}
	if ((attributes & UNDERLINE) != 0) {
		append(out, size, enter_underline_mode);
	}
	if (use_color && color[0] >= 0) {
		append(out, size,
		    tparm(set_a_foreground, (long)color[0], 0L, 0L, 0L, 0L, 0L, 0L, 0L,
			0L));
	}
	if (use_color && color[1] >= 0) {
		append(out, size,
		    tparm(set_a_background, (long)color[1], 0L, 0L, 0L, 0L, 0L, 0L, 0L,
			0L));
	}
}

/* For this terminal, for its family (xterm-kitty: xterm), for xterm. */
static int
set_up(const char *type)
{
	char name[128];
	char *dash;
	int status;

	snprintf(name, sizeof(name), "%s", type);
	if (setupterm(name, STDOUT_FILENO, &status) == OK) {
		return 0;
	}
	dash = strchr(name, '-');
	if (dash != NULL) {
		*dash = '\0';
		if (setupterm(name, STDOUT_FILENO, &status) == OK) {
			return 0;
		}
	}
	snprintf(name, sizeof(name), "xterm");
	return setupterm(name, STDOUT_FILENO, &status) == OK ? 0 : -1;
}

int
tui_caps_load(const char *type, int never_color, struct tui_caps *caps, struct err *err)
{
	int use_color;
	int i;

	*caps = (struct tui_caps){ 0 };
	if (set_up(type) != 0) {
		return err_set(err, ERR_LOCAL,
		    _("不认识终端类型 %s，本机也没有 xterm 的描述。请先执行 export TERM=xterm，"
		      "或安装 ncurses-term。"),
		    type);
	}
	caps->is_loaded = 1;
	if (cursor_address == NULL || clear_screen == NULL) {
		tui_caps_unload(caps);
		return err_set(err, ERR_LOCAL,
		    _("终端类型 %s 不能移动光标。请先执行 export TERM=xterm，或使用 --plain。"),
		    type);
	}
	use_color = !never_color && max_colors >= 8 && set_a_foreground != NULL &&
	    set_a_background != NULL;
	for (i = 0; i < TUI_STYLE_COUNT; i++) {
		make_style(
		    caps->styles[i], sizeof(caps->styles[i]), &styles[i], use_color);
	}
	copy_sequence(caps->plain, sizeof(caps->plain), exit_attribute_mode);
	/* Other character sets are never chosen, so they need not be left: three bytes of six. */
	if (strstr(caps->plain, "\033[m") != NULL ||
	    strstr(caps->plain, "\033[0m") != NULL) {
		snprintf(caps->plain, sizeof(caps->plain), "\033[m");
	}
	copy_sequence(caps->clear, sizeof(caps->clear), clear_screen);
	copy_sequence(caps->erase_line, sizeof(caps->erase_line), clr_eol);
	copy_sequence(caps->enter, sizeof(caps->enter), enter_ca_mode);
	append(caps->enter, sizeof(caps->enter), cursor_normal);
	copy_sequence(caps->leave, sizeof(caps->leave), exit_ca_mode);
	copy_sequence(caps->beep, sizeof(caps->beep), bell);
	copy_sequence(caps->report, sizeof(caps->report), user7);
	if (strcmp(caps->report, "\033[6n") != 0) {
		caps->report[0] = '\0'; /* another question would have another answer */
	}
	caps->can_scroll = change_scroll_region != NULL && scroll_forward != NULL &&
	    scroll_reverse != NULL;
	return 0;
}

void
tui_caps_unload(struct tui_caps *caps)
{
	if (caps->is_loaded) {
		del_curterm(cur_term);
		caps->is_loaded = 0;
	}
}

void
tui_caps_define_keys(struct tui_input *input)
{
	size_t i;

	for (i = 0; i < ARRAY_LEN(keys); i++) {
		const char *sequence = tigetstr(keys[i].capability);

		if (sequence != NULL && sequence != (char *)-1 && sequence[0] == '\033') {
			tui_input_define(input, sequence, keys[i].key);
		}
	}
}

void
tui_caps_move(struct buf *out, int line, int column)
{
	sink = out;
	tputs(tparm(cursor_address, (long)line, (long)column, 0L, 0L, 0L, 0L, 0L, 0L, 0L),
	    1, put_char);
}

void
tui_caps_scroll(struct buf *out, int first, int last, int is_up, int height)
{
	sink = out;
	tputs(tparm(change_scroll_region, (long)first, (long)last, 0L, 0L, 0L, 0L, 0L, 0L,
		  0L),
	    1, put_char);
	tui_caps_move(out, is_up ? last : first, 0);
	tputs(is_up ? scroll_forward : scroll_reverse, 1, put_char);
	tputs(
	    tparm(change_scroll_region, 0L, (long)height - 1, 0L, 0L, 0L, 0L, 0L, 0L, 0L),
	    1, put_char);
}

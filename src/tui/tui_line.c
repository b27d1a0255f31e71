/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How long the way to the terminal and back takes. */
#include "tui_line.h"

#include <string.h>

#include "shebao/mem.h"

#define ASK_PRESENCE "\033[5n"
#define ASK_HOLD "\033[?2026$p"
#define HOLD "\033[?2026h"
#define SHOW "\033[?2026l"
#define ANSWERS 3
#define HOLD_LEAST 256 /* bytes: a marker that moves is whole by itself */

void
tui_line_init(struct tui_line *line, const char *type)
{
	/* The Linux console and old hardware print what they do not understand. */
	static const char *const families[] = { "xterm", "tmux", "screen", "alacritty", "foot",
		"kitty", "wezterm", "contour", "mintty", "ghostty" };
	size_t i;

	*line = (struct tui_line){ .round_trip_ms = -1 };
	for (i = 0; i < ARRAY_LEN(families); i++) {
		line->knows_modes |= strncmp(type, families[i], strlen(families[i])) == 0;
	}
}

void
tui_line_ask(struct tui_line *line, struct buf *out, int64_t now)
{
	if (line->knows_modes && !line->can_hold) {
		buf_puts(out, ASK_HOLD);
	}
	buf_puts(out, ASK_PRESENCE);
	line->asked_ms = now;
}

int
tui_line_wants_answer(const struct tui_line *line)
{
	return line->answers < ANSWERS && line->asked_ms == 0;
}

int
tui_line_take(struct tui_line *line, struct tui_input *input, int64_t now)
{
	int has_come = input->has_presence && line->asked_ms > 0;

	/* 1 and 2: set and not set; 0: it does not know the mode. */
	if (input->hold_mode == 1 || input->hold_mode == 2) {
		line->can_hold = 1;
	}
	if (has_come) {
		int64_t ms = now - line->asked_ms;

		line->round_trip_ms = line->answers == 0 || ms < line->round_trip_ms ? ms : line->round_trip_ms;
		line->answers++;
		line->asked_ms = 0;
	}
	input->has_presence = 0;
	input->hold_mode = 0;
	return has_come && line->answers == ANSWERS;
}

const char *
tui_line_hold(const struct tui_line *line, size_t size)
{
	return line->can_hold && size >= HOLD_LEAST ? HOLD : "";
}

const char *
tui_line_show(const struct tui_line *line, size_t size)
{
	return line->can_hold && size >= HOLD_LEAST ? SHOW : "";
}

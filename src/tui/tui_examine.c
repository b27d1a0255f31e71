/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A look at the terminal for the doctor. */
#include "shebao/tui_examine.h"

#include <curses.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <term.h>
#include <termios.h>
#include <unistd.h>
#include <wchar.h>

#include "shebao/mem.h"

/* term.h makes macros of them. */
#undef lines
#undef columns

#define ANSWER_MS 500
#define ARROW "\xE2\x86\x92" /* U+2192, ambiguous */

static const struct {
	char capability[6];
	const char *key;
} keys[] = { { "kf1", "F1" }, { "kf2", "F2" }, { "kf3", "F3" }, { "kf4", "F4" },
	{ "kf5", "F5" }, { "kf6", "F6" }, { "kf7", "F7" }, { "kf8", "F8" }, { "kf9", "F9" },
	{ "kf10", "F10" }, { "khome", "Home" }, { "kend", "End" }, { "kpp", "PgUp" },
	{ "knp", "PgDn" } };

static void
find_keys(struct tui_examined *out)
{
	int failure = 0;
	size_t i, n = 0;

	/* setupterm's second and third arguments: no output, and no message of its own. */
	out->is_known = setupterm(NULL, STDOUT_FILENO, &failure) == OK;
	for (i = 0; out->is_known && i < ARRAY_LEN(keys); i++) {
		char name[6];
		const char *bytes;

		memcpy(name, keys[i].capability, sizeof(name));
		bytes = tigetstr(name);
		if ((bytes == NULL || bytes == (char *)-1) && n < sizeof(out->missing)) {
			n += (size_t)snprintf(out->missing + n, sizeof(out->missing) - n, "%s%s",
			    n > 0 ? " " : "", keys[i].key);
		}
	}
}

/* "ESC [ line ; column R": the column, or 0. */
static int
read_column(void)
{
	char answer[32] = "";
	size_t n = 0;
	struct pollfd fd = { STDIN_FILENO, POLLIN, 0 };
	const char *at;

	while (n + 1 < sizeof(answer) && poll(&fd, 1, ANSWER_MS) == 1 &&
	    read(STDIN_FILENO, answer + n, 1) == 1) {
		n++;
		answer[n] = '\0';
		if (answer[n - 1] == 'R') {
			break;
		}
	}
	at = strchr(answer, ';');
	return at != NULL ? (int)strtol(at + 1, NULL, 10) : 0;
}

static void
measure(struct tui_examined *out)
{
	static const char ask[] = "\r" ARROW "\033[6n";
	static const char clear[] = "\r\033[K";
	struct termios before, raw;
	int column = 0;

	if (tcgetattr(STDIN_FILENO, &before) != 0) {
		return;
	}
	raw = before;
	raw.c_lflag &= (tcflag_t) ~(ICANON | ECHO);
	raw.c_cc[VMIN] = 1;
	raw.c_cc[VTIME] = 0;
	tcsetattr(STDIN_FILENO, TCSAFLUSH, &raw);
	if (write(STDOUT_FILENO, ask, sizeof(ask) - 1) == (ssize_t)sizeof(ask) - 1) {
		column = read_column();
		(void)!write(STDOUT_FILENO, clear, sizeof(clear) - 1);
	}
	tcsetattr(STDIN_FILENO, TCSAFLUSH, &before);
	out->terminal_columns = column > 1 && column <= 3 ? column - 1 : 0;
}

void
tui_examine(struct tui_examined *out)
{
	const char *type = getenv("TERM");
	struct winsize size = { 0 };

	*out = (struct tui_examined){ .locale_columns = wcwidth(0x2192) };
	out->is_terminal = isatty(STDIN_FILENO) && isatty(STDOUT_FILENO);
	if (!out->is_terminal || type == NULL || strcmp(type, "dumb") == 0) {
		return;
	}
	find_keys(out);
	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0) {
		out->lines = size.ws_row;
		out->columns = size.ws_col;
	}
	measure(out);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The terminal's modes, and everything that is sent to it. */
#include "tui_term.h"

#include "tui_caps.h"
#include "tui_line.h"
#include "tui_paint.h"

#include <errno.h>
#include <langinfo.h>
#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>
#include <wchar.h>

#include "shebao/fatal.h"
#include "shebao/i18n.h"
#include "shebao/loop.h"
#include "shebao/mem.h"

#define PASTE_ON "\033[?2004h"
#define PASTE_OFF "\033[?2004l"
#define ANSWER_MS 300
#define ANSWER_LATEST_MS 2000
#define LINES_MAX 500
#define COLUMNS_MAX 1000

struct tui_term {
	struct tui_paint paint;
	struct termios saved;
	struct termios raw;
	int is_entered;    /* the terminal shows our screen */
	mode_t saved_mode; /* of the terminal's file; 0: not changed */
	int is_ascii;
	struct tui_line line;
	struct tui_input *asked; /* where the answer will come; NULL: nothing is asked */
};

static void
write_all(const char *bytes, size_t n)
{
	while (n > 0) {
		ssize_t done = write(STDOUT_FILENO, bytes, n);

		if (done < 0 && errno == EAGAIN) {
			struct pollfd fd = { STDOUT_FILENO, POLLOUT, 0 };

			poll(&fd, 1, 1000);
		} else if (done < 0 && errno != EINTR) {
			return; /* the terminal is gone; reading from it says so, too */
		}
		if (done > 0) {
			bytes += done;
			n -= (size_t)done;
		}
	}
}

static void
write_text(const char *s)
{
	write_all(s, strlen(s));
}

/* The one that shows our screen; for the farewell. */
static struct tui_term *shown;

/* Allocates nothing. */
static void
farewell(void)
{
	if (shown != NULL && shown->is_entered) {
		write_text(PASTE_OFF);
		write_text(shown->paint.caps.plain);
		write_text(shown->paint.caps.clear);
		write_text(shown->paint.caps.leave);
	}
	if (shown != NULL) {
		tcsetattr(STDIN_FILENO, TCSANOW, &shown->saved);
	}
	if (shown != NULL && shown->saved_mode != 0) {
		(void)!fchmod(STDOUT_FILENO, shown->saved_mode);
	}
}

static int
check_terminal(const char **type, struct err *err)
{
	*type = getenv("TERM");
	/* In ASCII: whatever the terminal speaks, it is not what would be sent. */
	if (i18n_missing()[0] != '\0') {
		return err_set(err, ERR_LOCAL,
		    "This machine has no locale %s. Install it (localedef -i zh_CN -f GB18030 "
		    "zh_CN.GB18030), or set the terminal to UTF-8 and LC_ALL=C.UTF-8.",
		    i18n_missing());
	}
	if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO)) {
		return err_set(err, ERR_LOCAL, "%s",
		    _("标准输入和标准输出不是终端，不能打开全屏界面。请在终端里运行，或使用子命令。"));
	}
	if (*type == NULL || **type == '\0' || strcmp(*type, "dumb") == 0) {
		return err_set(err, ERR_LOCAL, "%s",
		    _("终端类型（TERM）没有设置或过于简单。请先执行 export TERM=xterm，或使用 "
		      "--plain。"));
	}
	return 0;
}

/* The keyboard gives every key as it comes: no flow control, no signals, no line editing. */
static void
set_modes(struct tui_term *term)
{
	struct termios *raw = &term->raw;
	struct stat st;

	tcgetattr(STDIN_FILENO, &term->saved);
	*raw = term->saved;
	raw->c_iflag &=
	    (tcflag_t) ~(IXON | IXOFF | ICRNL | INLCR | IGNCR | BRKINT | ISTRIP);
	raw->c_lflag &= (tcflag_t) ~(ICANON | ECHO | ECHONL | ISIG | IEXTEN);
	raw->c_oflag &= (tcflag_t)~OPOST;
	raw->c_cc[VMIN] = 1;
	raw->c_cc[VTIME] = 0;
	tui_term_enter(term);
	/* Others must not write to a screen that shows amounts (mesg n). */
	if (fstat(STDOUT_FILENO, &st) == 0 && (st.st_mode & 077) != 0 &&
	    fchmod(STDOUT_FILENO, st.st_mode & 07700) == 0) {
		term->saved_mode = st.st_mode & 07777;
	}
}

/* Borders of one cell each are sure only in UTF-8 where they are one column wide. */
static void
choose_glyphs(struct tui_term *term, int ascii, int ambiguous)
{
	if (ambiguous == 2 || (ambiguous == 0 && wcwidth(0x2192) == 2)) {
		text_set_ambiguous_width(2);
	}
	term->is_ascii = ascii || text_ambiguous_width() == 2 || wcwidth(0x2500) != 1 ||
	    strcmp(nl_langinfo(CODESET), "UTF-8") != 0;
}

int
tui_term_new(int never_color, int ascii, int ambiguous, struct tui_input *input,
    struct tui_term **out, struct err *err)
{
	struct tui_term *term;
	const char *type;

	if (check_terminal(&type, err) != 0) {
		return -1;
	}
	term = mem_alloc(sizeof(*term));
	if (tui_caps_load(type, never_color, &term->paint.caps, err) != 0) {
		free(term);
		return -1;
	}
	tui_caps_define_keys(input);
	tui_line_init(&term->line, type);
	choose_glyphs(term, ascii, ambiguous);
	term->asked = ambiguous == 0 ? input : NULL;
	shown = term;
	fatal_set_farewell(farewell);
	set_modes(term);
	*out = term;
	return 0;
}

void
tui_term_enter(struct tui_term *term)
{
	term->is_entered = 0;
	tcsetattr(STDIN_FILENO, TCSADRAIN, &term->raw);
}

/* An answer on its way must not come to whoever reads the terminal next. */
static void
await_answer(struct tui_term *term)
{
	struct pollfd fd = { STDIN_FILENO, POLLIN, 0 };
	char byte = '\0';

	/* Who has not answered for so long will not. */
	if (loop_now_ms() - term->line.asked_ms > ANSWER_LATEST_MS) {
		term->line.asked_ms = 0;
	}
	while (term->line.asked_ms > 0 && byte != 'n' && poll(&fd, 1, ANSWER_MS) > 0 &&
	    read(STDIN_FILENO, &byte, 1) == 1) {
	}
	term->line.asked_ms = 0;
}

void
tui_term_leave(struct tui_term *term)
{
	struct buf last = { 0 };

	await_answer(term);
	term->line.answers = 0; /* it may come back over another line */

	if (term->is_entered) {
		buf_puts(&last, PASTE_OFF);
		buf_puts(&last, term->paint.caps.plain);
		buf_puts(&last, term->paint.caps.clear);
		buf_puts(&last, term->paint.caps.leave);
		write_text(buf_text(&last));
		buf_release(&last);
		term->is_entered = 0;
	}
	tcsetattr(STDIN_FILENO, TCSADRAIN, &term->saved);
}

void
tui_term_free(struct tui_term *term)
{
	if (term == NULL) {
		return;
	}
	tui_term_leave(term);
	fatal_set_farewell(NULL);
	shown = NULL;
	if (term->saved_mode != 0) {
		(void)!fchmod(STDOUT_FILENO, term->saved_mode);
	}
	tui_paint_release(&term->paint);
	free(term);
}

static int
from_environment(const char *name, int otherwise)
{
	const char *value = getenv(name);
	long n = value != NULL ? strtol(value, NULL, 10) : 0;

	return n > 0 && n < 10000 ? (int)n : otherwise;
}

void
tui_term_size(struct tui_term *term, struct tui_grid *grid)
{
	struct winsize size = { 0 };
	int lines, columns;

	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_row > 0 &&
	    size.ws_col > 0) {
		lines = size.ws_row;
		columns = size.ws_col;
	} else {
		lines = from_environment("LINES", 24);
		columns = from_environment("COLUMNS", 80);
	}
	lines = lines < LINES_MAX ? lines : LINES_MAX;
	columns = columns < COLUMNS_MAX ? columns : COLUMNS_MAX;
	if (lines != grid->lines || columns != grid->columns) {
		tui_grid_resize(grid, lines, columns);
	}
	grid->ascii = term->is_ascii;
}

/* One character of ambiguous width in line 2, and the question how far it went: the picture that
 * follows covers it. Nobody waits; a terminal that does not answer is taken as it was. */
static void
ask_width(struct tui_term *term, struct buf *out)
{
	char bytes[MB_LEN_MAX];
	mbstate_t state = { 0 };
	size_t n = wcrtomb(bytes, L'\u2026', &state);

	if (term->asked == NULL || term->paint.caps.report[0] == '\0' || n == (size_t)-1) {
		return;
	}
	tui_caps_move(out, 1, 0);
	buf_put(out, bytes, n);
	buf_puts(out, term->paint.caps.report);
	term->asked->awaits_report = 1;
	term->asked = NULL;
}

int
tui_term_reported(struct tui_term *term, int column)
{
	int columns = column == 3 ? 2 : 1;
	int is_news = columns != text_ambiguous_width();

	text_set_ambiguous_width(columns);
	if (columns == 2) {
		is_news |= !term->is_ascii;
		term->is_ascii = 1;
	}
	return is_news;
}

void
tui_term_paint(struct tui_term *term, const struct tui_grid *grid, int repaint, int ask)
{
	const struct buf *picture = &term->paint.out;
	struct buf bytes = { 0 };

	tui_paint_make(&term->paint, grid, repaint);
	if (!term->is_entered) {
		term->is_entered = 1;
		buf_puts(&bytes, term->paint.caps.enter);
		buf_puts(&bytes, PASTE_ON);
		ask_width(term, &bytes);
	}
	if (bytes.len == 0 && !ask && *tui_line_hold(&term->line, picture->len) == '\0') {
		write_all(picture->data, picture->len);
		return;
	}
	buf_puts(&bytes, tui_line_hold(&term->line, picture->len));
	buf_put(&bytes, buf_text(picture), picture->len);
	buf_puts(&bytes, tui_line_show(&term->line, picture->len));
	if (ask) {
		tui_line_ask(&term->line, &bytes, loop_now_ms());
	}
	write_all(bytes.data, bytes.len);
	buf_release(&bytes);
}

struct tui_line *
tui_term_line(struct tui_term *term)
{
	return &term->line;
}

void
tui_term_beep(struct tui_term *term)
{
	write_text(term->paint.caps.beep);
}

int
tui_term_is_ascii(const struct tui_term *term)
{
	return term->is_ascii;
}

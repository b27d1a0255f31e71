/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The terminal: modes, styles, one write per paint. */
#include "tui_term.h"

#include "tui_term_keys.h"

#include <errno.h>
#include <fcntl.h>
#include <langinfo.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>
#include <wchar.h>

#include <ncurses.h>

#include "shebao/i18n.h"
#include "shebao/mem.h"

#define PASTE_ON "\033[?2004h"
#define PASTE_OFF "\033[?2004l"
#define LINE_MAX_CELLS 1024

struct tui_term {
	FILE *out; /* what newterm got; its descriptor is spooled */
	int spool; /* -1: none, ncurses writes for itself */
	SCREEN *screen;
	struct termios saved;
	mode_t saved_mode; /* of the terminal's file; 0: not changed */
	struct tui_grid shown;
	attr_t attributes[TUI_STYLE_COUNT];
	short pairs[TUI_STYLE_COUNT];
	int is_ascii;
	char *bytes; /* one paint's */
	size_t size;
};

struct style {
	attr_t plain;   /* without colour */
	attr_t colored; /* with it */
	short rich[2];  /* 256 colours: foreground, background; -1: the terminal's own */
	short few[2];   /* 8 colours */
};

static const struct style styles[] = {
	[TUI_STYLE_NORMAL] = { A_NORMAL, A_NORMAL, { -1, -1 }, { -1, -1 } },
	[TUI_STYLE_DIM] = { A_DIM, A_NORMAL, { 245, -1 }, { -1, -1 } },
	[TUI_STYLE_STRONG] = { A_BOLD, A_BOLD, { -1, -1 }, { -1, -1 } },
	[TUI_STYLE_TITLE] = { A_REVERSE, A_BOLD, { 255, 24 },
	    { COLOR_WHITE, COLOR_BLUE } },
	[TUI_STYLE_STATUS] = { A_NORMAL, A_NORMAL, { 245, -1 }, { -1, -1 } },
	[TUI_STYLE_KEY] = { A_BOLD, A_BOLD, { 32, -1 }, { COLOR_CYAN, -1 } },
	[TUI_STYLE_LABEL] = { A_UNDERLINE, A_UNDERLINE | A_BOLD, { -1, -1 }, { -1, -1 } },
	[TUI_STYLE_INPUT] = { A_UNDERLINE, A_UNDERLINE, { -1, -1 }, { -1, -1 } },
	[TUI_STYLE_FOCUS] = { A_REVERSE, A_REVERSE, { -1, -1 }, { -1, -1 } },
	[TUI_STYLE_MARKED] = { A_BOLD, A_BOLD, { 32, -1 }, { COLOR_CYAN, -1 } },
	[TUI_STYLE_FOUND] = { A_BOLD | A_UNDERLINE, A_BOLD | A_UNDERLINE, { -1, -1 },
	    { -1, -1 } },
	[TUI_STYLE_GOOD] = { A_NORMAL, A_NORMAL, { 34, -1 }, { COLOR_GREEN, -1 } },
	[TUI_STYLE_WARNING] = { A_BOLD, A_NORMAL, { 172, -1 }, { COLOR_YELLOW, -1 } },
	[TUI_STYLE_BAD] = { A_BOLD, A_BOLD, { 167, -1 }, { COLOR_RED, -1 } },
	[TUI_STYLE_BORDER] = { A_NORMAL, A_NORMAL, { 245, -1 }, { -1, -1 } },
};
_Static_assert(ARRAY_LEN(styles) == TUI_STYLE_COUNT, "a style is missing");

/* What stands for a character that this terminal draws wider than ncurses believes. */
static const struct {
	uint32_t ch;
	char pair[3];
} narrow[] = {
	{ 0x00b7, ". " },
	{ 0x2014, "--" },
	{ 0x2013, "- " },
	{ 0x2026, ".." },
	{ 0x201c, "\" " },
	{ 0x201d, "\" " },
	{ 0x2018, "' " },
	{ 0x2019, "' " },
	{ 0x00d7, "x " },
	{ 0x2192, "->" },
	{ 0x2190, "<-" },
	{ 0x2605, "* " },
	{ 0x25cf, "* " },
	{ 0x221a, "v " },
	{ 0x00b0, "o " },
};

static void
write_all(const char *bytes, size_t n)
{
	while (n > 0) {
		ssize_t done = write(STDOUT_FILENO, bytes, n);

		if (done < 0 && errno != EINTR && errno != EAGAIN) {
			return; /* the terminal is gone; reading from it says so, too */
		}
		if (done > 0) {
			bytes += done;
			n -= (size_t)done;
		}
	}
}

static int
open_spool(void)
{
	char name[64];
	int fd;

	snprintf(name, sizeof(name), "/shebao-paint-%ld", (long)getpid());
	fd = shm_open(name, O_RDWR | O_CREAT | O_EXCL, 0600);
	if (fd >= 0) {
		shm_unlink(name);
		fcntl(fd, F_SETFD, FD_CLOEXEC);
	}
	return fd;
}

/* Copies what ncurses wrote to the terminal. */
static void
drain(struct tui_term *term)
{
	off_t len;
	ssize_t got;

	if (term->spool < 0) {
		return;
	}
	len = lseek(term->spool, 0, SEEK_CUR);
	if (len <= 0) {
		return;
	}
	if ((size_t)len > term->size) {
		term->bytes = mem_resize(term->bytes, (size_t)len, 1);
		term->size = (size_t)len;
	}
	got = pread(term->spool, term->bytes, (size_t)len, 0);
	lseek(term->spool, 0, SEEK_SET);
	if (got > 0) {
		write_all(term->bytes, (size_t)got);
	}
}

static void
choose_styles(struct tui_term *term, int never_color)
{
	int i, use;

	use = !never_color && has_colors() && start_color() == OK;
	if (use) {
		use_default_colors();
	}
	for (i = 0; i < TUI_STYLE_COUNT; i++) {
		const short *c = COLORS >= 256 ? styles[i].rich : styles[i].few;

		term->attributes[i] = use ? styles[i].colored : styles[i].plain;
		if (use && (c[0] >= 0 || c[1] >= 0)) {
			term->pairs[i] = (short)(i + 1);
			init_pair(term->pairs[i], c[0], c[1]);
		}
	}
	if (use && COLORS < 256) {
		term->attributes[TUI_STYLE_DIM] = A_DIM;
		term->attributes[TUI_STYLE_STATUS] = A_DIM;
	}
}

/* Borders of one cell each are sure only in UTF-8 where they are one column wide. */
static void
choose_glyphs(struct tui_term *term, int ascii)
{
	if (wcwidth(0x2192) == 2) {
		text_set_ambiguous_width(2);
	}
	term->is_ascii = ascii || text_ambiguous_width() == 2 || wcwidth(0x2500) != 1 ||
	    strcmp(nl_langinfo(CODESET), "UTF-8") != 0;
}

/* newterm for TERM, or for the family that its name says, or for xterm. */
static SCREEN *
open_screen(FILE *out, char *name)
{
	SCREEN *screen;
	char *dash;

	screen = newterm(name, out, stdin);
	dash = strchr(name, '-');
	if (screen == NULL && dash != NULL) {
		*dash = '\0';
		screen = newterm(name, out, stdin);
	}
	if (screen == NULL) {
		char family[] = "xterm";

		screen = newterm(family, out, stdin);
	}
	return screen;
}

static int
check_terminal(const char **name, struct err *err)
{
	*name = getenv("TERM");
	if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO)) {
		return err_set(err, ERR_LOCAL, "%s",
		    _("标准输入和标准输出不是终端，不能打开全屏界面。请在终端里运行，或使用子命令。"));
	}
	if (*name == NULL || **name == '\0' || strcmp(*name, "dumb") == 0) {
		return err_set(err, ERR_LOCAL, "%s",
		    _("终端类型（TERM）没有设置或过于简单。请先执行 export TERM=xterm，或使用 --plain。"));
	}
	return 0;
}

/* The keyboard gives every key as it comes: no flow control, no signals, no line editing. */
static void
set_modes(struct tui_term *term)
{
	struct termios raw_mode = term->saved;
	struct stat st;

	raw();
	noecho();
	nonl();
	raw_mode.c_iflag &=
	    (tcflag_t) ~(IXON | IXOFF | ICRNL | INLCR | IGNCR | BRKINT | ISTRIP);
	raw_mode.c_lflag &= (tcflag_t) ~(ICANON | ECHO | ECHONL | ISIG | IEXTEN);
	raw_mode.c_oflag &= (tcflag_t)~OPOST;
	raw_mode.c_cc[VMIN] = 1;
	raw_mode.c_cc[VTIME] = 0;
	tcsetattr(STDIN_FILENO, TCSADRAIN, &raw_mode);
	def_prog_mode();
	typeahead(-1);
	leaveok(stdscr, FALSE);
	/* Others must not write to a screen that shows amounts (mesg n). */
	if (fstat(STDOUT_FILENO, &st) == 0 && (st.st_mode & 022) != 0 &&
	    fchmod(STDOUT_FILENO, st.st_mode & 07755) == 0) {
		term->saved_mode = st.st_mode & 07777;
	}
}

int
tui_term_new(int never_color, int ascii, struct tui_input *input, struct tui_term **out,
    struct err *err)
{
	struct tui_term *term;
	const char *type;
	char name[128];
	int fd;

	if (check_terminal(&type, err) != 0) {
		return -1;
	}
	term = mem_alloc(sizeof(*term));
	term->spool = -1;
	snprintf(name, sizeof(name), "%s", type);
	tcgetattr(STDIN_FILENO, &term->saved);
	fd = dup(STDOUT_FILENO);
	term->out = fd >= 0 ? fdopen(fd, "w") : NULL;
	term->screen = term->out != NULL ? open_screen(term->out, name) : NULL;
	if (term->screen == NULL) {
		if (term->out != NULL) {
			fclose(term->out);
		}
		free(term);
		return err_set(err, ERR_LOCAL,
		    _("不认识终端类型 %s，本机也没有 xterm 的描述。请先执行 export TERM=xterm，"
		      "或安装 ncurses-term。"),
		    type);
	}
	set_modes(term);
	choose_styles(term, never_color);
	choose_glyphs(term, ascii);
	tui_term_keys_define(input);
	write_all(PASTE_ON, strlen(PASTE_ON));
	term->spool = open_spool();
	if (term->spool >= 0) {
		dup2(term->spool, fd);
	}
	*out = term;
	return 0;
}

void
tui_term_free(struct tui_term *term)
{
	if (term == NULL) {
		return;
	}
	if (term->spool >= 0) {
		dup2(STDOUT_FILENO, fileno(term->out));
		close(term->spool);
	}
	write_all(PASTE_OFF, strlen(PASTE_OFF));
	endwin();
	tcsetattr(STDIN_FILENO, TCSADRAIN, &term->saved);
	if (term->saved_mode != 0) {
		(void)!fchmod(STDOUT_FILENO, term->saved_mode);
	}
	delscreen(term->screen);
	fclose(term->out);
	tui_grid_release(&term->shown);
	free(term->bytes);
	free(term);
}

void
tui_term_size(struct tui_term *term, struct tui_grid *grid)
{
	struct winsize size = { 0 };
	int lines = LINES;
	int columns = COLS;

	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_row > 0 &&
	    size.ws_col > 0) {
		lines = size.ws_row;
		columns = size.ws_col;
	}
	if (columns > LINE_MAX_CELLS) {
		columns = LINE_MAX_CELLS;
	}
	if (lines != LINES || columns != COLS) {
		resize_term(lines, columns);
	}
	if (lines != grid->lines || columns != grid->columns) {
		tui_grid_resize(grid, lines, columns);
	}
	if (lines != term->shown.lines || columns != term->shown.columns) {
		tui_grid_resize(&term->shown, lines, columns);
		werase(stdscr);
		clearok(stdscr, TRUE);
	}
	grid->ascii = term->is_ascii;
}

static const char *
narrow_pair(uint32_t ch)
{
	size_t i;

	for (i = 0; i < ARRAY_LEN(narrow); i++) {
		if (narrow[i].ch == ch) {
			return narrow[i].pair;
		}
	}
	return "? ";
}

/* One cell as ncurses' complex characters, of which a double-width one may need two when
 * ncurses counts it as one column. Returns how many. */
static int
put_cell(const struct tui_term *term, const struct tui_cell *cell, cchar_t *out)
{
	attr_t attributes = term->attributes[cell->style];
	short pair = term->pairs[cell->style];
	wchar_t text[4] = { (wchar_t)cell->ch, (wchar_t)cell->mark[0],
		(wchar_t)cell->mark[1], 0 };
	int width = wcwidth(text[0]);

	if (width == cell->width) {
		setcchar(out, text, attributes, pair, NULL);
		return 1;
	}
	text[1] = 0;
	if (cell->width == 2) {
		const char *two = width == 1 ? narrow_pair(cell->ch) : "? ";

		text[0] = two[0];
		setcchar(out, text, attributes, pair, NULL);
		text[0] = two[1];
		setcchar(out + 1, text, attributes, pair, NULL);
		return 2;
	}
	text[0] = '?';
	setcchar(out, text, attributes, pair, NULL);
	return 1;
}

/* Carries the part of a line that differs to ncurses, whole characters only. */
static void
put_line(struct tui_term *term, const struct tui_grid *grid, int line)
{
	static cchar_t cells[LINE_MAX_CELLS + 1];
	const struct tui_cell *now = tui_grid_cell(grid, line, 0);
	struct tui_cell *old = tui_grid_cell(&term->shown, line, 0);
	int first = 0;
	int last = grid->columns - 1;
	int n = 0;
	int x;

	while (first <= last && memcmp(&now[first], &old[first], sizeof(*now)) == 0) {
		first++;
	}
	if (first > last) {
		return;
	}
	while (memcmp(&now[last], &old[last], sizeof(*now)) == 0) {
		last--;
	}
	while (first > 0 && (now[first].width == 0 || old[first].width == 0)) {
		first--;
	}
	while (last + 1 < grid->columns &&
	    (now[last + 1].width == 0 || old[last + 1].width == 0)) {
		last++;
	}
	for (x = first; x <= last; x++) {
		if (now[x].width != 0) {
			n += put_cell(term, &now[x], &cells[n]);
		}
	}
	mvwadd_wchnstr(stdscr, line, first, cells, n);
	memcpy(&old[first], &now[first], (size_t)(last - first + 1) * sizeof(*now));
}

void
tui_term_paint(struct tui_term *term, const struct tui_grid *grid, int repaint)
{
	int line;

	for (line = 0; line < grid->lines; line++) {
		put_line(term, grid, line);
	}
	if (repaint) {
		clearok(stdscr, TRUE);
	}
	wmove(stdscr, grid->cursor_line, grid->cursor_column);
	wrefresh(stdscr);
	drain(term);
}

void
tui_term_beep(struct tui_term *term)
{
	beep();
	drain(term);
}

int
tui_term_is_ascii(const struct tui_term *term)
{
	return term->is_ascii;
}

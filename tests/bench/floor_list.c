/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The floor: the least that a list of levies can cost with ncurses. It reads the client's own
 * database, fetches a page by row number and draws it; nothing else. `make bench` measures the
 * client against it in the same run.
 *
 *	floor_list DATABASE
 *
 * Keys: arrows, PgUp PgDn Home End; q ends it. Rows must be numbered without gaps.
 */
#define _GNU_SOURCE
#define _XOPEN_SOURCE_EXTENDED 1
#include <locale.h>
#include <ncurses.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <sqlite3.h>

#define ROWS_MAX 200
#define LINE_SIZE 1024

static const struct {
	const char *title;
	int width;
} columns[] = {
	{ "征集单号", 20 },
	{ "单位编号", 10 },
	{ "社保经办机构", 20 },
	{ "征收项目", 22 },
	{ "征收品目", 12 },
	{ "所属期", 7 },
	{ "人数", 5 },
	{ "应缴费额", 11 },
};
#define COLUMN_COUNT (sizeof(columns) / sizeof(columns[0]))

static struct {
	sqlite3_stmt *page;
	long count, top, current, fetched;
	int body;
	char lines[ROWS_MAX][LINE_SIZE];
} list = { .fetched = -1 };

/* ---- one write(2) a refresh: ncurses 6.4 issues one for nearly every cursor movement */

static char held[1 << 17];
static size_t held_count;

static void
send_held(void)
{
	size_t done = 0;

	while (done < held_count) {
		long n = syscall(SYS_write, STDOUT_FILENO, held + done, held_count - done);

		if (n <= 0) {
			break;
		}
		done += (size_t)n;
	}
	held_count = 0;
}

ssize_t
write(int fd, const void *bytes, size_t n)
{
	if (fd != STDOUT_FILENO) {
		return syscall(SYS_write, fd, bytes, n);
	}
	if (held_count + n > sizeof(held)) {
		send_held();
	}
	memcpy(held + held_count, bytes, n);
	held_count += n;
	return (ssize_t)n;
}

/* ---- rows */

/* Han characters take two columns, all else one. */
static char *
put_cell(char *out, const char *text, int width)
{
	int used = 0;

	while (*text != '\0') {
		unsigned char c = (unsigned char)*text;
		size_t n = c < 0x80 ? 1 : c < 0xe0 ? 2 : c < 0xf0 ? 3 : 4;
		int wide = n >= 3 ? 2 : 1;

		if (used + wide > width) {
			break;
		}
		memcpy(out, text, n);
		out += n;
		text += n;
		used += wide;
	}
	while (used++ <= width) {
		*out++ = ' ';
	}
	return out;
}

static void
fetch(void)
{
	int i, n = 0;
	size_t k;

	if (list.fetched == list.top) {
		return;
	}
	list.fetched = list.top;
	sqlite3_reset(list.page);
	sqlite3_bind_int64(list.page, 1, list.top);
	sqlite3_bind_int(list.page, 2, list.body);
	while (n < list.body && sqlite3_step(list.page) == SQLITE_ROW) {
		char *out = list.lines[n++];

		*out++ = ' ';
		*out++ = ' ';
		for (k = 0; k < COLUMN_COUNT; k++) {
			const char *text = (const char *)sqlite3_column_text(list.page, (int)k);

			out = put_cell(out, text == NULL ? "" : text, columns[k].width);
		}
		*out = '\0';
	}
	for (i = n; i < list.body; i++) {
		list.lines[i][0] = '\0';
	}
}

/* ---- screen */

static void
draw_row(long i)
{
	int is_current = list.top + i == list.current;

	if (i < 0 || i >= list.body) {
		return;
	}
	mvaddstr(1 + (int)i, 0, list.lines[i]);
	clrtoeol();
	if (is_current) {
		mvaddstr(1 + (int)i, 0, ">");
	}
}

static void
draw_status(void)
{
	mvprintw(LINES - 1, 0, "%ld/%ld", list.current + 1, list.count);
	clrtoeol();
}

static void
draw_all(void)
{
	int i;

	fetch();
	for (i = 0; i < list.body; i++) {
		draw_row(i);
	}
}

static void
draw_head(void)
{
	char line[LINE_SIZE], *out = line;
	size_t k;

	*out++ = ' ';
	*out++ = ' ';
	for (k = 0; k < COLUMN_COUNT; k++) {
		out = put_cell(out, columns[k].title, columns[k].width);
	}
	*out = '\0';
	attrset(A_BOLD);
	mvaddstr(0, 0, line);
	attrset(0);
}

static int
open_database(const char *path)
{
	static const char sql[] =
	    "SELECT levy_no, unit_no, agency_name, item_name, category_name, period_from,"
	    " headcount, amount / 100 || '.' || substr('0' || amount % 100, -2)"
	    " FROM levy WHERE rowid > ?1 ORDER BY rowid LIMIT ?2";
	sqlite3_stmt *count;
	sqlite3 *db;

	if (sqlite3_open_v2(path, &db, SQLITE_OPEN_READONLY, NULL) != SQLITE_OK ||
	    sqlite3_prepare_v2(db, "SELECT max(rowid) FROM levy", -1, &count, NULL) != SQLITE_OK ||
	    sqlite3_prepare_v2(db, sql, -1, &list.page, NULL) != SQLITE_OK) {
		return -1;
	}
	if (sqlite3_step(count) == SQLITE_ROW) {
		list.count = sqlite3_column_int64(count, 0);
	}
	sqlite3_finalize(count);
	return 0;
}

static int
press(int key)
{
	switch (key) {
	case KEY_DOWN:
		list.current++;
		break;
	case KEY_UP:
		list.current--;
		break;
	case KEY_NPAGE:
		list.current += list.body;
		list.top += list.body;
		break;
	case KEY_PPAGE:
		list.current -= list.body;
		list.top -= list.body;
		break;
	case KEY_HOME:
		list.current = 0;
		break;
	case KEY_END:
		list.current = list.count - 1;
		break;
	case 'q':
	case ERR:
		return 0;
	default:
		break;
	}
	return 1;
}

static void
settle(void)
{
	list.current = list.current >= list.count ? list.count - 1 : list.current;
	list.current = list.current < 0 ? 0 : list.current;
	list.top = list.top > list.count - list.body ? list.count - list.body : list.top;
	list.top = list.top < 0 ? 0 : list.top;
	list.top = list.current < list.top ? list.current : list.top;
	if (list.current >= list.top + list.body) {
		list.top = list.current - list.body + 1;
	}
}

int
main(int argc, char **argv)
{
	int key = 0;

	setlocale(LC_ALL, "");
	if (argc != 2 || open_database(argv[1]) < 0) {
		fputs("usage: floor_list DATABASE\n", stderr);
		return 2;
	}
	initscr();
	cbreak();
	noecho();
	nonl();
	keypad(stdscr, TRUE);
	set_escdelay(25);
	curs_set(0);
	idlok(stdscr, TRUE);
	list.body = LINES - 2 < ROWS_MAX ? LINES - 2 : ROWS_MAX;
	draw_head();
	draw_all();
	do {
		draw_status();
		refresh();
		send_held();
		key = getch();
		if (press(key)) {
			long before = list.current, top = list.top;

			settle();
			if (list.top == top && list.fetched == top) {
				draw_row(before - top);
				draw_row(list.current - top);
			} else {
				draw_all();
			}
		} else {
			key = 'q';
		}
	} while (key != 'q');
	endwin();
	send_held();
	return 0;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A terminal, as far as the client draws: cursor movement, erasing, scrolling, text. */
#include "monkey_terminal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct terminal terminal;

static void
erase(int from_line, int from_column, int to_line, int to_column)
{
	int line, column;

	for (line = from_line; line <= to_line; line++) {
		int first = line == from_line ? from_column : 0;
		int last = line == to_line ? to_column : terminal.columns - 1;

		for (column = first; column <= last; column++) {
			terminal.cells[line][column] = L' ';
		}
	}
}

static int
number(const char *s, int nth, int otherwise)
{
	while (nth > 0 && *s != '\0') {
		nth -= *s++ == ';';
	}
	return *s >= '0' && *s <= '9' ? atoi(s) : otherwise;
}

static int
clamp(int value, int limit)
{
	return value < 0 ? 0 : value >= limit ? limit - 1 : value;
}

static void
scroll_up(int first, int last, int by)
{
	while (by-- > 0) {
		memmove(terminal.cells[first], terminal.cells[first + 1],
		    sizeof(terminal.cells[0]) * (size_t)(last - first));
		erase(last, 0, last, terminal.columns - 1);
	}
}

static void
scroll_down(int first, int last, int by)
{
	while (by-- > 0) {
		memmove(terminal.cells[first + 1], terminal.cells[first],
		    sizeof(terminal.cells[0]) * (size_t)(last - first));
		erase(first, 0, first, terminal.columns - 1);
	}
}

void
terminal_clear(void)
{
	erase(0, 0, terminal.lines - 1, terminal.columns - 1);
}

/* What a terminal says by itself when it is asked. */
static void
answer(const char *question)
{
	static const struct {
		const char *question, *answer;
	} known[] = {
		{ "5n", "\033[0n" },
		{ "6n", "\033[2;2R" },
		{ "?2026$p", "\033[?2026;2$y" },
	};
	size_t i;

	for (i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		if (strcmp(question, known[i].question) == 0) {
			(void)!write(terminal.fd, known[i].answer, strlen(known[i].answer));
		}
	}
}

static void
csi(const char *s, char final)
{
	int n = number(s, 0, 1);

	n = n < 1 ? 1 : n;
	switch (final) {
	case 'H':
	case 'f':
		terminal.line = clamp(number(s, 0, 1) - 1, terminal.lines);
		terminal.column = clamp(number(s, 1, 1) - 1, terminal.columns);
		break;
	case 'A':
		terminal.line = clamp(terminal.line - n, terminal.lines);
		break;
	case 'B':
		terminal.line = clamp(terminal.line + n, terminal.lines);
		break;
	case 'C':
		terminal.column = clamp(terminal.column + n, terminal.columns);
		break;
	case 'D':
		terminal.column = clamp(terminal.column - n, terminal.columns);
		break;
	case 'G':
		terminal.column = clamp(n - 1, terminal.columns);
		break;
	case 'd':
		terminal.line = clamp(n - 1, terminal.lines);
		break;
	case 'J':
		if (number(s, 0, 0) == 2) {
			terminal_clear();
		} else {
			erase(terminal.line, terminal.column, terminal.lines - 1, terminal.columns - 1);
		}
		break;
	case 'K':
		if (number(s, 0, 0) == 1) {
			erase(terminal.line, 0, terminal.line, terminal.column);
		} else {
			erase(terminal.line, terminal.column, terminal.line, terminal.columns - 1);
		}
		break;
	case 'X':
		erase(terminal.line, terminal.column, terminal.line, clamp(terminal.column + n - 1, terminal.columns));
		break;
	case 'r':
		terminal.region_first = clamp(number(s, 0, 1) - 1, terminal.lines);
		terminal.region_last = clamp(number(s, 1, terminal.lines) - 1, terminal.lines);
		terminal.line = 0;
		terminal.column = 0;
		break;
	case 'S':
		scroll_up(terminal.region_first, terminal.region_last, n);
		break;
	case 'T':
		scroll_down(terminal.region_first, terminal.region_last, n);
		break;
	case 'L':
		scroll_down(terminal.line, terminal.region_last, n);
		break;
	case 'n':
	case 'p':
		answer(s);
		break;
	case 'M':
		scroll_up(terminal.line, terminal.region_last, n);
		break;
	default:
		break;
	}
}

static void
put(wchar_t c)
{
	int width = wcwidth(c);

	if (c == L'\r') {
		terminal.column = 0;
	} else if (c == L'\n') {
		if (terminal.line == terminal.region_last) {
			scroll_up(terminal.region_first, terminal.region_last, 1);
		} else {
			terminal.line = clamp(terminal.line + 1, terminal.lines);
		}
	} else if (c == L'\b') {
		terminal.column = clamp(terminal.column - 1, terminal.columns);
	} else if (width > 0 && terminal.column + width <= terminal.columns) {
		terminal.cells[terminal.line][terminal.column] = c;
		if (width == 2) {
			terminal.cells[terminal.line][terminal.column + 1] = L'\0';
		}
		terminal.column += width;
	}
}

/* Uses up what is complete of pending. */
void
terminal_take(char byte)
{
	char *p = terminal.pending;
	size_t n;
	mbstate_t state = { 0 };
	wchar_t wide;

	if (terminal.pending_count == sizeof(terminal.pending) - 1) {
		terminal.pending_count = 0;
	}
	p[terminal.pending_count++] = byte;
	p[terminal.pending_count] = '\0';
	n = terminal.pending_count;
	if (p[0] == '\033') {
		if (n == 1 || (n == 2 && strchr("[]()", p[1]) != NULL)) {
			return;
		}
		if (p[1] == '[' && !(byte >= 0x40 && byte <= 0x7e)) {
			return;
		}
		if (p[1] == ']' && byte != '\a') {
			return;
		}
		if (p[1] == '[') {
			csi(p + 2, byte);
		} else if (p[1] == 'M') {
			terminal.line = clamp(terminal.line - 1, terminal.lines);
		}
	} else {
		size_t got = mbrtowc(&wide, p, n, &state);
		if (got == (size_t)-2) {
			return;
		}
		if (got != (size_t)-1) {
			put(wide);
		}
	}
	terminal.pending_count = 0;
}

int
terminal_has(int line, const wchar_t *words)
{
	wchar_t text[TERMINAL_COLUMNS_MAX + 1];
	int from = line < 0 ? 0 : line, to = line < 0 ? terminal.lines - 1 : line;

	for (line = from; line <= to; line++) {
		int n = 0, column;

		for (column = 0; column < terminal.columns; column++) {
			if (terminal.cells[line][column] != L'\0') {
				text[n++] = terminal.cells[line][column];
			}
		}
		text[n] = L'\0';
		if (wcsstr(text, words) != NULL) {
			return 1;
		}
	}
	return 0;
}

void
terminal_resize(int lines, int columns)
{
	terminal.lines = lines;
	terminal.columns = columns;
	terminal.region_first = 0;
	terminal.region_last = lines - 1;
	terminal.line = clamp(terminal.line, lines);
	terminal.column = clamp(terminal.column, columns);
	terminal.pending_count = 0;
}

void
terminal_tell(const wchar_t *cells)
{
	int column;

	for (column = 0; column < terminal.columns; column++) {
		if (cells[column] != L'\0') {
			fprintf(stderr, "%lc", (wint_t)cells[column]);
		}
	}
	fputc('\n', stderr);
}

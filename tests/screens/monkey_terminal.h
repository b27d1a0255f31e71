/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SHEBAO_TESTS_MONKEY_TERMINAL_H
#define SHEBAO_TESTS_MONKEY_TERMINAL_H

#include <stddef.h>
#include <wchar.h>

/* What a terminal would show of what the client writes, and what it answers by itself. */
#define TERMINAL_LINES_MAX 40
#define TERMINAL_COLUMNS_MAX 120

struct terminal {
	int fd; /* answers go there */
	wchar_t cells[TERMINAL_LINES_MAX][TERMINAL_COLUMNS_MAX]; /* NUL: right half of a wide one */
	int lines, columns;
	int line, column;
	int region_first, region_last;
	char pending[64]; /* an escape sequence or character that is not complete */
	size_t pending_count;
};

extern struct terminal terminal;

void terminal_resize(int lines, int columns);
void terminal_clear(void);

/* One byte of the client's. */
void terminal_take(char byte);

/* Whether the words stand in a line; -1: in any. */
int terminal_has(int line, const wchar_t *words);

/* Cells of a line, on standard error. */
void terminal_tell(const wchar_t *cells);

#endif

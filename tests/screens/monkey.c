/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * monkey PROGRAM KEYS SEED: random keys for the full-screen client in a pseudo-terminal of
 * 80 by 24. It begins and ends at the menu of an employer that is logged in (the password comes
 * from the environment, MONKEY_PASSWORD, and is never among the random keys, so that nothing can
 * be paid). After every ROUND keys it looks at the screen as a terminal would show it:
 *	- the program lives and answers (the picture settles within ten seconds),
 *	- the last line shows the keys that work now,
 *	- at most ten Esc (and the answer to a question that Esc asked) lead to the menu.
 * Exits 0 if all that held; otherwise shows screen and last keys and exits 1.
 */
#include <errno.h>
#include <fcntl.h>
#include <locale.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>
#include <wchar.h>

#define LINES 24
#define COLUMNS 80
#define ROUND 100
#define QUIET_MS 120   /* a picture that has not changed for so long is settled */
#define STUCK_MS 10000 /* longer than any call of the client to a local service */
#define KEPT 200

struct monkey {
	int fd;
	pid_t pid;
	wchar_t cells[LINES][COLUMNS + 1];
	int line, column;
	char pending[64]; /* an escape sequence or character that is not complete */
	size_t pending_count;
	uint64_t seed;
	char kept[KEPT][16]; /* the last keys */
	long typed;
	int has_ended; /* by itself, as when 是否退出 was confirmed */
	char **command;
};

static struct monkey monkey;

static int64_t
now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static uint32_t
dice(uint32_t sides)
{
	monkey.seed = monkey.seed * 6364136223846793005u + 1442695040888963407u;
	return (uint32_t)(monkey.seed >> 33) % sides;
}

/* ---- the screen, as far as the client draws: cursor movement, erasing, text */

static void
erase(int from_line, int from_column, int to_line, int to_column)
{
	int line, column;
	for (line = from_line; line <= to_line; line++) {
		int first = line == from_line ? from_column : 0;
		int last = line == to_line ? to_column : COLUMNS - 1;

		for (column = first; column <= last; column++) {
			monkey.cells[line][column] = L' ';
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
		memmove(monkey.cells[first], monkey.cells[first + 1],
		    sizeof(monkey.cells[0]) * (size_t)(last - first));
		erase(last, 0, last, COLUMNS - 1);
	}
}
static int region_first = 0, region_last = LINES - 1;
static void
csi(const char *s, char final)
{
	int n = number(s, 0, 1);

	n = n < 1 ? 1 : n;
	switch (final) {
	case 'H':
	case 'f':
		monkey.line = clamp(number(s, 0, 1) - 1, LINES);
		monkey.column = clamp(number(s, 1, 1) - 1, COLUMNS);
		break;
	case 'A':
		monkey.line = clamp(monkey.line - n, LINES);
		break;
	case 'B':
		monkey.line = clamp(monkey.line + n, LINES);
		break;
	case 'C':
		monkey.column = clamp(monkey.column + n, COLUMNS);
		break;
	case 'D':
		monkey.column = clamp(monkey.column - n, COLUMNS);
		break;
	case 'G':
		monkey.column = clamp(n - 1, COLUMNS);
		break;
	case 'd':
		monkey.line = clamp(n - 1, LINES);
		break;
	case 'J':
		if (number(s, 0, 0) == 2) {
			erase(0, 0, LINES - 1, COLUMNS - 1);
		} else {
			erase(monkey.line, monkey.column, LINES - 1, COLUMNS - 1);
		}
		break;
	case 'K':
		if (number(s, 0, 0) == 1) {
			erase(monkey.line, 0, monkey.line, monkey.column);
		} else {
			erase(monkey.line, monkey.column, monkey.line, COLUMNS - 1);
		}
		break;
	case 'X':
		erase(monkey.line, monkey.column, monkey.line, clamp(monkey.column + n - 1, COLUMNS));
		break;
	case 'r':
		region_first = clamp(number(s, 0, 1) - 1, LINES);
		region_last = clamp(number(s, 1, LINES) - 1, LINES);
		monkey.line = 0;
		monkey.column = 0;
		break;
	case 'S':
		scroll_up(region_first, region_last, n);
		break;
	case 'T':
	case 'L': {
		int first = final == 'L' ? monkey.line : region_first;

		while (n-- > 0) {
			memmove(monkey.cells[first + 1], monkey.cells[first],
			    sizeof(monkey.cells[0]) * (size_t)(region_last - first));
			erase(first, 0, first, COLUMNS - 1);
		}
		break;
	}
	case 'M':
		scroll_up(monkey.line, region_last, n);
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
		monkey.column = 0;
	} else if (c == L'\n') {
		if (monkey.line == region_last) {
			scroll_up(region_first, region_last, 1);
		} else {
			monkey.line = clamp(monkey.line + 1, LINES);
		}
	} else if (c == L'\b') {
		monkey.column = clamp(monkey.column - 1, COLUMNS);
	} else if (width > 0 && monkey.column + width <= COLUMNS) {
		monkey.cells[monkey.line][monkey.column] = c;
		if (width == 2) {
			monkey.cells[monkey.line][monkey.column + 1] = L'\0';
		}
		monkey.column += width;
	}
}

/* Uses up what is complete of pending. */
static void
take(char byte)
{
	char *p = monkey.pending;
	size_t n;
	mbstate_t state = { 0 };
	wchar_t wide;

	if (monkey.pending_count == sizeof(monkey.pending) - 1) {
		monkey.pending_count = 0;
	}
	p[monkey.pending_count++] = byte;
	p[monkey.pending_count] = '\0';
	n = monkey.pending_count;
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
			monkey.line = clamp(monkey.line - 1, LINES);
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
	monkey.pending_count = 0;
}

static void
give_up(const char *why)
{
	long i, first = monkey.typed > KEPT ? monkey.typed - KEPT : 0;
	int line;

	fprintf(stderr, "monkey: %s, after %ld keys\n", why, monkey.typed);
	for (line = 0; line < LINES; line++) {
		int column;

		fputs("    | ", stderr);
		for (column = 0; column < COLUMNS; column++) {
			if (monkey.cells[line][column] != L'\0') {
				fprintf(stderr, "%lc", (wint_t)monkey.cells[line][column]);
			}
		}
		fputc('\n', stderr);
	}
	fputs("last keys:", stderr);
	for (i = first; i < monkey.typed; i++) {
		fprintf(stderr, " %s", monkey.kept[i % KEPT]);
	}
	fputc('\n', stderr);
	kill(monkey.pid, SIGKILL);
	exit(1);
}

static int
has(int line, const wchar_t *words)
{
	wchar_t text[COLUMNS + 1];
	int from = line < 0 ? 0 : line, to = line < 0 ? LINES - 1 : line;

	for (line = from; line <= to; line++) {
		int n = 0, column;

		for (column = 0; column < COLUMNS; column++) {
			if (monkey.cells[line][column] != L'\0') {
				text[n++] = monkey.cells[line][column];
			}
		}
		text[n] = L'\0';
		if (wcsstr(text, words) != NULL) {
			return 1;
		}
	}
	return 0;
}

/* Reads for at most ms; 0 when nothing came. */
static int
listen_for(int ms)
{
	struct pollfd fd = { monkey.fd, POLLIN, 0 };
	char bytes[8192];
	ssize_t n, i;

	if (monkey.has_ended || poll(&fd, 1, ms) <= 0) {
		return 0;
	}
	n = read(monkey.fd, bytes, sizeof(bytes));
	if (n <= 0) {
		int status = 0;
		if (waitpid(monkey.pid, &status, WNOHANG) == 0) {
			return poll(NULL, 0, 10); /* it has not opened its terminal yet, or is ending */
		}
		if (WIFEXITED(status) && WEXITSTATUS(status) == 0) {
			monkey.has_ended = 1;
			return 0;
		}
		give_up(WIFSIGNALED(status) ? "the program was killed by a signal" :
					      "the program has ended");
	}
	for (i = 0; i < n; i++) {
		take(bytes[i]);
	}
	return 1;
}

static void
settle(void)
{
	int64_t until = now_ms() + STUCK_MS;

	while (listen_for(QUIET_MS) || (!monkey.has_ended && has(LINES - 1, L"请稍候"))) {
		if (now_ms() > until) {
			give_up("the picture does not settle");
		}
	}
}

static void
await(const wchar_t *words)
{
	int64_t until = now_ms() + STUCK_MS;

	while (!has(-1, words)) {
		if (monkey.has_ended) {
			give_up("the program has ended");
		}
		listen_for(100);
		if (now_ms() > until) {
			fprintf(stderr, "monkey: waited for %ls\n", words);
			give_up("the program does not answer");
		}
	}
	settle();
}

static void
type(const char *bytes)
{
	size_t left = strlen(bytes);
	int64_t until = now_ms() + STUCK_MS;

	while (left > 0 && !monkey.has_ended) {
		ssize_t n = write(monkey.fd, bytes, left);

		if (n > 0) {
			bytes += n;
			left -= (size_t)n;
		} else if (now_ms() > until) {
			give_up("the program reads no keys");
		}
		while (listen_for(0)) {
		}
	}
}

static const struct {
	const char *name, *bytes;
	unsigned weight;
} keys[] = {
	{ "Enter", "\r", 12 },
	{ "Space", " ", 8 },
	{ "Up", "\033[A", 8 },
	{ "Down", "\033[B", 12 },
	{ "Left", "\033[D", 6 },
	{ "Right", "\033[C", 6 },
	{ "Tab", "\t", 8 },
	{ "BackTab", "\033[Z", 3 },
	{ "PgUp", "\033[5~", 3 },
	{ "PgDn", "\033[6~", 3 },
	{ "Home", "\033[1~", 3 },
	{ "End", "\033[4~", 3 },
	{ "Insert", "\033[2~", 3 },
	{ "Delete", "\033[3~", 3 },
	{ "BackSpace", "\177", 4 },
	{ "Esc", "\033\033", 3 },
	{ "F1", "\033OP", 2 },
	{ "F2", "\033OQ", 8 },
	{ "F3", "\033OR", 5 },
	{ "F4", "\033OS", 4 },
	{ "F5", "\033[15~", 2 },
	{ "F6", "\033[17~", 3 },
	{ "F7", "\033[18~", 4 },
	{ "F8", "\033[19~", 4 },
	{ "F9", "\033[20~", 4 },
	{ "F10", "\033[21~", 10 },
	{ "Alt-2", "\0332", 2 },
	{ "CtrlL", "\f", 1 },
	{ "CtrlP", "\020", 2 },
	{ "CtrlR", "\022", 1 },
	{ "CtrlS", "\023", 2 },
	{ "CtrlC", "\003", 1 },
	{ "hanzi", "贵", 3 },
	{ "wide-a", "ａ", 2 },
	{ "wide-2", "２", 2 },
	{ "paste", "\033[200~贵阳, 10 元\033[201~", 1 },
	{ "half", "\xe8\xb4", 1 },
	{ "junk", "\033[9;9;9~", 1 },
};

static void
remember(const char *name)
{
	snprintf(monkey.kept[monkey.typed % KEPT], sizeof(monkey.kept[0]), "%s", name);
	monkey.typed++;
}

static void
random_key(void)
{
	static const char plain[] = "1234567890*+-/.:?nNvaiugwrsfpd><=abcXYZ";
	unsigned total = 0, at;
	size_t i;

	for (i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		total += keys[i].weight;
	}
	at = dice(total + 60);
	if (at >= total) {
		char one[2] = { plain[dice(sizeof(plain) - 1)], '\0' };

		remember(one);
		type(one);
		return;
	}
	for (i = 0; at >= keys[i].weight; i++) {
		at -= keys[i].weight;
	}
	remember(keys[i].name);
	type(keys[i].bytes);
}

static int
at_menu(void)
{
	return has(0, L"主菜单") && has(LINES - 1, L"Esc 返回");
}

static int
bar_is_there(void)
{
	return has(LINES - 1, L"Enter ") || has(LINES - 1, L"Esc ") || has(LINES - 1, L"F1 ") ||
	    has(LINES - 1, L"Down ");
}

static void
log_in(void)
{
	const char *password = getenv("MONKEY_PASSWORD");
	int64_t until = now_ms() + STUCK_MS;
	type(password != NULL ? password : "");
	type("\r");
	while (!monkey.has_ended && has(-1, L"安全认证") && now_ms() < until) {
		listen_for(100);
	}
	settle();
}

/* A client that is just ending has taken its picture away. */
static void
need_bar(void)
{
	int64_t until = now_ms() + STUCK_MS;

	while (!monkey.has_ended && !bar_is_there()) {
		listen_for(100);
		if (now_ms() > until) {
			give_up("the last line is gone");
		}
	}
}

/* Ten Esc, and the answers that give up. */
static void
go_back(void)
{
	int escapes = 0;
	settle();
	while (!monkey.has_ended && !at_menu()) {
		need_bar();
		if (has(-1, L"放弃已录入的内容")) {
			type("\033[D\r"); /* 【放弃】 */
		} else if (has(-1, L"是否退出")) {
			type("\033\033"); /* back to where it was asked: not out */
			settle();
			if (has(0, L"登录") || has(0, L"单位管理")) {
				type("\r"); /* the list of employers before logging in */
				settle();
			}
		} else if (has(-1, L"安全认证") && has(0, L"11 登录") && !has(-1, L"*")) {
			log_in();
		} else if (++escapes > 10) {
			give_up("ten Esc do not lead to the menu");
		} else {
			type("\033");
		}
		settle();
	}
}

static void
start(void)
{
	struct winsize size = { .ws_row = LINES, .ws_col = COLUMNS };
	int fd = posix_openpt(O_RDWR | O_NOCTTY);

	if (fd < 0 || grantpt(fd) != 0 || unlockpt(fd) != 0) {
		perror("monkey: pseudo-terminal");
		exit(2);
	}
	ioctl(fd, TIOCSWINSZ, &size);
	monkey.fd = fd;
	monkey.pid = fork();
	if (monkey.pid == 0) {
		int terminal;
		setsid();
		terminal = open(ptsname(fd), O_RDWR);
		dup2(terminal, 0);
		dup2(terminal, 1);
		close(fd);
		setenv("TERM", "xterm", 1);
		execv(monkey.command[0], monkey.command);
		_exit(127);
	}
	fcntl(fd, F_SETFL, O_NONBLOCK);
}

/* From the start to the menu. The region is asked for only once. */
static void
enter(void)
{
	monkey.has_ended = 0;
	monkey.pending_count = 0;
	erase(0, 0, LINES - 1, COLUMNS - 1);
	start();
	await(L"Enter ");
	if (has(-1, L"─ 地区：选定")) {
		type("\r");
		await(L"您确定选择");
		type("\r");
		await(L"F8 删除");
	}
	type("\r");
	await(L"安全认证");
	log_in();
}

int
main(int argc, char **argv)
{
	char *command[] = { argc > 1 ? argv[1] : NULL, NULL };
	long wanted = argc > 2 ? atol(argv[2]) : 0;
	long done = 0, i;

	if (argc != 4 || wanted <= 0 || setlocale(LC_ALL, "") == NULL) {
		fprintf(stderr, "usage: monkey PROGRAM KEYS SEED\n");
		return 2;
	}
	monkey.seed = strtoull(argv[3], NULL, 10);
	monkey.command = command;
	enter();
	while (done < wanted) {
		for (i = 0; i < ROUND && done < wanted; i++, done++) {
			random_key();
			while (listen_for(dice(20) == 0 ? 5 : 0)) {
			}
		}
		settle();
		need_bar();
		go_back();
		fprintf(stderr, "%s", done % 10000 == 0 ? "monkey: 10000 more keys\n" : "");
		if (monkey.has_ended) {
			close(monkey.fd);
			enter();
		}
	}
	kill(monkey.pid, SIGHUP);
	printf("monkey: %ld keys, seed %s: nothing broke\n", done, argv[3]);
	return 0;
}

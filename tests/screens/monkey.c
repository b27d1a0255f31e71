/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * monkey PROGRAM KEYS SEED: random keys for the full-screen client in a pseudo-terminal, 80 by 24
 * and now and then of another size. It begins and ends at the menu of an employer that is logged in
 * (the password comes from the environment, MONKEY_PASSWORD, and is never among the random keys, so
 * that nothing can be paid). Most keys wait until the program has dealt with the one before, some
 * are typed ahead. After every ROUND keys it looks at the screen as a terminal would show it:
 *	- the program lives and answers (it takes its keys and goes to sleep),
 *	- the last line shows the keys that work now,
 *	- at most ten Esc (and the answer to a question that Esc asked) lead to the menu.
 * Sometimes it then hangs up, and the next start must go on. Exits 0 if all that held and says which
 * screens it saw; otherwise shows screen and last keys and exits 1.
 *
 * Nothing waits for a time: the program is at rest when it sleeps, has slept since the key was sent
 * (the kernel counts how often it went to sleep) and has left nothing unread. So the result does not
 * depend on how busy the machine is.
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

#include "monkey_keys.h"
#include "monkey_terminal.h"

#define LINES 24
#define COLUMNS 80
#define ROUND 100
#define STUCK_MS 60000 /* longer than any call of the client to a local service, on a busy machine */
#define LOOK_US 300    /* between two looks whether the program is at rest */
#define ESCAPE_SLEEPS 2 /* a lone Esc is one when nothing has followed: it sleeps, wakes, sleeps */
#define PLAIN_WEIGHT 60
#define AHEAD_ONE_IN 8
#define RESIZE_ONE_IN 50
#define HANGUP_ONE_IN 20 /* rounds */
#define WRONG_MOST 2     /* passwords */
#define CODES 100
#define KEPT 200
#define ESCAPES_MOST 10

struct monkey {
	int fd;
	pid_t pid;
	int side; /* the program's side of it, to see what is unread */
	uint64_t seed;
	char kept[KEPT][16]; /* the last keys */
	long typed;
	int has_ended; /* by itself, as when 是否退出 was confirmed */
	char seen[CODES]; /* screens, by their codes */
	int wrong;        /* passwords since the last right one; the service locks after five */
	int is_refused;   /* the last key was followed by the news of a wrong one */
	wchar_t escaped[ESCAPES_MOST + 1][2][TERMINAL_COLUMNS_MAX]; /* first and last line at each Esc */
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

static void
give_up(const char *why)
{
	long i, first = monkey.typed > KEPT ? monkey.typed - KEPT : 0;
	int line;

	fprintf(stderr, "monkey: %s, after %ld keys\n", why, monkey.typed);
	for (line = 0; line < terminal.lines; line++) {
		fputs("    | ", stderr);
		terminal_tell(terminal.cells[line]);
	}
	fputs("last keys:", stderr);
	for (i = first; i < monkey.typed; i++) {
		fprintf(stderr, " %s", monkey.kept[i % KEPT]);
	}
	fputc('\n', stderr);
	kill(monkey.pid, SIGKILL);
	exit(1);
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
	for (i = 0; i < n; i++) {
		terminal_take(bytes[i]);
	}
	return n > 0;
}

static void
notice_end(void)
{
	int status = 0;

	if (monkey.has_ended || waitpid(monkey.pid, &status, WNOHANG) == 0) {
		return;
	}
	if (WIFSIGNALED(status)) {
		give_up("the program was killed by a signal");
	}
	if (WEXITSTATUS(status) != 0) {
		give_up("the program has failed");
	}
	monkey.has_ended = 1;
}

/* How often the program has gone to sleep so far; -1: it is awake, or has something to read. */
static long
sleeps(void)
{
	char path[40], text[2048] = "";
	int fd, unread = 0;
	ssize_t n;
	char *state, *count;

	snprintf(path, sizeof(path), "/proc/%ld/status", (long)monkey.pid);
	fd = open(path, O_RDONLY);
	n = fd < 0 ? 0 : read(fd, text, sizeof(text) - 1);
	close(fd);
	text[n > 0 ? n : 0] = '\0';
	state = strstr(text, "State:\tS");
	count = strstr(text, "\nvoluntary_ctxt_switches:");
	if (state == NULL || count == NULL || ioctl(monkey.side, FIONREAD, &unread) != 0 || unread > 0) {
		return -1;
	}
	return atol(count + strlen("\nvoluntary_ctxt_switches:"));
}

/* Until the program sleeps, more than this often; its picture is then read to the end. */
static void
rest(long than)
{
	const struct timespec pause = { .tv_nsec = LOOK_US * 1000L };
	int64_t until = now_ms() + STUCK_MS;

	while (!monkey.has_ended) {
		long before = sleeps();
		int has_heard = listen_for(0);

		if (!has_heard && before > than && sleeps() == before) {
			return;
		}
		notice_end();
		if (!has_heard) {
			nanosleep(&pause, NULL);
		}
		if (now_ms() > until) {
			give_up("the program does not come to rest");
		}
	}
}

/* It waits for the service, or for what Esc has just stopped. */
static int
is_waiting(void)
{
	return terminal_has(terminal.lines - 1, L"请稍候") || terminal_has(-1, L"正在停止");
}

/* At rest, and not waiting either. */
static void
settle(void)
{
	int64_t until = now_ms() + STUCK_MS;

	rest(0);
	while (!monkey.has_ended && is_waiting()) {
		listen_for(20);
		rest(0);
		if (now_ms() > until) {
			give_up("the service's answer does not come");
		}
	}
}

static void
await(const wchar_t *words)
{
	int64_t until = now_ms() + STUCK_MS;

	while (!terminal_has(-1, words)) {
		notice_end();
		if (monkey.has_ended) {
			give_up("the program has ended");
		}
		listen_for(20);
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
		notice_end();
	}
}

/* Types, and waits until that is dealt with. */
static void
press(const char *bytes)
{
	int is_escape = strcmp(bytes, "\033") == 0;
	long before = sleeps();

	type(bytes);
	rest(before + (is_escape ? ESCAPE_SLEEPS - 1 : 0));
}

static void
remember(const char *name)
{
	snprintf(monkey.kept[monkey.typed % KEPT], sizeof(monkey.kept[0]), "%s", name);
	monkey.typed++;
}

static void
set_size(int lines, int columns)
{
	struct winsize size = { .ws_row = (unsigned short)lines, .ws_col = (unsigned short)columns };
	long before = sleeps();

	if (lines == terminal.lines && columns == terminal.columns) {
		return;
	}
	terminal_resize(lines, columns);
	ioctl(monkey.fd, TIOCSWINSZ, &size);
	rest(before);
}

/* Every second round begins on a screen of its own, so that all of them are seen. */
static void
random_screen(void)
{
	static const char *const codes[] = { "11", "12", "21", "22", "23", "31", "32", "33", "41", "42",
		"43", "51", "52", "61", "62", "63", "71", "72" };
	const char *code = codes[dice(sizeof(codes) / sizeof(codes[0]))];
	char digit[2] = "";

	if (dice(2) == 0) {
		return;
	}
	remember(code);
	press("\033[21~");
	for (; *code != '\0'; code++) {
		digit[0] = *code;
		press(digit);
	}
}

/* One character of those that a keyboard gives. */
static const char *
random_character(void)
{
	static const char plain[] = "1234567890*+-/.:?nNvaiugwrsfpd><=abcXYZ";
	static char one[2];

	one[0] = plain[dice(sizeof(plain) - 1)];
	return one;
}

static void
random_key(void)
{
	const char *bytes;
	unsigned total = 0, at;
	size_t i;

	for (i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		total += keys[i].weight;
	}
	at = dice(total + PLAIN_WEIGHT);
	if (at >= total) {
		bytes = random_character();
		remember(bytes);
	} else {
		for (i = 0; at >= keys[i].weight; i++) {
			at -= keys[i].weight;
		}
		bytes = keys[i].bytes;
		remember(keys[i].name);
	}
	if (dice(AHEAD_ONE_IN) == 0) {
		type(bytes);
	} else {
		press(bytes);
	}
}

static void
random_size(void)
{
	static const struct {
		int lines, columns;
	} sizes[] = { { 40, 120 }, { 24, 100 }, { 24, 79 }, { 20, 60 }, { 30, 80 } };
	size_t i = dice(sizeof(sizes) / sizeof(sizes[0]));

	remember("resize");
	set_size(sizes[i].lines, sizes[i].columns);
}

static void
note_screen(void)
{
	wchar_t tens = terminal.cells[0][1], ones = terminal.cells[0][2];
	int is_refused = terminal_has(-1, L"[20101]");

	monkey.wrong += is_refused && !monkey.is_refused;
	monkey.is_refused = is_refused;
	if (tens >= L'1' && tens <= L'7' && ones >= L'1' && ones <= L'9') {
		monkey.seen[(tens - L'0') * 10 + (ones - L'0')] = 1;
	}
}

static int
at_menu(void)
{
	return terminal_has(0, L"主菜单") && terminal_has(terminal.lines - 1, L"Esc 返回");
}

static int
bar_is_there(void)
{
	return terminal_has(terminal.lines - 1, L"Enter ") || terminal_has(terminal.lines - 1, L"Esc ") ||
	    terminal_has(terminal.lines - 1, L"F1 ") || terminal_has(terminal.lines - 1, L"Down ");
}

static void
log_in(void)
{
	const char *password = getenv("MONKEY_PASSWORD");

	type(password != NULL ? password : "");
	press("\r");
	settle();
	monkey.wrong = 0;
}

/* A client that is just ending has taken its picture away. */
static void
need_bar(void)
{
	int64_t until = now_ms() + STUCK_MS;

	while (!monkey.has_ended && !bar_is_there()) {
		notice_end();
		listen_for(20);
		if (now_ms() > until) {
			give_up("the last line is gone");
		}
	}
}

static void
tell_escapes(void)
{
	int i, k;

	for (i = 0; i < ESCAPES_MOST; i++) {
		for (k = 0; k < 2; k++) {
			fprintf(stderr, k == 0 ? "Esc %2d | " : "       | ", i + 1);
			terminal_tell(monkey.escaped[i][k]);
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
		if (terminal_has(-1, L"放弃已录入的内容")) {
			press("\033[D");
			press("\r"); /* 【放弃】 */
		} else if (terminal_has(-1, L"是否退出")) {
			press("\033"); /* back to where it was asked: not out */
			settle();
			if (terminal_has(0, L"登录") || terminal_has(0, L"单位管理")) {
				press("\r"); /* the list of employers before logging in */
			}
		} else if (terminal_has(-1, L"安全认证") && terminal_has(0, L"11 登录") && !terminal_has(-1, L"*")) {
			log_in();
		} else if (escapes == ESCAPES_MOST) {
			tell_escapes();
			give_up("ten Esc do not lead to the menu");
		} else {
			wmemcpy(monkey.escaped[escapes][0], terminal.cells[0], TERMINAL_COLUMNS_MAX);
			wmemcpy(monkey.escaped[escapes][1], terminal.cells[terminal.lines - 1], TERMINAL_COLUMNS_MAX);
			escapes++;
			press("\033");
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
	monkey.side = open(ptsname(fd), O_RDWR | O_NOCTTY | O_CLOEXEC);
	monkey.pid = fork();
	if (monkey.pid == 0) {
		int side;

		setsid();
		side = open(ptsname(fd), O_RDWR);
		dup2(side, 0);
		dup2(side, 1);
		close(side);
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
	terminal_resize(LINES, COLUMNS);
	terminal_clear();
	start();
	terminal.fd = monkey.fd;
	await(L"Enter ");
	if (terminal_has(-1, L"─ 地区：选定")) {
		press("\r");
		await(L"您确定选择");
		press("\r");
		await(L"F8 删除");
	}
	press("\r");
	await(L"安全认证");
	log_in();
}

/* As when the connection drops. */
static void
hang_up(void)
{
	int64_t until = now_ms() + STUCK_MS;

	remember("hangup");
	kill(monkey.pid, SIGHUP);
	while (!monkey.has_ended) {
		listen_for(5);
		notice_end();
		if (now_ms() > until) {
			give_up("the program outlives its terminal");
		}
	}
}

/* From the menu, so that the count of wrong passwords begins anew. */
static void
log_in_again(void)
{
	press("1");
	press("1");
	settle();
	press("\r");
	await(L"安全认证");
	log_in();
	go_back();
}

/* Returns how many keys it was. */
static long
play_round(long keys_left)
{
	long i;

	random_screen();
	for (i = 0; i < ROUND && i < keys_left && !monkey.has_ended && monkey.wrong < WRONG_MOST; i++) {
		if (dice(RESIZE_ONE_IN) == 0) {
			random_size();
		}
		random_key();
		note_screen();
	}
	set_size(LINES, COLUMNS);
	settle();
	need_bar();
	go_back();
	if (!monkey.has_ended && monkey.wrong >= WRONG_MOST) {
		log_in_again();
	}
	return i;
}

static void
tell_seen(void)
{
	int code;

	printf("monkey: saw");
	for (code = 0; code < CODES; code++) {
		if (monkey.seen[code]) {
			printf(" %d", code);
		}
	}
	putchar('\n');
}

int
main(int argc, char **argv)
{
	char *command[] = { argc > 1 ? argv[1] : NULL, NULL };
	long wanted = argc > 2 ? atol(argv[2]) : 0;
	long done = 0;

	if (argc != 4 || wanted <= 0 || setlocale(LC_ALL, "") == NULL) {
		fprintf(stderr, "usage: monkey PROGRAM KEYS SEED\n");
		return 2;
	}
	monkey.seed = strtoull(argv[3], NULL, 10);
	monkey.command = command;
	enter();
	while (done < wanted) {
		done += play_round(wanted - done);
		if (!monkey.has_ended && dice(HANGUP_ONE_IN) == 0) {
			hang_up();
		}
		if (monkey.has_ended) {
			close(monkey.fd);
			close(monkey.side);
			enter();
		}
	}
	hang_up();
	tell_seen();
	printf("monkey: %ld keys, seed %s: nothing broke\n", wanted, argv[3]);
	return 0;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The dialogue: lines out, lines in. The loop is served while a question waits. */
#include "plain_io.h"

#include <errno.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "shebao/buf.h"
#include "shebao/crypto.h"
#include "shebao/i18n.h"
#include "shebao/mem.h"
#include "shebao/money.h"
#include "shebao/recode.h"
#include "shebao/secret.h"

#define WAIT_SAID_FIRST_S 3
#define WAIT_SAID_EVERY_S 15

/* ---- Ctrl-C: the download stops, a question answers "back" */

static volatile sig_atomic_t interrupted;
static struct loop *waking;

static void
on_interrupt(int number)
{
	(void)number;
	interrupted = 1;
	loop_wake(waking);
}

static void
on_wake(void *user)
{
	struct plain *p = user;

	if (interrupted) {
		p->cancel = 1;
		p->stop = 1;
	}
}

static void
say_wait(int64_t seconds, void *user)
{
	if (seconds == WAIT_SAID_FIRST_S || seconds % WAIT_SAID_EVERY_S == 0) {
		plain_say(user, _("缴费服务繁忙，已排队 %lld 秒（按 Ctrl-C 取消）"), (long long)seconds);
	}
}

void
plain_begin(struct plain *p)
{
	struct sigaction action = { .sa_handler = on_interrupt };
	const struct app_patience patience = { say_wait, p, &p->cancel };

	app_on_wait(p->app, &patience);
	p->is_echoing = !isatty(STDIN_FILENO);
	waking = app_loop(p->app);
	loop_on_wake(waking, on_wake, p);
	sigemptyset(&action.sa_mask);
	sigaction(SIGINT, &action, NULL);
}

void
plain_end(struct plain *p)
{
	app_on_wait(p->app, NULL);
	signal(SIGINT, SIG_DFL);
	loop_on_wake(app_loop(p->app), NULL, NULL);
	waking = NULL;
}

/* ---- saying */

void
plain_say(struct plain *p, const char *format, ...)
{
	va_list arguments;

	/* What comes while a question waits stands on a line of its own; then the question again. */
	if (p->prompt != NULL) {
		putchar('\n');
	}
	va_start(arguments, format);
	vprintf(format, arguments);
	va_end(arguments);
	putchar('\n');
	if (p->prompt != NULL) {
		fputs(p->prompt, stdout);
	}
	fflush(stdout);
}

void
plain_error(struct plain *p, const struct err *err)
{
	struct buf text = { 0 };

	if (err->code == ERR_CANCELLED || err->code == ERR_NONE) {
		return;
	}
	err_describe(err, &text);
	plain_say(p, "%s", buf_text(&text));
	buf_release(&text);
}

/* ---- lines */

static int
has_line(const struct plain *p)
{
	return p->is_ended || memchr(p->input, '\n', p->input_len) != NULL ||
	    p->input_len == sizeof(p->input);
}

static void
on_input(int fd, int events, void *user)
{
	struct plain *p = user;
	ssize_t got =
	    read(fd, p->input + p->input_len, sizeof(p->input) - p->input_len);

	(void)events;
	if (got > 0) {
		p->input_len += (size_t)got;
	} else if (got == 0 || errno != EINTR) {
		p->is_ended = 1;
	}
	p->stop |= has_line(p);
}

static void
on_time(void *user)
{
	*(int *)user = 1;
}

/* Takes the first line out of what was typed; 0: there is no more. */
static int
take_line(struct plain *p, char *out, size_t size)
{
	char *end = memchr(p->input, '\n', p->input_len);
	size_t n = end == NULL ? p->input_len : (size_t)(end - p->input);
	size_t used = end == NULL ? n : n + 1;
	char *typed;

	if (used == 0) {
		return 0;
	}
	n -= n > 0 && p->input[n - 1] == '\r';
	if (!p->is_echoing && recode_is_needed()) {
		typed = recode_input(p->input, n);
		text_clean_copy(out, size, typed, strlen(typed));
		crypto_wipe(typed, strlen(typed)); /* it may be a password */
		free(typed);
	} else {
		text_clean_copy(out, size, p->input, n);
	}
	text_trim(out);
	memmove(p->input, p->input + used, p->input_len - used);
	p->input_len -= used;
	return 1;
}

/* 1: a line, 0: Ctrl-C or the end. */
static int
read_line(struct plain *p, const char *prompt, char *out, size_t size)
{
	int rc = 0;

	fputs(prompt, stdout);
	fflush(stdout);
	interrupted = 0;
	p->prompt = prompt;
	p->stop = has_line(p);
	if (!p->stop) {
		loop_watch(app_loop(p->app), STDIN_FILENO, LOOP_READ, on_input, p);
		loop_run_until(app_loop(p->app), &p->stop);
		loop_watch(app_loop(p->app), STDIN_FILENO, 0, NULL, NULL);
	}
	p->prompt = NULL;
	if (!interrupted && has_line(p)) {
		rc = take_line(p, out, size);
		p->is_leaving |= !rc;
	}
	p->cancel = 0;
	if (rc == 0) {
		putchar('\n');
	} else if (p->is_echoing) {
		puts(out);
	}
	return rc;
}

static enum plain_event
wait_for(struct plain *p, const int *done, int64_t ms, int is_deaf)
{
	struct loop *loop = app_loop(p->app);
	int64_t until = loop_now_ms() + ms;
	int is_over = 0, is_typed = 0;

	interrupted = 0;
	while (!*done && !is_over && !is_typed) {
		int timer = loop_timer(loop, until - loop_now_ms(), on_time, &p->stop);
		/* The end of the input does not end the waiting. */
		int is_listening = !is_deaf && !p->is_ended;

		is_typed = is_listening && has_line(p);
		p->stop = is_typed;
		if (is_listening && !is_typed) {
			loop_watch(loop, STDIN_FILENO, LOOP_READ, on_input, p);
		}
		loop_run_until(loop, &p->stop);
		loop_watch(loop, STDIN_FILENO, 0, NULL, NULL);
		loop_timer_cancel(loop, timer);
		is_over = interrupted || loop_now_ms() >= until;
	}
	p->cancel = 0;
	return *done ? PLAIN_DONE : is_typed ? PLAIN_TYPED : PLAIN_OVER;
}

enum plain_event
plain_wait(struct plain *p, const int *done, int64_t ms)
{
	return wait_for(p, done, ms, 0);
}

enum plain_event
plain_wait_deaf(struct plain *p, const int *done, int64_t ms)
{
	return wait_for(p, done, ms, 1);
}

int
plain_take(struct plain *p, const char *const *answers)
{
	const char *end = memchr(p->input, '\n', p->input_len);
	char line[PLAIN_LINE];
	int i;

	text_clean_copy(line, sizeof(line), p->input,
	    end == NULL ? p->input_len : (size_t)(end - p->input));
	text_fold_width(line);
	text_trim(line);
	for (i = 0; answers[i] != NULL; i++) {
		if (strcmp(line, answers[i]) == 0) {
			(void)!take_line(p, line, sizeof(line));
			return i;
		}
	}
	return -1;
}

/* ---- questions */

static void
explain(struct plain *p, const char *help)
{
	plain_say(p, "%s%s%s", help == NULL ? "" : help, help == NULL ? "" : "\n",
	    _("? 说明，0 返回，q 退出。"));
}

static int
ask(struct plain *p, const char *prompt, const char *help, char *out, size_t size)
{
	char line[PLAIN_LINE], folded[PLAIN_LINE];

	while (!p->is_leaving && read_line(p, prompt, line, sizeof(line))) {
		mem_copy_text(folded, sizeof(folded), line);
		text_fold_width(folded);
		if (strcmp(folded, "?") == 0) {
			explain(p, help);
		} else if (strcmp(folded, "0") == 0) {
			return 0;
		} else if (strcmp(folded, "q") == 0 || strcmp(folded, "Q") == 0) {
			p->is_leaving = 1;
		} else if (mem_copy_text(out, size, line)) {
			return 1;
		} else {
			plain_say(p, _("太长，最多 %zu 字节。"), size - 1);
		}
	}
	return 0;
}

int
plain_ask(struct plain *p, const char *prompt, const char *help, char *out, size_t size)
{
	return ask(p, prompt, help, out, size);
}

int
plain_ask_code(
    struct plain *p, const char *prompt, const char *help, char *out, size_t size)
{
	char line[PLAIN_LINE];

	while (ask(p, prompt, help, line, sizeof(line))) {
		text_fold_width(line);
		text_trim(line);
		if (mem_copy_text(out, size, line)) {
			return 1;
		}
		plain_say(p, _("太长，最多 %zu 字节。"), size - 1);
	}
	return 0;
}

int64_t
plain_number(const char *line, int64_t max)
{
	char *end;
	long long n;

	if (line[0] < '0' || line[0] > '9' || strlen(line) > 15) {
		return 0;
	}
	n = strtoll(line, &end, 10);
	return *end == '\0' && n >= 1 && n <= max ? n : 0;
}

int64_t
plain_ask_number(struct plain *p, const char *prompt, const char *help, int64_t max)
{
	char line[32];
	int64_t n;

	while (plain_ask_code(p, prompt, help, line, sizeof(line))) {
		n = plain_number(line, max);
		if (n > 0) {
			return n;
		}
		plain_say(p, _("请输入 1 到 %lld 的数字，0 返回。"), (long long)max);
	}
	return 0;
}

/* ---- choices */

/* The line was folded, so a label is, too. */
static int
chosen(const struct plain_choice *choice, const char *line)
{
	int64_t n = plain_number(line, (int64_t)choice->count);
	char label[PLAIN_LINE];
	size_t i;

	for (i = 0; n == 0 && i < choice->count; i++) {
		mem_copy_text(label, sizeof(label), choice->labels[i]);
		text_fold_width(label);
		if (strcmp(label, line) == 0) {
			return (int)i;
		}
	}
	return (int)n - 1;
}

/* A page of labels; the index behind the last one. */
static size_t
say_page(struct plain *p, const struct plain_choice *choice, size_t at)
{
	size_t end = at + PLAIN_PAGE;

	for (; at < choice->count && at < end; at++) {
		plain_say(p, "%zu %s", at + 1, choice->labels[at]);
	}
	return at;
}

int
plain_choose(struct plain *p, const struct plain_choice *choice)
{
	char line[PLAIN_LINE], more[96], initial[320];
	const char *prompt;
	size_t at;
	int i;

	plain_say(p, "%s", choice->title);
	at = say_page(p, choice, 0);
	snprintf(more, sizeof(more), _("请选择（共 %zu 项，Enter 显示后面的）："), choice->count);
	snprintf(initial, sizeof(initial), _("请选择（Enter 为 %s）："),
	    choice->initial < 0 ? "" : choice->labels[choice->initial]);
	for (;;) {
		prompt = at < choice->count	? more :
			 choice->initial >= 0 ? initial :
						_("请选择：");
		if (!plain_ask_code(p, prompt, choice->help, line, sizeof(line))) {
			return -1;
		}
		if (line[0] == '\0' && at < choice->count) {
			at = say_page(p, choice, at);
			continue;
		}
		i = line[0] == '\0' ? choice->initial : chosen(choice, line);
		if (i >= 0) {
			return i;
		}
		plain_say(p, _("请输入 1 到 %lld 的数字，0 返回。"), (long long)choice->count);
	}
}

int
plain_confirm(struct plain *p, const char *question)
{
	char line[PLAIN_LINE];

	plain_say(p, "%s", question);
	while (plain_ask_code(p, _("1 确定，0 取消："), question, line, sizeof(line))) {
		if (strcmp(line, "1") == 0 || strcmp(line, _("确定")) == 0) {
			return 1;
		}
	}
	return 0;
}

int
plain_confirm_amount(struct plain *p, int64_t fen)
{
	char line[64], amount[MONEY_TEXT_MAX];
	int64_t typed;

	money_format_plain(fen, amount);
	while (plain_ask_code(p, _("确认请输入金额（元）或“是”，0 取消："),
	    _("为避免误操作，请输入以元为单位的金额，如 1234.56，或者输入“是”。"), line, sizeof(line))) {
		if (strcmp(line, "是") == 0 || strcmp(line, _("是")) == 0 ||
		    (money_parse(line, &typed, NULL) == 0 && typed == fen)) {
			return 1;
		}
		plain_say(p, _("与缴费金额 %s 元不符，没有缴费。"), amount);
	}
	return 0;
}

/* ---- passwords */

int
plain_secret(struct plain *p, const char *prompt, char *out)
{
	struct err err = { 0 };

	if (p->is_leaving) {
		return 0;
	}
	if (p->password_fd >= 0) {
		if (secret_read_fd(p->password_fd, "--password-fd", out, PASSWORD_SIZE, NULL) == 0) {
			plain_say(p, "%s", prompt);
			return 1;
		}
		p->password_fd = -1;
	}
	if (secret_read_terminal(prompt, _("需要密码：请在终端中运行"), out, PASSWORD_SIZE, &err) != 0) {
		plain_error(p, &err);
		return 0;
	}
	return strcmp(out, "0") != 0;
}

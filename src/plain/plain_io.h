/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SHEBAO_PLAIN_PLAIN_IO_H
#define SHEBAO_PLAIN_PLAIN_IO_H

#include "shebao/app.h"
#include "shebao/text.h"

/* Saying and asking. Every question takes `?` (explains), `0` (back) and `q` (leaves). */
#define PLAIN_LINE 2048
#define PLAIN_PAGE 20

struct plain {
	struct app *app;
	int password_fd;
	int next;       /* code of the menu item that comes next; 0: the menu */
	int is_leaving; /* q, or the end of the input: every question answers "back" from now on */
	char awaited[RECORD_ID_SIZE]; /* the declaration that 反馈提示 waits for, or "" */
	int is_answered;
	/* inside plain_io.c */
	char input[2 * PLAIN_LINE];
	size_t input_len;
	int is_ended, is_echoing;
	int stop; /* ends plain_wait */
	int cancel; /* Ctrl-C during a download, or while a password waits for its check */
	const char *prompt; /* shown and not answered yet */
};

void plain_begin(struct plain *p);
void plain_end(struct plain *p);

/* One announcement, a line or several. */
void plain_say(struct plain *p, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* The failure in words, and what to do; nothing for ERR_CANCELLED. */
void plain_error(struct plain *p, const struct err *err);

/* A line into out (trimmed, clean, may be ""). 1: answered, 0: back. help: translated, what `?`
 * says. */
int plain_ask(struct plain *p, const char *prompt, const char *help, char *out, size_t size);
/* The same for codes, numbers and dates: full-width forms are folded. */
int plain_ask_code(
    struct plain *p, const char *prompt, const char *help, char *out, size_t size);
/* The number from 1 to max that the line is; 0: it is none. */
int64_t plain_number(const char *line, int64_t max);
/* Asks for a number from 1 to max; 0: back. */
int64_t plain_ask_number(struct plain *p, const char *prompt, const char *help, int64_t max);

/* Index of the label chosen (by number, or typed as it is shown), -1: back. initial: what Enter
 * chooses, -1: nothing. Labels are translated. */
struct plain_choice {
	const char *title;
	const char *help; /* NULL: none */
	const char *const *labels;
	size_t count;
	int initial;
};
int plain_choose(struct plain *p, const struct plain_choice *choice);

/* 1 for 确定, which must be chosen; Enter alone is no answer. */
int plain_confirm(struct plain *p, const char *question);
/* The same for money: the amount in yuan, or 是. */
int plain_confirm_amount(struct plain *p, int64_t fen);

/* A password into out (PASSWORD_SIZE, from crypto_secret_alloc). 1: there is one, 0: back. */
int plain_secret(struct plain *p, const char *prompt, char *out);

/* Serves everything until *done, a line is there, or ms have passed. */
enum plain_event {
	PLAIN_DONE,
	PLAIN_TYPED,
	PLAIN_OVER
};
enum plain_event plain_wait(struct plain *p, const int *done, int64_t ms);
/* The same without looking at what is typed. */
enum plain_event plain_wait_deaf(struct plain *p, const int *done, int64_t ms);
/* The line that plain_wait saw: taken when it is one of the answers (NULL-terminated), whose
 * index is returned; otherwise it stays for the next question, -1. */
int plain_take(struct plain *p, const char *const *answers);

#endif

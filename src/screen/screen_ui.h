/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SHEBAO_SCREEN_SCREEN_UI_H
#define SHEBAO_SCREEN_SCREEN_UI_H

#include "shebao/app.h"
#include "shebao/tui.h"
#include "shebao/tui_dialog.h"
#include "shebao/tui_form.h"
#include "shebao/tui_screen.h"

/* What all screens share: the client, the terminal, and which menu item comes next. */
struct screen_ui {
	struct app *app;
	struct tui *tui;
	int next; /* code of the screen to open when this one closes; 0: the menu */
};

/* One menu item of the manual. */
struct screen_row {
	int code;
	const char *label; /* N_( ) */
	const char *help;  /* N_( ), one sentence */
	void (*run)(struct screen_ui *ui);
	int is_open; /* can be used before logging in */
};

/* ---- the screens, one file each (screen_table.c lists them) */
void screen_login(struct screen_ui *ui);
void screen_units(struct screen_ui *ui);
void screen_declare_normal(struct screen_ui *ui);
void screen_declare_special(struct screen_ui *ui);
void screen_declarations(struct screen_ui *ui);
void screen_pay(struct screen_ui *ui);
void screen_vouchers(struct screen_ui *ui);
void screen_payments(struct screen_ui *ui);
void screen_certificate_print(struct screen_ui *ui);
void screen_certificate_reprint(struct screen_ui *ui);
void screen_certificate_proof(struct screen_ui *ui);
void screen_insured(struct screen_ui *ui);
void screen_due(struct screen_ui *ui);
void screen_login_password(struct screen_ui *ui);
void screen_declaration_password(struct screen_ui *ui);
void screen_employer(struct screen_ui *ui);
void screen_consult(struct screen_ui *ui);
void screen_tour(struct screen_ui *ui);

/* ---- screen_common.c: dialogs that several flows use */

/* Shows a failure: code, text, what to do. Nothing for ERR_CANCELLED. */
void screen_common_error(struct screen_ui *ui, const struct err *err);
void screen_common_success(struct screen_ui *ui, const char *text);

/* Title line and status line from the client's state. */
void screen_common_status(struct screen_ui *ui);

/* 安全认证: asks for the password until it is right or the user gives up. check: 0 right, -1
 * wrong (err is shown and asked again when its code is ERR_WRONG_PASSWORD). */
typedef int screen_check_fn(void *user, const char *password, struct err *err);
int screen_common_authenticate(struct screen_ui *ui, const char *title,
    screen_check_fn *check, void *user);

/* 申报密码 for a proof; proof is filled. -1: given up. */
int screen_common_prove(struct screen_ui *ui, struct proof_request *request,
    char proof[TOKEN_SIZE]);

/* Downloads what in a progress box that Esc cancels. 0, or -1 (already shown). */
int screen_common_download(struct screen_ui *ui, const char *title, unsigned what);

/* Asks for a path (proposed: the export folder and file_name), with the question whether to
 * overwrite. The caller frees; NULL: cancelled. */
char *screen_common_ask_path(struct screen_ui *ui, const char *file_name, int *overwrite);

/* Save dialog and saving of a sealed document; 1 saved, 0 given up. */
int screen_common_save(struct screen_ui *ui, const struct document *document, int is_first);

/* Amounts in figures and in words, for confirmations. */
struct screen_amount {
	char figures[48];
	char words[256];
};
void screen_common_amount(int64_t fen, struct screen_amount *out);

/* 反馈提示: waits 20 s for one declaration, with 立即获取; Esc leaves it to the background.
 * Returns 1 when it is final (and in the mirror). */
int screen_common_feedback(struct screen_ui *ui, const char *declaration_id);

/* The question on paying now. True: go to 缴费. */
int screen_common_ask_pay(struct screen_ui *ui);

/* True while accepted declarations are unpaid or partly paid. */
int screen_common_has_unpaid(struct screen_ui *ui);

/* ---- screen_table.c */
const struct screen_row *screen_table(size_t *count);
const struct screen_row *screen_table_find(int code);

#endif

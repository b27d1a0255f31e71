/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SHEBAO_SCREEN_SCREEN_UI_H
#define SHEBAO_SCREEN_SCREEN_UI_H

#include "shebao/app.h"
#include "shebao/app_menu.h"
#include "shebao/tui.h"
#include "shebao/tui_dialog.h"
#include "shebao/tui_form.h"
#include "shebao/tui_screen.h"

/* What all screens share: the client, the terminal, and which menu item comes next. */
enum screen_link {
	SCREEN_LINK_UNKNOWN,
	SCREEN_LINK_GOOD,
	SCREEN_LINK_LOST
};

struct screen_list;

struct screen_ui {
	struct app *app;
	struct tui *tui;
	int next; /* code of the screen to open when this one closes; 0: the menu */
	enum screen_link link; /* how the last call to the service went */
	int busy; /* calls to the service under way */
	int64_t waited; /* seconds a password has waited for its check; 0: nothing worth saying */
	int gives_up;   /* Esc, while it waits */
	int news_timer; /* a result has just come; 0: none */
	int is_behind; /* a result came while busy: what is shown is to be brought up to date */
	struct screen_list *lists; /* those that are open, the one in front first */
	char awaited[RECORD_ID_SIZE]; /* the declaration that 反馈提示 waits for, or "" */
	int is_answered;
	char saved[1025]; /* where screen_common_save saved last */
	int last;       /* code of the screen that was open last: where the menu's cursor stands */
	int is_leaving; /* the user wants to leave the program */
	char heading[400]; /* of the menu: what there is to do */
	/* The period that 41 is to open with, chosen where the levies were paid; "" for none. */
	char print_from[PERIOD_SIZE], print_to[PERIOD_SIZE];
};

/* The actions of a screen, for the manual page. */
struct screen_keys {
	const struct tui_action *rows;
	size_t count;
};

/* What a menu item (shebao/app_menu.h) opens. */
struct screen_row {
	int code;
	void (*run)(struct screen_ui *ui);
	const struct screen_keys *keys; /* its own actions; NULL: none besides the list's */
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

/* The guide, in a box over whatever is open. */
void screen_guide_show(struct screen_ui *ui);

/* ---- screen.c, screen_region.c */

/* Where the employer in use was left by a lost connection; 0: properly, at the menu. */
int screen_recall_place(struct screen_ui *ui);

/* What there is to do, for the heading of the menu. */
void screen_describe_work(struct screen_ui *ui);

/* 地区, with the question whether to enter with it; 0: kept in the settings, -1: given up. */
int screen_region_choose(struct screen_ui *ui);

extern const struct screen_keys screen_common_keys, screen_list_keys, screen_login_keys, screen_declare_keys,
    screen_declarations_keys, screen_pay_keys, screen_payment_keys, screen_vouchers_keys,
    screen_payments_keys, screen_certificates_keys, screen_certificates_reprint_keys,
    screen_employer_keys, screen_consult_keys, screen_paper_keys;

/* ---- screen_common*.c: what several flows use. Texts are translated already. */

/* Shows a failure: code, text, what to do. Nothing for ERR_CANCELLED. */
void screen_common_error(struct screen_ui *ui, const struct err *err);
void screen_common_success(struct screen_ui *ui, const char *text);

/* Title line and status line from the client's state. */
void screen_common_status(struct screen_ui *ui);

/* Amounts in figures ("84,079.24 元") and in words, for confirmations. */
struct screen_amount {
	char figures[48];
	char words[256];
};
void screen_common_amount(int64_t fen, struct screen_amount *out);

/* Every call to the service that is not a download goes through here: work runs with a box
 * saying text over the screen (once it takes longer than a moment), and keys reach nothing, so
 * that no second call can be started inside the first. 0, or -1 with err as work left it. */
typedef int screen_work_fn(void *user, struct err *err);
int screen_common_busy(struct screen_ui *ui, const char *text, screen_work_fn *work, void *user,
    struct err *err) __attribute__((warn_unused_result));
/* A password that waits for its check shows in that box for how long, and Esc gives it up. */
void screen_common_patience(struct screen_ui *ui);

/* 安全认证: asks for the password until it is right or the user gives up; check is called with
 * the box of screen_common_busy open. 0, or -1: given up, or a failure that typing again does
 * not mend (already shown). */
typedef int screen_check_fn(void *user, const char *password, struct err *err);
int screen_common_authenticate(struct screen_ui *ui, const char *title,
    screen_check_fn *check, void *user);

/* 申报密码 for a proof; proof is filled. -1: given up. */
int screen_common_prove(struct screen_ui *ui, struct proof_request *request,
    char proof[TOKEN_SIZE]);

/* The session has ended: 安全认证 for the employer in use. 0 or -1. */
int screen_common_relogin(struct screen_ui *ui);

/* A form for a new password, typed twice, and the old one if it has a label. set is called
 * until it succeeds or the user gives up; 0 or -1. */
typedef int screen_new_password_fn(
    void *user, const char *old_password, const char *new_password, struct err *err);
struct screen_new_password {
	const char *title;
	const char *text;      /* NULL: none */
	const char *old_label; /* N_( ): 原密码; NULL: not asked, old_password is "" */
	const char *label;     /* N_( ): 新申报密码 */
	const char *hint;      /* N_( ); NULL: none */
	const char *button;    /* N_( ); NULL: 确定 */
	screen_new_password_fn *set;
	void *user;
};
int screen_common_new_password(struct screen_ui *ui, const struct screen_new_password *ask);

/* Downloads what in a progress box that Esc cancels; asks to log in again when the session has
 * ended. 0, or -1 (already shown). */
int screen_common_download(struct screen_ui *ui, const char *title, unsigned what);

/* Asks for a path (proposed: the export folder and file_name), with the question whether to
 * overwrite. The caller frees; NULL: cancelled. */
char *screen_common_ask_path(struct screen_ui *ui, const char *file_name, int *overwrite);

/* Save dialog and saving of a sealed document; 1 saved (ui->saved tells where), 0 given up. */
int screen_common_save(struct screen_ui *ui, const struct document *document, int is_first);

/* Watches the employer's open declarations and payments in the background from now on; a result
 * that no 反馈提示 waits for is told in the status line, and open lists show it. To be called after
 * every login. */
void screen_common_watch(struct screen_ui *ui);

/* A call has ended: what came back while it ran is taken up now. */
void screen_common_idle(struct screen_ui *ui);

/* 反馈提示 (获取反馈 for a voiding): waits 20 s for one declaration, with 立即获取; Esc leaves it
 * to the background. Returns 1 when it is final, and the mirror up to date. */
int screen_common_feedback(struct screen_ui *ui, const char *declaration_id);

/* The question on paying now. True: go to 缴费. */
int screen_common_ask_pay(struct screen_ui *ui);

/* True while declared levies are there that no payment or voucher holds. */
int screen_common_has_unpaid(struct screen_ui *ui);

/* ---- screen_table.c */
const struct screen_row *screen_table_find(int code);

#endif

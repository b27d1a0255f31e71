/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SHEBAO_APP_APP_H
#define SHEBAO_APP_APP_H

#include "shebao/agreement.h"
#include "shebao/account.h"
#include "shebao/app_settings.h"
#include "shebao/certificate.h"
#include "shebao/consultation.h"
#include "shebao/db.h"
#include "shebao/journal.h"
#include "shebao/loop.h"
#include "shebao/mirror.h"
#include "shebao/payment.h"
#include "shebao/print.h"
#include "shebao/request.h"
#include "shebao/unit.h"
#include "shebao/voucher.h"

/*
 * The client's use cases, one function each: the screens and the command line call the same
 * ones. No screen and no argv in here. Functions that ask the service serve the loop while
 * they wait and give up with ERR_CANCELLED when *cancel (may be NULL) becomes 1.
 *
 * Mutations follow one path (app_outbox.c): intent journalled with its exact bytes, then sent,
 * then the answer and what it means for the mirror committed together. What comes back:
 *   0   done
 *   -1  refused (err has the code), or ERR_OUTCOME_UNKNOWN: sent, no answer; the journal asks
 *       again with the same bytes, by itself at the next login or download, or by app_resume.
 */

struct app; /* opaque */
struct view;

/* Opens the client's state in $SHEBAO_HOME (or home when not NULL): folder 0700, shebao.db. */
int app_open(struct loop *loop, const struct app_settings *settings, const char *home,
    struct app **out, struct err *err) __attribute__((warn_unused_result));
void app_close(struct app *app);

struct db *app_db(struct app *app);
struct loop *app_loop(struct app *app);
const struct app_settings *app_settings(const struct app *app);
const char *app_home(const struct app *app);

/*
 * Where a password is checked (app_login, app_proof, app_password_change) a busy service may let the
 * client wait for minutes. waits (NULL: nobody) is told each second, called from the loop, for how
 * many seconds it has; cancel (may be NULL) gives up with ERR_CANCELLED. patience NULL, and until this
 * is called: they wait in silence.
 */
struct app_patience {
	void (*waits)(int64_t seconds, void *user);
	void *user;
	const int *cancel;
};
void app_on_wait(struct app *app, const struct app_patience *patience);

/* ---- 登录, 单位管理 */

/* The employer that everything below is about; "" before one is chosen. */
const char *app_unit(const struct app *app);
const struct employer *app_employer(const struct app *app);
int app_is_logged_in(const struct app *app);

/* Chooses an employer of this client without logging in; NULL: the last one. ERR_NOT_FOUND. */
int app_choose(struct app *app, const char *taxpayer_id, struct err *err)
    __attribute__((warn_unused_result));

/* Checks the declaration password at the service. *must_change: the initial password stands,
 * and only app_password_change is possible. On success the employer's data and open
 * operations are brought up to date; the session is kept for the command line (0600). The
 * message for a wrong password is the manual's. */
int app_login(struct app *app, const char *taxpayer_id, const char *password, int *must_change,
    struct err *err) __attribute__((warn_unused_result));
/* Takes up the session kept by an earlier login; ERR_SESSION when there is none any more. */
int app_login_again(struct app *app, struct err *err) __attribute__((warn_unused_result));
int app_logout(struct app *app, struct err *err) __attribute__((warn_unused_result));
int app_password_change(struct app *app, const char *old_password, const char *new_password,
    struct err *err) __attribute__((warn_unused_result));

/* Registers the employer logged in to with this client (employer and unit rows). */
int app_employer_add(struct app *app, struct err *err) __attribute__((warn_unused_result));
/* ERR_STATE for the employer now logged in: 当前登录的企业不能删除. */
int app_employer_remove(struct app *app, const char *taxpayer_id, struct err *err)
    __attribute__((warn_unused_result));

/* The client's own lock, 登录密码. */
#define APP_LOCK_LEAST 6 /* characters */
int app_lock_is_on(struct app *app); /* also when nobody can tell */
int app_lock_set(struct app *app, const char *password, struct err *err) /* NULL: off */
    __attribute__((warn_unused_result));
int app_lock_check(struct app *app, const char *password); /* 1 right, 0 wrong */

/* ---- download */

struct app_progress {
	int64_t rows;      /* received so far */
	int64_t rate;      /* rows a second */
	int64_t total;     /* 0: not known */
	const char *what;  /* translated */
};
typedef void app_progress_fn(const struct app_progress *progress, void *user);

enum app_download {
	APP_DOWNLOAD_REGISTRATION = 1, /* employer, units, agreements, accounts */
	APP_DOWNLOAD_LEVIES = 2,
	APP_DOWNLOAD_RECORDS = 4, /* declarations, payments, vouchers, certificates */
	APP_DOWNLOAD_CONSULTATIONS = 8,
	APP_DOWNLOAD_ALL = 15
};
/* Brings the mirror up to date and resumes open operations first. */
int app_download(struct app *app, unsigned what, app_progress_fn *progress, void *user,
    const int *cancel, struct err *err) __attribute__((warn_unused_result));

/* ---- operations under way */

/* Sends every journalled operation of the employer that is not final, same bytes, same ids,
 * and asks about payments whose outcome is unknown. Failing to reach the service is no error. */
int app_resume(struct app *app, const int *cancel, struct err *err)
    __attribute__((warn_unused_result));
/* How many are not final: journal entries, declarations 申报中 and 作废中, payments 待确认. */
int64_t app_open_operations(struct app *app);

/* ---- 申报 */

/* The levies of 日常申报 (LEVY_NORMAL) or 特殊缴费申报 (LEVY_SPECIAL): not declared yet, batch-listed
 * ones included; with is_open only those that can be declared today. */
void app_query_levies(struct app *app, int kind, int is_open, struct mirror_query *out);

/* The levies of 缴费: declared and not paid; with is_open only those that no payment or voucher
 * holds. */
void app_query_payable(struct app *app, int is_open, struct mirror_query *out);

int app_declare(struct app *app, int kind, const struct text_list *levy_nos, int64_t amount,
    struct declaration *out, struct err *err) __attribute__((warn_unused_result));
int app_declaration_void(struct app *app, const char *declaration_id, struct declaration *out,
    struct err *err) __attribute__((warn_unused_result));

/* Waits at most wait_ms until all (ids->count 0: every open one) are final; puts the answers
 * into the mirror. *open: how many are still not final. */
int app_feedback(struct app *app, const struct text_list *ids, int64_t wait_ms, int64_t *open,
    const int *cancel, struct err *err) __attribute__((warn_unused_result));

/* The same in the background: asks until final, backing off; on_final is called from the loop
 * each time one of the employer's open declarations became final. NULL stops. */
typedef void app_final_fn(const struct declaration *declaration, void *user);
void app_feedback_watch(struct app *app, app_final_fn *on_final, void *user);
void app_feedback_now(struct app *app); /* 立即获取: the watch asks now */

/* ---- 缴费 */

/* 安全认证. The message for a wrong password is the manual's, with [20101]. */
int app_proof(struct app *app, const struct proof_request *request, struct proof_answer *out,
    struct err *err) __attribute__((warn_unused_result));

/* The same with the password for its one use; proof is filled. */
int app_prove(struct app *app, const struct proof_request *request, const char *password,
    char proof[TOKEN_SIZE], struct err *err) __attribute__((warn_unused_result));

/* out tells how it ended: state succeeded, refused (out->reason: the bank's words) or unknown;
 * 0 for all three. */
int app_pay(struct app *app, const struct pay_request *request, struct payment *out,
    const int *cancel, struct err *err) __attribute__((warn_unused_result));
/* Asks about one payment now; out may be NULL. */
int app_payment_query(struct app *app, const char *payment_no, struct payment *out,
    struct err *err) __attribute__((warn_unused_result));

/* 待确认: the same for the employer's payments of unknown outcome. _now: there may be one more. */
typedef void app_paid_fn(const struct payment *payment, void *user);
void app_payment_watch(struct app *app, app_paid_fn *on_final, void *user);
void app_payment_watch_now(struct app *app);

/* What happened to it so far, in order, put behind what events has (struct payment_event). */
int app_payment_timeline(struct app *app, const char *payment_no, struct record_list *events,
    struct err *err) __attribute__((warn_unused_result));

int app_voucher_issue(struct app *app, const struct voucher_request *request,
    struct voucher *out, struct err *err) __attribute__((warn_unused_result));
int app_voucher_void(struct app *app, const struct voucher_void_request *request,
    struct voucher *out, struct err *err) __attribute__((warn_unused_result));
int app_voucher_document(struct app *app, const char *voucher_no, struct document *out,
    struct err *err) __attribute__((warn_unused_result));

/* ---- 证明 */

/* First print, or 缴费证明. The bytes are to be saved with app_document_save, which confirms. */
int app_certificate_issue(struct app *app, const struct certificate_request *request,
    struct document *out, struct certificate_answer *about, struct err *err)
    __attribute__((warn_unused_result));
int app_certificate_reprint(struct app *app, const char *certificate_no, struct document *out,
    struct err *err) __attribute__((warn_unused_result));

/* Checks hash and seal of the bytes, saves them to path (whole or not at all, 0600, inside the
 * allowed folders), and for a first print confirms the delivery. overwrite 0: an existing file
 * is ERR_LOCAL. */
int app_document_save(struct app *app, const struct document *document, const char *path,
    int overwrite, int confirm, struct err *err) __attribute__((warn_unused_result));
char *app_document_path(struct app *app, const char *file_name); /* to propose; caller frees */
/* ERR_FORBIDDEN when the settings do not allow writing there. */
int app_path_check(struct app *app, const char *path, struct err *err)
    __attribute__((warn_unused_result));

/* 导出 of what q shows with the columns of view, to .xlsx or .csv by the name's ending. */
struct app_export {
	const struct mirror_query *query;
	const struct view *view;
	const char *path;
	int overwrite;
	app_progress_fn *progress; /* may be NULL */
	void *user;
	const int *cancel; /* may be NULL */
};
int app_export(struct app *app, const struct app_export *export, int64_t *rows, struct err *err)
    __attribute__((warn_unused_result));

/* What a sealed file says: offline with the office's certificate. */
struct app_verify {
	int valid;
	int trusted;
	char signer[193];
	char signed_at[20];
	char title[193];
	char number[TICKET_NO_SIZE];
	char taxpayer_id[TAXPAYER_ID_SIZE];
	int64_t amount;
	/* What the service says: the document's state by its English name, "different",
	 * "unregistered", or "" when it was not asked; and the same for people, translated. */
	char online[33];
	char online_label[97];
};
int app_verify(struct app *app, const char *path, struct app_verify *out, struct err *err)
    __attribute__((warn_unused_result));

/* ---- 打印机打印, 发送到本人电脑: saved files leave this machine. Only files inside the allowed
 * folders; only sealed ones are printed, sealed ones and exports (.xlsx, .csv) are sent. */

/* Of print_printer_type, the caller's. ERR_NOTHING, with how to mend it, when there are none. */
int app_printers(struct app *app, struct record_list *out, const int *cancel, struct err *err)
    __attribute__((warn_unused_result));

struct app_print_request {
	const char *path;
	const char *printer; /* NULL or "": the default, or the only one */
	int64_t copies;
	int64_t wait_ms; /* how long the accepted job is watched at most */
};
/* 0 only when the job was accepted: print_submit has the contract. ERR_SEAL: not a document of
 * the tax office, or changed. */
int app_print(struct app *app, const struct app_print_request *request, print_state_fn *fn,
    void *user, const int *cancel, struct print_job *job, struct err *err)
    __attribute__((warn_unused_result));

/* ZMODEM. NULL: possible here; else why not, translated. */
const char *app_send_refusal(struct app *app);
/* The file is found good before its screen is put away (path: what was saved); then sent. */
int app_send_check(struct app *app, const char *path, struct err *err)
    __attribute__((warn_unused_result));
int app_send(struct app *app, const char *path, struct err *err) __attribute__((warn_unused_result));

/* ---- 问题咨询 */

/* diagnostics: what app_diagnostics gave and the user saw; NULL: made now. */
int app_consult(struct app *app, const char *question, const char *diagnostics,
    struct consultation *out, struct err *err)
    __attribute__((warn_unused_result));
/* The redacted bundle that goes with a question; also what `doctor` shows. */
void app_diagnostics(struct app *app, struct buf *out);

/* One finding of `shebao doctor`. */
enum app_health {
	APP_HEALTH_GOOD,
	APP_HEALTH_WARNING,
	APP_HEALTH_BAD,
	APP_HEALTH_COUNT
};
struct app_finding {
	char check[17]; /* its name in --json */
	char subject[49];
	int health;
	char finding[257];
	char mend[257];
};
extern const struct record_type app_finding_type;
typedef void app_finding_fn(const struct app_finding *finding, void *user);
/* Returns 0, or the exit status that the first bad finding stands for. */
int app_doctor(struct app *app, app_finding_fn *fn, void *user);

#endif

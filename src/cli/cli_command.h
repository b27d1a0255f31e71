/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SHEBAO_CLI_CLI_COMMAND_H
#define SHEBAO_CLI_CLI_COMMAND_H

#include "shebao/app.h"
#include "shebao/view.h"

#include "options.h"
#include "report.h"

/* The command line of the client: what its commands share. */

struct cli {
	/* options */
	const char *server, *home, *unit, *lang;
	int json, refresh, all, force, off, plain, ascii, slow_line, print_tables, login;
	const char *password_file, *new_password_file;
	int64_t password_fd, new_password_fd; /* -1: not given */
	const char *kind, *unit_no, *agency, *period, *from, *to;
	const char *item, *category, *subcategory, *state;
	const char *agreement, *voucher, *account, *bank, *account_no, *account_name;
	const char *printer;
	int64_t copies, watch_s;
	int64_t wait_s;

	int is_kiosk; /* cli_kiosk.h */
	void (*examine)(app_finding_fn *fn, void *user); /* cli.h */

	struct loop *loop;
	struct app *app;
	char *password; /* locked memory, PASSWORD_SIZE; NULL until it was read */
};

extern const struct options_program cli_program;

/* Groups of options that several commands share. */
extern const struct option_group cli_password_options, cli_new_password_options,
    cli_levy_options, cli_date_options, cli_wait_options, cli_force_options;

command_fn cli_unit_add, cli_unit_list, cli_unit_show, cli_unit_insured, cli_unit_remove;
command_fn cli_levies, cli_due, cli_export;
command_fn cli_declare, cli_feedback, cli_declarations, cli_declaration_show,
    cli_declaration_void;
command_fn cli_pay, cli_payments, cli_pending, cli_agreements, cli_accounts;
command_fn cli_vouchers, cli_voucher_show, cli_voucher_print, cli_voucher_void;
command_fn cli_certificate_print, cli_certificate_list, cli_certificate_reprint,
    cli_certificate_proof;
command_fn cli_printers, cli_print_file, cli_send;
command_fn cli_verify, cli_passwd, cli_doctor, cli_consult, cli_consultations,
    cli_completion;

/* ---- cli_care.c */

/* What the doctor says when the client's state cannot be opened: why, as its only finding. */
int cli_doctor_unopened(struct cli *cli, const struct err *why);

/* ---- cli_session.c */

/* The declaration password from --password-fd, --password-file, $SHEBAO_PASSWORD_FILE or the
 * terminal, read once. Borrowed locked memory, wiped at the end. */
int cli_password(struct cli *cli, const char **out, struct err *err)
    __attribute__((warn_unused_result));

/* The login password of this client, not from the environment, which names the other one. out:
 * locked memory of PASSWORD_SIZE. */
int cli_login_password(struct cli *cli, char *out, struct err *err)
    __attribute__((warn_unused_result));

/* What --password-fd, --password-file or $SHEBAO_PASSWORD_FILE names, open for reading; -1 when
 * none is given. */
int cli_password_fd(struct cli *cli, int *out, struct err *err)
    __attribute__((warn_unused_result));

/* A password from a descriptor (>= 0), else a file (not NULL), else typed twice. out: locked
 * memory of PASSWORD_SIZE, to be freed with crypto_secret_free. */
int cli_new_password(struct cli *cli, const char *prompt, char **out, struct err *err)
    __attribute__((warn_unused_result));

/* Chooses the employer (--unit, or the last one), takes up the session or logs in, and
 * downloads what. ERR_UNREACHABLE leaves the mirror usable. */
int cli_connect(struct cli *cli, unsigned what, struct err *err)
    __attribute__((warn_unused_result));

/* The same for lists: when the service cannot be reached the mirror is shown, with a warning,
 * unless --refresh asked for the service's word. */
int cli_refresh(struct cli *cli, unsigned what, struct err *err)
    __attribute__((warn_unused_result));

/* ---- cli_list.c */

/* Prints the rows of q: text by view, or JSON. */
int cli_print(struct cli *cli, const struct mirror_query *q, const struct view *view,
    struct err *err) __attribute__((warn_unused_result));

/* A command that lists a noun: downloads what, prints the rows by view in the order of time_field,
 * filtered by --from and --to on it (NULL: as they were downloaded, not filtered). */
struct cli_listing {
	unsigned download; /* enum app_download */
	enum mirror_noun noun;
	const struct view *view;
	const char *time_field;
};

/* Downloads, with what JSON needs besides, and makes the query. */
int cli_list_query(struct cli *cli, const struct cli_listing *listing, struct mirror_query *out,
    struct err *err) __attribute__((warn_unused_result));
int cli_list(struct cli *cli, const struct cli_listing *listing, struct err *err)
    __attribute__((warn_unused_result));

/* A query of the employer chosen. */
struct mirror_query cli_query(struct cli *cli, enum mirror_noun noun);

/* Adds the filters of `levies`; --period was checked before. */
int cli_filter_levies(struct cli *cli, struct mirror_query *q, struct err *err)
    __attribute__((warn_unused_result));

/* Adds a filter whose value is a code, or else a name; NULL adds nothing. */
int cli_filter_code(struct cli *cli, struct mirror_query *q, const char *code,
    const char *name, const char *value, struct err *err) __attribute__((warn_unused_result));

/* A period given with an option: ERR_USAGE names the option; NULL passes. */
int cli_period_check(const char *option, const char *value, struct err *err)
    __attribute__((warn_unused_result));

/* Adds the levies of the mirror whose member field is key to levy_nos. */
int cli_levy_nos(struct cli *cli, const char *field, const char *key, struct text_list *levy_nos,
    struct err *err) __attribute__((warn_unused_result));

/* A state given by its name or its label; -1 when the table has no such. */
int cli_state(const struct state_table *table, const char *value);

/* ERR_USAGE unless there are arguments, each once, or --all and maybe filters, and not both: asked
 * before anything is done. */
int cli_select_check(const struct cli *cli, const char *const *arguments, size_t count,
    struct err *err) __attribute__((warn_unused_result));

/* The levies that arguments name, or with --all those of q, with sum of amounts. ERR_NOTHING
 * when there are none. */
struct cli_selection {
	struct text_list levy_nos;
	int64_t amount;
};
int cli_select(struct cli *cli, const struct mirror_query *q, const char *const *arguments,
    size_t count, struct cli_selection *out, struct err *err)
    __attribute__((warn_unused_result));

/* One record as JSON or as lines of label and value. */
void cli_show(struct cli *cli, const struct view *view, const void *record);

#endif

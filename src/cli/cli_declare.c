/* SPDX-License-Identifier: GPL-3.0-or-later */
/* shebao declare, feedback, declarations, declaration. */
#include "cli_command.h"

#include <stdio.h>
#include <string.h>

#include "shebao/i18n.h"
#include "shebao/mem.h"
#include "shebao/states.h"

/* 0 accepted (or voided), 1 rejected, 4 not decided yet. */
static int
exit_status(const struct declaration *d, int wanted)
{
	if (d->state == wanted) {
		return 0;
	}
	return d->state == DECLARATION_QUEUED || d->state == DECLARATION_PENDING ||
		d->state == DECLARATION_VOIDING ?
	    4 :
	    1;
}

static int
find(struct cli *cli, const char *id, struct declaration *out, struct err *err)
{
	int found = mirror_find(
	    app_db(cli->app), MIRROR_DECLARATION, app_unit(cli->app), id, out, err);

	return found > 0 ? 0 : found < 0 ? -1 : err_set(err, ERR_NOT_FOUND, _("没有编号为 %s 的申报记录"), id);
}

static int
find_with_levies(struct cli *cli, const char *id, struct declaration *out, struct err *err)
{
	return find(cli, id, out, err) != 0
	    ? -1
	    : cli_levy_nos(cli, "declaration_id", out->declaration_id, &out->levy_nos, err);
}

/* The service has taken it: what goes wrong while its decision is waited for leaves it open. */
static int
is_open_still(const struct err *err)
{
	int status = err_info(err->code)->exit_status;

	return status == 3 || status == 4;
}

static int
wait_for(struct cli *cli, struct declaration *d, struct err *err)
{
	struct text_list ids = { 0 }, levy_nos = d->levy_nos;
	char id[RECORD_ID_SIZE];
	struct err why = { 0 };
	int64_t open;
	int rc;

	mem_copy_text(id, sizeof(id), d->declaration_id);
	text_list_add(&ids, id);
	rc = app_feedback(cli->app, &ids, cli->wait_s * 1000, &open, NULL, &why);
	text_list_release(&ids);
	if (rc != 0 && is_open_still(&why)) {
		fprintf(stderr, _("shebao: 已提交，尚未获取到反馈（shebao feedback）：%s\n"), why.text);
		return 0;
	}
	if (rc != 0) {
		return err_set(err, why.code, "%s", why.text);
	}
	*d = (struct declaration){ 0 };
	rc = find(cli, id, d, err);
	d->levy_nos = levy_nos;
	return rc;
}

/* Waits for --wait seconds, shows the record as it is then. */
static int
wait_and_show(struct cli *cli, struct declaration *d, int wanted, struct err *err)
{
	if (cli->wait_s > 0 && wait_for(cli, d, err) != 0) {
		return -1;
	}
	cli_show(cli, &view_declaration, d);
	return exit_status(d, wanted);
}

/* The kind of the first levy named; all must be of one kind, which the service checks. */
static int
kind_of(struct cli *cli, const char *const *arguments, size_t count)
{
	struct levy levy = { 0 };
	int kind = LEVY_NORMAL;

	if (cli->kind != NULL) {
		(void)!choice_find(&levy_kinds, cli->kind, &kind);
	} else if (count > 0 &&
	    mirror_find(app_db(cli->app), MIRROR_LEVY, app_unit(cli->app), arguments[0], &levy,
		NULL) == 1) {
		kind = levy.kind;
	}
	return kind;
}

int
cli_declare(void *program, const char *const *arguments, size_t count, struct err *err)
{
	struct cli *cli = program;
	struct cli_selection selection = { 0 };
	struct declaration declaration = { 0 };
	struct mirror_query q;
	int kind, rc = -1;

	if (cli_select_check(cli, arguments, count, err) != 0 ||
	    cli_period_check("--period", cli->period, err) != 0 ||
	    cli_connect(cli, APP_DOWNLOAD_LEVIES, err) != 0) {
		return -1;
	}
	kind = kind_of(cli, arguments, count);
	app_query_levies(cli->app, kind, 1, &q);
	cli->kind = NULL;
	if (cli_filter_levies(cli, &q, err) == 0 &&
	    cli_select(cli, &q, arguments, count, &selection, err) == 0 &&
	    app_declare(cli->app, kind, &selection.levy_nos, selection.amount, &declaration,
		err) == 0) {
		rc = wait_and_show(cli, &declaration, DECLARATION_ACCEPTED, err);
	}
	text_list_release(&selection.levy_nos);
	record_release(&declaration_type, &declaration);
	return rc;
}

static int
open_ids(const void *record, void *user, struct err *err)
{
	const struct declaration *d = record;
	struct text_list *ids = user;
	size_t i;

	(void)err;
	for (i = 0; i < ids->count; i++) {
		if (strcmp(ids->items[i], d->declaration_id) == 0) {
			return 0;
		}
	}
	text_list_add(ids, d->declaration_id);
	return 0;
}

/* What is open here before the download: its result may be there already, and is to be told. */
static int
connect_for_feedback(struct cli *cli, int is_named, struct text_list *ids, struct err *err)
{
	struct mirror_query q;

	if (app_choose(cli->app, cli->unit, err) != 0) {
		return -1;
	}
	q = cli_query(cli, MIRROR_DECLARATION);
	mirror_where(&q, "state", MIRROR_IN, "queued,pending,voiding");
	if (!is_named && mirror_each(app_db(cli->app), &q, open_ids, ids, err) != 0) {
		return -1;
	}
	if (cli_connect(cli, APP_DOWNLOAD_LEVIES | APP_DOWNLOAD_RECORDS, err) != 0) {
		return -1;
	}
	return is_named ? 0 : mirror_each(app_db(cli->app), &q, open_ids, ids, err);
}

int
cli_feedback(void *program, const char *const *arguments, size_t count, struct err *err)
{
	struct cli *cli = program;
	struct record_list list = { 0 };
	struct text_list ids = { 0 };
	int64_t open = 0;
	int rc, status = 0;
	size_t i;

	for (i = 0; i < count; i++) {
		text_list_add(&ids, arguments[i]);
	}
	rc = connect_for_feedback(cli, count > 0, &ids, err);
	if (rc == 0 && ids.count > 0) {
		rc = app_feedback(cli->app, &ids, cli->wait_s * 1000, &open, NULL, err);
	}
	for (i = 0; rc == 0 && i < ids.count; i++) {
		struct declaration *d = record_list_add(&list, &declaration_type);

		rc = find_with_levies(cli, ids.items[i], d, err);
		if (rc == 0 && status != 4) {
			int one = d->state == DECLARATION_VOIDED ?
			    0 :
			    exit_status(d, DECLARATION_ACCEPTED);

			status = one > status ? one : status;
		}
	}
	if (rc == 0 && cli->json) {
		report_json_list(&declaration_type, list.items, list.count);
	} else if (rc == 0) {
		view_print_table(stdout, &view_declarations, list.items, list.count);
	}
	record_list_release(&list, &declaration_type);
	text_list_release(&ids);
	return rc == 0 ? status : -1;
}

int
cli_declarations(void *program, const char *const *arguments, size_t count, struct err *err)
{
	static const struct cli_listing listing = { APP_DOWNLOAD_RECORDS, MIRROR_DECLARATION,
		&view_declarations, "declared_at" };
	struct cli *cli = program;
	struct mirror_query q;
	int state;

	(void)arguments;
	(void)count;
	if (cli->state != NULL) {
		state = cli_state(&states_declaration, cli->state);
		if (state < 0) {
			return err_set(err, ERR_USAGE,
			    _("--state 的值“%s”无效，应为 pending、accepted、rejected、voiding 或 voided"),
			    cli->state);
		}
		cli->state = state_table_name(&states_declaration, state);
	}
	if (cli_list_query(cli, &listing, &q, err) != 0) {
		return -1;
	}
	mirror_where(&q, "state", MIRROR_IS, cli->state);
	return cli_print(cli, &q, listing.view, err);
}

int
cli_declaration_show(
    void *program, const char *const *arguments, size_t count, struct err *err)
{
	struct cli *cli = program;
	struct declaration d = { 0 };
	struct mirror_query q;
	int rc = 0;

	(void)count;
	if (cli_refresh(cli, APP_DOWNLOAD_LEVIES | APP_DOWNLOAD_RECORDS, err) != 0 ||
	    find_with_levies(cli, arguments[0], &d, err) != 0) {
		record_release(&declaration_type, &d);
		return -1;
	}
	q = cli_query(cli, MIRROR_LEVY);
	mirror_where(&q, "declaration_id", MIRROR_IS, d.declaration_id);
	cli_show(cli, &view_declaration, &d);
	if (!cli->json) {
		fputc('\n', stdout);
		rc = cli_print(cli, &q, &view_levies_declared, err);
	}
	record_release(&declaration_type, &d);
	return rc;
}

int
cli_declaration_void(
    void *program, const char *const *arguments, size_t count, struct err *err)
{
	struct cli *cli = program;
	struct declaration d = { 0 };
	int rc = -1;

	(void)count;
	if (cli_connect(cli, APP_DOWNLOAD_RECORDS, err) == 0 &&
	    app_declaration_void(cli->app, arguments[0], &d, err) == 0) {
		rc = wait_and_show(cli, &d, DECLARATION_VOIDED, err);
	}
	record_release(&declaration_type, &d);
	return rc;
}

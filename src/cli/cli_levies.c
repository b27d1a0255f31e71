/* SPDX-License-Identifier: GPL-3.0-or-later */
/* shebao levies, due, export. */
#include "cli_command.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "shebao/i18n.h"
#include "shebao/period.h"
#include "shebao/states.h"

int
cli_levies(void *program, const char *const *arguments, size_t count, struct err *err)
{
	struct cli *cli = program;
	struct mirror_query q;

	(void)arguments;
	(void)count;
	if (cli_period_check("--period", cli->period, err) != 0 ||
	    cli_refresh(cli, APP_DOWNLOAD_LEVIES, err) != 0) {
		return -1;
	}
	q = cli_query(cli, MIRROR_LEVY);
	if (cli_filter_levies(cli, &q, err) != 0) {
		return -1;
	}
	return cli_print(cli, &q, &view_levies, err);
}

int
cli_due(void *program, const char *const *arguments, size_t count, struct err *err)
{
	struct cli *cli = program;
	struct mirror_query q;
	int state;

	(void)arguments;
	(void)count;
	if (cli->from == NULL || cli->to == NULL) {
		return err_set(err, ERR_USAGE, "%s", _("请用 --from 和 --to 给出费款所属期，如 2020-06"));
	}
	if (cli_period_check("--from", cli->from, err) != 0 ||
	    cli_period_check("--to", cli->to, err) != 0 ||
	    period_range_check(cli->from, cli->to, 12, err) != 0) {
		return -1;
	}
	if (cli->state != NULL) {
		state = cli_state(&states_levy, cli->state);
		if (state < 0) {
			return err_set(err, ERR_USAGE,
			    _("--state 的值“%s”无效，应为 initial、declaring、declared、written_off 或 batch_listed"),
			    cli->state);
		}
		cli->state = state_table_name(&states_levy, state);
	}
	if (cli_refresh(cli, APP_DOWNLOAD_LEVIES, err) != 0) {
		return -1;
	}
	q = cli_query(cli, MIRROR_LEVY);
	if (cli_filter_levies(cli, &q, err) != 0 ||
	    cli_filter_code(cli, &q, "item_code", "item_name", cli->item, err) != 0 ||
	    cli_filter_code(cli, &q, "category_code", "category_name", cli->category, err) != 0 ||
	    cli_filter_code(cli, &q, "subcategory_code", "subcategory_name", cli->subcategory, err) != 0) {
		return -1;
	}
	mirror_where(&q, "period_from", MIRROR_AT_LEAST, cli->from);
	mirror_where(&q, "period_to", MIRROR_AT_MOST, cli->to);
	mirror_where(&q, "state", MIRROR_IS, cli->state);
	return cli_print(cli, &q, &view_levies_due, err);
}

static void
show_progress(const struct app_progress *p, void *user)
{
	(void)user;
	fprintf(stderr, _("\r%s %lld/%lld 条，%lld 条/秒  "), p->what, (long long)p->rows,
	    (long long)p->total, (long long)p->rate);
}

int
cli_export(void *program, const char *const *arguments, size_t count, struct err *err)
{
	struct cli *cli = program;
	struct mirror_query q;
	struct app_export export = { .view = &view_levies, .path = arguments[0] };
	int is_terminal = isatty(STDERR_FILENO);
	int64_t rows;
	int rc;

	(void)count;
	if (cli_period_check("--period", cli->period, err) != 0 ||
	    cli_refresh(cli, APP_DOWNLOAD_LEVIES, err) != 0) {
		return -1;
	}
	q = cli_query(cli, MIRROR_LEVY);
	if (cli_filter_levies(cli, &q, err) != 0) {
		return -1;
	}
	export.query = &q;
	export.overwrite = cli->force;
	export.progress = is_terminal ? show_progress : NULL;
	rc = app_export(cli->app, &export, &rows, err);
	if (is_terminal) {
		fputc('\n', stderr);
	}
	if (rc != 0) {
		return -1;
	}
	if (cli->json) {
		printf("{\"rows\":%lld}\n", (long long)rows);
	} else {
		printf(_("已导出 %lld 条到 %s\n"), (long long)rows, arguments[0]);
	}
	return 0;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Lists: filters from options, rows as text or JSON, selections. */
#include "cli_command.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "shebao/date.h"
#include "shebao/i18n.h"
#include "shebao/levy.h"
#include "shebao/mem.h"
#include "shebao/money.h"
#include "shebao/period.h"
#include "shebao/wire.h"

struct mirror_query
cli_query(struct cli *cli, enum mirror_noun noun)
{
	struct mirror_query q = { .noun = noun };

	if (noun != MIRROR_EMPLOYER) {
		mem_copy_text(q.taxpayer_id, sizeof(q.taxpayer_id), app_unit(cli->app));
	}
	return q;
}

/* ---- output */

/* What the mirror keeps with the levies alone. */
static const struct holder {
	enum mirror_noun noun;
	const char *key;
} holders[] = {
	{ MIRROR_DECLARATION, "declaration_id" },
	{ MIRROR_PAYMENT, "payment_no" },
	{ MIRROR_VOUCHER, "voucher_no" },
	{ MIRROR_CERTIFICATE, "certificate_no" },
};

static int
add_levy_no(const void *record, void *user, struct err *err)
{
	const struct levy *levy = record;

	(void)err;
	text_list_add(user, levy->levy_no);
	return 0;
}

int
cli_levy_nos(struct cli *cli, const char *field, const char *key, struct text_list *levy_nos,
    struct err *err)
{
	struct mirror_query q = cli_query(cli, MIRROR_LEVY);

	q.order = "levy_no";
	mirror_where(&q, field, MIRROR_IS, key);
	return mirror_each(app_db(cli->app), &q, add_levy_no, levy_nos, err);
}

struct printing {
	struct cli *cli;
	const struct holder *holder; /* NULL: the rows hold no levies */
	const struct record_type *type;
	struct buf line;
	size_t count;
};

/* A copy of the record with its levies, which the mirror keeps with the levies alone. */
static int
encode_holder(struct printing *p, const void *record, struct err *err)
{
	const struct field *key = record_field(p->type, p->holder->key);
	const struct field *levy_nos = record_field(p->type, "levy_nos");
	char *copy = mem_alloc(p->type->size);
	struct text_list found = { 0 };
	int rc;

	rc = cli_levy_nos(p->cli, p->holder->key, (const char *)record + key->offset, &found, err);
	memcpy(copy, record, p->type->size);
	memcpy(copy + levy_nos->offset, &found, sizeof(found));
	wire_encode(p->type, copy, &p->line);
	text_list_release(&found);
	free(copy);
	return rc;
}

static int
print_json(const void *record, void *user, struct err *err)
{
	struct printing *p = user;
	int rc = 0;

	buf_clear(&p->line);
	buf_puts(&p->line, p->count++ == 0 ? "[\n" : ",\n");
	if (p->holder != NULL) {
		rc = encode_holder(p, record, err);
	} else {
		wire_encode(p->type, record, &p->line);
	}
	fwrite(p->line.data, 1, p->line.len, stdout);
	return rc;
}

static const struct holder *
find_holder(enum mirror_noun noun)
{
	size_t i;

	for (i = 0; i < ARRAY_LEN(holders); i++) {
		if (holders[i].noun == noun) {
			return &holders[i];
		}
	}
	return NULL;
}

struct collecting {
	const struct record_type *type;
	struct record_list list;
};

static int
collect(const void *record, void *user, struct err *err)
{
	struct collecting *c = user;

	(void)err;
	memcpy(record_list_add(&c->list, c->type), record, c->type->size);
	return 0;
}

int
cli_print(
    struct cli *cli, const struct mirror_query *q, const struct view *view, struct err *err)
{
	const struct record_type *type = mirror_type(q->noun);
	int rc;

	if (cli->json) {
		struct printing p = { .cli = cli, .holder = find_holder(q->noun), .type = type };

		rc = mirror_each(app_db(cli->app), q, print_json, &p, err);
		fputs(p.count == 0 ? "[]\n" : "\n]\n", stdout);
		buf_release(&p.line);
	} else {
		struct collecting c = { .type = type };

		rc = mirror_each(app_db(cli->app), q, collect, &c, err);
		if (rc == 0) {
			view_print_table(stdout, view, c.list.items, c.list.count);
		}
		record_list_release(&c.list, type);
	}
	return rc;
}

static int
check_dates(const struct cli *cli, struct err *err)
{
	if ((cli->from != NULL && date_check(cli->from, err) != 0) ||
	    (cli->to != NULL && date_check(cli->to, err) != 0)) {
		if (err != NULL) {
			err->code = ERR_USAGE;
		}
		return -1;
	}
	if (cli->from != NULL && cli->to != NULL && strcmp(cli->from, cli->to) > 0) {
		return err_set(err, ERR_DATA, _("起始日期 %s 晚于截止日期 %s"), cli->from, cli->to);
	}
	return 0;
}

static void
filter_dates(const struct cli *cli, struct mirror_query *q, const char *field)
{
	char ms[24];

	if (cli->from != NULL) {
		snprintf(ms, sizeof(ms), "%lld", (long long)date_first_ms(cli->from));
		mirror_where(q, field, MIRROR_AT_LEAST, ms);
	}
	if (cli->to != NULL) {
		snprintf(ms, sizeof(ms), "%lld", (long long)date_last_ms(cli->to));
		mirror_where(q, field, MIRROR_AT_MOST, ms);
	}
}

int
cli_list_query(struct cli *cli, const struct cli_listing *listing, struct mirror_query *out,
    struct err *err)
{
	unsigned what = listing->download;

	if (cli->json && find_holder(listing->noun) != NULL) {
		what |= APP_DOWNLOAD_LEVIES;
	}
	if (check_dates(cli, err) != 0 || cli_refresh(cli, what, err) != 0) {
		return -1;
	}
	*out = cli_query(cli, listing->noun);
	out->order = listing->time_field;
	if (listing->time_field != NULL) {
		filter_dates(cli, out, listing->time_field);
	}
	return 0;
}

int
cli_list(struct cli *cli, const struct cli_listing *listing, struct err *err)
{
	struct mirror_query q;

	return cli_list_query(cli, listing, &q, err) != 0 ? -1 : cli_print(cli, &q, listing->view, err);
}

void
cli_show(struct cli *cli, const struct view *view, const void *record)
{
	if (cli->json) {
		report_json(view->type, record);
	} else {
		view_print_record(stdout, view, record);
	}
}

/* ---- filters */

int
cli_period_check(const char *option, const char *value, struct err *err)
{
	if (value != NULL && period_check(value, err) != 0) {
		if (err != NULL) {
			err->code = ERR_USAGE;
		}
		return err_wrap(err, "%s", option);
	}
	return 0;
}

int
cli_filter_code(struct cli *cli, struct mirror_query *q, const char *code, const char *name,
    const char *value, struct err *err)
{
	struct mirror_query coded = cli_query(cli, q->noun);
	int64_t count, sum;

	mirror_where(&coded, code, MIRROR_IS, value);
	if (value == NULL) {
		return 0;
	}
	if (mirror_count(app_db(cli->app), &coded, NULL, &count, &sum, err) != 0) {
		return -1;
	}
	mirror_where(q, count > 0 ? code : name, MIRROR_IS, value);
	return 0;
}

int
cli_filter_levies(struct cli *cli, struct mirror_query *q, struct err *err)
{
	mirror_where(q, "kind", MIRROR_IS, cli->kind);
	mirror_where(q, "unit_no", MIRROR_IS, cli->unit_no);
	mirror_where(q, "period_from", MIRROR_AT_MOST, cli->period);
	mirror_where(q, "period_to", MIRROR_AT_LEAST, cli->period);
	return cli_filter_code(cli, q, "agency_code", "agency_name", cli->agency, err);
}

int
cli_state(const struct state_table *table, const char *value)
{
	int state = state_table_find(table, value), i;

	for (i = 0; state < 0 && i < (int)state_table_count(table); i++) {
		if (strcmp(state_table_label(table, i), value) == 0) {
			state = i;
		}
	}
	return state;
}

/* ---- selections */

static int
take(const void *record, void *user, struct err *err)
{
	const struct levy *levy = record;
	struct cli_selection *out = user;

	text_list_add(&out->levy_nos, levy->levy_no);
	return money_add(out->amount, levy->amount, &out->amount, err);
}

static int
take_named(struct cli *cli, const char *levy_no, struct cli_selection *out, struct err *err)
{
	struct levy levy = { 0 };
	int found = mirror_find(
	    app_db(cli->app), MIRROR_LEVY, app_unit(cli->app), levy_no, &levy, err);

	if (found <= 0) {
		return found < 0 ? -1 : err_set(err, ERR_NOT_FOUND, _("没有征集单号为 %s 的费款"), levy_no);
	}
	return take(&levy, out, err);
}

int
cli_select_check(const struct cli *cli, const char *const *arguments, size_t count, struct err *err)
{
	if (cli->all == (count > 0)) {
		return err_set(err, ERR_USAGE, "%s", _("请给出征集单号，或用 --all 选择全部"));
	}
	if (!cli->all && (cli->unit_no != NULL || cli->agency != NULL || cli->period != NULL)) {
		return err_set(err, ERR_USAGE, "%s",
		    _("--unit-no、--agency 和 --period 只用于 --all，不能与征集单号同时给出"));
	}
	return options_distinct(arguments, count, err);
}

int
cli_select(struct cli *cli, const struct mirror_query *q, const char *const *arguments,
    size_t count, struct cli_selection *out, struct err *err)
{
	size_t i;

	if (cli->all) {
		if (mirror_each(app_db(cli->app), q, take, out, err) != 0) {
			return -1;
		}
		return out->levy_nos.count > 0 ?
		    0 :
		    err_set(err, ERR_NOTHING, "%s", _("没有符合条件的费款"));
	}
	for (i = 0; i < count; i++) {
		if (take_named(cli, arguments[i], out, err) != 0) {
			return -1;
		}
	}
	return 0;
}

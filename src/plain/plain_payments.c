/* SPDX-License-Identifier: GPL-3.0-or-later */
/* 33 缴费记录, and the timeline of a payment whose outcome is not known (manual 2.3.3). */
#include "plain_items.h"
#include "shebao/i18n.h"
#include "shebao/mem.h"
#include "shebao/said.h"
#include "shebao/states.h"

static int
is_open(const struct payment *payment)
{
	return payment->state == PAYMENT_CREATED || payment->state == PAYMENT_SENT ||
	    payment->state == PAYMENT_UNKNOWN;
}

static void
say_event(struct plain *p, const struct payment_event *event)
{
	const struct view *view = &view_payment_events;
	char at[64], word[64], said[ERR_TEXT_MAX];

	view_cell(view, (size_t)view_find(view, "at"), event, at, sizeof(at));
	view_cell(view, (size_t)view_find(view, "event"), event, word, sizeof(word));
	plain_say(p, "%s %s%s%s", at, word, event->detail[0] == '\0' ? "" : " ",
	    said_text(event->detail, said, sizeof(said)));
}

static void
say_payment(struct plain *p, const struct payment *payment)
{
	struct record_list events = { 0 };
	struct err err = { 0 };
	size_t i;

	if (is_open(payment)) {
		plain_say(p, "%s", _("扣款结果待确认，请勿重复缴费。系统正在自动查询。"));
	} else if (payment->state == PAYMENT_SUCCEEDED) {
		plain_say(p, "%s", _("三方协议缴费成功。"));
	} else if (payment->state == PAYMENT_REVERSED) {
		plain_say(p, "%s", _("该笔扣款已冲正，款项退回原账户，费款恢复未缴。"));
	} else {
		plain_say(p, "%s", _("扣款没有成功，没有扣款。处理后可以再次发起扣款。"));
	}
	plain_common_record(p, &view_payment, payment);
	plain_say(p, "%s", _("经过"));
	if (app_payment_timeline(p->app, payment->payment_no, &events, &err) != 0) {
		plain_error(p, &err);
	}
	for (i = 0; i < events.count; i++) {
		say_event(p, record_list_at(&events, &payment_event_type, i));
	}
	record_list_release(&events, &payment_event_type);
}

void
plain_payments_show(struct plain *p, const char *payment_no)
{
	const char *const labels[] = { _("立即查询") };
	const struct plain_choice choice = {
		.title = _("缴费经过"), .labels = labels, .count = ARRAY_LEN(labels), .initial = 0
	};
	struct payment payment = { 0 };
	int is_asking = 1;

	while (is_asking &&
	    mirror_find(app_db(p->app), MIRROR_PAYMENT, app_unit(p->app), payment_no, &payment,
		NULL) == 1) {
		struct err err = { 0 };

		say_payment(p, &payment);
		is_asking = is_open(&payment) && plain_choose(p, &choice) >= 0;
		if (is_asking && app_payment_query(p->app, payment_no, NULL, &err) != 0) {
			plain_error(p, &err);
		}
		record_release(&payment_type, &payment);
		payment = (struct payment){ 0 };
	}
}

static void
show(struct plain_list *list, const void *record)
{
	plain_payments_show(list->p, ((const struct payment *)record)->payment_no);
	plain_list_load(list);
}

static const struct plain_list_action actions[] = {
	{ .label = N_("查看"), .needs_row = 1, .run = show },
};

void
plain_payments(struct plain *p)
{
	static const struct plain_list_opts opts = {
		.title = N_("33 缴费记录"),
		.list = &app_list_payments,
		.empty = N_("没有三方协议缴费的记录。\n银行端缴费凭证方式的缴费记录，请在【申报记录】中查询。"),
		.help = N_("结果待确认的缴费也列在这里：系统自动查询结果，请勿重复缴费。"),
		.actions = actions,
		.action_count = ARRAY_LEN(actions),
	};

	plain_list_run(p, &opts);
}

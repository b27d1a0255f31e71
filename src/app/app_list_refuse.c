/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What cannot be done with a row of a list, in words, before the service is asked. */
#include "shebao/app_list.h"

#include "shebao/i18n.h"
#include "shebao/mem.h"
#include "shebao/states.h"

/* The manual words the two differently at their end. */
static const char *const reminders[] = {
	[LEVY_NORMAL] =
	    N_("请核对缴费人数，如需做职工减员操作，请先去相关部门办理减员后再进行社保费申报！"),
	[LEVY_SPECIAL] =
	    N_("请核对缴费人数，如需做职工减员操作，请先去相关部门办理减员后再进行社保费申报"),
};
_Static_assert(ARRAY_LEN(reminders) == LEVY_KIND_COUNT, "a reminder for every kind");

const char *
app_list_reminder(int kind)
{
	return _(reminders[kind]);
}

const char *
app_list_refuse_declare(const void *record)
{
	const struct levy *levy = record;

	return levy->state == LEVY_BATCH_LISTED ?
	    _("批扣清册生成的费款由批扣清册扣款，不需要申报。") :
	    NULL;
}

const char *
app_list_refuse_pay(const void *record)
{
	const struct levy *levy = record;

	switch (levy->pay_state) {
	case LEVY_PAY_UNCONFIRMED:
		return _("该费款的扣款结果待确认，请勿重复缴费；请查看【缴费经过】。");
	case LEVY_PAY_PAYING:
		return _("正在扣款中，不允许重复发起扣款。");
	case LEVY_PAY_VOUCHERED:
		return _("该费款已开具缴费凭证；如需改用三方协议缴费，请先在【缴费凭证打印记录】中作废凭证。");
	default:
		return NULL;
	}
}

const char *
app_list_refuse_pay_declared(const struct declaration *d)
{
	if (d->state != DECLARATION_ACCEPTED) {
		return _("只有申报成功的记录可以缴费。");
	}
	return d->paid_state == PAID_ALL ? _("本条记录已缴费。") : NULL;
}

const char *
app_list_refuse_void(const struct declaration *d)
{
	if (!state_table_allows(&states_declaration, d->state, DECLARATION_VOID, ROLE_CLERK)) {
		return _("只有申报成功的记录可以作废。");
	}
	return d->paid_state != PAID_NOTHING ? _("已缴费的申报不能作废。") : NULL;
}

const char *
app_list_refuse_print(const struct voucher *v)
{
	if (v->state == VOUCHER_PAID) {
		return _("凭证已缴款，不能重新打印；缴费凭据请打印完税证明。");
	}
	return app_list_refuse_void_voucher(v);
}

const char *
app_list_refuse_void_voucher(const struct voucher *v)
{
	if (v->state == VOUCHER_VOIDED) {
		return _("凭证已作废，可在【缴费】中重新开具。");
	}
	return v->state == VOUCHER_EXPIRED ? _("凭证已过期，可在【缴费】中重新开具。") : NULL;
}

const char *
app_list_refuse_reprint(const struct certificate *c)
{
	if (c->state == CERTIFICATE_ISSUED) {
		return _("首次打印尚未完成，请在【社保费完税证明打印】中打印。");
	}
	return state_table_allows(&states_certificate, c->state, CERTIFICATE_REPRINT, ROLE_CLERK) ?
	    NULL :
	    _("该证明已失效，不能补打。");
}

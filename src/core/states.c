/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The state tables of all nouns. */
#include "shebao/states.h"

#include "shebao/i18n.h"
#include "shebao/mem.h"

#define BANK_OR_SERVICE (ROLE_BANK | ROLE_SERVICE)
#define CLERK_OR_SERVICE (ROLE_CLERK | ROLE_SERVICE)

// clang-format off
/* The arrays NOUN_names, _labels, _event_names, _event_labels and _rows as one table. */
#define TABLE(NOUN, LABEL, INITIAL) {                                          \
	.noun = #NOUN, .label = LABEL, .initial = INITIAL,                     \
	.state_names = NOUN##_names, .state_labels = NOUN##_labels,            \
	.event_names = NOUN##_event_names, .event_labels = NOUN##_event_labels,\
	.states = ARRAY_LEN(NOUN##_names), .events = ARRAY_LEN(NOUN##_event_names), \
	.rows = NOUN##_rows, .row_count = ARRAY_LEN(NOUN##_rows),              \
}
#define CHECK_LENGTHS(NOUN, STATES, EVENTS)                                    \
	_Static_assert(ARRAY_LEN(NOUN##_names) == STATES &&                    \
	    ARRAY_LEN(NOUN##_labels) == STATES &&                              \
	    ARRAY_LEN(NOUN##_event_names) == EVENTS &&                         \
	    ARRAY_LEN(NOUN##_event_labels) == EVENTS, "names for all of " #NOUN)

/* ---- levy */
static const char *const levy_names[] = {
	[LEVY_INITIAL]      = "initial",
	[LEVY_DECLARING]    = "declaring",
	[LEVY_DECLARED]     = "declared",
	[LEVY_WRITTEN_OFF]  = "written_off",
	[LEVY_BATCH_LISTED] = "batch_listed",
};
static const char *const levy_labels[] = {
	[LEVY_INITIAL]      = N_("初始"),
	[LEVY_DECLARING]    = N_("申报中"),
	[LEVY_DECLARED]     = N_("申报成功"),
	[LEVY_WRITTEN_OFF]  = N_("核销"),
	[LEVY_BATCH_LISTED] = N_("批扣清册生成"),
};
static const char *const levy_event_names[] = {
	[LEVY_SUBMIT]              = "submit",
	[LEVY_ACCEPT]              = "accept",
	[LEVY_REJECT]              = "reject",
	[LEVY_REJECT_WITHDRAWN]    = "reject_withdrawn",
	[LEVY_REJECT_BATCH_LISTED] = "reject_batch_listed",
	[LEVY_VOID]                = "void",
	[LEVY_WITHDRAW]            = "withdraw",
	[LEVY_BATCH_LIST]          = "batch_list",
	[LEVY_BATCH_RELEASE]       = "batch_release",
	[LEVY_BATCH_SETTLE]        = "batch_settle",
};
static const char *const levy_event_labels[] = {
	[LEVY_SUBMIT]              = N_("提交申报"),
	[LEVY_ACCEPT]              = N_("受理申报"),
	[LEVY_REJECT]              = N_("退回申报"),
	[LEVY_REJECT_WITHDRAWN]    = N_("因撤单退回申报"),
	[LEVY_REJECT_BATCH_LISTED] = N_("因批扣退回申报"),
	[LEVY_VOID]                = N_("作废申报"),
	[LEVY_WITHDRAW]            = N_("撤单"),
	[LEVY_BATCH_LIST]          = N_("列入批扣清册"),
	[LEVY_BATCH_RELEASE]       = N_("移出批扣清册"),
	[LEVY_BATCH_SETTLE]        = N_("批扣入库"),
};
static const struct transition levy_rows[] = {
	{ LEVY_INITIAL,      LEVY_SUBMIT,              LEVY_DECLARING,    ROLE_CLERK },
	{ LEVY_INITIAL,      LEVY_WITHDRAW,            LEVY_WRITTEN_OFF,  ROLE_OFFICER | ROLE_BUREAU },
	{ LEVY_INITIAL,      LEVY_BATCH_LIST,          LEVY_BATCH_LISTED, ROLE_OFFICER },
	{ LEVY_DECLARING,    LEVY_ACCEPT,              LEVY_DECLARED,     ROLE_SERVICE },
	{ LEVY_DECLARING,    LEVY_REJECT,              LEVY_INITIAL,      ROLE_SERVICE },
	{ LEVY_DECLARING,    LEVY_WITHDRAW,            LEVY_DECLARING,    ROLE_OFFICER | ROLE_BUREAU },
	{ LEVY_DECLARING,    LEVY_BATCH_LIST,          LEVY_DECLARING,    ROLE_OFFICER },
	{ LEVY_DECLARING,    LEVY_REJECT_WITHDRAWN,    LEVY_WRITTEN_OFF,  ROLE_SERVICE },
	{ LEVY_DECLARING,    LEVY_REJECT_BATCH_LISTED, LEVY_BATCH_LISTED, ROLE_SERVICE },
	{ LEVY_DECLARED,     LEVY_VOID,                LEVY_INITIAL,      ROLE_SERVICE },
	{ LEVY_BATCH_LISTED, LEVY_BATCH_RELEASE,       LEVY_INITIAL,      ROLE_OFFICER },
	{ LEVY_BATCH_LISTED, LEVY_BATCH_SETTLE,        LEVY_DECLARED,     BANK_OR_SERVICE },
};
CHECK_LENGTHS(levy, LEVY_STATE_COUNT, LEVY_EVENT_COUNT);
const struct state_table states_levy = TABLE(levy, N_("应征费款"), LEVY_INITIAL);

/* ---- levy, payment side */
static const char *const levy_pay_names[] = {
	[LEVY_PAY_UNPAID]      = "unpaid",
	[LEVY_PAY_PAYING]      = "paying",
	[LEVY_PAY_VOUCHERED]   = "vouchered",
	[LEVY_PAY_SETTLED]     = "settled",
	[LEVY_PAY_UNCONFIRMED] = "unconfirmed",
};
static const char *const levy_pay_labels[] = {
	[LEVY_PAY_UNPAID]      = N_("未缴"),
	[LEVY_PAY_PAYING]      = N_("缴费中"),
	[LEVY_PAY_VOUCHERED]   = N_("凭证已开"),
	[LEVY_PAY_SETTLED]     = N_("已入库"),
	[LEVY_PAY_UNCONFIRMED] = N_("待确认"),
};
static const char *const levy_pay_event_names[] = {
	[LEVY_PAY_PAY]            = "pay",
	[LEVY_PAY_REFUSE]         = "refuse",
	[LEVY_PAY_LOSE]           = "lose",
	[LEVY_PAY_RESEND]         = "resend",
	[LEVY_PAY_ISSUE_VOUCHER]  = "issue_voucher",
	[LEVY_PAY_VOID_VOUCHER]   = "void_voucher",
	[LEVY_PAY_EXPIRE_VOUCHER] = "expire_voucher",
	[LEVY_PAY_SETTLE]         = "settle",
	[LEVY_PAY_REVERSE]        = "reverse",
	[LEVY_PAY_LATE_SUCCESS]   = "late_success",
};
static const char *const levy_pay_event_labels[] = {
	[LEVY_PAY_PAY]            = N_("缴费"),
	[LEVY_PAY_REFUSE]         = N_("记为扣款失败"),
	[LEVY_PAY_LOSE]           = N_("记为待确认"),
	[LEVY_PAY_RESEND]         = N_("重新发送扣款"),
	[LEVY_PAY_ISSUE_VOUCHER]  = N_("开具缴费凭证"),
	[LEVY_PAY_VOID_VOUCHER]   = N_("作废缴费凭证"),
	[LEVY_PAY_EXPIRE_VOUCHER] = N_("使缴费凭证过期"),
	[LEVY_PAY_SETTLE]         = N_("入库"),
	[LEVY_PAY_REVERSE]        = N_("冲正"),
	[LEVY_PAY_LATE_SUCCESS]   = N_("记为已扣款待核对"),
};
static const struct transition levy_pay_rows[] = {
	{ LEVY_PAY_UNPAID,      LEVY_PAY_PAY,            LEVY_PAY_PAYING,      ROLE_CLERK },
	{ LEVY_PAY_UNPAID,      LEVY_PAY_ISSUE_VOUCHER,  LEVY_PAY_VOUCHERED,   ROLE_CLERK },
	{ LEVY_PAY_UNPAID,      LEVY_PAY_LATE_SUCCESS,   LEVY_PAY_UNCONFIRMED, BANK_OR_SERVICE },
	{ LEVY_PAY_PAYING,      LEVY_PAY_REFUSE,         LEVY_PAY_UNPAID,      BANK_OR_SERVICE },
	{ LEVY_PAY_PAYING,      LEVY_PAY_LOSE,           LEVY_PAY_UNCONFIRMED, ROLE_SERVICE },
	{ LEVY_PAY_PAYING,      LEVY_PAY_SETTLE,         LEVY_PAY_SETTLED,     BANK_OR_SERVICE },
	{ LEVY_PAY_PAYING,      LEVY_PAY_REVERSE,        LEVY_PAY_UNPAID,      BANK_OR_SERVICE },
	{ LEVY_PAY_UNCONFIRMED, LEVY_PAY_REFUSE,         LEVY_PAY_UNPAID,      BANK_OR_SERVICE },
	{ LEVY_PAY_UNCONFIRMED, LEVY_PAY_RESEND,         LEVY_PAY_PAYING,      ROLE_SERVICE },
	{ LEVY_PAY_UNCONFIRMED, LEVY_PAY_SETTLE,         LEVY_PAY_SETTLED,     BANK_OR_SERVICE },
	{ LEVY_PAY_VOUCHERED,   LEVY_PAY_VOID_VOUCHER,   LEVY_PAY_UNPAID,      ROLE_CLERK },
	{ LEVY_PAY_VOUCHERED,   LEVY_PAY_EXPIRE_VOUCHER, LEVY_PAY_UNPAID,      ROLE_SERVICE },
	{ LEVY_PAY_VOUCHERED,   LEVY_PAY_SETTLE,         LEVY_PAY_SETTLED,     BANK_OR_SERVICE },
	{ LEVY_PAY_SETTLED,     LEVY_PAY_REVERSE,        LEVY_PAY_UNPAID,      BANK_OR_SERVICE },
};
CHECK_LENGTHS(levy_pay, LEVY_PAY_STATE_COUNT, LEVY_PAY_EVENT_COUNT);
const struct state_table states_levy_pay = TABLE(levy_pay, N_("费款缴纳"), LEVY_PAY_UNPAID);

/* ---- declaration */
static const char *const declaration_names[] = {
	[DECLARATION_QUEUED]   = "queued",
	[DECLARATION_PENDING]  = "pending",
	[DECLARATION_ACCEPTED] = "accepted",
	[DECLARATION_REJECTED] = "rejected",
	[DECLARATION_VOIDING]  = "voiding",
	[DECLARATION_VOIDED]   = "voided",
};
static const char *const declaration_labels[] = {
	[DECLARATION_QUEUED]   = N_("待发送"),
	[DECLARATION_PENDING]  = N_("申报中"),
	[DECLARATION_ACCEPTED] = N_("申报成功"),
	[DECLARATION_REJECTED] = N_("申报失败"),
	[DECLARATION_VOIDING]  = N_("作废中"),
	[DECLARATION_VOIDED]   = N_("已作废"),
};
static const char *const declaration_event_names[] = {
	[DECLARATION_SEND]        = "send",
	[DECLARATION_ACCEPT]      = "accept",
	[DECLARATION_REJECT]      = "reject",
	[DECLARATION_VOID]        = "void",
	[DECLARATION_VOID_ACCEPT] = "void_accept",
	[DECLARATION_VOID_REJECT] = "void_reject",
};
static const char *const declaration_event_labels[] = {
	[DECLARATION_SEND]        = N_("发送"),
	[DECLARATION_ACCEPT]      = N_("受理"),
	[DECLARATION_REJECT]      = N_("退回"),
	[DECLARATION_VOID]        = N_("作废"),
	[DECLARATION_VOID_ACCEPT] = N_("受理作废"),
	[DECLARATION_VOID_REJECT] = N_("退回作废"),
};
static const struct transition declaration_rows[] = {
	{ DECLARATION_QUEUED,   DECLARATION_SEND,        DECLARATION_PENDING,  CLERK_OR_SERVICE },
	{ DECLARATION_PENDING,  DECLARATION_ACCEPT,      DECLARATION_ACCEPTED, ROLE_SERVICE },
	{ DECLARATION_PENDING,  DECLARATION_REJECT,      DECLARATION_REJECTED, ROLE_SERVICE },
	{ DECLARATION_ACCEPTED, DECLARATION_VOID,        DECLARATION_VOIDING,  ROLE_CLERK },
	{ DECLARATION_VOIDING,  DECLARATION_VOID_ACCEPT, DECLARATION_VOIDED,   ROLE_SERVICE },
	{ DECLARATION_VOIDING,  DECLARATION_VOID_REJECT, DECLARATION_ACCEPTED, ROLE_SERVICE },
};
CHECK_LENGTHS(declaration, DECLARATION_STATE_COUNT, DECLARATION_EVENT_COUNT);
const struct state_table states_declaration =
    TABLE(declaration, N_("申报记录"), DECLARATION_QUEUED);

/* ---- payment */
static const char *const payment_names[] = {
	[PAYMENT_CREATED]   = "created",
	[PAYMENT_SENT]      = "sent",
	[PAYMENT_SUCCEEDED] = "succeeded",
	[PAYMENT_REFUSED]   = "refused",
	[PAYMENT_UNKNOWN]   = "unknown",
	[PAYMENT_REVERSED]  = "reversed",
};
static const char *const payment_labels[] = {
	[PAYMENT_CREATED]   = N_("待发送"),
	[PAYMENT_SENT]      = N_("扣款中"),
	[PAYMENT_SUCCEEDED] = N_("扣款成功"),
	[PAYMENT_REFUSED]   = N_("扣款失败"),
	[PAYMENT_UNKNOWN]   = N_("待确认"),
	[PAYMENT_REVERSED]  = N_("已冲正"),
};
static const char *const payment_event_names[] = {
	[PAYMENT_SEND]             = "send",
	[PAYMENT_SUCCEED]          = "succeed",
	[PAYMENT_REFUSE]           = "refuse",
	[PAYMENT_LOSE]             = "lose",
	[PAYMENT_QUERY_SUCCEED]    = "query_succeed",
	[PAYMENT_QUERY_REFUSE]     = "query_refuse",
	[PAYMENT_QUERY_UNKNOWN]    = "query_unknown",
	[PAYMENT_QUERY_NEVER_SEEN] = "query_never_seen",
	[PAYMENT_REVERSE]          = "reverse",
	[PAYMENT_LATE_SUCCESS]     = "late_success",
};
static const char *const payment_event_labels[] = {
	[PAYMENT_SEND]             = N_("发送扣款"),
	[PAYMENT_SUCCEED]          = N_("记为扣款成功"),
	[PAYMENT_REFUSE]           = N_("记为扣款失败"),
	[PAYMENT_LOSE]             = N_("记为待确认"),
	[PAYMENT_QUERY_SUCCEED]    = N_("按查询结果记为扣款成功"),
	[PAYMENT_QUERY_REFUSE]     = N_("按查询结果记为扣款失败"),
	[PAYMENT_QUERY_UNKNOWN]    = N_("按查询结果继续等待"),
	[PAYMENT_QUERY_NEVER_SEEN] = N_("重新发送扣款"),
	[PAYMENT_REVERSE]          = N_("冲正"),
	[PAYMENT_LATE_SUCCESS]     = N_("记为已扣款待核对"),
};
static const struct transition payment_rows[] = {
	{ PAYMENT_CREATED,   PAYMENT_SEND,             PAYMENT_SENT,      ROLE_SERVICE },
	{ PAYMENT_SENT,      PAYMENT_SUCCEED,          PAYMENT_SUCCEEDED, BANK_OR_SERVICE },
	{ PAYMENT_SENT,      PAYMENT_REFUSE,           PAYMENT_REFUSED,   BANK_OR_SERVICE },
	{ PAYMENT_SENT,      PAYMENT_LOSE,             PAYMENT_UNKNOWN,   ROLE_SERVICE },
	{ PAYMENT_UNKNOWN,   PAYMENT_QUERY_SUCCEED,    PAYMENT_SUCCEEDED, BANK_OR_SERVICE },
	{ PAYMENT_UNKNOWN,   PAYMENT_QUERY_REFUSE,     PAYMENT_REFUSED,   BANK_OR_SERVICE },
	{ PAYMENT_UNKNOWN,   PAYMENT_QUERY_UNKNOWN,    PAYMENT_UNKNOWN,   BANK_OR_SERVICE },
	{ PAYMENT_UNKNOWN,   PAYMENT_QUERY_NEVER_SEEN, PAYMENT_SENT,      BANK_OR_SERVICE },
	{ PAYMENT_SUCCEEDED, PAYMENT_REVERSE,          PAYMENT_REVERSED,  BANK_OR_SERVICE },
	{ PAYMENT_REFUSED,   PAYMENT_LATE_SUCCESS,     PAYMENT_UNKNOWN,   BANK_OR_SERVICE },
};
CHECK_LENGTHS(payment, PAYMENT_STATE_COUNT, PAYMENT_EVENT_COUNT);
const struct state_table states_payment = TABLE(payment, N_("缴费记录"), PAYMENT_CREATED);

/* ---- voucher */
static const char *const voucher_names[] = {
	[VOUCHER_ISSUED]  = "issued",
	[VOUCHER_VOIDED]  = "voided",
	[VOUCHER_PAID]    = "paid",
	[VOUCHER_EXPIRED] = "expired",
};
static const char *const voucher_labels[] = {
	[VOUCHER_ISSUED]  = N_("已开具"),
	[VOUCHER_VOIDED]  = N_("已作废"),
	[VOUCHER_PAID]    = N_("已缴款"),
	[VOUCHER_EXPIRED] = N_("已过期"),
};
static const char *const voucher_event_names[] = {
	[VOUCHER_VOID]   = "void",
	[VOUCHER_PAY]    = "pay",
	[VOUCHER_EXPIRE] = "expire",
};
static const char *const voucher_event_labels[] = {
	[VOUCHER_VOID]   = N_("作废"),
	[VOUCHER_PAY]    = N_("缴款"),
	[VOUCHER_EXPIRE] = N_("过期"),
};
static const struct transition voucher_rows[] = {
	{ VOUCHER_ISSUED, VOUCHER_VOID,   VOUCHER_VOIDED,  ROLE_CLERK },
	{ VOUCHER_ISSUED, VOUCHER_PAY,    VOUCHER_PAID,    ROLE_OFFICER | ROLE_BANK },
	{ VOUCHER_ISSUED, VOUCHER_EXPIRE, VOUCHER_EXPIRED, ROLE_SERVICE },
};
CHECK_LENGTHS(voucher, VOUCHER_STATE_COUNT, VOUCHER_EVENT_COUNT);
const struct state_table states_voucher = TABLE(voucher, N_("缴费凭证"), VOUCHER_ISSUED);

/* ---- certificate */
static const char *const certificate_names[] = {
	[CERTIFICATE_ISSUED]      = "issued",
	[CERTIFICATE_DELIVERED]   = "delivered",
	[CERTIFICATE_INVALIDATED] = "invalidated",
};
static const char *const certificate_labels[] = {
	[CERTIFICATE_ISSUED]      = N_("已开具"),
	[CERTIFICATE_DELIVERED]   = N_("已交付"),
	[CERTIFICATE_INVALIDATED] = N_("已失效"),
};
static const char *const certificate_event_names[] = {
	[CERTIFICATE_REDELIVER]  = "redeliver",
	[CERTIFICATE_DELIVER]    = "deliver",
	[CERTIFICATE_REPRINT]    = "reprint",
	[CERTIFICATE_INVALIDATE] = "invalidate",
};
static const char *const certificate_event_labels[] = {
	[CERTIFICATE_REDELIVER]  = N_("重新交付"),
	[CERTIFICATE_DELIVER]    = N_("确认交付"),
	[CERTIFICATE_REPRINT]    = N_("补打"),
	[CERTIFICATE_INVALIDATE] = N_("使其失效"),
};
static const struct transition certificate_rows[] = {
	{ CERTIFICATE_ISSUED,    CERTIFICATE_REDELIVER,  CERTIFICATE_ISSUED,      ROLE_CLERK },
	{ CERTIFICATE_ISSUED,    CERTIFICATE_DELIVER,    CERTIFICATE_DELIVERED,   ROLE_CLERK },
	{ CERTIFICATE_ISSUED,    CERTIFICATE_INVALIDATE, CERTIFICATE_INVALIDATED, BANK_OR_SERVICE },
	{ CERTIFICATE_DELIVERED, CERTIFICATE_REPRINT,    CERTIFICATE_DELIVERED,   ROLE_CLERK },
	{ CERTIFICATE_DELIVERED, CERTIFICATE_INVALIDATE, CERTIFICATE_INVALIDATED, BANK_OR_SERVICE },
};
CHECK_LENGTHS(certificate, CERTIFICATE_STATE_COUNT, CERTIFICATE_EVENT_COUNT);
const struct state_table states_certificate =
    TABLE(certificate, N_("缴费证明"), CERTIFICATE_ISSUED);

/* ---- operation. Sending what may have been sent before makes its outcome unknown, so that a
 * later attempt that never left does not look like the only one. */
static const char *const op_names[] = {
	[OP_READY]   = "ready",
	[OP_SENT]    = "sent",
	[OP_DONE]    = "done",
	[OP_REFUSED] = "refused",
	[OP_UNKNOWN] = "unknown",
};
static const char *const op_labels[] = {
	[OP_READY]   = N_("待发送"),
	[OP_SENT]    = N_("已发送"),
	[OP_DONE]    = N_("已完成"),
	[OP_REFUSED] = N_("已拒绝"),
	[OP_UNKNOWN] = N_("待确认"),
};
static const char *const op_event_names[] = {
	[OP_SEND]    = "send",
	[OP_SUCCEED] = "succeed",
	[OP_REFUSE]  = "refuse",
	[OP_LOSE]    = "lose",
	[OP_RETURN]  = "return",
	[OP_CANCEL]  = "cancel",
};
static const char *const op_event_labels[] = {
	[OP_SEND]    = N_("发送"),
	[OP_SUCCEED] = N_("记为完成"),
	[OP_REFUSE]  = N_("记为拒绝"),
	[OP_LOSE]    = N_("记为待确认"),
	[OP_RETURN]  = N_("退回待发送"),
	[OP_CANCEL]  = N_("取消"),
};
static const struct transition op_rows[] = {
	{ OP_READY,   OP_SEND,    OP_SENT,    CLERK_OR_SERVICE },
	{ OP_READY,   OP_CANCEL,  OP_REFUSED, CLERK_OR_SERVICE },
	{ OP_SENT,    OP_SEND,    OP_UNKNOWN, CLERK_OR_SERVICE },
	{ OP_SENT,    OP_SUCCEED, OP_DONE,    CLERK_OR_SERVICE },
	{ OP_SENT,    OP_REFUSE,  OP_REFUSED, CLERK_OR_SERVICE },
	{ OP_SENT,    OP_LOSE,    OP_UNKNOWN, CLERK_OR_SERVICE },
	{ OP_SENT,    OP_RETURN,  OP_READY,   CLERK_OR_SERVICE },
	{ OP_UNKNOWN, OP_SEND,    OP_UNKNOWN, CLERK_OR_SERVICE },
	{ OP_UNKNOWN, OP_SUCCEED, OP_DONE,    CLERK_OR_SERVICE },
	{ OP_UNKNOWN, OP_REFUSE,  OP_REFUSED, CLERK_OR_SERVICE },
	{ OP_UNKNOWN, OP_LOSE,    OP_UNKNOWN, CLERK_OR_SERVICE },
	{ OP_UNKNOWN, OP_RETURN,  OP_UNKNOWN, CLERK_OR_SERVICE },
};
CHECK_LENGTHS(op, OP_STATE_COUNT, OP_EVENT_COUNT);
const struct state_table states_op = TABLE(op, N_("操作"), OP_READY);
// clang-format on

static const struct state_table *const all[] = {
	&states_levy,
	&states_levy_pay,
	&states_declaration,
	&states_payment,
	&states_voucher,
	&states_certificate,
	&states_op,
};

const struct state_table *const *
states_all(size_t *count)
{
	*count = ARRAY_LEN(all);
	return all;
}

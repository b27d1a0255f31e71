/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The field tables of what goes over the wire besides the nouns themselves. */
#include "shebao/request.h"

#include "shebao/i18n.h"
#include "shebao/mem.h"
#include "shebao/token.h"

// clang-format off
#define TYPE(tag, rows) { .name = #tag, .size = sizeof(struct tag), .fields = rows, .count = ARRAY_LEN(rows) }

/* ---- session and password */

static const struct field login_fields[] = {
	RECORD_TEXT(login_request, taxpayer_id, N_("纳税人识别号"), FIELD_REQUIRED),
	RECORD_TEXT(login_request, password, N_("申报密码"), FIELD_REQUIRED | FIELD_SECRET),
	RECORD_TEXT(login_request, client, N_("客户端"), 0),
};
const struct record_type request_login = TYPE(login_request, login_fields);

static const struct field login_answer_fields[] = {
	RECORD_TEXT(login_answer, token, N_("会话令牌"), FIELD_REQUIRED | FIELD_SECRET),
	RECORD_BOOL(login_answer, must_change, N_("须修改初始密码"), 0),
	RECORD_TEXT(login_answer, taxpayer_id, N_("纳税人识别号"), FIELD_REQUIRED),
	RECORD_TEXT(login_answer, name, N_("单位名称"), 0),
	RECORD_TIME(login_answer, expires_at, N_("有效期止"), 0),
	RECORD_TIME(login_answer, server_time, N_("服务时间"), 0),
};
const struct record_type request_login_answer = TYPE(login_answer, login_answer_fields);

static const struct field password_fields[] = {
	RECORD_TEXT(password_request, op_id, N_("操作编号"), FIELD_REQUIRED | FIELD_HIDDEN),
	RECORD_TEXT(password_request, old_password, N_("原申报密码"), FIELD_REQUIRED | FIELD_SECRET),
	RECORD_TEXT(password_request, new_password, N_("新申报密码"), FIELD_REQUIRED | FIELD_SECRET),
};
const struct record_type request_password = TYPE(password_request, password_fields);

static const struct field list_fields[] = {
	RECORD_NUMBER(list_request, after, N_("起始版本"), 0),
	RECORD_NUMBER(list_request, limit, N_("最多行数"), 0),
};
const struct record_type request_list = TYPE(list_request, list_fields);

/* ---- declarations */

static const struct field declare_fields[] = {
	RECORD_TEXT(declare_request, op_id, N_("操作编号"), FIELD_REQUIRED | FIELD_HIDDEN),
	RECORD_CHOICE(declare_request, kind, N_("申报类型"), FIELD_REQUIRED, &levy_kinds),
	RECORD_TEXTS(declare_request, levy_nos, N_("征集单号"), FIELD_REQUIRED),
	RECORD_FEN(declare_request, amount, N_("应缴费额"), FIELD_REQUIRED),
};
const struct record_type request_declare = TYPE(declare_request, declare_fields);

static const struct field declaration_void_fields[] = {
	RECORD_TEXT(declaration_void_request, op_id, N_("操作编号"), FIELD_REQUIRED | FIELD_HIDDEN),
	RECORD_TEXT(declaration_void_request, declaration_id, N_("申报编号"), FIELD_REQUIRED),
};
const struct record_type request_declaration_void = TYPE(declaration_void_request, declaration_void_fields);

static const struct field feedback_fields[] = {
	RECORD_TEXTS(feedback_request, declaration_ids, N_("申报编号"), FIELD_REQUIRED),
	RECORD_NUMBER(feedback_request, wait_ms, N_("等待毫秒数"), 0),
};
const struct record_type request_feedback = TYPE(feedback_request, feedback_fields);

static const struct field feedback_answer_fields[] = {
	RECORD_RECORDS(feedback_answer, declarations, N_("申报记录"), 0, &declaration_type),
};
const struct record_type request_feedback_answer = TYPE(feedback_answer, feedback_answer_fields);

/* ---- payments and vouchers */

static const struct choice proof_actions_rows[] = {
	[PROOF_PAY] = { "pay", N_("三方协议扣款"), NULL },
	[PROOF_ISSUE_VOUCHER] = { "issue_voucher", N_("开具缴费凭证"), NULL },
	[PROOF_VOID_VOUCHER] = { "void_voucher", N_("作废缴费凭证"), NULL },
};
_Static_assert(ARRAY_LEN(proof_actions_rows) == PROOF_ACTION_COUNT, "a row for every value");
const struct choice_set request_proof_actions = { .rows = proof_actions_rows, .count = PROOF_ACTION_COUNT };

/* Levies or voucher, by the action: the service asks for the right one. */
static const struct field proof_fields[] = {
	RECORD_TEXT(proof_request, password, N_("申报密码"), FIELD_REQUIRED | FIELD_SECRET),
	RECORD_CHOICE(proof_request, action, N_("办理事项"), FIELD_REQUIRED, &request_proof_actions),
	RECORD_TEXTS(proof_request, levy_nos, N_("征集单号"), 0),
	RECORD_FEN(proof_request, amount, N_("金额"), 0),
	RECORD_TEXT(proof_request, voucher_no, N_("凭证号码"), 0),
};
const struct record_type request_proof = TYPE(proof_request, proof_fields);

static const struct field proof_answer_fields[] = {
	RECORD_TEXT(proof_answer, proof, N_("安全认证"), FIELD_REQUIRED | FIELD_SECRET),
	RECORD_TIME(proof_answer, expires_at, N_("有效期止"), 0),
};
const struct record_type request_proof_answer = TYPE(proof_answer, proof_answer_fields);

static const struct field pay_fields[] = {
	RECORD_TEXT(pay_request, op_id, N_("操作编号"), FIELD_REQUIRED | FIELD_HIDDEN),
	RECORD_TEXT(pay_request, proof, N_("安全认证"), FIELD_REQUIRED | FIELD_SECRET),
	RECORD_TEXT(pay_request, agreement_no, N_("协议书号"), FIELD_REQUIRED),
	RECORD_TEXTS(pay_request, levy_nos, N_("征集单号"), FIELD_REQUIRED),
	RECORD_FEN(pay_request, amount, N_("缴费金额"), FIELD_REQUIRED),
};
const struct record_type request_pay = TYPE(pay_request, pay_fields);

static const struct field payment_query_fields[] = {
	RECORD_TEXT(payment_query, payment_no, N_("缴费编号"), FIELD_REQUIRED),
	RECORD_NUMBER(payment_query, wait_ms, N_("等待毫秒数"), 0),
};
const struct record_type request_payment_query = TYPE(payment_query, payment_query_fields);

static const struct field voucher_fields[] = {
	RECORD_TEXT(voucher_request, op_id, N_("操作编号"), FIELD_REQUIRED | FIELD_HIDDEN),
	RECORD_TEXT(voucher_request, proof, N_("安全认证"), FIELD_REQUIRED | FIELD_SECRET),
	RECORD_TEXTS(voucher_request, levy_nos, N_("征集单号"), FIELD_REQUIRED),
	RECORD_FEN(voucher_request, amount, N_("缴费金额"), FIELD_REQUIRED),
	RECORD_TEXT(voucher_request, bank_name, N_("付款人开户银行"), 0),
	RECORD_TEXT(voucher_request, account_no, N_("付款人账号"), 0),
	RECORD_TEXT(voucher_request, account_name, N_("付款人名称"), 0),
};
const struct record_type request_voucher = TYPE(voucher_request, voucher_fields);

static const struct field voucher_void_fields[] = {
	RECORD_TEXT(voucher_void_request, op_id, N_("操作编号"), FIELD_REQUIRED | FIELD_HIDDEN),
	RECORD_TEXT(voucher_void_request, proof, N_("安全认证"), FIELD_REQUIRED | FIELD_SECRET),
	RECORD_TEXT(voucher_void_request, voucher_no, N_("凭证号码"), FIELD_REQUIRED),
};
const struct record_type request_voucher_void = TYPE(voucher_void_request, voucher_void_fields);

/* ---- documents */

static const struct field document_fields[] = {
	RECORD_TEXT(document_request, op_id, N_("操作编号"), FIELD_REQUIRED | FIELD_HIDDEN),
	RECORD_TEXT(document_request, number, N_("号码"), FIELD_REQUIRED),
};
const struct record_type request_document = TYPE(document_request, document_fields);

/* The office's certificate chain has no number. */
static const struct field document_answer_fields[] = {
	RECORD_TEXT(document, number, N_("号码"), 0),
	RECORD_TEXT(document, file_name, N_("文件名"), 0),
	RECORD_TEXT(document, sha256, N_("文件摘要"), FIELD_REQUIRED),
	RECORD_BYTES(document, content, N_("文件内容"), FIELD_REQUIRED),
};
const struct record_type request_document_answer = TYPE(document, document_answer_fields);

static const struct field certificate_fields[] = {
	RECORD_TEXT(certificate_request, op_id, N_("操作编号"), FIELD_REQUIRED | FIELD_HIDDEN),
	RECORD_CHOICE(certificate_request, kind, N_("证明种类"), FIELD_REQUIRED, &certificate_kinds),
	RECORD_PERIOD(certificate_request, period_from, N_("费款所属期起"), FIELD_REQUIRED),
	RECORD_PERIOD(certificate_request, period_to, N_("费款所属期止"), FIELD_REQUIRED),
};
const struct record_type request_certificate = TYPE(certificate_request, certificate_fields);

static const struct field certificate_answer_fields[] = {
	RECORD_TEXT(certificate_answer, certificate_no, N_("证明号码"), FIELD_REQUIRED),
	RECORD_FEN(certificate_answer, amount, N_("金额"), 0),
	RECORD_NUMBER(certificate_answer, levy_count, N_("笔数"), 0),
	RECORD_TEXT(certificate_answer, file_name, N_("文件名"), 0),
	RECORD_TEXT(certificate_answer, sha256, N_("文件摘要"), FIELD_REQUIRED),
	RECORD_BYTES(certificate_answer, content, N_("文件内容"), FIELD_REQUIRED),
};
const struct record_type request_certificate_answer = TYPE(certificate_answer, certificate_answer_fields);

static const struct field certificate_confirm_fields[] = {
	RECORD_TEXT(certificate_confirm, op_id, N_("操作编号"), FIELD_REQUIRED | FIELD_HIDDEN),
	RECORD_TEXT(certificate_confirm, certificate_no, N_("证明号码"), FIELD_REQUIRED),
	RECORD_TEXT(certificate_confirm, sha256, N_("文件摘要"), FIELD_REQUIRED),
};
const struct record_type request_certificate_confirm = TYPE(certificate_confirm, certificate_confirm_fields);

static const struct field verify_fields[] = {
	RECORD_TEXT(verify_request, code, N_("查询验证码"), FIELD_REQUIRED),
};
const struct record_type request_verify = TYPE(verify_request, verify_fields);

static const struct field verify_answer_fields[] = {
	RECORD_TEXT(verify_answer, kind, N_("种类"), FIELD_REQUIRED),
	RECORD_TEXT(verify_answer, number, N_("号码"), FIELD_REQUIRED),
	RECORD_TEXT(verify_answer, name, N_("单位名称"), 0),
	RECORD_TEXT(verify_answer, taxpayer_id, N_("纳税人识别号"), 0),
	RECORD_FEN(verify_answer, amount, N_("金额"), 0),
	RECORD_NUMBER(verify_answer, levy_count, N_("笔数"), 0),
	RECORD_DATE(verify_answer, issued_on, N_("开具日期"), 0),
	RECORD_TEXT(verify_answer, state, N_("状态"), 0),
};
const struct record_type request_verify_answer = TYPE(verify_answer, verify_answer_fields);

/* ---- questions */

static const struct field consultation_fields[] = {
	RECORD_TEXT(consultation_request, op_id, N_("操作编号"), FIELD_REQUIRED | FIELD_HIDDEN),
	RECORD_TEXT(consultation_request, question, N_("问题"), FIELD_REQUIRED),
	RECORD_TEXT(consultation_request, diagnostics, N_("诊断信息"), 0),
};
const struct record_type request_consultation = TYPE(consultation_request, consultation_fields);

static const struct field consultation_answer_fields[] = {
	RECORD_TEXT(consultation_answer_request, op_id, N_("操作编号"), FIELD_REQUIRED | FIELD_HIDDEN),
	RECORD_TEXT(consultation_answer_request, consultation_id, N_("咨询编号"), FIELD_REQUIRED),
	RECORD_TEXT(consultation_answer_request, answer, N_("答复"), FIELD_REQUIRED),
};
const struct record_type request_consultation_answer = TYPE(consultation_answer_request, consultation_answer_fields);

/* ---- officers, bureaus, the bank counter */

static const struct field import_answer_fields[] = {
	RECORD_NUMBER(import_answer, rows, N_("行数"), 0),
	RECORD_NUMBER(import_answer, created, N_("新增"), 0),
	RECORD_NUMBER(import_answer, updated, N_("更新"), 0),
};
const struct record_type request_import_answer = TYPE(import_answer, import_answer_fields);

static const struct field numbers_fields[] = {
	RECORD_TEXT(numbers_request, op_id, N_("操作编号"), FIELD_REQUIRED | FIELD_HIDDEN),
	RECORD_TEXTS(numbers_request, numbers, N_("号码"), FIELD_REQUIRED),
	RECORD_TEXT(numbers_request, reason, N_("原因"), 0),
};
const struct record_type request_numbers = TYPE(numbers_request, numbers_fields);

static const struct field numbers_answer_fields[] = {
	RECORD_NUMBER(numbers_answer, count, N_("笔数"), 0),
};
const struct record_type request_numbers_answer = TYPE(numbers_answer, numbers_answer_fields);

static const struct field password_reset_fields[] = {
	RECORD_TEXT(password_reset_request, op_id, N_("操作编号"), FIELD_REQUIRED | FIELD_HIDDEN),
	RECORD_TEXT(password_reset_request, taxpayer_id, N_("纳税人识别号"), FIELD_REQUIRED),
};
const struct record_type request_password_reset = TYPE(password_reset_request, password_reset_fields);

static const struct field batch_list_request_fields[] = {
	RECORD_TEXT(batch_list_request, op_id, N_("操作编号"), FIELD_REQUIRED | FIELD_HIDDEN),
	RECORD_TEXT(batch_list_request, taxpayer_id, N_("纳税人识别号"), FIELD_REQUIRED),
	RECORD_PERIOD(batch_list_request, period_from, N_("费款所属期起"), FIELD_REQUIRED),
	RECORD_PERIOD(batch_list_request, period_to, N_("费款所属期止"), FIELD_REQUIRED),
};
const struct record_type request_batch_list = TYPE(batch_list_request, batch_list_request_fields);

static const struct field batch_list_fields[] = {
	RECORD_TEXT(batch_list, batch_list_no, N_("批扣清册编号"), FIELD_REQUIRED | FIELD_KEY),
	RECORD_TEXT(batch_list, taxpayer_id, N_("纳税人识别号"), FIELD_REQUIRED),
	RECORD_PERIOD(batch_list, period_from, N_("费款所属期起"), 0),
	RECORD_PERIOD(batch_list, period_to, N_("费款所属期止"), 0),
	RECORD_NUMBER(batch_list, levy_count, N_("笔数"), 0),
	RECORD_FEN(batch_list, amount, N_("金额"), 0),
	RECORD_TIME(batch_list, created_at, N_("生成时间"), 0),
	RECORD_NUMBER(batch_list, version, N_("版本"), FIELD_HIDDEN),
};
const struct record_type request_batch_list_answer = TYPE(batch_list, batch_list_fields);

static const struct choice token_roles_rows[] = {
	[TOKEN_OFFICER] = { "officer", N_("税务人员"), NULL },
	[TOKEN_BUREAU] = { "bureau", N_("经办机构"), NULL },
	[TOKEN_BOTH] = { "officer_bureau", N_("税务人员和经办机构"), NULL },
};
_Static_assert(ARRAY_LEN(token_roles_rows) == TOKEN_ROLE_COUNT, "a row for every value");
const struct choice_set request_token_roles = { .rows = token_roles_rows, .count = TOKEN_ROLE_COUNT };

static const struct field token_fields[] = {
	RECORD_TEXT(token_request, name, N_("用途"), 0),
	RECORD_CHOICE(token_request, role, N_("角色"), FIELD_REQUIRED, &request_token_roles),
	RECORD_NUMBER(token_request, days, N_("有效天数"), 0),
};
const struct record_type request_token = TYPE(token_request, token_fields);

static const struct field token_answer_fields[] = {
	RECORD_TEXT(token_answer, token_id, N_("令牌编号"), FIELD_REQUIRED),
	RECORD_TEXT(token_answer, token, N_("令牌"), FIELD_REQUIRED | FIELD_SECRET),
	RECORD_TIME(token_answer, expires_at, N_("有效期止"), 0),
};
const struct record_type request_token_answer = TYPE(token_answer, token_answer_fields);

static const struct field token_row_fields[] = {
	RECORD_TEXT(token_row, token_id, N_("令牌编号"), FIELD_REQUIRED | FIELD_KEY),
	RECORD_CHOICE(token_row, role, N_("角色"), 0, &request_token_roles),
	RECORD_TEXT(token_row, name, N_("用途"), 0),
	RECORD_TIME(token_row, created_at, N_("生成时间"), 0),
	RECORD_TIME(token_row, expires_at, N_("有效期止"), 0),
};
const struct record_type request_token_row = TYPE(token_row, token_row_fields);

static const struct field token_revoke_fields[] = {
	RECORD_TEXT(token_revoke_request, op_id, N_("操作编号"), FIELD_REQUIRED | FIELD_HIDDEN),
	RECORD_TEXT(token_revoke_request, token_id, N_("令牌编号"), FIELD_REQUIRED),
};
const struct record_type request_token_revoke = TYPE(token_revoke_request, token_revoke_fields);

static const struct field settle_fields[] = {
	RECORD_TEXT(settle_request, op_id, N_("操作编号"), FIELD_REQUIRED | FIELD_HIDDEN),
	RECORD_TEXT(settle_request, voucher_no, N_("凭证号码"), FIELD_REQUIRED),
	RECORD_FEN(settle_request, amount, N_("金额"), 0),
};
const struct record_type request_settle = TYPE(settle_request, settle_fields);

static const struct field reverse_fields[] = {
	RECORD_TEXT(reverse_request, op_id, N_("操作编号"), FIELD_REQUIRED | FIELD_HIDDEN),
	RECORD_TEXT(reverse_request, payment_no, N_("缴费编号"), FIELD_REQUIRED),
	RECORD_TEXT(reverse_request, reason, N_("冲正原因"), FIELD_REQUIRED),
};
const struct record_type request_reverse = TYPE(reverse_request, reverse_fields);

static const struct field bank_balance_fields[] = {
	RECORD_TEXT(bank_balance_request, account_no, N_("账号"), FIELD_REQUIRED | FIELD_KEY),
	RECORD_TEXT(bank_balance_request, account_name, N_("账户名称"), 0),
	RECORD_FEN(bank_balance_request, balance, N_("余额"), FIELD_REQUIRED),
};
const struct record_type request_bank_balance = TYPE(bank_balance_request, bank_balance_fields);

static const struct field bank_fault_fields[] = {
	RECORD_TEXT(bank_fault_request, fault, N_("故障"), FIELD_REQUIRED),
	RECORD_NUMBER(bank_fault_request, count, N_("次数"), 0),
	RECORD_NUMBER(bank_fault_request, delay_ms, N_("延迟毫秒数"), 0),
};
const struct record_type request_bank_fault = TYPE(bank_fault_request, bank_fault_fields);

static const struct field bank_entry_fields[] = {
	RECORD_TEXT(bank_entry, op_id, N_("操作编号"), FIELD_HIDDEN),
	RECORD_TEXT(bank_entry, kind, N_("种类"), FIELD_REQUIRED),
	RECORD_TEXT(bank_entry, account_no, N_("账号"), 0),
	RECORD_FEN(bank_entry, amount, N_("金额"), 0),
	RECORD_TEXT(bank_entry, result_code, N_("结果代码"), 0),
	RECORD_TEXT(bank_entry, tax_ticket_no, N_("电子税票号码"), 0),
	RECORD_TIME(bank_entry, at, N_("时间"), 0),
};
const struct record_type request_bank_entry = TYPE(bank_entry, bank_entry_fields);

static const struct field audit_finding_fields[] = {
	RECORD_TEXT(audit_finding, invariant, N_("不变式"), FIELD_REQUIRED),
	RECORD_TEXT(audit_finding, table_name, N_("表"), 0),
	RECORD_TEXT(audit_finding, row_id, N_("行"), 0),
	RECORD_TEXT(audit_finding, detail, N_("说明"), 0),
};
const struct record_type request_audit_finding = TYPE(audit_finding, audit_finding_fields);

static const struct field audit_answer_fields[] = {
	RECORD_NUMBER(audit_answer, checked, N_("已检查"), 0),
	RECORD_RECORDS(audit_answer, findings, N_("问题"), 0, &request_audit_finding),
};
const struct record_type request_audit_answer = TYPE(audit_answer, audit_answer_fields);

/* ---- failures: RFC 9457 */

static const struct field problem_fields[] = {
	RECORD_TEXT(problem, type, N_("类型"), 0),
	RECORD_TEXT(problem, title, N_("标题"), 0),
	RECORD_NUMBER(problem, status, N_("状态码"), 0),
	RECORD_TEXT(problem, code, N_("代码"), FIELD_REQUIRED),
	RECORD_NUMBER(problem, number, N_("编号"), 0),
	RECORD_TEXT(problem, detail, N_("说明"), 0),
	RECORD_NUMBER(problem, retry_after, N_("重试秒数"), 0),
};
const struct record_type request_problem = TYPE(problem, problem_fields);
// clang-format on

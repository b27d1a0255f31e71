/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What answers mean, and the sandbox bank: idempotent, durable, and faulty on request. */
#include "shebao/bank.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "shebao/mem.h"
#include "unit/unit.h"

#define NOW INT64_C(1592193600000)

START_TEST(every_listed_answer_means_what_the_table_says)
{
	static const struct {
		const char *code, *words;
		enum bank_outcome outcome;
	} cases[] = {
		{ "90000", "", BANK_DONE },
		{ "90000", "交易成功", BANK_DONE },
		{ "90000", "原交易状态不明", BANK_UNKNOWN },
		{ "24001", "付款人账号不存在", BANK_REFUSED },
		{ "24002", "", BANK_REFUSED },
		{ "24002", "账号户名不符", BANK_REFUSED },
		{ "24003", "付款人账户余额不足", BANK_REFUSED },
		{ "24003", "与国库通讯超时", BANK_UNKNOWN },
		{ "92001", "", BANK_REFUSED },
		{ "94032", "不能冲正", BANK_REFUSED },
		{ "94054", "无此扣税记录", BANK_NEVER_SEEN },
		{ "99004", "", BANK_UNKNOWN },
		{ "99090", "", BANK_UNKNOWN },
		{ "99090", "其他错误", BANK_UNKNOWN },
		{ "99090", "协议无效", BANK_REFUSED },
		{ "99090", "账户余额不足支付", BANK_REFUSED },
		{ "", "余额不足", BANK_REFUSED },
		{ "", "账户余额不足支付", BANK_REFUSED },
		{ "", "协议无效，请重新签订", BANK_REFUSED },
		{ "", "协议不存在", BANK_REFUSED },
		{ "", "协议未验证", BANK_REFUSED },
		{ "", "协议已终止", BANK_REFUSED },
		{ "", "三方协议状态异常", BANK_REFUSED },
		{ "", "未签约", BANK_REFUSED },
		{ "", "账号户名不符", BANK_REFUSED },
		{ "", "银行账号与户名不符", BANK_REFUSED },
		{ "", "账号不存在", BANK_REFUSED },
		{ "", "付款账户状态错", BANK_REFUSED },
		{ "", "不允许扣款", BANK_REFUSED },
		{ "", "共享参数表中无此预算科目", BANK_REFUSED },
		{ "", "辅助标志错误", BANK_REFUSED },
		{ "", "税库银系统无法访问", BANK_NOT_SENT },
		{ "", "MQ发送信息失败", BANK_NOT_SENT },
		{ "", "系统当前非工作状态", BANK_NOT_SENT },
		{ "", "非该种业务受理时间", BANK_NOT_SENT },
		{ "", "原交易状态不明", BANK_UNKNOWN },
		{ "", "核心征管连接税库银超时", BANK_UNKNOWN },
		{ "", "与国库通讯超时", BANK_UNKNOWN },
		{ "", "余额查询超时", BANK_UNKNOWN },
		{ "", "通信异常", BANK_UNKNOWN },
		{ "", "正在处理", BANK_UNKNOWN },
		{ "", "交易处理中", BANK_UNKNOWN },
		{ "", "银行系统内部错误", BANK_UNKNOWN },
		{ "", "税库银本地服务失败", BANK_UNKNOWN },
		{ "", "作废", BANK_UNKNOWN },
		{ "", "", BANK_UNKNOWN },
		{ "", "谁也没见过的话", BANK_UNKNOWN },
		{ "88888", "", BANK_UNKNOWN },
		{ "88888", "账户余额不足支付", BANK_UNKNOWN },
		{ "9000", "交易成功", BANK_UNKNOWN },
	};
	size_t i;

	for (i = 0; i < ARRAY_LEN(cases); i++) {
		ck_assert_msg(bank_classify(cases[i].code, cases[i].words) == cases[i].outcome,
		    "%s %s", cases[i].code, cases[i].words);
	}
}
END_TEST

START_TEST(no_code_that_is_not_listed_is_ever_final)
{
	static const char *const listed[] = { "90000", "24001", "24002", "24003", "92001", "94032", "94054" };
	char code[16];
	size_t i;
	int n;

	for (n = 0; n < 100000; n++) {
		int known = 0;

		snprintf(code, sizeof(code), "%05d", n);
		for (i = 0; i < ARRAY_LEN(listed); i++) {
			known |= strcmp(code, listed[i]) == 0;
		}
		ck_assert_msg((bank_classify(code, "") != BANK_UNKNOWN) == known, "%s", code);
	}
}
END_TEST

static struct bank_debit
debit_of(const char *serial, int64_t amount)
{
	struct bank_debit d = { .tax_authority_code = "15201020000", .entrust_date = "2020-06-15",
		.account_no = "1", .account_name = "甲", .amount = amount };

	mem_copy_text(d.serial, sizeof(d.serial), serial);
	snprintf(d.op_id, sizeof(d.op_id), "%032d", atoi(serial));
	snprintf(d.tax_ticket_no, sizeof(d.tax_ticket_no), "4520162006%08d", atoi(serial));
	return d;
}

static struct bank *
open_bank(const char *ledger)
{
	struct bank *bank = NULL;
	struct err err = { 0 };

	ck_assert_msg(bank_sandbox_open(NULL, ledger, &bank, &err) == 0, "%s", err.text);
	return bank;
}

static void
set_balance(struct bank *bank, int64_t balance)
{
	struct err err = { 0 };

	ck_assert_int_eq(bank_sandbox_set_balance(bank, "1", "甲", balance, NOW, &err), 0);
}

static void
set_fault(struct bank *bank, const char *fault, int64_t delay_ms)
{
	struct err err = { 0 };

	ck_assert_int_eq(bank_sandbox_fault(bank, fault, 1, delay_ms, &err), 0);
}

static enum bank_outcome
debit(struct bank *bank, struct bank_debit d, int64_t now)
{
	struct bank_answer a;

	bank->debit(bank->self, &d, now, &a);
	return a.outcome;
}

static enum bank_outcome
query(struct bank *bank, struct bank_debit d, int64_t now)
{
	struct bank_answer a;

	bank->query(bank->self, &d, now, &a);
	return a.outcome;
}

static void
add(const struct bank_movement *m, void *user)
{
	if (strcmp(m->kind, "debit") == 0 && strcmp(m->result_code, "90000") == 0) {
		*(int64_t *)user += m->amount;
	}
}

static int64_t
debited(struct bank *bank)
{
	int64_t sum = 0;

	bank->history(bank->self, add, &sum);
	return sum;
}

START_TEST(money_moves_only_from_the_right_account_with_enough_on_it)
{
	struct bank *bank = open_bank(NULL);
	struct bank_debit d = debit_of("1", 100);
	struct bank_answer a;

	bank->debit(bank->self, &d, NOW, &a);
	ck_assert_str_eq(a.result_code, "24001");
	set_balance(bank, 150);
	d = debit_of("2", 100);
	mem_copy_text(d.account_name, sizeof(d.account_name), "乙");
	bank->debit(bank->self, &d, NOW, &a);
	ck_assert_str_eq(a.result_code, "24002");
	ck_assert_int_eq(debit(bank, debit_of("3", 100), NOW), BANK_DONE);
	d = debit_of("4", 100);
	bank->debit(bank->self, &d, NOW, &a);
	ck_assert_str_eq(a.result_code, "24003");
	ck_assert_int_eq(debited(bank), 100);
	bank_sandbox_close(bank);
}
END_TEST

START_TEST(the_same_key_counts_once_and_other_content_is_refused)
{
	struct bank *bank = open_bank(NULL);
	struct bank_debit d = debit_of("1", 100);

	set_balance(bank, 1000);
	ck_assert_int_eq(debit(bank, d, NOW), BANK_DONE);
	ck_assert_int_eq(debit(bank, d, NOW), BANK_DONE);
	d.amount = 101;
	ck_assert_int_eq(debit(bank, d, NOW), BANK_REFUSED);
	set_fault(bank, "twice", 0);
	ck_assert_int_eq(debit(bank, debit_of("2", 10), NOW), BANK_DONE);
	ck_assert_int_eq(debited(bank), 110);
	set_fault(bank, "forget", 0);
	ck_assert_int_eq(debit(bank, debit_of("2", 10), NOW), BANK_DONE);
	ck_assert_int_eq(debited(bank), 120);
	bank_sandbox_close(bank);
}
END_TEST

START_TEST(each_fault_does_what_its_name_says)
{
	struct bank *bank = open_bank(NULL);
	struct err err = { 0 };

	set_balance(bank, 1000);
	set_fault(bank, "no_answer", 0);
	ck_assert_int_eq(debit(bank, debit_of("1", 1), NOW), BANK_NO_ANSWER);
	ck_assert_int_eq(query(bank, debit_of("1", 1), NOW), BANK_DONE);
	set_fault(bank, "not_executed", 0);
	ck_assert_int_eq(debit(bank, debit_of("2", 2), NOW), BANK_NO_ANSWER);
	ck_assert_int_eq(query(bank, debit_of("2", 2), NOW), BANK_NEVER_SEEN);
	set_fault(bank, "late", 5000);
	ck_assert_int_eq(debit(bank, debit_of("3", 4), NOW), BANK_NO_ANSWER);
	ck_assert_int_eq(query(bank, debit_of("3", 4), NOW + 4999), BANK_UNKNOWN);
	ck_assert_int_eq(debited(bank), 1);
	ck_assert_int_eq(query(bank, debit_of("3", 4), NOW + 5000), BANK_DONE);
	set_fault(bank, "unknown_state", 5000);
	ck_assert_int_eq(debit(bank, debit_of("4", 8), NOW), BANK_UNKNOWN);
	ck_assert_int_eq(query(bank, debit_of("4", 8), NOW + 4999), BANK_UNKNOWN);
	ck_assert_int_eq(query(bank, debit_of("4", 8), NOW + 5000), BANK_DONE);
	set_fault(bank, "maintenance", 0);
	ck_assert_int_eq(debit(bank, debit_of("5", 16), NOW), BANK_NOT_SENT);
	set_fault(bank, "maintenance", 0);
	ck_assert_int_eq(query(bank, debit_of("4", 8), NOW + 5000), BANK_NO_ANSWER);
	set_fault(bank, "insufficient_funds", 0);
	ck_assert_int_eq(debit(bank, debit_of("6", 32), NOW), BANK_REFUSED);
	ck_assert_int_eq(debited(bank), 13);
	set_fault(bank, "maintenance", 3600000);
	ck_assert_int_eq(debit(bank, debit_of("7", 64), NOW), BANK_NOT_SENT);
	ck_assert_int_eq(debit(bank, debit_of("7", 64), NOW + 1000), BANK_NOT_SENT);
	ck_assert_int_eq(query(bank, debit_of("4", 8), NOW + 3599999), BANK_NO_ANSWER);
	ck_assert_int_eq(debit(bank, debit_of("7", 64), NOW + 3600000), BANK_DONE);
	ck_assert_int_eq(debited(bank), 77);
	ck_assert_int_eq(bank_sandbox_fault(bank, "no such", 1, 0, &err), -1);
	bank_sandbox_close(bank);
}
END_TEST

START_TEST(a_reversal_is_possible_once_and_only_on_the_day)
{
	struct bank *bank = open_bank(NULL);
	struct bank_debit d = debit_of("1", 100);
	struct bank_answer a;

	set_balance(bank, 100);
	bank->reverse(bank->self, &d, NOW, &a);
	ck_assert_int_eq(a.outcome, BANK_REFUSED);
	ck_assert_int_eq(debit(bank, d, NOW), BANK_DONE);
	bank->reverse(bank->self, &d, NOW + 86400000, &a);
	ck_assert_int_eq(a.outcome, BANK_REFUSED);
	bank->reverse(bank->self, &d, NOW, &a);
	ck_assert_int_eq(a.outcome, BANK_DONE);
	bank->reverse(bank->self, &d, NOW, &a);
	ck_assert_int_eq(a.outcome, BANK_REFUSED);
	ck_assert_int_eq(debit(bank, debit_of("2", 100), NOW), BANK_DONE);
	bank_sandbox_close(bank);
}
END_TEST

START_TEST(the_ledger_survives_with_all_but_a_torn_last_line)
{
	char path[] = "/tmp/shebao-ledger-XXXXXX";
	struct bank *bank;
	struct err err = { 0 };
	FILE *file;
	int fd = mkstemp(path);

	ck_assert_int_ge(fd, 0);
	close(fd);
	bank = open_bank(path);
	set_balance(bank, 1000);
	ck_assert_int_eq(debit(bank, debit_of("1", 100), NOW), BANK_DONE);
	set_fault(bank, "late", 5000);
	ck_assert_int_eq(debit(bank, debit_of("2", 200), NOW), BANK_NO_ANSWER);
	bank_sandbox_close(bank);
	file = fopen(path, "a");
	fputs("debit\tx/y/z\thalf a li", file);
	fclose(file);
	bank = open_bank(path);
	ck_assert_int_eq(debited(bank), 100);
	ck_assert_int_eq(debit(bank, debit_of("1", 100), NOW), BANK_DONE);
	ck_assert_int_eq(query(bank, debit_of("2", 200), NOW + 5000), BANK_DONE);
	ck_assert_int_eq(debited(bank), 300);
	ck_assert_int_eq(debit(bank, debit_of("3", 701), NOW), BANK_REFUSED);
	bank_sandbox_close(bank);
	bank = open_bank(path);
	ck_assert_int_eq(debited(bank), 300);
	bank_sandbox_close(bank);
	file = fopen(path, "w");
	fputs("this is no ledger\n", file);
	fclose(file);
	ck_assert_int_eq(bank_sandbox_open(NULL, path, &bank, &err), -1);
	unlink(path);
}
END_TEST

UNIT_MAIN("bank", every_listed_answer_means_what_the_table_says,
    no_code_that_is_not_listed_is_ever_final,
    money_moves_only_from_the_right_account_with_enough_on_it,
    the_same_key_counts_once_and_other_content_is_refused, each_fault_does_what_its_name_says,
    a_reversal_is_possible_once_and_only_on_the_day,
    the_ledger_survives_with_all_but_a_torn_last_line)

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* bank.csv: the accounts that the sandbox bank begins with. */
#include "bank_sandbox.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "shebao/csv.h"
#include "shebao/i18n.h"
#include "shebao/mem.h"
#include "shebao/money.h"

enum {
	ACCOUNT_NO,
	ACCOUNT_NAME,
	BALANCE,
	COLUMNS
};

// clang-format off
static const struct {
	const char *name, *label;
	size_t size;
} columns[COLUMNS] = {
	[ACCOUNT_NO]   = { "account_no", N_("账号"), sizeof(((struct bank_account *)0)->account_no) },
	[ACCOUNT_NAME] = { "account_name", N_("账户名称"), sizeof(((struct bank_account *)0)->account_name) },
	[BALANCE]      = { "balance", N_("余额"), MONEY_TEXT_MAX },
};
// clang-format on

struct accounts_file {
	struct bank_sandbox *bank;
	const char *path;
	struct csv_reader *reader;
	size_t at[COLUMNS]; /* where each column stands in this file */
	size_t width;
};

static int
refuse(const struct accounts_file *file, const char *column, const char *why, struct err *err)
{
	long line = csv_reader_line(file->reader);

	return err_set(err, ERR_DATA, "%s:%ld: %s: %s", file->path, line > 0 ? line : 1, column,
	    why);
}

static int
read_header(struct accounts_file *file, struct err *err)
{
	const char *const *fields;
	char why[ERR_TEXT_MAX];
	size_t i, n;
	int got = csv_reader_next(file->reader, &fields, &file->width, err);

	if (got < 0) {
		return -1;
	}
	if (got == 0) {
		snprintf(why, sizeof(why), _("文件是空的，第一行应为表头 %s"),
		    "account_no,account_name,balance");
		return refuse(file, _("表头"), why, err);
	}
	for (i = 0; i < COLUMNS; i++) {
		for (n = 0; n < file->width && strcmp(fields[n], columns[i].name) != 0;) {
			n++;
		}
		if (n == file->width) {
			snprintf(why, sizeof(why), _("表头缺少这一列，应有 %s（%s）"),
			    columns[i].name, _(columns[i].label));
			return refuse(file, columns[i].name, why, err);
		}
		file->at[i] = n;
	}
	return 0;
}

static int
check_cell(const struct accounts_file *file, size_t column, const char *cell, struct err *err)
{
	char why[ERR_TEXT_MAX];

	if (cell[0] == '\0') {
		snprintf(why, sizeof(why), _("为空，应填写%s"), _(columns[column].label));
	} else if (strlen(cell) >= columns[column].size) {
		snprintf(why, sizeof(why), _("内容过长：最多%zu字节，实际%zu字节"),
		    columns[column].size - 1, strlen(cell));
	} else {
		return 0;
	}
	return refuse(file, columns[column].name, why, err);
}

static int
take_row(const struct accounts_file *file, const char *const *fields, struct err *err)
{
	const char *account_no = fields[file->at[ACCOUNT_NO]];
	struct err wrong = { 0 };
	char why[ERR_TEXT_MAX];
	int64_t balance;
	size_t i;

	for (i = 0; i < COLUMNS; i++) {
		if (check_cell(file, i, fields[file->at[i]], err) != 0) {
			return -1;
		}
	}
	if (bank_ledger_account(file->bank, account_no) != NULL) {
		snprintf(why, sizeof(why), _("“%s”重复，同一文件中应只出现一次"), account_no);
		return refuse(file, columns[ACCOUNT_NO].name, why, err);
	}
	if (money_parse(fields[file->at[BALANCE]], &balance, &wrong) != 0) {
		return refuse(file, columns[BALANCE].name, wrong.text, err);
	}
	bank_ledger_set_account(
	    file->bank, account_no, fields[file->at[ACCOUNT_NAME]], balance);
	return 0;
}

static int
take_rows(const struct accounts_file *file, struct err *err)
{
	const char *const *fields;
	char why[ERR_TEXT_MAX];
	size_t count;
	int got;

	while ((got = csv_reader_next(file->reader, &fields, &count, err)) == 1) {
		if (count != file->width) {
			snprintf(why, sizeof(why), _("这一行有 %zu 列，应与表头一样有 %zu 列"),
			    count, file->width);
			return refuse(file, columns[ACCOUNT_NO].name, why, err);
		}
		if (take_row(file, fields, err) != 0) {
			return -1;
		}
	}
	return got;
}

int
bank_accounts_load(struct bank_sandbox *s, const char *path, struct err *err)
{
	struct accounts_file file = { .bank = s, .path = path };
	FILE *in = fopen(path, "re");
	int result;

	if (in == NULL) {
		return err_set(err, ERR_LOCAL, _("无法读取%s：%s"), path, strerror(errno));
	}
	file.reader = csv_reader_new(in, path);
	result = read_header(&file, err) == 0 && take_rows(&file, err) == 0 ? 0 : -1;
	csv_reader_free(file.reader);
	fclose(in);
	return result;
}

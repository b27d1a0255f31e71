/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What officers ask of the sandbox bank, and the audit. The bank is never called inside a
 * transaction: prepare does, and the transaction only notes it. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "service_uses.h"
#include "shebao/i18n.h"
#include "shebao/mem.h"

int
service_office_balance(struct service_call *call, struct err *err)
{
	const struct bank_balance_request *r = call->request;

	if (r->balance < 0) {
		return err_set(err, ERR_DATA, _("balance: 不能为负"));
	}
	snprintf(call->detail, sizeof(call->detail), "%lld fen", (long long)r->balance);
	return bank_sandbox_set_balance(call->service->opts.bank, r->account_no, r->account_name,
	    r->balance, call->now, err);
}

int
service_office_fault(struct service_call *call, struct err *err)
{
	const struct bank_fault_request *r = call->request;

	snprintf(call->detail, sizeof(call->detail), "%s, %lld times", r->fault,
	    (long long)r->count);
	return bank_sandbox_fault(
	    call->service->opts.bank, r->fault, r->count, r->delay_ms, err);
}

int
service_office_nothing(struct service_call *call, struct err *err)
{
	(void)call;
	(void)err;
	return 0;
}

static void
put_movement(const struct bank_movement *m, void *user)
{
	struct bank_entry entry = { .amount = m->amount, .at = m->at };

	mem_copy_text(entry.op_id, sizeof(entry.op_id), m->op_id);
	mem_copy_text(entry.kind, sizeof(entry.kind), m->kind);
	mem_copy_text(entry.account_no, sizeof(entry.account_no), m->account_no);
	mem_copy_text(entry.result_code, sizeof(entry.result_code), m->result_code);
	mem_copy_text(entry.tax_ticket_no, sizeof(entry.tax_ticket_no), m->tax_ticket_no);
	service_put_line(user, &entry);
}

int
service_office_ledger(struct service_call *call, struct err *err)
{
	const struct bank *bank = call->service->opts.bank;

	if (bank == NULL) {
		return err_set(err, ERR_NOT_FOUND, _("没有连接银行"));
	}
	bank->history(bank->self, put_movement, call);
	return 0;
}

static void
put_finding(const struct audit_finding *finding, void *user)
{
	struct audit_answer *answer = user;
	struct audit_finding *row = record_list_add(&answer->findings, &request_audit_finding);

	*row = *finding;
}

int
service_office_audit(struct service_call *call, struct err *err)
{
	struct audit_answer *answer = call->answer;

	return service_audit_run(
		   call->service, call->db, put_finding, answer, &answer->checked, err) < 0
	    ? -1
	    : 0;
}

/* ---- a backup while others work */

static int
note_backup(struct service_call *call, struct err *err)
{
	(void)call;
	(void)err;
	return 0;
}

/* The copy loses its name at once: whoever dies leaves nothing behind. */
static FILE *
make_backup(struct service_call *call, const char *folder, struct err *err)
{
	char *path = mem_printf("%s/books.db", folder);
	FILE *file = NULL;

	if (books_copy_backup(call->db, path, err) == 0 && (file = fopen(path, "rbe")) == NULL) {
		err_set(err, ERR_LOCAL, "%s: %s", path, strerror(errno));
	}
	unlink(path);
	free(path);
	return file;
}

int
service_office_backup(struct service_call *call, struct err *err)
{
	const char *spool = call->service->opts.spool;
	char *folder;
	FILE *file = NULL;

	if (spool == NULL) {
		return err_set(err, ERR_STATE, _("没有可存放备份的目录"));
	}
	folder = mem_printf("%s/backup-XXXXXX", spool);
	if (mkdtemp(folder) == NULL) {
		err_set(err, ERR_LOCAL, "%s: %s", folder, strerror(errno));
	} else {
		file = make_backup(call, folder, err);
		rmdir(folder);
	}
	free(folder);
	if (file == NULL) {
		return -1;
	}
	if (fseeko(file, 0, SEEK_END) == 0) {
		snprintf(call->detail, sizeof(call->detail), "%" PRId64 " bytes", (int64_t)ftello(file));
	}
	rewind(file);
	if (service_transaction(call, note_backup, err) < 0) {
		fclose(file);
		return -1;
	}
	call->out->file = file;
	return 0;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Printers and jobs, as the client sees them. */
#include "shebao/print.h"

#include <string.h>

#include "print_cups.h"
#include "shebao/i18n.h"
#include "shebao/mem.h"

#define LIST_MS 15000
#define SUBMIT_MS 30000

// clang-format off
static const struct choice states_rows[] = {
	[PRINT_UNKNOWN]    = { "unknown", N_("未知"), NULL },
	[PRINT_PENDING]    = { "pending", N_("等待打印"), NULL },
	[PRINT_HELD]       = { "held", N_("已挂起"), NULL },
	[PRINT_PROCESSING] = { "processing", N_("正在打印"), NULL },
	[PRINT_STOPPED]    = { "stopped", N_("打印机已停止"), NULL },
	[PRINT_CANCELED]   = { "canceled", N_("作业已取消"), NULL },
	[PRINT_ABORTED]    = { "aborted", N_("打印失败"), NULL },
	[PRINT_COMPLETED]  = { "completed", N_("打印完成"), NULL },
};
_Static_assert(ARRAY_LEN(states_rows) == PRINT_STATE_COUNT, "a row for every state");

const struct choice_set print_states = { .rows = states_rows, .count = PRINT_STATE_COUNT };

static const struct field printer_fields[] = {
	RECORD_TEXT(print_printer, name, N_("打印机"), FIELD_REQUIRED | FIELD_KEY),
	RECORD_TEXT(print_printer, info, N_("说明"), 0),
	RECORD_TEXT(print_printer, location, N_("位置"), 0),
	RECORD_BOOL(print_printer, is_default, N_("默认"), 0),
	RECORD_BOOL(print_printer, is_accepting, N_("接收作业"), 0),
	RECORD_BOOL(print_printer, is_stopped, N_("已停止"), 0),
};

static const struct field job_fields[] = {
	RECORD_TEXT(print_job, printer, N_("打印机"), FIELD_REQUIRED),
	RECORD_NUMBER(print_job, number, N_("作业号"), FIELD_REQUIRED),
	RECORD_NUMBER(print_job, copies, N_("份数"), 0),
	RECORD_CHOICE(print_job, state, N_("作业状态"), 0, &print_states),
	RECORD_TEXT(print_job, message, N_("打印机的说明"), 0),
};
// clang-format on

const struct record_type print_printer_type = {
	.name = "printer",
	.size = sizeof(struct print_printer),
	.fields = printer_fields,
	.count = ARRAY_LEN(printer_fields),
};

const struct record_type print_job_type = {
	.name = "print_job",
	.size = sizeof(struct print_job),
	.fields = job_fields,
	.count = ARRAY_LEN(job_fields),
};

/* ---- printers */

struct listing {
	struct record_list *out;
	const int *cancel;
};

static void
take_printer(const struct print_message *message, void *user)
{
	struct listing *listing = user;

	if (message->kind == PRINT_MESSAGE_PRINTER) {
		struct print_printer *p = record_list_add(listing->out, &print_printer_type);

		*p = message->as.printer;
	}
}

static int
is_listing_cancelled(void *user)
{
	const struct listing *listing = user;

	return listing->cancel != NULL && *listing->cancel;
}

int
print_list(struct loop *loop, struct record_list *out, const int *cancel, struct err *err)
{
	struct listing listing = { out, cancel };
	const struct print_child child = {
		.order = { .kind = PRINT_ORDER_LIST, .limit_ms = LIST_MS },
		.on_message = take_printer,
		.is_cancelled = is_listing_cancelled,
		.user = &listing,
	};

	return print_child_run(loop, &child, err);
}

/* ---- jobs */

struct submitting {
	print_state_fn *fn;
	void *user;
	const int *cancel;
	struct print_job *job;
	int is_sent, is_accepted;
};

static void
take_job(const struct print_message *message, void *user)
{
	struct submitting *s = user;

	if (message->kind == PRINT_MESSAGE_SENT) {
		s->is_sent = 1;
	} else if (message->kind == PRINT_MESSAGE_JOB) {
		s->is_accepted = 1;
		*s->job = message->as.job;
		if (s->fn != NULL) {
			s->fn(s->job, s->user);
		}
	}
}

/* The paper cannot be called back: only watching ends. */
static int
is_watched_enough(void *user)
{
	const struct submitting *s = user;

	return s->is_accepted && s->cancel != NULL && *s->cancel;
}

int
print_submit(struct loop *loop, const struct print_request *request, print_state_fn *fn,
    void *user, const int *cancel, struct print_job *job, struct err *err)
{
	struct submitting s = { .fn = fn, .user = user, .cancel = cancel, .job = job };
	struct err own = { 0 };
	struct print_child child = {
		.order = { .kind = PRINT_ORDER_SUBMIT,
		    .copies = request->copies,
		    .wait_ms = request->wait_ms,
		    .limit_ms = SUBMIT_MS + request->wait_ms,
		    .len = request->len },
		.bytes = request->bytes,
		.on_message = take_job,
		.is_cancelled = is_watched_enough,
		.user = &s,
	};

	if (request->copies < 1 || request->copies > PRINT_COPIES_MAX) {
		return err_set(err, ERR_DATA, _("份数应为 1 到 %d"), PRINT_COPIES_MAX);
	}
	if (!mem_copy_text(child.order.printer, sizeof(child.order.printer), request->printer)) {
		return err_set(err, ERR_NOT_FOUND,
		    _("没有名为 %s 的打印机。可用的打印机：shebao printers"), request->printer);
	}
	(void)!mem_copy_text(child.order.title, sizeof(child.order.title), request->title);
	if (print_child_run(loop, &child, &own) == 0 || s.is_accepted) {
		return 0;
	}
	if (s.is_sent && own.code == ERR_LOCAL) {
		return err_set(err, ERR_OUTCOME_UNKNOWN, "%s",
		    _("文件已送出，但没有收到打印服务的确认。请先用 lpstat -W all 查看，不要直接重新打印。"));
	}
	return err_set(err, own.code, "%s", own.text);
}

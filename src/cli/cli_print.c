/* SPDX-License-Identifier: GPL-3.0-or-later */
/* shebao printers, print, send. */
#include "cli_command.h"

#include <stdio.h>
#include <unistd.h>

#include "shebao/i18n.h"
#include "shebao/mem.h"

int
cli_printers(void *program, const char *const *arguments, size_t count, struct err *err)
{
	struct cli *cli = program;
	struct record_list list = { 0 };
	size_t i;
	int rc;

	(void)arguments;
	(void)count;
	rc = app_printers(cli->app, &list, NULL, err);
	if (rc == 0 && cli->json) {
		report_json_list(&print_printer_type, list.items, list.count);
	}
	for (i = 0; rc == 0 && !cli->json && i < list.count; i++) {
		const struct print_printer *p = record_list_at(&list, &print_printer_type, i);

		printf("%s%s%s%s%s%s%s\n", p->name, p->info[0] != '\0' ? "  " : "", p->info,
		    p->location[0] != '\0' ? "  " : "", p->location,
		    p->is_default ? _("（默认）") : "",
		    !p->is_accepting	? _("（不接收作业）")
			: p->is_stopped ? _("（已停止）")
					: "");
	}
	record_list_release(&list, &print_printer_type);
	return rc;
}

int
cli_print_file(void *program, const char *const *arguments, size_t count, struct err *err)
{
	struct cli *cli = program;
	const struct app_print_request request = {
		.path = arguments[0],
		.printer = cli->printer,
		.copies = cli->copies,
		.wait_ms = cli->watch_s * 1000,
	};
	struct print_job job = { 0 };

	(void)count;
	if (app_print(cli->app, &request, NULL, NULL, NULL, &job, err) != 0) {
		return -1;
	}
	if (cli->json) {
		report_json(&print_job_type, &job);
	} else {
		printf(_("已送打印机 %s：作业号 %lld，%lld 份，状态：%s\n"), job.printer,
		    (long long)job.number, (long long)job.copies,
		    _(print_states.rows[job.state].label));
	}
	if (job.state == PRINT_ABORTED || job.state == PRINT_CANCELED) {
		return err_set(err, ERR_LOCAL, _("打印机 %s 没有打印作业 %lld：%s"), job.printer,
		    (long long)job.number,
		    job.message[0] != '\0' ? job.message
					   : _(print_states.rows[job.state].label));
	}
	return 0;
}

int
cli_send(void *program, const char *const *arguments, size_t count, struct err *err)
{
	struct cli *cli = program;

	(void)count;
	if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO)) {
		return err_set(err, ERR_LOCAL, "%s",
		    _("标准输入和标准输出不是终端，不能用 ZMODEM 传送"));
	}
	if (app_send(cli->app, arguments[0], err) != 0) {
		return -1;
	}
	printf(_("传送完成：%s\n您的电脑上已有同名文件时，终端软件可能保留原来的。\n"), arguments[0]);
	return 0;
}

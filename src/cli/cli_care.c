/* SPDX-License-Identifier: GPL-3.0-or-later */
/* shebao doctor, consult, consultations, completion. */
#include "cli_command.h"

#include <stdio.h>
#include <string.h>

#include "shebao/i18n.h"
#include "shebao/mem.h"
#include "shebao/text.h"

static void
add_finding(const struct app_finding *finding, void *user)
{
	memcpy(record_list_add(user, &app_finding_type), finding, sizeof(*finding));
}

static void
print_findings(const struct cli *cli, const struct record_list *list)
{
	static const char *const marks[] = { "  ", "! ", "x " };
	size_t i;

	if (cli->json) {
		report_json_list(&app_finding_type, list->items, list->count);
		return;
	}
	for (i = 0; i < list->count; i++) {
		const struct app_finding *finding = record_list_at(list, &app_finding_type, i);

		printf("%s%s：%s\n", marks[finding->health], finding->subject, finding->finding);
		if (finding->mend[0] != '\0') {
			printf("    → %s\n", finding->mend);
		}
	}
}

int
cli_doctor(void *program, const char *const *arguments, size_t count, struct err *err)
{
	struct cli *cli = program;
	struct record_list list = { 0 };
	struct err ignored = { 0 };
	int status;

	(void)arguments;
	(void)count;
	(void)err;
	/* Which employer is chosen matters for one finding only. */
	(void)!app_choose(cli->app, cli->unit, &ignored);
	status = app_doctor(cli->app, add_finding, &list);
	if (cli->examine != NULL) {
		cli->examine(add_finding, &list);
	}
	print_findings(cli, &list);
	record_list_release(&list, &app_finding_type);
	return status;
}

int
cli_doctor_unopened(struct cli *cli, const struct err *why)
{
	struct record_list list = { 0 };
	struct app_finding finding = { .check = "open", .health = APP_HEALTH_BAD };

	mem_copy_text(finding.subject, sizeof(finding.subject), _("打开本机数据"));
	text_clean_copy(finding.finding, sizeof(finding.finding), why->text, strlen(why->text));
	mem_copy_text(finding.mend, sizeof(finding.mend),
	    _("检查状态文件夹和设置；数据库损坏时移走 shebao.db 后重新添加用人单位并下载"));
	add_finding(&finding, &list);
	print_findings(cli, &list);
	record_list_release(&list, &app_finding_type);
	return err_info(why->code)->exit_status;
}

int
cli_consult(void *program, const char *const *arguments, size_t count, struct err *err)
{
	struct cli *cli = program;
	struct consultation consultation = { 0 };

	(void)count;
	if (cli_connect(cli, APP_DOWNLOAD_CONSULTATIONS, err) != 0 ||
	    app_consult(cli->app, arguments[0], NULL, &consultation, err) != 0) {
		return -1;
	}
	if (cli->json) {
		report_json(&consultation_type, &consultation);
	} else {
		printf(_("咨询已提交：%s。用 shebao consultations 查看答复。\n"),
		    consultation.consultation_id);
	}
	return 0;
}

int
cli_consultations(void *program, const char *const *arguments, size_t count, struct err *err)
{
	static const struct cli_listing listing = { APP_DOWNLOAD_CONSULTATIONS, MIRROR_CONSULTATION, &view_consultations, NULL };

	(void)arguments;
	(void)count;
	return cli_list(program, &listing, err);
}

int
cli_completion(void *program, const char *const *arguments, size_t count, struct err *err)
{
	struct buf out = { 0 };
	int rc;

	(void)program;
	(void)count;
	rc = options_completion(&cli_program, arguments[0], &out, err);
	fputs(buf_text(&out), stdout);
	buf_release(&out);
	return rc;
}

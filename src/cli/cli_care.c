/* SPDX-License-Identifier: GPL-3.0-or-later */
/* shebao doctor, consult, consultations, completion. */
#include "cli_command.h"

#include <stdio.h>
#include <string.h>

#include "shebao/i18n.h"

struct findings {
	struct record_list list;
	int is_bad;
};

static void
add_finding(const struct app_finding *finding, void *user)
{
	struct findings *f = user;

	memcpy(record_list_add(&f->list, &app_finding_type), finding, sizeof(*finding));
	f->is_bad |= finding->health == APP_HEALTH_BAD;
}

int
cli_doctor(void *program, const char *const *arguments, size_t count, struct err *err)
{
	struct cli *cli = program;
	struct findings f = { 0 };
	struct err ignored = { 0 };
	size_t i;

	(void)arguments;
	(void)count;
	(void)err;
	/* Which employer is chosen matters for one finding only. */
	(void)!app_choose(cli->app, cli->unit, &ignored);
	app_doctor(cli->app, add_finding, &f);
	if (cli->json) {
		report_json_list(&app_finding_type, f.list.items, f.list.count);
	}
	for (i = 0; !cli->json && i < f.list.count; i++) {
		static const char *const marks[] = { "  ", "! ", "x " };
		const struct app_finding *finding =
		    record_list_at(&f.list, &app_finding_type, i);

		printf("%s%s：%s\n", marks[finding->health], finding->subject, finding->finding);
		if (finding->mend[0] != '\0') {
			printf("    → %s\n", finding->mend);
		}
	}
	record_list_release(&f.list, &app_finding_type);
	return f.is_bad ? 1 : 0;
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

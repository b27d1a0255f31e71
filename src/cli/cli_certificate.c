/* SPDX-License-Identifier: GPL-3.0-or-later */
/* shebao certificate, verify. */
#include "cli_command.h"

#include <stdio.h>
#include <string.h>

#include "shebao/file.h"
#include "shebao/i18n.h"
#include "shebao/mem.h"
#include "shebao/money.h"
#include "shebao/period.h"
#include "shebao/wire.h"

/* What was saved, for scripts. */
struct saved {
	char certificate_no[TICKET_NO_SIZE];
	int64_t amount;
	int64_t levy_count;
	char sha256[65];
	char file[1025];
};

static const struct field saved_fields[] = {
	RECORD_TEXT(saved, certificate_no, N_("证明号码"), FIELD_REQUIRED),
	RECORD_FEN(saved, amount, N_("金额"), 0),
	RECORD_NUMBER(saved, levy_count, N_("笔数"), 0),
	RECORD_TEXT(saved, sha256, N_("文件摘要"), 0),
	RECORD_TEXT(saved, file, N_("文件"), 0),
};
static const struct record_type saved_type = {
	.name = "saved",
	.size = sizeof(struct saved),
	.fields = saved_fields,
	.count = ARRAY_LEN(saved_fields),
};

static void
tell(struct cli *cli, const struct document *document, const struct certificate_answer *about,
    const char *path)
{
	struct saved saved = { .amount = about->amount, .levy_count = about->levy_count };
	char amount[MONEY_TEXT_MAX];

	if (!cli->json) {
		money_format(about->amount, amount);
		printf(_("打印成功：%s"), document->number);
		if (about->levy_count > 0) {
			printf(_("，%lld 笔，%s 元"), (long long)about->levy_count, amount);
		}
		printf(_("，已保存到 %s\n"), path);
		return;
	}
	mem_copy_text(saved.certificate_no, sizeof(saved.certificate_no), document->number);
	mem_copy_text(saved.sha256, sizeof(saved.sha256), document->sha256);
	mem_copy_text(saved.file, sizeof(saved.file), path);
	report_json(&saved_type, &saved);
}

static int
issue(struct cli *cli, int kind, const char *path, struct err *err)
{
	struct certificate_request request = { .kind = kind };
	struct certificate_answer about = { 0 };
	struct document document = { 0 };
	size_t n;
	int rc = -1;

	if (cli->period == NULL) {
		return err_set(err, ERR_USAGE, "%s", _("请用 --period 给出费款所属期，如 2020-06"));
	}
	if (cli_period_check("--period", cli->period, err) != 0 ||
	    cli_period_check("--to", cli->to, err) != 0) {
		return -1;
	}
	mem_copy_text(request.period_from, sizeof(request.period_from), cli->period);
	mem_copy_text(request.period_to, sizeof(request.period_to),
	    cli->to != NULL ? cli->to : cli->period);
	if (cli_connect(cli, APP_DOWNLOAD_RECORDS, err) == 0 &&
	    app_path_check(cli->app, path, err) == 0 &&
	    file_check(path, cli->force ? FILE_REPLACE : FILE_KEEP, err) == 0 &&
	    app_certificate_issue(cli->app, &request, &document, &about, err) == 0 &&
	    app_document_save(cli->app, &document, path, cli->force, 1, err) == 0) {
		tell(cli, &document, &about, path);
		rc = 0;
	}
	if (rc != 0 && err != NULL && err->code == ERR_NOTHING && kind == CERTIFICATE_TAX_PAID) {
		n = strlen(err->text);
		snprintf(err->text + n, sizeof(err->text) - n, "%s",
		    _("；如需补打，请使用 shebao certificate reprint"));
	}
	record_release(&request_document_answer, &document);
	record_release(&request_certificate_answer, &about);
	return rc;
}

int
cli_certificate_print(
    void *program, const char *const *arguments, size_t count, struct err *err)
{
	(void)count;
	return issue(program, CERTIFICATE_TAX_PAID, arguments[0], err);
}

int
cli_certificate_proof(
    void *program, const char *const *arguments, size_t count, struct err *err)
{
	(void)count;
	return issue(program, CERTIFICATE_PAYMENT_PROOF, arguments[0], err);
}

int
cli_certificate_list(void *program, const char *const *arguments, size_t count, struct err *err)
{
	static const struct cli_listing listing = { APP_DOWNLOAD_RECORDS, MIRROR_CERTIFICATE, &view_certificates, "issued_at" };

	(void)arguments;
	(void)count;
	return cli_list(program, &listing, err);
}

int
cli_certificate_reprint(
    void *program, const char *const *arguments, size_t count, struct err *err)
{
	struct cli *cli = program;
	struct certificate_answer about = { 0 };
	struct certificate certificate = { 0 };
	struct document document = { 0 };
	int rc = -1;

	(void)count;
	if (cli_connect(cli, APP_DOWNLOAD_RECORDS, err) == 0 &&
	    app_path_check(cli->app, arguments[1], err) == 0 &&
	    file_check(arguments[1], cli->force ? FILE_REPLACE : FILE_KEEP, err) == 0 &&
	    app_certificate_reprint(cli->app, arguments[0], &document, err) == 0 &&
	    app_document_save(cli->app, &document, arguments[1], cli->force, 0, err) == 0) {
		if (mirror_find(app_db(cli->app), MIRROR_CERTIFICATE, app_unit(cli->app),
			arguments[0], &certificate, NULL) == 1) {
			about.amount = certificate.amount;
			about.levy_count = certificate.levy_count;
		}
		tell(cli, &document, &about, arguments[1]);
		rc = 0;
	}
	record_release(&request_document_answer, &document);
	return rc;
}

/* ---- verify */

static const struct field verify_fields[] = {
	RECORD_BOOL(app_verify, valid, N_("签章有效"), 0),
	RECORD_BOOL(app_verify, trusted, N_("签章人可信"), 0),
	RECORD_TEXT(app_verify, signer, N_("签章人"), 0),
	RECORD_TEXT(app_verify, signed_at, N_("签章时间"), 0),
	RECORD_TEXT(app_verify, title, N_("文件"), 0),
	RECORD_TEXT(app_verify, number, N_("号码"), 0),
	RECORD_TEXT(app_verify, taxpayer_id, N_("纳税人识别号"), 0),
	RECORD_FEN(app_verify, amount, N_("金额"), 0),
	RECORD_TEXT(app_verify, online, N_("服务端核对"), 0),
};
static const struct record_type verify_type = {
	.name = "verify",
	.size = sizeof(struct app_verify),
	.fields = verify_fields,
	.count = ARRAY_LEN(verify_fields),
};

int
cli_verify(void *program, const char *const *arguments, size_t count, struct err *err)
{
	struct cli *cli = program;
	struct app_verify found = { 0 };
	char shown[256];
	size_t i;
	int rc;

	(void)count;
	rc = app_verify(cli->app, arguments[0], &found, err);
	if (rc != 0 && err->code == ERR_LOCAL) {
		return rc; /* nothing was read, so nothing is known of its seal */
	}
	if (cli->json) {
		report_json(&verify_type, &found);
		return rc;
	}
	if (!found.valid) {
		/* What a broken seal says of the page is worth nothing. */
		printf("%s：%s\n", _("签章有效"), _("否"));
		return rc;
	}
	for (i = 0; i < verify_type.count; i++) {
		record_show(&verify_fields[i], &found, shown, sizeof(shown));
		if (verify_fields[i].offset == offsetof(struct app_verify, online)) {
			mem_copy_text(shown, sizeof(shown), found.online_label);
		}
		/* Without the code of the page its amount is not known; it is not 0.00. */
		if (verify_fields[i].offset == offsetof(struct app_verify, amount) &&
		    found.number[0] == '\0') {
			continue;
		}
		if (shown[0] != '\0') {
			printf("%s：%s\n", _(verify_fields[i].label), shown);
		}
	}
	return rc;
}

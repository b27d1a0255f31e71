/* SPDX-License-Identifier: GPL-3.0-or-later */
/* 打印机打印, 发送到本人电脑: what was saved leaves this machine. */
#include "app_private.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "shebao/file.h"
#include "shebao/i18n.h"
#include "shebao/mem.h"
#include "shebao/seal.h"
#include "shebao/text.h"

#define FILE_LIMIT ((size_t)64 << 20)
#define ZMODEM_PROGRAM "/usr/bin/sz"

/* ---- which file */

/* The real path, inside the folders that the settings allow; the caller frees. */
static int
find_file(struct app *app, const char *path, char **out, struct err *err)
{
	char shown[513];

	*out = realpath(path, NULL);
	if (*out == NULL) {
		text_clean_copy(shown, sizeof(shown), path, strlen(path));
		return err_set(
		    err, ERR_LOCAL, _("无法打开文件 %s：%s"), shown, strerror(errno));
	}
	return app_path_check(app, *out, err);
}

/* Bytes that carry an unbroken seal, of the office where its certificate is known. */
static int
load_sealed(struct app *app, const char *path, struct buf *pdf, struct seal_report *report,
    struct err *err)
{
	struct buf pem = { 0 };
	int rc = file_load(path, FILE_LIMIT, pdf, err);

	if (rc == 0 && app_verify_certificates(app, &pem) != 0) {
		buf_clear(&pem);
	}
	if (rc == 0) {
		rc = seal_verify(pdf->data, pdf->len, pem.len > 0 ? buf_text(&pem) : NULL,
		    report, err);
	}
	if (rc == 0 && pem.len > 0 && !report->is_trusted) {
		rc = err_set(err, ERR_SEAL, "%s", _("签章人不是所信任的税务机关"));
	}
	buf_release(&pem);
	return rc;
}

/* ---- printers */

int
app_printers(struct app *app, struct record_list *out, const int *cancel, struct err *err)
{
	if (print_list(app->loop, out, cancel, err) != 0) {
		return -1;
	}
	if (out->count == 0) {
		return err_set(err, ERR_NOTHING, "%s",
		    _("本机没有打印机。请管理员用 lpadmin 添加，或把文件发送到自己的电脑上打印。"));
	}
	return 0;
}

/* The default printer, or the only one. */
static int
choose_printer(struct app *app, char out[PRINT_NAME_SIZE], struct err *err)
{
	struct record_list list = { 0 };
	const struct print_printer *found = NULL;
	size_t i;
	int rc = app_printers(app, &list, NULL, err);

	for (i = 0; rc == 0 && i < list.count; i++) {
		const struct print_printer *p = record_list_at(&list, &print_printer_type, i);

		found = p->is_default || list.count == 1 ? p : found;
	}
	if (found != NULL) {
		mem_copy_text(out, PRINT_NAME_SIZE, found->name);
	} else if (rc == 0) {
		rc = err_set(err, ERR_USAGE, "%s",
		    _("没有默认打印机，请用 --printer 指定；可用的打印机：shebao printers"));
	}
	record_list_release(&list, &print_printer_type);
	return rc;
}

int
app_print(struct app *app, const struct app_print_request *request, print_state_fn *fn,
    void *user, const int *cancel, struct print_job *job, struct err *err)
{
	struct buf pdf = { 0 };
	struct seal_report report = { 0 };
	char printer[PRINT_NAME_SIZE] = "";
	char *path = NULL;
	int rc = -1;

	if (request->printer != NULL) {
		mem_copy_text(printer, sizeof(printer), request->printer);
	}
	if (find_file(app, request->path, &path, err) == 0 &&
	    load_sealed(app, path, &pdf, &report, err) == 0 &&
	    (printer[0] != '\0' || choose_printer(app, printer, err) == 0)) {
		const struct print_request order = {
			.bytes = pdf.data,
			.len = pdf.len,
			.printer = printer,
			.title = report.reason,
			.copies = request->copies,
			.wait_ms = request->wait_ms,
		};

		rc = print_submit(app->loop, &order, fn, user, cancel, job, err);
	}
	buf_release(&pdf);
	free(path);
	return rc;
}

/* ---- ZMODEM */

/* Where folders are limited, nothing is run unless the settings name it. */
const char *
app_zmodem_program(const struct app *app)
{
	const char *set = app->settings.zmodem_program;

	if (set[0] != '\0') {
		return set;
	}
	return app->settings.allowed_folders[0] != '\0' ? "" : ZMODEM_PROGRAM;
}

const char *
app_send_refusal(struct app *app)
{
	return print_zmodem_refusal(app_zmodem_program(app));
}

static int
is_export(const char *path)
{
	const char *dot;

	assert(path != NULL);
	dot = strrchr(path, '.');
	return dot != NULL && (strcasecmp(dot, ".xlsx") == 0 || strcasecmp(dot, ".csv") == 0);
}

static int
find_for_sending(struct app *app, const char *path, char **out, struct err *err)
{
	struct buf pdf = { 0 };
	struct seal_report report = { 0 };
	int rc = find_file(app, path, out, err);

	if (rc == 0 && !is_export(*out)) {
		rc = load_sealed(app, *out, &pdf, &report, err);
	}
	buf_release(&pdf);
	return rc;
}

int
app_send_check(struct app *app, const char *path, struct err *err)
{
	char *real = NULL;
	int rc = find_for_sending(app, path, &real, err);

	free(real);
	return rc;
}

int
app_send(struct app *app, const char *path, struct err *err)
{
	char *real = NULL;
	int rc = find_for_sending(app, path, &real, err);

	if (rc == 0) {
		rc = print_zmodem_send(app->loop, real, err);
	}
	free(real);
	return rc;
}

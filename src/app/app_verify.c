/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a sealed file says: offline by the office's certificate, and at the service. */
#include "app_private.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "shebao/date.h"
#include "shebao/file.h"
#include "shebao/i18n.h"
#include "shebao/mem.h"
#include "shebao/money.h"
#include "shebao/seal.h"
#include "shebao/states.h"

#define FILE_LIMIT ((size_t)64 << 20)

int
app_verify_certificates(struct app *app, struct buf *pem)
{
	struct byte_string *bytes;
	struct document answer = { 0 };
	char *kept = mem_printf("%s/office.pem", app->home);
	int rc = -1;

	if (app->settings.office_certificate[0] != '\0') {
		rc = file_load(app->settings.office_certificate, 1 << 20, pem, NULL);
		goto out;
	}
	bytes = &answer.content;
	if (file_load(kept, 1 << 20, pem, NULL) == 0) {
		rc = 0;
	} else if (sync_ask(app->sync, OPERATION_SEAL_CERTIFICATE, NULL, &answer, NULL, NULL) == 0) {
		buf_clear(pem);
		buf_put(pem, bytes->bytes, bytes->len);
		rc = file_save(kept, bytes->bytes, bytes->len, FILE_REPLACE, NULL);
	}
out:
	record_release(&request_document_answer, &answer);
	free(kept);
	return rc;
}

static void
set_online(struct app_verify *out, const char *name, const char *label)
{
	mem_copy_text(out->online, sizeof(out->online), name);
	mem_copy_text(out->online_label, sizeof(out->online_label), label);
}

/* A newer service may know states that this client does not. */
static const char *
state_label(const struct verify_answer *answer)
{
	const struct state_table *states = strcmp(answer->kind, "voucher") == 0
	    ? &states_voucher
	    : &states_certificate;
	int state = state_table_find(states, answer->state);

	return state >= 0 ? _(state_table_label(states, state)) : answer->state;
}

static void
ask_service(struct app *app, const struct seal_claim *claim, struct app_verify *out)
{
	struct verify_request request = { 0 };
	struct verify_answer answer = { 0 };
	struct err err = { 0 };

	mem_copy_text(request.code, sizeof(request.code), claim->verify_code);
	if (sync_ask(app->sync, OPERATION_VERIFY, &request, &answer, NULL, &err) == 0) {
		if (strcmp(answer.number, claim->number) != 0 || answer.amount != claim->amount) {
			set_online(out, "different", _("与服务端登记的内容不符"));
		} else {
			set_online(out, answer.state, state_label(&answer));
		}
	} else if (err.code == ERR_NOT_FOUND) {
		set_online(out, "unregistered", _("服务端没有登记"));
	}
}

/* In a kiosk only what stands where files may be saved is looked at. */
static int
check_reading(struct app *app, const char *path, struct err *err)
{
	char *real = app->settings.kiosk ? realpath(path, NULL) : NULL;
	int rc = real != NULL ? app_path_check(app, real, err) : 0;

	free(real);
	return rc;
}

static int
fail_untrusted(const struct app *app, int has_certificates, struct err *err)
{
	const char *path = app->settings.office_certificate;

	if (has_certificates) {
		return err_set(err, ERR_SEAL, "%s", _("签章人不是所信任的税务机关"));
	}
	return path[0] != '\0'
	    ? err_set(err, ERR_SEAL,
		  _("无法读取税务机关的证书 %s，无法确认签章人（设置 office_certificate）"), path)
	    : err_set(err, ERR_SEAL, "%s",
		  _("没有税务机关的证书，无法确认签章人（设置 office_certificate）"));
}

int
app_verify(struct app *app, const char *path, struct app_verify *out, struct err *err)
{
	struct buf pdf = { 0 }, pem = { 0 };
	struct seal_report report = { 0 };
	struct seal_claim claim = { 0 };
	int rc = -1;

	if (check_reading(app, path, err) != 0 || file_load(path, FILE_LIMIT, &pdf, err) != 0) {
		goto out;
	}
	if (app_verify_certificates(app, &pem) != 0) {
		buf_clear(&pem);
	}
	rc = seal_verify(pdf.data, pdf.len, pem.len == 0 ? NULL : buf_text(&pem), &report, err);
	out->valid = report.is_intact;
	out->trusted = report.is_trusted;
	mem_copy_text(out->signer, sizeof(out->signer), report.office);
	mem_copy_text(out->title, sizeof(out->title), report.reason);
	if (report.is_sealed && report.signed_at > 0) {
		date_time_format(report.signed_at, out->signed_at);
	}
	if (rc == 0 && report.code[0] != '\0' && pem.len > 0) {
		rc = seal_code_verify(buf_text(&pem), report.code, &claim, err);
		mem_copy_text(out->number, sizeof(out->number), claim.number);
		mem_copy_text(out->taxpayer_id, sizeof(out->taxpayer_id), claim.taxpayer_id);
		out->amount = claim.amount;
		if (rc == 0) {
			ask_service(app, &claim, out);
		}
	}
	if (rc == 0 && !report.is_trusted) {
		rc = fail_untrusted(app, pem.len > 0, err);
	}
out:
	buf_release(&pdf);
	buf_release(&pem);
	return rc;
}

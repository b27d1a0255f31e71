/* SPDX-License-Identifier: GPL-3.0-or-later */
/* 证明打印: first print, reprint, saving what was sealed. */
#include "app_private.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "shebao/crypto.h"
#include "shebao/file.h"
#include "shebao/i18n.h"
#include "shebao/mem.h"
#include "shebao/sandbox.h"
#include "shebao/seal.h"

int
app_certificate_issue(struct app *app, const struct certificate_request *request,
    struct document *out, struct certificate_answer *about, struct err *err)
{
	struct certificate_request own = *request;
	struct certificate_answer answer = { 0 };
	struct app_intent intent = {
		.operation = OPERATION_CERTIFICATE_ISSUE,
		.request = &own,
		.op_id = own.op_id,
	};

	if (own.op_id[0] == '\0') {
		app_outbox_id(own.op_id);
	}
	if (app_outbox_do(app, &intent, &answer, NULL, err) != 0) {
		record_release(&request_certificate_answer, &answer);
		return -1;
	}
	mem_copy_text(out->number, sizeof(out->number), answer.certificate_no);
	mem_copy_text(out->file_name, sizeof(out->file_name), answer.file_name);
	mem_copy_text(out->sha256, sizeof(out->sha256), answer.sha256);
	out->content = answer.content;
	answer.content = (struct byte_string){ 0 };
	if (about != NULL) {
		*about = answer;
	}
	return 0;
}

int
app_certificate_reprint(
    struct app *app, const char *certificate_no, struct document *out, struct err *err)
{
	struct document_request request = { 0 };
	struct app_intent intent = {
		.operation = OPERATION_CERTIFICATE_REPRINT,
		.request = &request,
		.op_id = request.op_id,
	};

	app_outbox_id(request.op_id);
	mem_copy_text(request.number, sizeof(request.number), certificate_no);
	return app_outbox_do(app, &intent, out, NULL, err);
}

/* ---- saving */

/* The real folder of path, which the caller frees; NULL when there is none. */
char *
app_real_folder(const char *path)
{
	char *copy = mem_dup(path), *slash = strrchr(copy, '/'), *real;

	if (slash == NULL) {
		real = realpath(".", NULL);
	} else {
		slash[slash == copy ? 1 : 0] = '\0';
		real = realpath(copy, NULL);
	}
	free(copy);
	return real;
}

static int
is_inside(const char *folder, const char *allowed, size_t n)
{
	while (n > 1 && allowed[n - 1] == '/') {
		n--;
	}
	return strncmp(folder, allowed, n) == 0 && (folder[n] == '/' || folder[n] == '\0');
}

/* A folder that its modes would let the user write to, and the sandbox does not let open. */
static int
is_out_of_reach(const char *path)
{
	char *folder = sandbox_state()->is_entered ? app_real_folder(path) : NULL;
	int fd = folder != NULL ? open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
	int is_out =
	    folder != NULL && fd < 0 && errno == EACCES && access(folder, W_OK | R_OK) == 0;

	if (fd >= 0) {
		close(fd);
	}
	free(folder);
	return is_out;
}

int
app_path_check(struct app *app, const char *path, struct err *err)
{
	const char *at = app->settings.allowed_folders;
	char *folder;
	int allowed = at[0] == '\0';

	if (allowed) {
		return !is_out_of_reach(path) ? 0 :
						err_set(err, ERR_FORBIDDEN,
						    _("本客户端运行在沙箱内，不能保存到 %s；请保存到本人的文件夹或当前文件夹，或由管理员设置 export_folder、allowed_folders"),
						    path);
	}
	folder = app_real_folder(path);
	while (folder != NULL && !allowed && *at != '\0') {
		size_t n = strcspn(at, ":");

		allowed = n > 0 && is_inside(folder, at, n);
		at += n + (at[n] == ':');
	}
	free(folder);
	return allowed ? 0 :
			 err_set(err, ERR_FORBIDDEN,
			     _("不允许保存到 %s；允许的文件夹：%s"), path,
			     app->settings.allowed_folders);
}

char *
app_document_path(struct app *app, const char *file_name)
{
	const char *folder = app->settings.export_folder;
	char *own = folder[0] != '\0' ? mem_dup(folder) : mem_printf("%s/exports", app->home);
	char *path = mem_printf("%s/%s", own, file_name);

	/* A folder that cannot be made shows when the file is saved. */
	(void)!file_make_folder(own, NULL);
	free(own);
	return path;
}

static int
confirm(struct app *app, const struct document *document, struct err *err)
{
	struct certificate_confirm request = { 0 };
	struct certificate answer = { 0 };
	struct app_intent intent = {
		.operation = OPERATION_CERTIFICATE_CONFIRM,
		.request = &request,
		.op_id = request.op_id,
	};
	int rc;

	app_outbox_id(request.op_id);
	mem_copy_text(
	    request.certificate_no, sizeof(request.certificate_no), document->number);
	mem_copy_text(request.sha256, sizeof(request.sha256), document->sha256);
	rc = app_outbox_do(app, &intent, &answer, NULL, err);
	record_release(&certificate_type, &answer);
	return rc;
}

int
app_document_save(struct app *app, const struct document *document, const char *path,
    int overwrite, int is_first, struct err *err)
{
	struct seal_report report = { 0 };
	char sha256[CRYPTO_HASH_SIZE];

	crypto_sha256(document->content.bytes, document->content.len, sha256);
	if (strcmp(sha256, document->sha256) != 0) {
		return err_set(err, ERR_SEAL, _("收到的文件 %s 与摘要不符"), document->file_name);
	}
	if (seal_verify(document->content.bytes, document->content.len, NULL, &report, err) != 0 ||
	    app_path_check(app, path, err) != 0 ||
	    file_save(path, document->content.bytes, document->content.len,
		overwrite ? FILE_REPLACE : FILE_KEEP, err) != 0) {
		return -1;
	}
	return is_first ? confirm(app, document, err) : 0;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Imports. The whole file is checked here first, so that all its errors are shown at once and
 * nothing is sent of a file that cannot be taken; what is sent is the same rows in UTF-8.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ctl_command.h"
#include "report.h"
#include "shebao/i18n.h"
#include "shebao/mem.h"
#include "shebao/request.h"
#include "shebao/wire.h"

#define ERRORS_SHOWN 20

struct import {
	const struct record_type *type;
	const char *name; /* of the file */
	FILE *in, *out;
	long *lines; /* of in, by row; the service counts the lines of out */
	size_t count, errors;
};

static int
write_bytes(struct import *import, struct buf *bytes, struct err *err)
{
	if (bytes->len > 0 &&
	    fwrite(bytes->data, 1, bytes->len, import->out) != bytes->len) {
		return err_set(err, ERR_LOCAL, _("无法写临时文件：%s"), strerror(errno));
	}
	buf_clear(bytes);
	return 0;
}

static void
keep_line(struct import *import, long line)
{
	if ((import->count & (import->count - 1)) == 0) {
		import->lines = mem_resize(import->lines,
		    import->count == 0 ? 1 : import->count * 2, sizeof(*import->lines));
	}
	import->lines[import->count++] = line;
}

/* Prints what is wrong with the rows and goes on to the next, as long as there is one. */
static int
copy_rows(struct import *import, struct wire_rows *rows, struct err *err)
{
	void *record = mem_alloc(import->type->size);
	struct buf bytes = { 0 };
	long line = -1;
	int got = 1, result = 0;

	wire_rows_header(import->type, &bytes);
	while (got != 0 && result == 0 && import->errors < ERRORS_SHOWN) {
		struct err wrong = { 0 };

		memset(record, 0, import->type->size);
		got = wire_rows_next(rows, record, &wrong);
		if (got < 0 && wrong.code == ERR_LOCAL) {
			*err = wrong;
			result = -1;
		} else if (got < 0) {
			fprintf(stderr, "%s\n", wrong.text);
			import->errors++;
			got = wire_rows_line(rows) != line;
		} else if (got > 0) {
			keep_line(import, wire_rows_line(rows));
			wire_rows_put(import->type, record, &bytes);
			result = write_bytes(import, &bytes, err);
		}
		line = wire_rows_line(rows);
		record_release(import->type, record);
	}
	buf_release(&bytes);
	free(record);
	return result;
}

static int
check_file(struct import *import, struct err *err)
{
	struct wire_rows *rows = NULL;
	struct err wrong = { 0 };
	int result = -1;

	if (wire_rows_open(import->type, import->in, import->name, &rows, &wrong) != 0) {
		if (wrong.code == ERR_LOCAL) {
			*err = wrong;
			return -1;
		}
		fprintf(stderr, "%s\n", wrong.text);
		import->errors = 1;
	} else {
		result = copy_rows(import, rows, err);
		wire_rows_close(rows);
	}
	if (result != 0 && import->errors == 0) {
		return -1;
	}
	if (import->errors > 0) {
		return err_set(err, ERR_DATA,
		    import->errors < ERRORS_SHOWN
			? _("%s有%zu处错误，没有导入任何一行")
			: _("%s有%zu处以上错误，没有导入任何一行"),
		    import->name, import->errors);
	}
	if (import->count == 0) {
		return err_set(err, ERR_DATA, _("%s没有数据行"), import->name);
	}
	return fflush(import->out) == 0
	    ? 0
	    : err_set(err, ERR_LOCAL, _("无法写临时文件：%s"), strerror(errno));
}

static void
show_progress(int64_t sent, int64_t total, void *user)
{
	int *shown = user;
	int percent = (int)(sent * 100 / total);

	if (percent != *shown) {
		*shown = percent;
		fprintf(stderr, _("\r上传 %d%%"), percent);
	}
}

/* A rule that only the service knows is broken in some row: "…:LINE: column: …" names the line
 * of what was sent, which the user never saw. It is told like those that were found here. */
static void
name_line(const struct import *import, struct err *err)
{
	enum err_code code = err->code;
	const char *colon = strchr(err->text, ':');
	char *end;
	long line;

	if (colon == NULL) {
		return;
	}
	line = strtol(colon + 1, &end, 10);
	if (end == colon + 1 || *end != ':' || line < 2 ||
	    (size_t)line - 2 >= import->count) {
		return;
	}
	fprintf(stderr, "%s:%ld%s\n", import->name, import->lines[line - 2], end);
	err_clear(err);
	err_set(err, code, _("%s有1处错误，没有导入任何一行"), import->name);
}

static int
send_rows(struct ctl *ctl, struct import *import, enum operation op, struct err *err)
{
	struct import_answer answer = { 0 };
	struct sync_reply reply = { 0 };
	int shown = -1, result = -1;

	sync_on_progress(ctl->sync, isatty(STDERR_FILENO) ? show_progress : NULL, &shown);
	sync_upload(ctl->sync, op, import->out, NULL, &reply);
	if (shown >= 0) {
		fputs("\r\033[K", stderr);
	}
	if (sync_check(&reply, err) != 0) {
		name_line(import, err);
	} else if (wire_decode(&request_import_answer, buf_text(&reply.body),
		       reply.body.len, WIRE_LENIENT, &answer, err) == 0) {
		result = 0;
		if (ctl->json) {
			report_json(&request_import_answer, &answer);
		} else {
			printf(_("已导入%lld行（新增%lld，更新%lld）\n"),
			    (long long)answer.rows, (long long)answer.created,
			    (long long)answer.updated);
		}
	}
	buf_release(&reply.body);
	return result;
}

static int
import_file(struct ctl *ctl, enum operation op, const char *path, struct err *err)
{
	struct import import = { .type = operation_row(op)->request, .name = path };
	int result = -1;

	import.in = strcmp(path, "-") == 0 ? stdin : fopen(path, "re");
	import.out = tmpfile();
	if (import.in == NULL) {
		err_set(err, ERR_USAGE, _("无法读取%s：%s"), path, strerror(errno));
	} else if (import.out == NULL) {
		err_set(err, ERR_LOCAL, _("无法建立临时文件：%s"), strerror(errno));
	} else if (check_file(&import, err) == 0) {
		result = send_rows(ctl, &import, op, err);
	}
	if (import.in != NULL && import.in != stdin) {
		fclose(import.in);
	}
	if (import.out != NULL) {
		fclose(import.out);
	}
	free(import.lines);
	return result;
}

int
ctl_import_employers(
    void *ctl, const char *const *arguments, size_t count, struct err *err)
{
	(void)count;
	return import_file(ctl, OPERATION_ADMIN_EMPLOYER_IMPORT, arguments[0], err);
}

int
ctl_import_levies(void *ctl, const char *const *arguments, size_t count, struct err *err)
{
	(void)count;
	return import_file(ctl, OPERATION_ADMIN_LEVY_IMPORT, arguments[0], err);
}

int
ctl_import_agreements(
    void *ctl, const char *const *arguments, size_t count, struct err *err)
{
	(void)count;
	return import_file(ctl, OPERATION_ADMIN_AGREEMENT_IMPORT, arguments[0], err);
}

int
ctl_import_accounts(
    void *ctl, const char *const *arguments, size_t count, struct err *err)
{
	(void)count;
	return import_file(ctl, OPERATION_ADMIN_ACCOUNT_IMPORT, arguments[0], err);
}

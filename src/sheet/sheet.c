/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Exports: what both formats share, and that a file is whole or not there. */
#include "shebao/sheet.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sheet_private.h"
#include "shebao/i18n.h"
#include "shebao/mem.h"

// clang-format off
static const char *const by_item[] = { "item_name", "category_name", NULL };
static const char *const by_agency[] = { "agency_name", "item_name", NULL };

const struct sheet_summary sheet_levy_summaries[] = {
	{ .title = N_("按征收项目汇总"), .keys = by_item },
	{ .title = N_("按社保经办机构汇总"), .keys = by_agency },
};
const size_t sheet_levy_summary_count = ARRAY_LEN(sheet_levy_summaries);
// clang-format on

unsigned
sheet_flags(const struct sheet *sheet, size_t column)
{
	const struct view *view = sheet->options.view;

	return view->columns == NULL ? 0 : view->columns[column].flags;
}

static const struct sheet_format *
format_of(const char *path)
{
	static const struct sheet_format *const formats[] = { &sheet_xlsx_format,
		&sheet_csv_format };
	const char *dot = strrchr(path, '.');
	size_t i;

	for (i = 0; dot != NULL && i < ARRAY_LEN(formats); i++) {
		if (strcasecmp(dot, formats[i]->ending) == 0) {
			return formats[i];
		}
	}
	return NULL;
}

static int
fail_exists(const struct sheet *sheet, struct err *err)
{
	return err_set(err, ERR_LOCAL, _("文件 %s 已存在，未覆盖"), sheet->path);
}

static int
fail_system(const struct sheet *sheet, struct err *err)
{
	return err_set(err, ERR_LOCAL, _("无法保存文件 %s：%s"), sheet->path, strerror(errno));
}

/* The folder and a new file of our own in it; mkstemp makes it 0600. Its lock is held until the
 * file has its name. */
static int
make_temporary(struct sheet *sheet, struct err *err)
{
	const char *slash = strrchr(sheet->path, '/');
	int i;

	sheet->folder = mem_dup(slash == NULL ? "." : slash == sheet->path ? "/" : sheet->path);
	if (slash != NULL && slash != sheet->path) {
		sheet->folder[slash - sheet->path] = '\0';
	}
	if (sheet->options.overwrite == FILE_KEEP && !file_is_vacant(sheet->path)) {
		return fail_exists(sheet, err);
	}
	if (access(sheet->path, F_OK) == 0) {
		sheet->options.overwrite = FILE_REPLACE;
	}
	file_remove_left(sheet->folder);
	for (i = 0; i < 10; i++) {
		free(sheet->temporary);
		sheet->temporary = mem_printf("%s/" FILE_TEMPORARY "XXXXXX", sheet->folder);
		sheet->lock = mkstemp(sheet->temporary);
		if (sheet->lock < 0) {
			break;
		}
		fcntl(sheet->lock, F_SETFD, FD_CLOEXEC);
		if (file_hold_temporary(sheet->lock) == 0) {
			return 0;
		}
		close(sheet->lock);
		sheet->lock = -1;
	}
	sheet->temporary[0] = '\0';
	return fail_system(sheet, err);
}

static void
resolve_columns(struct sheet *sheet)
{
	const struct view *view = sheet->options.view;
	size_t i;

	sheet->column_count = view_count(view);
	assert(sheet->column_count <= SHEET_COLUMNS_MAX);
	for (i = 0; i < sheet->column_count; i++) {
		sheet->fields[i] = view_field(view, i);
	}
	if (sheet->format != &sheet_xlsx_format) {
		sheet->options.summary_count = 0;
	}
	sheet->groups = mem_alloc((sheet->options.summary_count + 1) * sizeof(struct sheet_groups *));
	for (i = 0; i < sheet->options.summary_count; i++) {
		sheet->groups[i] = sheet_groups_new(sheet, &sheet->options.summaries[i]);
	}
}

int
sheet_open(const char *path, const struct sheet_options *options, struct sheet **out,
    struct err *err)
{
	const struct sheet_format *format = format_of(path);
	struct sheet *sheet;

	if (format == NULL) {
		return err_set(
		    err, ERR_USAGE, _("%s：文件名须以 .xlsx 或 .csv 结尾"), path);
	}
	sheet = mem_alloc(sizeof(*sheet));
	sheet->options = *options;
	sheet->format = format;
	sheet->path = mem_dup(path);
	sheet->lock = -1;
	if (options->heading != NULL) {
		sheet->heading = mem_dup(options->heading);
	}
	resolve_columns(sheet);
	if (make_temporary(sheet, err) != 0 || format->open(sheet, err) != 0) {
		sheet_cancel(sheet);
		return -1;
	}
	*out = sheet;
	return 0;
}

int
sheet_add(struct sheet *sheet, const void *record, struct err *err)
{
	size_t i;

	if (sheet->format->add(sheet, record, err) != 0) {
		return -1;
	}
	sheet->count++;
	for (i = 0; i < sheet->options.summary_count; i++) {
		if (sheet_groups_add(sheet->groups[i], record, err) != 0) {
			return -1;
		}
	}
	for (i = 0; i < sheet->column_count; i++) {
		if ((sheet_flags(sheet, i) & VIEW_TOTAL) != 0) {
			sheet->totals[i] += record_number(sheet->fields[i], record);
		}
	}
	return 0;
}

int64_t
sheet_count(const struct sheet *sheet)
{
	return sheet->count;
}

static int
sync_path(const char *path, int flags)
{
	int fd = open(path, flags | O_CLOEXEC);
	int rc = fd < 0 ? -1 : fsync(fd);

	if (fd >= 0) {
		close(fd);
	}
	return rc;
}

/* link(2) refuses an existing name, which rename(2) does not. */
static int
put_in_place(struct sheet *sheet, struct err *err)
{
	if (sync_path(sheet->temporary, O_RDONLY) != 0) {
		return fail_system(sheet, err);
	}
	if (sheet->options.overwrite == FILE_REPLACE) {
		if (rename(sheet->temporary, sheet->path) != 0) {
			return fail_system(sheet, err);
		}
	} else {
		if (link(sheet->temporary, sheet->path) != 0) {
			return errno == EEXIST ? fail_exists(sheet, err) : fail_system(sheet, err);
		}
		unlink(sheet->temporary);
	}
	sheet->temporary[0] = '\0';
	return sync_path(sheet->folder, O_RDONLY | O_DIRECTORY) == 0 ? 0 : fail_system(sheet, err);
}

static void *
run_finish(void *user)
{
	struct sheet *sheet = user;

	sheet->result = sheet->format->finish(sheet, &sheet->err);
	if (sheet->result == 0) {
		sheet->result = put_in_place(sheet, &sheet->err);
	}
	atomic_store(&sheet->is_ready, 1);
	return NULL;
}

void
sheet_finish_start(struct sheet *sheet)
{
	if (sheet->is_started || atomic_load(&sheet->is_ready)) {
		return;
	}
	sheet->is_started = pthread_create(&sheet->thread, NULL, run_finish, sheet) == 0;
	if (!sheet->is_started) {
		run_finish(sheet);
	}
}

int
sheet_finish_is_ready(const struct sheet *sheet)
{
	return atomic_load(&sheet->is_ready);
}

static void
release(struct sheet *sheet)
{
	size_t i;

	sheet->format->release(sheet);
	if (sheet->temporary != NULL && sheet->temporary[0] != '\0') {
		unlink(sheet->temporary);
	}
	for (i = 0; i < sheet->options.summary_count; i++) {
		sheet_groups_free(sheet->groups[i]);
	}
	if (sheet->lock >= 0) {
		close(sheet->lock);
	}
	free(sheet->groups);
	free(sheet->temporary);
	free(sheet->folder);
	free(sheet->heading);
	free(sheet->path);
	free(sheet);
}

int
sheet_finish(struct sheet *sheet, struct err *err)
{
	int rc;

	if (sheet->is_started) {
		pthread_join(sheet->thread, NULL);
	} else if (!atomic_load(&sheet->is_ready)) {
		run_finish(sheet);
	}
	rc = sheet->result;
	if (rc != 0) {
		err_set(err, sheet->err.code, "%s", sheet->err.text);
	}
	release(sheet);
	return rc;
}

void
sheet_cancel(struct sheet *sheet)
{
	if (sheet == NULL) {
		return;
	}
	if (sheet->is_started) {
		pthread_join(sheet->thread, NULL);
	}
	release(sheet);
}

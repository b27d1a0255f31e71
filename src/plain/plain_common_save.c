/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where to save a file, and saving what the service sealed. */
#include "plain_common.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "shebao/i18n.h"
#include "shebao/mem.h"

#define PATH_SIZE 1024

/* "~/报表.xlsx" is in the user's own folder. The caller frees. */
static char *
whole_path(const char *typed)
{
	const char *home = getenv("HOME");

	return typed[0] == '~' && typed[1] == '/' && home != NULL ?
	    mem_printf("%s%s", home, typed + 1) :
	    mem_dup(typed);
}

/* 1: may be written, 0: asked again. */
static int
check_path(struct plain *p, const char *path, int *overwrite)
{
	struct err err = { 0 };
	struct stat found;
	char text[PATH_SIZE + 64];
	int exists = stat(path, &found) == 0;

	*overwrite = 0;
	if (app_path_check(p->app, path, &err) != 0) {
		plain_error(p, &err);
		return 0;
	}
	if (path[strlen(path) - 1] == '/' || (exists && S_ISDIR(found.st_mode))) {
		plain_say(p, "%s", _("这是文件夹，请在后面加上文件名"));
		return 0;
	}
	if (exists) {
		snprintf(text, sizeof(text), _("文件已存在，是否覆盖？\n%s"), path);
		*overwrite = plain_confirm(p, text);
	}
	return !exists || *overwrite;
}

char *
plain_common_ask_path(struct plain *p, const char *file_name, int *overwrite)
{
	char *proposed = app_document_path(p->app, file_name), *path = NULL;
	char line[PATH_SIZE];

	plain_say(p, _("保存到本机，Enter 为\n%s"), proposed);
	while (path == NULL &&
	    plain_ask(p, _("文件："), _("保存到的文件名；~/ 是自己的文件夹。"), line, sizeof(line))) {
		path = whole_path(line[0] == '\0' ? proposed : line);
		if (!check_path(p, path, overwrite)) {
			free(path);
			path = NULL;
		}
	}
	free(proposed);
	return path;
}

int
plain_common_save(
    struct plain *p, const struct document *document, int is_first, char **path)
{
	int rc, overwrite;

	for (;;) {
		struct err err = { 0 };

		*path = plain_common_ask_path(p, document->file_name, &overwrite);
		if (*path == NULL) {
			return 0;
		}
		rc = app_document_save(p->app, document, *path, overwrite, is_first, &err);
		if (rc == 0) {
			return 1;
		}
		free(*path);
		*path = NULL;
		plain_error(p, &err);
		/* Another folder may do; a broken seal or a lost link stays what it is. */
		if (err.code != ERR_LOCAL && err.code != ERR_FORBIDDEN) {
			return 0;
		}
	}
}

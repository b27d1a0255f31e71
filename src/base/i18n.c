/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Chinese in the source, English from the catalogue. */
#include "shebao/i18n.h"

#include <langinfo.h>
#include <libintl.h>
#include <limits.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "shebao/mem.h"
#include "shebao/recode.h"

#ifndef SHEBAO_LOCALEDIR
#define SHEBAO_LOCALEDIR "/usr/local/share/locale"
#endif

#define CATALOGUE "/en/LC_MESSAGES/shebao.mo"
#define FOLDER_SIZE (PATH_MAX + 32)

static int translating;
static char missing[64];

/* Of a program in the build tree, and of an installed one wherever it was installed. */
static const char *const beside[] = { "/locale", "/../share/locale" };

/* The folder of the catalogues: what the environment says, beside the program, installed. */
static const char *
find_folder(char *folder, size_t size)
{
	char program[PATH_MAX], file[FOLDER_SIZE + sizeof(CATALOGUE)];
	const char *said = getenv("SHEBAO_LOCALEDIR");
	ssize_t n = readlink("/proc/self/exe", program, sizeof(program) - 1);
	size_t i;

	if (said != NULL) {
		return said;
	}
	program[n > 0 ? n : 0] = '\0';
	if (strrchr(program, '/') == NULL) {
		return SHEBAO_LOCALEDIR;
	}
	*strrchr(program, '/') = '\0';
	for (i = 0; i < sizeof(beside) / sizeof(beside[0]); i++) {
		snprintf(folder, size, "%s%s", program, beside[i]);
		snprintf(file, sizeof(file), "%s%s%s", program, beside[i], CATALOGUE);
		if (access(file, R_OK) == 0) {
			return folder;
		}
	}
	return SHEBAO_LOCALEDIR;
}

char *
i18n_folder(void)
{
	char folder[FOLDER_SIZE];

	return mem_dup(find_folder(folder, sizeof(folder)));
}

static int
is_usable(const char *codeset)
{
	static const char *const codesets[] = { "UTF-8", "GB18030", "GBK", "GB2312" };
	size_t i;

	for (i = 0; i < sizeof(codesets) / sizeof(codesets[0]); i++) {
		if (strcmp(codeset, codesets[i]) == 0) {
			return 1;
		}
	}
	return 0;
}

/* What the environment says about characters: "zh_CN.GB18030"; "" for nothing. */
static const char *
wanted_locale(void)
{
	static const char *const names[] = { "LC_ALL", "LC_CTYPE", "LANG" };
	const char *value = NULL;
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		value = getenv(names[i]);
		if (value != NULL && value[0] != '\0') {
			return value;
		}
	}
	return "";
}

const char *
i18n_missing(void)
{
	return missing;
}

void
i18n_init(const char *lang)
{
	const char *says;
	char folder[FOLDER_SIZE];

	if (setlocale(LC_ALL, "") == NULL || !is_usable(nl_langinfo(CODESET))) {
		const char *wanted = wanted_locale();
		const char *codeset = strchr(wanted, '.');

		if (codeset != NULL && strncasecmp(codeset, ".gb", 3) == 0) {
			snprintf(missing, sizeof(missing), "%s", wanted);
		}
		setlocale(LC_ALL, "C.UTF-8");
	}
	/* Digits and sorting are ours everywhere. */
	setlocale(LC_NUMERIC, "C");
	setlocale(LC_COLLATE, "C");
	says = lang != NULL ? lang : getenv("LC_ALL");
	if (says == NULL || says[0] == '\0') {
		says = getenv("LC_MESSAGES");
	}
	if (says == NULL || says[0] == '\0') {
		says = getenv("LANG");
	}
	translating = says != NULL && strncmp(says, "en", 2) == 0;
	if (translating) {
		setenv("LANGUAGE", "en", 1);
		bindtextdomain("shebao", find_folder(folder, sizeof(folder)));
		/* Everything inside is UTF-8; the terminal's encoding is met where it is drawn. */
		bind_textdomain_codeset("shebao", "UTF-8");
	}
	recode_output();
}

int
i18n_is_translating(void)
{
	return translating;
}

const char *
i18n_text(const char *msgid)
{
	return translating && msgid[0] != '\0' ? dgettext("shebao", msgid) : msgid;
}

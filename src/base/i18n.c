/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Chinese in the source, English from the catalogue. */
#include "shebao/i18n.h"

#include <langinfo.h>
#include <libintl.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>

#ifndef SHEBAO_LOCALEDIR
#define SHEBAO_LOCALEDIR "/usr/local/share/locale"
#endif

static int translating;

static int
is_usable(const char *codeset)
{
	return strcmp(codeset, "UTF-8") == 0 || strcmp(codeset, "GB18030") == 0;
}

void
i18n_init(const char *lang)
{
	const char *dir = getenv("SHEBAO_LOCALEDIR");
	const char *says;

	if (setlocale(LC_ALL, "") == NULL || !is_usable(nl_langinfo(CODESET))) {
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
		bindtextdomain("shebao", dir != NULL ? dir : SHEBAO_LOCALEDIR);
		/* Everything inside is UTF-8; the terminal's encoding is met where it is drawn. */
		bind_textdomain_codeset("shebao", "UTF-8");
	}
}

const char *
i18n_text(const char *msgid)
{
	return translating && msgid[0] != '\0' ? dgettext("shebao", msgid) : msgid;
}

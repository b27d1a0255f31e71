/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SHEBAO_APP_APP_MENU_H
#define SHEBAO_APP_APP_MENU_H

#include <stddef.h>

/* The menu items of the manual; codes are its section numbers without the leading 2. A code of
 * one digit is a heading: it has no help. */
struct app_menu_item {
	int code;
	const char *label; /* N_( ) */
	const char *help;  /* N_( ), one sentence */
	int is_open;       /* can be used before logging in */
};

const struct app_menu_item *app_menu(size_t *count);

/* NULL: no item of that code, or a heading. */
const struct app_menu_item *app_menu_find(int code);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SHEBAO_SCREEN_SCREEN_HEAD_H
#define SHEBAO_SCREEN_SCREEN_HEAD_H

#include "shebao/record.h"
#include "shebao/tui.h"

/* Labels and values above a widget: the voucher whose levies are listed, the employer whose
 * units are. Two pairs a line; one whose value is long has a line of its own. */
#define SCREEN_HEAD_PAIRS 12

struct screen_head_pair {
	const char *label; /* translated */
	char value[193];
};

struct screen_head {
	struct screen_head_pair pairs[SCREEN_HEAD_PAIRS];
	size_t count;
	struct tui_view body;
	struct tui_view_class class; /* the body's, with the pairs drawn above it */
};

/* Adds members of a record by name; names ends in NULL. What is empty is left out, and so is
 * what there is no room for. */
void screen_head_add(struct screen_head *head, const struct record_type *type,
    const char *const *names, const void *record);

/* body with the pairs above it. head must outlive the view. */
struct tui_view screen_head_view(struct screen_head *head, struct tui_view body);

#endif

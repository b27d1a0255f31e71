/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SHEBAO_SCREEN_SCREEN_TOTALS_H
#define SHEBAO_SCREEN_SCREEN_TOTALS_H

#include "screen_ui.h"
#include "shebao/levy.h"
#include "shebao/tui_dialog.h"

/* Sums for each insurance item, as lines of a dialog. */
#define SCREEN_TOTALS_MAX 64

struct screen_totals {
	size_t count;
	struct tui_dialog_line lines[SCREEN_TOTALS_MAX];
	struct mirror_total rows[SCREEN_TOTALS_MAX];
	char values[SCREEN_TOTALS_MAX][96];
};

/* Of the levies of a query. */
int screen_totals_query(struct db *db, const struct mirror_query *q, struct screen_totals *out,
    struct err *err) __attribute__((warn_unused_result));

/* Of one levy. */
void screen_totals_one(const struct levy *levy, struct screen_totals *out);

#endif

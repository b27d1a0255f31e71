/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is declared or paid, for each insurance item. */
#include "screen_totals.h"

#include <stdio.h>

#include "shebao/i18n.h"
#include "shebao/mem.h"

static void
describe(struct screen_totals *totals)
{
	struct screen_amount amount;
	size_t i;

	for (i = 0; i < totals->count; i++) {
		const struct mirror_total *row = &totals->rows[i];

		screen_common_amount(row->amount, &amount);
		snprintf(totals->values[i], sizeof(totals->values[i]), _("%lld 笔  %20s"),
		    (long long)row->count, amount.figures);
		totals->lines[i] =
		    (struct tui_dialog_line){ row->name, text_cleaned(totals->values[i]), 0 };
	}
}

int
screen_totals_query(
    struct db *db, const struct mirror_query *q, struct screen_totals *out, struct err *err)
{
	if (mirror_totals(db, q, "item_name", out->rows, SCREEN_TOTALS_MAX, &out->count, err) != 0) {
		return -1;
	}
	describe(out);
	return 0;
}

void
screen_totals_one(const struct levy *levy, struct screen_totals *out)
{
	out->count = 1;
	mem_copy_text(out->rows[0].name, sizeof(out->rows[0].name), levy->item_name);
	out->rows[0].count = 1;
	out->rows[0].amount = levy->amount;
	describe(out);
}

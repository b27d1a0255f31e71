/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SHEBAO_SCREEN_SCREEN_FILTER_H
#define SHEBAO_SCREEN_SCREEN_FILTER_H

#include "screen_list.h"

/* Shows the filter form of a list; 0: values are new, -1: cancelled. query: the list without
 * filters, whose values are offered. */
int screen_filter_ask(struct screen_ui *ui, struct app_filter_values *values,
    const struct app_filter *filters, size_t count, const struct mirror_query *query);

#endif

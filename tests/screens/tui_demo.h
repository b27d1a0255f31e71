/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SHEBAO_TESTS_TUI_DEMO_H
#define SHEBAO_TESTS_TUI_DEMO_H

#include "shebao/tui.h"
#include "shebao/tui_table.h"

/* The parts of tui_demo. */

struct demo {
	struct loop *loop;
	struct tui *tui;
	int is_offline;
	int hangups;
};

struct rows {
	struct demo *demo;
	int64_t count;
	int *order;
	unsigned char *marks;
	int64_t marked;
	int64_t marked_fen;
	struct tui_table *table;
	char cell[160];
	char summary[160];
};

/* ---- demo_rows.c */
extern const struct tui_column demo_rows_columns[];
extern const size_t demo_rows_column_count;
extern const struct tui_table_source demo_rows_source;

/* ---- demo_flows.c */
void demo_flows_show_message(struct demo *d);
void demo_flows_show_error(struct demo *d);
void demo_flows_ask_confirm(struct demo *d);
void demo_flows_ask_danger(struct demo *d);
void demo_flows_ask_money(struct demo *d);
void demo_flows_wait_feedback(struct demo *d);
void demo_flows_run_download(struct demo *d);
void demo_flows_add_unit(struct demo *d);
int demo_flows_ask_password(struct demo *d, const char *title, unsigned flags);
void demo_flows_show_query(struct demo *d);
void demo_flows_choose_region(struct demo *d);
void demo_flows_show_record(struct demo *d);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SHEBAO_TUI_TABLE_RECORD_H
#define SHEBAO_TUI_TABLE_RECORD_H

struct tui_table;

/* See tui_table_show_record. */
void tui_table_record_show(struct tui_table *t);

#endif

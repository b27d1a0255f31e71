/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SHEBAO_SCREEN_SCREEN_PAPER_H
#define SHEBAO_SCREEN_SCREEN_PAPER_H

#include "screen_ui.h"
#include "shebao/view_document.h"

/* A document that was saved at ui->saved, as text, as it is printed; with 打印机打印 and 传送. */
void screen_paper_show(struct screen_ui *ui, enum view_document_kind kind, const char *number);

/* ---- screen_print.c */

/* 打印机打印: chooses a printer and copies, hands the file over, tells the job's number and
 * state. 1: CUPS has accepted it. */
int screen_print(struct screen_ui *ui, const char *path);

/* 传送到我的电脑, by ZMODEM through the terminal. 1: sz ended well. */
int screen_print_send(struct screen_ui *ui, const char *path);

/* After saving: text in a box, with 打印机打印, 传送 where the terminal can, 预览 and 完成, until
 * one of them is done or given up. */
void screen_print_offer(struct screen_ui *ui, const char *text, enum view_document_kind kind,
    const char *number);

#endif

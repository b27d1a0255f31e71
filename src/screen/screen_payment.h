/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SHEBAO_SCREEN_SCREEN_PAYMENT_H
#define SHEBAO_SCREEN_SCREEN_PAYMENT_H

#include "screen_ui.h"

/* A payment with its timeline. While its outcome is unknown the view asks again by itself and
 * offers 立即查询, never paying anew. */
void screen_payment_show(struct screen_ui *ui, const char *payment_no);

#endif

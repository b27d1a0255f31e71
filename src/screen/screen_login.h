/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SHEBAO_SCREEN_SCREEN_LOGIN_H
#define SHEBAO_SCREEN_SCREEN_LOGIN_H

#include "screen_ui.h"

/* 安全认证 and, with the initial password, the forced 修改申报密码. 0: logged in; -1: given up,
 * and whoever was logged in before still is. */
int screen_login_enter(struct screen_ui *ui, const char *taxpayer_id);

/* 用人单位添加: the identifier twice, then as above, which registers the employer with this
 * client. The session before it is taken up again, as the manual goes back to the list. 0, with
 * the new employer's identifier, or -1. */
int screen_login_add(struct screen_ui *ui, char taxpayer_id[TAXPAYER_ID_SIZE]);

#endif

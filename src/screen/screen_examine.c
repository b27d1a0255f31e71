/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the doctor says of the terminal. */
#include "shebao/screen.h"

#include <stdio.h>
#include <string.h>

#include "shebao/i18n.h"
#include "shebao/mem.h"
#include "shebao/tui_examine.h"

static void
tell_size(const struct tui_examined *seen, app_finding_fn *fn, void *user)
{
	struct app_finding f = { .check = "size" };
	int small = seen->lines < 24 || seen->columns < 80;

	mem_copy_text(f.subject, sizeof(f.subject), _("屏幕大小"));
	snprintf(f.finding, sizeof(f.finding), "%d×%d", seen->columns, seen->lines);
	if (small) {
		f.health = APP_HEALTH_WARNING;
		mem_copy_text(f.mend, sizeof(f.mend), _("把窗口放大到 80×24 以上"));
	}
	fn(&f, user);
}

static void
tell_keys(const struct tui_examined *seen, app_finding_fn *fn, void *user)
{
	struct app_finding f = { .check = "keys" };

	mem_copy_text(f.subject, sizeof(f.subject), _("按键"));
	if (!seen->is_known) {
		f.health = APP_HEALTH_WARNING;
		mem_copy_text(f.finding, sizeof(f.finding), _("本机没有这种终端的说明"));
		mem_copy_text(f.mend, sizeof(f.mend),
		    _("请管理员安装 ncurses-term，或设置 TERM=xterm-256color"));
	} else if (seen->missing[0] != '\0') {
		f.health = APP_HEALTH_WARNING;
		snprintf(f.finding, sizeof(f.finding), _("终端没有：%s"), seen->missing);
		mem_copy_text(f.mend, sizeof(f.mend), _("功能键用 Alt+数字 或 .数字 代替"));
	} else {
		mem_copy_text(f.finding, sizeof(f.finding), _("功能键齐全"));
	}
	fn(&f, user);
}

static void
tell_width(const struct tui_examined *seen, app_finding_fn *fn, void *user)
{
	struct app_finding f = { .check = "width" };

	mem_copy_text(f.subject, sizeof(f.subject), _("符号宽度"));
	if (seen->terminal_columns == 0) {
		mem_copy_text(f.finding, sizeof(f.finding), _("终端没有回答"));
	} else if (seen->terminal_columns != seen->locale_columns) {
		f.health = APP_HEALTH_WARNING;
		snprintf(f.finding, sizeof(f.finding), _("“→”在终端上占 %d 列，字符集认为是 %d 列"),
		    seen->terminal_columns, seen->locale_columns);
		mem_copy_text(f.mend, sizeof(f.mend),
		    _("在终端软件里关闭“模糊宽度字符为宽字符”，或设置 ascii = yes"));
	} else {
		snprintf(f.finding, sizeof(f.finding), _("%d 列"), seen->terminal_columns);
	}
	fn(&f, user);
}

void
screen_examine(app_finding_fn *fn, void *user)
{
	struct tui_examined seen;

	tui_examine(&seen);
	if (seen.is_terminal) {
		tell_size(&seen, fn, user);
		tell_keys(&seen, fn, user);
		tell_width(&seen, fn, user);
	}
}

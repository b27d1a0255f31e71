/* SPDX-License-Identifier: GPL-3.0-or-later */
/* 地区: chosen once, at the very first start (manual 2.1.1). */
#include "screen_ui.h"

#include <stdio.h>

#include "shebao/i18n.h"
#include "shebao/region.h"
#include "shebao/tui_list.h"

static size_t
count_regions(void *user)
{
	size_t count;

	(void)user;
	(void)region_table(&count);
	return count;
}

static struct text
label(void *user, size_t index)
{
	size_t count;

	(void)user;
	return text_literal(_(region_table(&count)[index].name));
}

static struct text
note(void *user, size_t index)
{
	size_t count;

	(void)user;
	return text_literal(region_table(&count)[index].code);
}

/* The one in use, the one the settings propose, 贵州省. */
static int
proposed(struct screen_ui *ui)
{
	char kept[49];
	int i;

	(void)!mirror_setting(app_db(ui->app), "", "region", kept, sizeof(kept), NULL);
	i = region_find(kept);
	i = i < 0 ? region_find(app_settings(ui->app)->region) : i;
	return i < 0 ? region_find("贵州省") : i;
}

int
screen_region_choose(struct screen_ui *ui)
{
	static const struct tui_choices choices = { count_regions, label, note, NULL };
	struct err err = { 0 };
	char question[160];
	int chosen = proposed(ui);
	size_t count;

	for (;;) {
		chosen = tui_list_choose(ui->tui, _("地区：选定后按 Enter【立即进入】"), &choices, chosen);
		if (chosen < 0) {
			return -1;
		}
		snprintf(question, sizeof(question), _("您确定选择【%s】进入系统么？"),
		    label(NULL, (size_t)chosen).s);
		if (tui_dialog_confirm(ui->tui, _("确认信息"), question)) {
			break;
		}
	}
	if (mirror_set(app_db(ui->app), "", "region", region_table(&count)[chosen].name, &err) !=
	    0) {
		screen_common_error(ui, &err);
		return -1;
	}
	screen_common_status(ui);
	return 0;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* 地区. */
#include "shebao/region.h"

#include <string.h>

#include "shebao/i18n.h"
#include "shebao/mem.h"

// clang-format off
static const struct region regions[] = {
	{ N_("北京市"), "110000" }, { N_("天津市"), "120000" }, { N_("河北省"), "130000" },
	{ N_("山西省"), "140000" }, { N_("内蒙古自治区"), "150000" }, { N_("辽宁省"), "210000" },
	{ N_("吉林省"), "220000" }, { N_("黑龙江省"), "230000" }, { N_("上海市"), "310000" },
	{ N_("江苏省"), "320000" }, { N_("浙江省"), "330000" }, { N_("安徽省"), "340000" },
	{ N_("福建省"), "350000" }, { N_("江西省"), "360000" }, { N_("山东省"), "370000" },
	{ N_("河南省"), "410000" }, { N_("湖北省"), "420000" }, { N_("湖南省"), "430000" },
	{ N_("广东省"), "440000" }, { N_("广西壮族自治区"), "450000" }, { N_("海南省"), "460000" },
	{ N_("重庆市"), "500000" }, { N_("四川省"), "510000" }, { N_("贵州省"), "520000" },
	{ N_("云南省"), "530000" }, { N_("西藏自治区"), "540000" }, { N_("陕西省"), "610000" },
	{ N_("甘肃省"), "620000" }, { N_("青海省"), "630000" }, { N_("宁夏回族自治区"), "640000" },
	{ N_("新疆维吾尔自治区"), "650000" }, { N_("大连市"), "210200" }, { N_("宁波市"), "330200" },
	{ N_("厦门市"), "350200" }, { N_("青岛市"), "370200" }, { N_("深圳市"), "440300" },
};
// clang-format on
_Static_assert(ARRAY_LEN(regions) == 36, "31 regions and 5 cities");

const struct region *
region_table(size_t *count)
{
	*count = ARRAY_LEN(regions);
	return regions;
}

int
region_find(const char *name)
{
	size_t i;

	for (i = 0; i < ARRAY_LEN(regions); i++) {
		if (strcmp(regions[i].name, name) == 0) {
			return (int)i;
		}
	}
	return -1;
}

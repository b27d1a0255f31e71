# SPDX-License-Identifier: GPL-3.0-or-later
# Sample data of a province in miniature; see make-sample. Deterministic: the only source of
# variety is the generator next_random() below, started from a constant.
#
# Everything here is fictional in the sense that no such employer, person, account or agreement
# exists. Place names, names of items and the formats of all codes are real. Invented as well, in
# the right format: the codes of categories (品目), subcategories (子目) and agencies, and the
# bank numbers. Amounts are as a bureau would push them: they do not follow from base and rate.

BEGIN {
	OFS = ","
	seed = 20200601
	serial = 0
	last_of_time = "2099-12-31"
	file_units = out "/units.csv"
	file_levies = out "/levies.csv"
	file_agreements = out "/agreements.csv"
	file_accounts = out "/accounts.csv"
	file_bank = out "/bank.csv"
	headers()
	categories()
	small_tea_house()
	installer_of_the_manual()
	printer_of_two_bureaus()
	spirits_trader_without_mandate()
	vocational_school()
	lake_farm()
	old_machine_works()
	group()
	exit 0
}

function headers()
{
	print "taxpayer_id,name,region,tax_authority_code,tax_authority_name,registered_address," \
		"legal_representative,contact,phone,industry,status,registered_on," \
		"unit_no,agency_code,agency_name,insurance_items,insured_count" > file_units
	print "levy_no,taxpayer_id,unit_no,agency_code,agency_name,kind,item_code,item_name," \
		"category_code,category_name,subcategory_code,subcategory_name,period_from,period_to," \
		"headcount,base_amount,rate,amount,due_date,valid_until,source" > file_levies
	print "agreement_no,taxpayer_id,bank_code,bank_name,account_no,account_name,status" > file_agreements
	print "taxpayer_id,bank_code,bank_name,account_no,account_name" > file_accounts
	print "account_no,account_name,balance" > file_bank
}

# ---- small tools

# Park and Miller's generator: products stay below 2^53, exact in every awk.
function next_random(limit)
{
	seed = (seed * 16807) % 2147483647
	return seed % limit
}

# A CSV value, quoted where RFC 4180 asks for it.
function q(text)
{
	if (text !~ /[",\n]/)
		return text
	gsub(/"/, "\"\"", text)
	return "\"" text "\""
}

function yuan(fen,    rest)
{
	rest = fen % 100
	return sprintf("%.0f.%02d", (fen - rest) / 100, rest)
}

function month_after(period, n,    months)
{
	months = substr(period, 1, 4) * 12 + substr(period, 6, 2) - 1 + n
	return sprintf("%04d-%02d", int(months / 12), months % 12 + 1)
}

# ---- what is collected

function category(code, bureau, item, name, base_of_head, amount_of_head)
{
	category_of[++category_count] = code
	item_code[code] = substr(code, 1, 5)
	item_name[code] = item
	category_name[code] = name
	bureau_of[code] = bureau
	head_base[code] = base_of_head
	head_amount[code] = amount_of_head
}

# Item codes follow the budget's classes; the last four digits of a category are invented.
# The two last columns are fen a head, the middle of what the generator spreads around.
function categories()
{
	category("102010001", "人社", "企业职工基本养老保险费", "职工基本养老保险(单位缴纳)", 420000, 67200)
	category("102010002", "人社", "企业职工基本养老保险费", "职工基本养老保险(个人缴纳)", 420000, 33600)
	category("102020001", "人社", "失业保险费", "失业保险(单位缴纳)", 420000, 2940)
	category("102020002", "人社", "失业保险费", "失业保险(个人缴纳)", 420000, 1260)
	category("102040001", "人社", "工伤保险费", "工伤保险", 420000, 1680)
	category("102030001", "医保", "基本医疗保险费", "基本医疗保险(含生育)(单位缴纳)", 420000, 33600)
	category("102030002", "医保", "基本医疗保险费", "职工基本医疗保险(个人缴纳)", 420000, 8400)
	category("102030003", "医保", "基本医疗保险费", "职工大额医疗互助保险(单位缴纳)", 0, 500)
	category("102030004", "医保", "基本医疗保险费", "职工大额医疗互助保险(个人缴纳)", 0, 500)
	category("102030005", "医保", "基本医疗保险费", "公务员医疗补助", 420000, 12600)
	category("102050001", "医保", "生育保险费", "生育保险(单位缴纳)", 420000, 2100)
	category("102110001", "人社", "机关事业单位基本养老保险费", "机关事业单位基本养老保险(单位缴纳)", 610000, 97600)
	category("102110002", "人社", "机关事业单位基本养老保险费", "机关事业单位基本养老保险(个人缴纳)", 610000, 48800)
	of_company["人社"] = "102010001 102010002 102020001 102020002 102040001"
	of_company["医保"] = "102030001 102030002 102030003 102030004"
	of_school["人社"] = "102110001 102110002 102020001 102020002 102040001"
	of_school["医保"] = "102030001 102030002 102030005"
	# 子目 = 品目, province 52, five digits (invented)
	split("正常缴费 补缴 新增人员 基数调整 补缴利息 浮动费率 减员结算", subcategory_name, " ")
}

# The items insured with a bureau, each named once, as the registration shows them.
function items_of(list,    n, i, codes, seen, text)
{
	n = split(list, codes, " ")
	for (i = 1; i <= n; i++)
		if (!((item_name[codes[i]]) in seen)) {
			seen[item_name[codes[i]]] = 1
			text = text (text == "" ? "" : ";") item_name[codes[i]]
		}
	return text
}

# ---- records

function employer(id, name, authority, authority_name, address, legal, contact, phone, industry, since)
{
	taxpayer = id
	taxpayer_name = name
	registration = id OFS q(name) OFS "贵州省" OFS authority OFS q(authority_name) OFS q(address) \
		OFS q(legal) OFS q(contact) OFS phone OFS q(industry) OFS "正常" OFS since
}

# A unit number of the employer; the levies that follow are on it. Agency codes are 19 digits:
# district, pushing office, seven of its own (invented).
function unit(no, district, office, bureau, agency, list, insured)
{
	unit_no = no
	unit_bureau = bureau
	unit_insured = insured
	unit_list = list
	agency_code = district office (bureau == "人社" ? "3100" : "1700") substr(district, 4, 3)
	unit_agency = agency_code OFS q(agency)
	print registration OFS no OFS unit_agency OFS q(items_of(list)) OFS insured > file_units
}

# 应征凭证序号: 1001, province 52, year of the period, serial.
function levy_no(period)
{
	return sprintf("100152%s%012d", substr(period, 3, 2), ++serial)
}

function levy(kind, code, sub_no, from, to, heads, base, rate, amount, due_on, valid)
{
	print levy_no(from) OFS taxpayer OFS unit_no OFS unit_agency OFS kind OFS item_code[code] \
		OFS item_name[code] OFS code OFS category_name[code] OFS code "52" sprintf("%05d", sub_no) \
		OFS subcategory_name[sub_no] OFS from OFS to OFS heads OFS yuan(base) OFS rate OFS yuan(amount) \
		OFS due_on OFS valid OFS unit_bureau > file_levies
}

function spread(middle)
{
	return int(middle * (850 + next_random(300)) / 1000)
}

# One ordinary month of the unit: a row for each of its categories.
function month(period, due_on, valid,    n, i, codes)
{
	n = split(unit_list, codes, " ")
	for (i = 1; i <= n; i++)
		levy("normal", codes[i], 1, period, period, unit_insured, \
			spread(head_base[codes[i]] * unit_insured), "100", \
			spread(head_amount[codes[i]] * unit_insured), due_on, valid)
}

function months(from, n,    i)
{
	for (i = 0; i < n; i++)
		month(month_after(from, i), due, last_of_time)
}

function agreement(bank, account_no, account_name, status)
{
	print sprintf("SBSF5201%08d", ++agreement_serial) OFS taxpayer OFS bank_row(bank) OFS account_no \
		OFS q(account_name) OFS status > file_agreements
}

function account(bank, account_no)
{
	print taxpayer OFS bank_row(bank) OFS account_no OFS q(taxpayer_name) > file_accounts
}

function deposit(account_no, account_name, balance)
{
	print account_no OFS q(account_name) OFS balance > file_bank
}

function bank_row(bank)
{
	if (bank == "工")
		return "102701099991,中国工商银行股份有限公司贵阳甲秀支行"
	if (bank == "建")
		return "105701099992,中国建设银行股份有限公司贵阳中华路支行"
	if (bank == "农")
		return "103701099993,中国农业银行股份有限公司贵阳花溪支行"
	return "402701099994,贵州省农村信用社联合社营业部"
}

# ---- the employers

# Three people; real rates; the account cannot bear the debit.
function small_tea_house()
{
	employer("91520103MA6X00024F", "贵阳半山茶叶有限公司", "15201030000", "国家税务总局贵阳市云岩区税务局", \
		"贵州省贵阳市云岩区中华北路1号,2楼", "罗喆", "杨䶮", "0851-80000101", "批发和零售业", "2017-03-15")
	unit("1234", "520103", "520100", "人社", "贵阳市云岩区社会保险事业局", of_company["人社"], 3)
	levy("normal", "102010001", 1, "2020-06", "2020-06", 3, 1080000, "16", 172800, due, last_of_time)
	levy("normal", "102010002", 1, "2020-06", "2020-06", 3, 1080000, "8", 86400, due, last_of_time)
	levy("normal", "102020001", 1, "2020-06", "2020-06", 3, 1080000, "0.7", 7561, due, last_of_time)
	levy("normal", "102020002", 1, "2020-06", "2020-06", 3, 1080000, "0.3", 3239, due, last_of_time)
	levy("normal", "102040001", 1, "2020-06", "2020-06", 3, 1080000, "0.2", 2160, due, last_of_time)
	months("2020-07", 5)
	unit("00731201", "520103", "520100", "医保", "贵阳市云岩区医疗保障事务中心", of_company["医保"], 3)
	months("2020-06", 6)
	levy("special", "102030001", 2, "2020-06", "2020-07", 1, 360000, "100", 30600, due, last_of_time)
	agreement("工", "2402001209200000101", taxpayer_name, "02")
	account("工", "2402001209200000101")
	deposit("2402001209200000101", taxpayer_name, "50.00")
}

# The rows of the manual's own screen: unit number 00048857, 2020-06, 277 and 701 people. The
# first nine are legible there; the others bring the employer's month to what its payment
# screen shows: 42 rows, 84,079.24 yuan.
function installer_of_the_manual()
{
	employer("91520100770598600Y", "贵州黔湖机电安装有限公司", "15201020000", "国家税务总局贵阳市南明区税务局", \
		"贵州省贵阳市南明区遵义路200号", "龙正江", "吴道勇", "0851-80000202", "建筑业", "2005-04-11")
	unit("00048857", "520102", "520100", "人社", "贵阳市社会保险收付管理中心", of_company["人社"], 701)
	month_of_the_manual("102010001 1 277 89642225 838448,102010002 1 277 89642225 738586," \
		"102020001 1 277 13588303 580692,102020002 1 277 13588303 266938," \
		"102040001 1 701 89642225 668583,102010001 2 277 0 439175,102010002 2 277 0 26378," \
		"102020001 2 277 4990 4990,102020002 2 277 15027 15027," \
		"102040001 2 701 0 11836,102010001 3 277 13588303 128460,102010002 3 277 13588303 64230," \
		"102020001 3 277 13588303 5620,102020002 3 277 13588303 2408,102040001 3 701 13588303 3177," \
		"102010001 7 277 0 0,102010001 4 277 89642225 210640,102010002 4 277 89642225 105320," \
		"102020001 4 277 13588303 9215,102020002 4 277 13588303 3949,102040001 4 701 13588303 5266," \
		"102010001 5 277 0 1731,102010002 5 277 0 865,102040001 6 701 89642225 20544")
	months("2020-07", 6)
	levy("special", "102010001", 2, "2020-06", "2020-08", 2, 1261800, "100", 201888, due, last_of_time)
	levy("special", "102010002", 2, "2020-06", "2020-08", 2, 1261800, "100", 100944, due, last_of_time)
	levy("special", "102020001", 2, "2020-07", "2020-07", 1, 420600, "100", 2944, due, last_of_time)
	unit("00731642", "520102", "520100", "医保", "贵阳市医疗保障服务中心", of_company["医保"] " 102050001", 701)
	month_of_the_manual("102030001 1 701 89642225 2148015,102030002 1 701 89642225 716005," \
		"102030003 1 701 0 350500,102030004 1 701 0 350500,102030001 2 701 13588303 162030," \
		"102030002 2 701 13588303 54010,102030003 2 701 0 3500,102030004 2 701 0 3500," \
		"102030001 3 701 13588303 120450,102030002 3 701 13588303 40150,102030003 3 701 0 4000," \
		"102030004 3 701 0 4000,102030001 4 701 89642225 131160,102030002 4 701 89642225 43720," \
		"102030001 5 701 0 2286,102030002 5 701 0 762,102050001 2 701 15027 88000," \
		"102050001 4 701 4990 33258")
	months("2020-07", 6)
	levy("special", "102030001", 2, "2020-06", "2020-06", 1, 420600, "100", 35751, due, last_of_time)
	agreement("工", "2402001209200000202", taxpayer_name, "02")
	agreement("建", "52001423600050000202", taxpayer_name, "04")
	account("工", "2402001209200000202")
	account("建", "52001423600050000202")
	deposit("2402001209200000202", taxpayer_name, "5000000.00")
	deposit("52001423600050000202", taxpayer_name, "320000.00")
}

function month_of_the_manual(rows,    n, i, row, value)
{
	n = split(rows, row, ",")
	for (i = 1; i <= n; i++) {
		split(row[i], value, " ")
		levy("normal", value[1], value[2], "2020-06", "2020-06", value[3], value[4], "100", value[5], \
			due, last_of_time)
	}
}

# Expired and overdue rows; a mandate whose account name the bank knows otherwise, one on an
# account the bank does not know, and one that works.
function printer_of_two_bureaus()
{
	employer("915201146629566696", "贵阳青岩彩印有限公司", "15201110000", "国家税务总局贵阳市花溪区税务局", \
		"贵州省贵阳市花溪区青岩镇\"老街\"18号", "石秀兰", "冉启凤", "0851-80000303", "制造业", "2007-09-20")
	unit("00051290", "520111", "520100", "人社", "贵阳市花溪区社会保险事业局", of_company["人社"], 45)
	month("2020-06", "2020-07-25", "2020-09-30")
	month("2020-07", "2020-08-25", last_of_time)
	months("2020-08", 5)
	unit("00731877", "520111", "520100", "医保", "贵阳市花溪区医疗保障事务中心", of_company["医保"], 45)
	months("2020-06", 7)
	levy("special", "102030001", 3, "2020-09", "2020-09", 2, 840000, "100", 67200, "2020-10-25", "2020-12-31")
	agreement("农", "23110001040000303", "贵阳青岩彩印有限责任公司", "02")
	agreement("建", "52001423600050009999", taxpayer_name, "02")
	agreement("工", "2402001209200000303", taxpayer_name, "02")
	account("农", "23110001040000303")
	account("工", "2402001209200000303")
	deposit("23110001040000303", taxpayer_name, "800000.00")
	deposit("2402001209200000303", taxpayer_name, "800000.00")
}

# No mandate that may be debited: only the voucher remains.
function spirits_trader_without_mandate()
{
	employer("91520302MA6X00067Q", "遵义凤凰山酒业商贸有限公司", "15203020000", "国家税务总局遵义市红花岗区税务局", \
		"贵州省遵义市红花岗区中山路66号", "冯朝阳", "田茂林", "0851-80000404", "批发和零售业", "2018-11-02")
	unit("03020418", "520302", "520300", "人社", "遵义市红花岗区社会保险事业局", of_company["人社"], 18)
	months("2020-06", 7)
	unit("03027418", "520302", "520300", "医保", "遵义市红花岗区医疗保障事务中心", of_company["医保"], 18)
	months("2020-06", 7)
	agreement("工", "2402001209200000404", taxpayer_name, "01")
	agreement("农", "23110001040000404", taxpayer_name, "03")
	account("工", "2402001209200000404")
	deposit("2402001209200000404", taxpayer_name, "120000.00")
}

# A public institution: other items, no mandate at all, no deposit account reported.
function vocational_school()
{
	employer("12520100009900021U", "贵阳市甲秀职业技术学校", "15201150000", "国家税务总局贵阳市观山湖区税务局", \
		"贵州省贵阳市观山湖区林城东路9号", "王世宽", "陆小丫", "0851-80000505", "教育", "1998-09-01")
	unit("52010017", "520115", "520100", "人社", "贵阳市社会保险收付管理中心", of_school["人社"], 126)
	months("2020-06", 12)
	unit("00735017", "520115", "520100", "医保", "贵阳市医疗保障服务中心", of_school["医保"], 126)
	months("2020-06", 12)
	deposit("52001423600050000505", taxpayer_name, "2600000.00")
}

function lake_farm()
{
	employer("91520181MA6DJ9Q03L", "清镇红枫湖生态农业有限公司", "15201810000", "国家税务总局清镇市税务局", \
		"贵州省清镇市红枫湖镇右二村", "罗犇", "冉堃", "0851-80000606", "农、林、牧、渔业", "2016-02-29")
	unit("01810062", "520181", "520100", "人社", "清镇市社会保险事业局", of_company["人社"], 62)
	months("2020-06", 12)
	unit("01817062", "520181", "520100", "医保", "清镇市医疗保障事务中心", of_company["医保"], 62)
	months("2020-06", 12)
	agreement("信", "621000000000000606", taxpayer_name, "02")
	account("信", "621000000000000606")
	deposit("621000000000000606", taxpayer_name, "900000.00")
}

# Still under its 15-character number: district and organisation code (GB 11714).
function old_machine_works()
{
	employer("520281709654327", "盘州乌蒙机械修配厂", "15202810000", "国家税务总局盘州市税务局", \
		"贵州省盘州市翰林街道3号", "何乌蒙", "何乌蒙", "0858-80000707", "制造业", "1994-06-18")
	unit("70088", "520281", "520200", "人社", "盘州市社会保险事业局", of_company["人社"], 9)
	months("2020-06", 6)
	agreement("农", "23110001040000707", taxpayer_name, "02")
	account("农", "23110001040000707")
	deposit("23110001040000707", taxpayer_name, "60000.00")
}

# Registered in 18 places with both bureaus: 36 unit numbers, 24 months, as many rows as wished.
function group(    n, i, place, part, heads)
{
	employer("91520115MA6X00032N", "贵州苗岭控股集团有限公司", "15201150000", "国家税务总局贵阳市观山湖区税务局", \
		"贵州省贵阳市观山湖区长岭北路8号", "安大江", "潘文华", "0851-80000808", "租赁和商务服务业", "2015-12-08")
	n = split("520102 520100 贵阳市南明区,520103 520100 贵阳市云岩区,520111 520100 贵阳市花溪区," \
		"520112 520100 贵阳市乌当区,520113 520100 贵阳市白云区,520115 520100 贵阳市观山湖区," \
		"520181 520100 清镇市,520201 520200 六盘水市钟山区,520281 520200 盘州市," \
		"520302 520300 遵义市红花岗区,520303 520300 遵义市汇川区,520382 520300 仁怀市," \
		"520402 520400 安顺市西秀区,520502 520500 毕节市七星关区,520602 520600 铜仁市碧江区," \
		"522301 522300 兴义市,522601 522600 凯里市,522701 522700 都匀市", place, ",")
	for (i = 1; i <= n; i++) {
		split(place[i], part, " ")
		heads = 20 + next_random(400)
		group_unit(sprintf("0%s%02d", substr(part[1], 2), i), part, "人社", "社会保险事业局", heads)
		group_unit(sprintf("0%s%02d", substr(part[1], 2), 50 + i), part, "医保", "医疗保障事务中心", heads)
	}
	group_levies(wanted)
	agreement("工", "2402001209200000808", taxpayer_name, "02")
	agreement("建", "52001423600050000808", taxpayer_name, "02")
	agreement("农", "23110001040000808", taxpayer_name, "02")
	account("工", "2402001209200000808")
	account("建", "52001423600050000808")
	deposit("2402001209200000808", taxpayer_name, "90000000000.00")
	deposit("52001423600050000808", taxpayer_name, "8000000.00")
	deposit("23110001040000808", taxpayer_name, "1000.00")
}

# Keeps for every category of the unit the part of its rows that never changes.
function group_unit(no, part, bureau, office, heads,    n, i, codes)
{
	unit(no, part[1], part[2], bureau, part[3] office, of_company[bureau], heads)
	n = split(unit_list, codes, " ")
	for (i = 1; i <= n; i++) {
		cell_count++
		cell_head[cell_count] = OFS taxpayer OFS no OFS unit_agency
		cell_item[cell_count] = OFS item_code[codes[i]] OFS item_name[codes[i]] OFS codes[i] \
			OFS category_name[codes[i]] OFS codes[i] "52"
		cell_heads[cell_count] = heads
		cell_base[cell_count] = heads * head_base[codes[i]]
		cell_amount[cell_count] = heads * head_amount[codes[i]]
		cell_tail[cell_count] = OFS due OFS last_of_time OFS bureau
	}
}

# The rows asked for, spread evenly over months and categories of units. The first of a category
# is the ordinary one; more of them are its corrections, one in 16 of those a special levy, one
# in 97 of nothing.
function group_levies(rows,    cells, m, i, k, share, more, period, year)
{
	cells = 24 * cell_count
	share = int(rows / cells)
	more = rows % cells
	for (m = 0; m < 24; m++) {
		period = month_after("2020-06", m)
		year = substr(period, 3, 2)
		for (i = 1; i <= cell_count; i++) {
			for (k = 0; k < share + (more > 0); k++)
				group_levy(i, k, period, year)
			if (more > 0)
				more--
		}
	}
}

function group_levy(i, k, period, year,    base, amount, sub_no, kind)
{
	seed = (seed * 16807) % 2147483647
	sub_no = k == 0 ? 1 : 2 + k % 6
	kind = k > 0 && seed % 16 == 0 ? "special" : "normal"
	base = k == 0 ? cell_base[i] : cell_base[i] / 50
	amount = k == 0 ? cell_amount[i] : cell_amount[i] / 50
	base = int(base * (800 + seed % 400) / 1000)
	amount = seed % 97 == 0 ? 0 : int(amount * (800 + seed % 401) / 1000)
	serial++
	printf "100152%s%012d%s,%s%s%05d,%s,%s,%s,%d,%.0f.%02d,100,%.0f.%02d%s\n", year, serial, cell_head[i], \
		kind, cell_item[i], sub_no, subcategory_name[sub_no], period, period, cell_heads[i], \
		int(base / 100), base % 100, int(amount / 100), amount % 100, cell_tail[i] > file_levies
}

#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# The sample data: columns, identifiers, amounts as pushed, and the same bytes every time.
set -u
. tests/ok.sh
one=$ok_dir/one two=$ok_dir/two
check="awk -f tests/scripts/sample.awk"

made()
{
	scripts/make-sample "$1" >/dev/null && scripts/make-sample "$2" >/dev/null
}

same_bytes()
{
	for name in units levies agreements accounts bank; do
		cmp "$one/$name.csv" "$two/$name.csv" || return 1
	done
}

headers()
{
	while read -r name columns; do
		equal "$(head -n 1 "$one/$name.csv")" "$columns" || return 1
	done <<-'END'
		units taxpayer_id,name,region,tax_authority_code,tax_authority_name,registered_address,legal_representative,contact,phone,industry,status,registered_on,unit_no,agency_code,agency_name,insurance_items,insured_count
		levies levy_no,taxpayer_id,unit_no,agency_code,agency_name,kind,item_code,item_name,category_code,category_name,subcategory_code,subcategory_name,period_from,period_to,headcount,base_amount,rate,amount,due_date,valid_until,source
		agreements agreement_no,taxpayer_id,bank_code,bank_name,account_no,account_name,status
		accounts taxpayer_id,bank_code,bank_name,account_no,account_name
		bank account_no,account_name,balance
	END
}

plain_text()
{
	! grep -l "$(printf '\r')" "$one"/*.csv && iconv -f UTF-8 -t GB18030 "$one"/*.csv >/dev/null
}

count_levies()
{
	scripts/make-sample "$two" --levies "$1" >/dev/null &&
		equal "$(grep -c ',91520115MA6X00032N,' "$two/levies.csv")" "$1"
}

ok 'the sample is made twice' made "$one" "$two"
ok 'two runs give the same bytes' same_bytes
ok 'the header lines are the contract' headers
ok 'lines end in LF, text is UTF-8 that GB18030 can hold' plain_text
ok 'every row has the columns of its header' $check -v job=columns "$one"/*.csv
ok 'taxpayer ids satisfy GB 32100-2015 or are 15 characters with a valid organisation code' \
	$check -v job=identifiers "$one/units.csv"
ok 'levy numbers are 20 digits and unique' $check -v job=levy_no "$one/levies.csv"
ok 'every levy belongs to a unit number that is registered' $check -v job=units "$one/units.csv" "$one/levies.csv"
ok "the manual's month is there: 24 rows on 00048857, 42 rows and 84,079.24 in all" \
	$check -v job=manual "$one/levies.csv"
ok 'there are normal and special, zero, expired and both bureaus' $check -v job=kinds "$one/levies.csv"
ok 'agreements have all four states' $check -v job=agreements "$one/agreements.csv"
ok '7 levies of the group when 7 are asked for' count_levies 7
ok '100000 levies of the group when 100000 are asked for' count_levies 100000
ok 'a count that is no number is refused' fails_with 2 scripts/make-sample "$two" --levies x
ok 'a folder is required' fails_with 2 scripts/make-sample
ok_done sample

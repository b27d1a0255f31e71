# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=sh disable=SC2034,SC2154
# shebaoctl: files are taken whole or not at all.
ctl levy import "$dir/sample/levies.csv"
is 'levies of unknown employers are refused' 1 "$code"
has 'the line is named' "^$dir/sample/levies.csv:2: taxpayer_id: ." "$said"
ctl employer import "$dir/sample/units.csv"
is 'employers' 0 "$code"
rows=$(($(wc -l <"$dir/sample/units.csv") - 1))
has 'say how many' "$rows" "$out"
iconv -f UTF-8 -t GB18030 "$dir/sample/units.csv" >"$dir/gb.csv"
ctl --json employer import "$dir/gb.csv"
is 'the same in GB18030' 0 "$code"
is 'creates nothing' "$rows 0" "$(printf '%s' "$out" | jq -r '"\(.rows) \(.created)"')"

# bad SED-SCRIPT EXPECTED: one error in the levies
bad()
{
	sed "$1" "$dir/sample/levies.csv" >"$dir/bad.csv"
	ctl levy import "$dir/bad.csv"
	is "$1" 1 "$code"
	has "$1" "^$dir/bad.csv:$2: ." "$said"
	is "$1: nothing on standard output" '' "$out"
}
bad '1s/levy_no/levy_on/' '1: levy_on'
bad '1s/,amount/,levy_no/' '1: levy_no'
bad '3s/,2020-06,2020-06,/,2020-16,2020-06,/' '3: period_from'
bad '4s/,normal,/,daily,/' '4: kind'
bad '5s/91520103MA6X00024F/91520103MA6X00024G/' '5: taxpayer_id'
bad '6s/,[^,]*$//' '6: source'
bad '7s/\([0-9]*\.[0-9][0-9]\),2099/-\1,2099/' '7: amount'
bad '8s/^[^,]*//' '8: levy_no'
bad '9p' '10: levy_no'
bad '10s/91520103MA6X00024F,1234/91520103MA6X00024F,4321/' '10: unit_no'
ctl levy import "$dir/sample/none.csv"
is 'a file that is not there' 2 "$code"
localedef -i zh_CN -f GB18030 "$dir/zh_CN.GB18030"
has 'an argument typed in GB18030 is understood' '没有征集单无此单' "$(LOCPATH=$dir LC_ALL=zh_CN.GB18030 "$BUILD/shebaoctl" \
	--server "$base" --token-file "$state/admin.token" levy withdraw "$(printf 无此单 | iconv -f UTF-8 -t GB18030)" 2>&1)"

ctl --json levy import "$dir/sample/levies.csv"
is 'levies' 0 "$code"
is 'all rows, all new' "$(($(wc -l <"$dir/sample/levies.csv") - 1))" "$(printf '%s' "$out" | jq .created)"
ctl agreement import "$dir/sample/agreements.csv"
is 'agreements' 0 "$code"
ctl account import "$dir/sample/accounts.csv"
is 'accounts' 0 "$code"

ctl levy improt x
is 'a mistyped command is wrong usage' 2 "$code"
has 'and told what was meant' 'levy import' "$said"
code=0
"$BUILD/shebaoctl" --server http://127.0.0.1:1 --token-file "$state/admin.token" audit 2>/dev/null || code=$?
is 'no service' 3 "$code"
code=0
: >"$dir/empty"
"$BUILD/shebaoctl" --server "$base" --token-file "$dir/empty" audit 2>/dev/null || code=$?
is 'a file that holds no token' 2 "$code"
code=0
"$BUILD/shebaoctl" --server "http+unix://$dir/socket" --token-file "$state/admin.token" audit >/dev/null || code=$?
is 'by the unix socket' 0 "$code"

# Sent at once, refused before the rows are taken, and in gzip where asked for.
big=$dir/zeros
is 'rows with a token that nobody has' 401 "$(curl -s -o /dev/null -w '%{http_code}' -T "$big" -X POST \
	-H 'Authorization: Bearer 00' "$base/admin/v1/levies")"
# The connection is closed with what was not read: on a busy machine that can overtake the answer.
tries=0 got=000
while [ "$got" = 000 ] && [ "$tries" -lt 10 ]; do
	got=$(curl -s -o /dev/null -w '%{http_code}' -X POST -T - -H 'Expect:' \
		-H 'Authorization: Bearer 00' "$base/admin/v1/levies" <"$big")
	tries=$((tries + 1))
done
is 'in chunks and without waiting' 401 "$got"
is 'rows that are none' 422 "$(curl -s -o /dev/null -w '%{http_code}' -T "$big" -X POST \
	-H "Authorization: Bearer $token" "$base/admin/v1/levies")"
is 'no spool is left' '' "$(find "$state" -name 'spool*')"

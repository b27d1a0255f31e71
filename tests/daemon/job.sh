# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=sh disable=SC2034,SC2154
# The main job over the wire: log in, declare, wait for feedback, pay, settle, print.
employer=91520100770598600Y
password=Qianhu-2026-fee

api POST /v1/login "{\"taxpayer_id\":\"$employer\",\"password\":\"wrong\"}"
is 'a wrong password' 401 "$status"
is 'has the number of the manual' 20101 "$(field number)"
api POST /v1/login "{\"taxpayer_id\":\"$employer\",\"password\":\"048857\"}"
is 'the initial password' 200 "$status"
is 'must be changed' true "$(field must_change)"
token=$(field token)
api GET '/v1/levies?after=0'
is 'before anything else' 403 "$status"
new_op
api POST /v1/password "{\"op_id\":\"$op\",\"old_password\":\"048857\",\"new_password\":\"$password\"}"
is 'it is changed' 200 "$status"
api POST /v1/login "{\"taxpayer_id\":\"$employer\",\"password\":\"$password\"}"
is 'the new password' 200 "$status"
is 'need not be changed' false "$(field must_change)"
token=$(field token)

# page PATH: sets answer to all lines of a list, page after page
page()
{
	: >"$dir/list"
	after=0
	while api GET "$1?after=$after" && [ "$status" = 200 ] && [ -n "$answer" ]; do
		printf '%s\n' "$answer" >>"$dir/list"
		after=$(printf '%s\n' "$answer" | tail -n 1 | jq .version)
	done
}

page /v1/levies
is 'every levy of the employer' "$(grep -c ",$employer," "$dir/sample/levies.csv")" "$(wc -l <"$dir/list")"
is 'and of nobody else' "$employer" "$(jq -r .taxpayer_id "$dir/list" | sort -u)"
api GET "/v1/levies?after=$after"
is 'nothing changed since' '' "$answer"

curl -s -D "$dir/head" -o "$dir/list.gz" -H 'Accept-Encoding: gzip' -H "Authorization: Bearer $token" \
	"$base/v1/levies?after=0"
has 'gzip where asked for' '^Content-Encoding: gzip' "$(tr -d '\r' <"$dir/head")"
is 'has the same bytes' "$(cksum <"$dir/list")" "$(gzip -dc "$dir/list.gz" | cksum)"

# Four of the employer's levies: three for the agreement, one for a voucher.
jq -rs '[.[] | select(.kind == "normal" and .state == "initial")][:4][] | "\(.levy_no) \(.amount)"' \
	"$dir/list" >"$dir/chosen"
three=$(head -n 3 "$dir/chosen" | sed 's/ .*//; s/.*/"&"/' | paste -sd, -)
sum=$(head -n 3 "$dir/chosen" | awk '{ n += $2 } END { print n }')
fourth=$(sed -n '4s/ .*//p' "$dir/chosen")
price=$(sed -n '4s/.* //p' "$dir/chosen")

# declare LEVIES SUM
declare_levies()
{
	new_op
	request="{\"op_id\":\"$op\",\"kind\":\"normal\",\"levy_nos\":[$1],\"amount\":$2}"
	api POST /v1/declarations "$request"
}
declare_levies "$three" $((sum + 1))
is 'another amount than was confirmed' 409 "$status"
declare_levies "$three" "$sum"
is 'declared' 202 "$status"
id=$(field declaration_id)
first=$answer
api POST /v1/declarations "$request"
is 'the same op_id again' 202 "$status"
is 'has the same answer' "$first" "$answer"
declare_levies "$three" "$sum"
is 'the same levies under another op_id' 409 "$status"
started=$(date +%s%N)
api POST /v1/feedback "{\"declaration_ids\":[\"$id\"],\"wait_ms\":10000}"
took=$((($(date +%s%N) - started) / 1000000))
is 'feedback' accepted "$(field 'declarations[0].state')"
if [ "$took" -lt 5000 ]; then ok; else no "feedback came after $took ms"; fi

agreement=$(sed -n "s/^\([^,]*\),$employer,.*/\1/p" "$dir/sample/agreements.csv" | head -n 1)
new_op
api POST /v1/payments "{\"op_id\":\"$op\",\"proof\":\"\",\"agreement_no\":\"$agreement\",\"levy_nos\":[$three],\"amount\":$sum}"
if [ "$status" -ge 400 ]; then ok; else no "a payment without proof: $status"; fi
api POST /v1/proofs "{\"password\":\"$password\",\"action\":\"pay\",\"levy_nos\":[$three],\"amount\":$sum,\"voucher_no\":\"\"}"
is 'proof' 200 "$status"
proof=$(field proof)
new_op
api POST /v1/payments "{\"op_id\":\"$op\",\"proof\":\"$proof\",\"agreement_no\":\"$agreement\",\"levy_nos\":[$three],\"amount\":$sum}"
is 'payment' 202 "$status"
payment=$(field payment_no)
api POST /v1/payments/query "{\"payment_no\":\"$payment\",\"wait_ms\":10000}"
is 'debited' succeeded "$(field state)"

declare_levies "\"$fourth\"" "$price"
api POST /v1/feedback "{\"declaration_ids\":[\"$(field declaration_id)\"],\"wait_ms\":10000}"
api POST /v1/proofs "{\"password\":\"$password\",\"action\":\"issue_voucher\",\"levy_nos\":[\"$fourth\"],\"amount\":$price,\"voucher_no\":\"\"}"
proof=$(field proof)
new_op
api POST /v1/vouchers "{\"op_id\":\"$op\",\"proof\":\"$proof\",\"levy_nos\":[\"$fourth\"],\"amount\":$price,\"bank_name\":\"\",\"account_no\":\"\",\"account_name\":\"\"}"
is 'voucher' 201 "$status"
voucher=$(field voucher_no)
new_op
api POST /v1/vouchers/document "{\"op_id\":\"$op\",\"number\":\"$voucher\"}"
is 'its document' 200 "$status"
has 'is a PDF' '^%PDF-' "$(printf '%s' "$answer" | jq -r .content | base64 -d | head -c 5)"
# Whoever holds the paper may ask about it without a login, and hears what stands on it.
paper=$(printf '%s' "$answer" | jq -r .content | base64 -d | grep -a -o 'SB1|[^)]*' | head -n 1 | cut -d '|' -f 7)
is 'the code on the paper' 24 "${#paper}"
is 'what it says to anybody' "amount,issued_on,kind,levy_count,name,number,state,taxpayer_id $voucher $price issued" \
	"$(curl -s "$base/v1/verify/$paper" | jq -r '"\(keys | join(",")) \(.number) \(.amount) \(.state)"')"
is 'a code that is on no paper' 404 "$(curl -s -o /dev/null -w '%{http_code}' "$base/v1/verify/000000000000000000000000")"
clerk=$token
ctl --json voucher settle "$voucher"
is 'settled at the counter' 0 "$code"
ctl voucher settle 000000000000000000
is 'a voucher that is not there' 1 "$code"
token=$clerk

month=$(jq -rs "[.[] | select(.levy_no == \"$fourth\")][0].period_from" "$dir/list")
settled()
{
	api GET '/v1/levies?after=0'
	[ "$(printf '%s\n' "$answer" | jq -rs "[.[] | select(.settled_on != \"\")] | length")" -ge 4 ]
}
if await 20 settled; then ok; else no 'the money is not settled'; fi
new_op
api POST /v1/certificates "{\"op_id\":\"$op\",\"kind\":\"tax_paid\",\"period_from\":\"$month\",\"period_to\":\"$month\"}"
is 'certificate' 201 "$status"
number=$(field certificate_no)
hash=$(field sha256)
is 'its hash is that of its bytes' "$hash" \
	"$(printf '%s' "$answer" | jq -r .content | base64 -d | sha256sum | cut -d ' ' -f 1)"
new_op
api POST /v1/certificates/confirm "{\"op_id\":\"$op\",\"certificate_no\":\"$number\",\"sha256\":\"$hash\"}"
is 'confirmed' 200 "$status"
new_op
api POST /v1/certificates "{\"op_id\":\"$op\",\"kind\":\"tax_paid\",\"period_from\":\"$month\",\"period_to\":\"$month\"}"
if [ "$status" -ge 400 ]; then ok; else no "a second first print: $status"; fi

ctl audit
is 'the audit is clean' 0 "$code"
has 'and says what it looked at' '[1-9]' "$out"
ctl --json bank ledger
is 'one debit of that amount' "$sum" \
	"$(printf '%s' "$out" | jq '[.[] | select(.kind == "debit")] | if length == 1 then .[0].amount else length end')"
ctl password reset "$employer"
is 'password reset' 0 "$code"
api POST /v1/login "{\"taxpayer_id\":\"$employer\",\"password\":\"048857\"}"
is 'the initial password stands again' true "$(field must_change)"

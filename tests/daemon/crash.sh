# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=sh disable=SC2034,SC2154
# Death at any moment, and an orderly end.
other=915201146629566696
unit=$(sed -n "s/^$other,.*,\([0-9A-Za-z]*\),[0-9]*,[^,]*,\(\"[^\"]*\"\|[^,]*\),[0-9]*\$/\1/p" "$dir/sample/units.csv" | head -n 1)
short=$(printf '%s' "$unit" | tail -c 6)
while [ ${#short} -lt 6 ]; do short=${short}0; done
api POST /v1/login "{\"taxpayer_id\":\"$other\",\"password\":\"$short\"}"
is 'another employer' 200 "$status"
token=$(field token)
new_op
api POST /v1/password "{\"op_id\":\"$op\",\"old_password\":\"$short\",\"new_password\":\"$password\"}"
api POST /v1/login "{\"taxpayer_id\":\"$other\",\"password\":\"$password\"}"
token=$(field token)
api GET '/v1/levies?after=0'
printf '%s\n' "$answer" | jq -rs '[.[] | select(.kind == "normal" and .state == "initial" and .valid_until > "2090")][0] | "\(.levy_no) \(.amount)"' >"$dir/chosen"
read -r levy amount <"$dir/chosen"

declare_levies "\"$levy\"" "$amount"
is 'declared' 202 "$status"
id=$(field declaration_id)
stop_daemon KILL
start_daemon
api POST /v1/feedback "{\"declaration_ids\":[\"$id\"],\"wait_ms\":10000}"
is 'decided after kill -9 and a new start, in the same session' accepted "$(field 'declarations[0].state')"

# The bank executes and does not answer, and the daemon dies before it can ask.
ctl bank fault no_answer --count 1
is 'a fault of the bank' 0 "$code"
agreement=$(sed -n "s/^\([^,]*\),$other,.*,02\r*\$/\1/p" "$dir/sample/agreements.csv" | tail -n 1)
api POST /v1/proofs "{\"password\":\"$password\",\"action\":\"pay\",\"levy_nos\":[\"$levy\"],\"amount\":$amount,\"voucher_no\":\"\"}"
proof=$(field proof)
new_op
api POST /v1/payments "{\"op_id\":\"$op\",\"proof\":\"$proof\",\"agreement_no\":\"$agreement\",\"levy_nos\":[\"$levy\"],\"amount\":$amount}"
is 'payment' 202 "$status"
payment=$(field payment_no)
debits()
{
	ctl --json bank ledger
	[ "$(printf '%s' "$out" | jq "[.[] | select(.kind == \"debit\" and .amount == $amount)] | length")" -ge 1 ]
}
await 20 debits
stop_daemon KILL
start_daemon
paid()
{
	api POST /v1/payments/query "{\"payment_no\":\"$payment\",\"wait_ms\":1000}"
	[ "$(field state)" = succeeded ]
}
if await 60 paid; then ok; else no "after the lost answer: $(field state)"; fi
ctl --json bank ledger
is 'debited once' 1 "$(printf '%s' "$out" | jq "[.[] | select(.kind == \"debit\" and .amount == $amount)] | length")"
ctl audit
is 'the audit is clean' 0 "$code"

stop_daemon KILL
start_daemon
api GET /healthz
is 'a socket that was left behind is replaced' '{"status":"ok"}' \
	"$(curl -s --unix-socket "$dir/socket" http://localhost/healthz)"

# A held poll is answered before the end.
stop_daemon TERM
start_daemon --feedback-delay 60000
api GET '/v1/levies?after=0'
printf '%s\n' "$answer" | jq -rs '[.[] | select(.kind == "normal" and .state == "initial" and .valid_until > "2090")][0] | "\(.levy_no) \(.amount)"' >"$dir/chosen"
read -r levy amount <"$dir/chosen"
declare_levies "\"$levy\"" "$amount"
id=$(field declaration_id)
curl -s -o "$dir/held" -w '%{http_code}' -H "Authorization: Bearer $token" \
	-d "{\"declaration_ids\":[\"$id\"],\"wait_ms\":15000}" "$base/v1/feedback" >"$dir/held.status" &
poll=$!
held()
{
	curl -s "$base/metrics" | grep -q '^shebaod_requests_held 1$'
}
if await 10 held; then ok; else no 'the poll is not held'; fi
started=$(date +%s)
stop_daemon TERM
is 'SIGTERM ends with 0' 0 "$code"
wait "$poll"
is 'a held poll was answered' 200 "$(cat "$dir/held.status")"
if [ $(($(date +%s) - started)) -lt 10 ]; then ok; else no 'draining takes too long'; fi
if [ -e "$dir/socket" ]; then no 'the socket is still there'; else ok; fi
start_daemon

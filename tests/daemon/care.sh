# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=sh disable=SC2034,SC2154
# What who runs it relies on: no secret in the log, a sandbox around it, an id for every request.
for secret in "$password" "$short" "$(cat "$state_of_all/admin.token")" "$token"; do
	if [ ${#secret} -lt 6 ]; then
		no 'a secret that is none'
	elif grep -q -F -e "$secret" "$dir/log"; then
		no "the log tells a secret: $(grep -F -e "$secret" "$dir/log" | head -n 1)"
	else
		ok
	fi
done
for account in $(cut -d, -f1 "$dir/sample/bank.csv" | tail -n +2); do
	grep -F -e "$account" "$dir/log"
done >"$dir/accounts.told"
is 'nor an account' '' "$(cat "$dir/accounts.told")"
is 'every line of a request has its id' '' "$(grep ' request ' "$dir/log" | grep -v ' request id=[0-9a-f]*-[0-9a-f]* op=[a-z_-]* status=[0-9]* ms=[0-9]* ' | head -n 1)"

mkdir -p "$dir/unit"
sed 's,@SBINDIR@,/usr/sbin,' "$here/../../scripts/install/shebaod.service" >"$dir/unit/shebaod.service"
exposure=$(systemd-analyze security --offline=yes "$dir/unit/shebaod.service" 2>&1 | sed -n 's/.*exposure level for shebaod.service: \([0-9.]*\).*/\1/p')
if [ -n "$exposure" ] && [ "$(printf '%s\n2.0\n' "$exposure" | sort -n | tail -n 1)" = 2.0 ]; then
	ok
else
	no "systemd-analyze security: ${exposure:-nothing}"
fi

# Tokens by command.
stop_daemon TERM
start_daemon
ctl --json token create --role bureau --name 医保局 "$dir/bureau.token"
is 'a token is made' 0 "$code"
id=$(printf '%s' "$out" | jq -r .token_id)
is 'for its owner alone' 600 "$(stat -c %a "$dir/bureau.token")"
bureau()
{
	code=0
	"$BUILD/shebaoctl" --server "$base" --token-file "$dir/bureau.token" "$@" >/dev/null 2>"$dir/ctl.err" || code=$?
}
bureau audit
is 'a bureau is no officer' 1 "$code"
ctl token list
has 'it is listed' "$id.*医保局" "$out"
ctl token revoke "$id"
is 'and revoked' 0 "$code"
bureau audit
has 'after which it opens nothing' '20105' "$(cat "$dir/ctl.err")"

# Behind a gateway that says where requests come from, a source is locked on its own.
stop_daemon TERM
start_daemon --trust-forwarded
guess()
{
	curl -s -o "$dir/answer" -w '%{http_code}' -H "X-Forwarded-For: 1.2.3.4, $1" \
		-d "{\"taxpayer_id\":\"9152010077059${2}00Y\",\"password\":\"wrong\"}" "$base/v1/login"
}
for n in 1 2 3 4 5; do
	is "employer $n tried" 401 "$(guess 10.9.8.7 "$n")"
done
is 'the sixth is not even looked at' 429 "$(guess 10.9.8.7 6)"
is 'from elsewhere it is' 401 "$(guess 10.9.8.6 6)"

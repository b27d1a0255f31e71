#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# failover.sh [BUILD]: three daemons behind haproxy on a PostgreSQL server with a synchronous
# follower. Clerks declare and pay with the real client; meanwhile a daemon is killed and started
# again, and the database server is killed and its follower promoted. What a clerk was told is
# done must be in the books, the audit must find nothing, and the bank must have moved that money
# once. CYCLES: how many levies each clerk takes (6; make torture: 60).
set -u
cd "$(dirname "$0")/../.." || exit 2
BUILD=${1:-${BUILD:-build/release}}
case $BUILD in /*) ;; *) BUILD=$PWD/$BUILD ;; esac
cycles=${CYCLES:-6}
work=$(mktemp -d "${TMPDIR:-/tmp}/province.XXXXXX") || exit 2
passed=0 failed=0 primary='' follower='' pids=''
trap 'clean_up' EXIT
trap 'exit 130' INT TERM HUP
umask 077
LANG=C.UTF-8 SHEBAO_SERVER="http+unix://$work/front"
export LANG SHEBAO_SERVER
unset SHEBAO_TOKEN_FILE STATE_DIRECTORY NOTIFY_SOCKET

clean_up()
{
	: >"$work/stop"
	for pid in $pids; do
		kill -KILL "$pid" 2>/dev/null
	done
	wait 2>/dev/null
	[ -z "$primary" ] || tests/pg stop "$primary" 2>/dev/null
	[ -z "$follower" ] || tests/pg stop "$follower" 2>/dev/null
	rm -rf "$work"
}

ok()
{
	passed=$((passed + 1))
}

no()
{
	failed=$((failed + 1))
	printf 'failed: %s\n' "$*"
}

# is WHAT EXPECTED FOUND
is()
{
	if [ "$2" = "$3" ]; then ok; else no "$1: expected “$2”, found “$3”"; fi
}

finish()
{
	printf 'failover: %d passed, %d failed\n' "$passed" "$failed"
	[ "$failed" -eq 0 ]
	exit
}

# await SECONDS COMMAND...
await()
{
	tries=$(($1 * 10))
	shift
	while ! "$@" >/dev/null 2>&1; do
		tries=$((tries - 1))
		[ "$tries" -gt 0 ] || return 1
		sleep 0.1
	done
}

now_ms()
{
	echo $(($(date +%s%N) / 1000000))
}

# serve N: daemon N; its pid in $daemon
serve()
{
	rm -f "$work/ready.$1"
	# One office: the first one makes its seal.
	seal=
	[ "$1" -eq 1 ] || seal=$work/state.1/seal
	"$BUILD/shebaod" --state "$work/state.$1" --listen "unix:$work/socket.$1" --workers 4 \
		--database "$database" ${seal:+--seal "$seal"} --sandbox-bank "$work/sample/bank.csv" \
		--sandbox-ledger "$work/ledger" --feedback-delay 100 >"$work/ready.$1" 2>>"$work/log.$1" &
	daemon=$!
	pids="$pids $daemon"
	await 60 grep -q '^listening on' "$work/ready.$1" || {
		no "daemon $1 does not start: $(tail -n 3 "$work/log.$1")"
		finish
	}
}

office()
{
	timeout 120 "$BUILD/shebaoctl" --token-file "$work/state.1/admin.token" "$@"
}

# ---- clerks

# tell CLERK WORD LEVY: what the clerk was told, and when
tell()
{
	printf '%s %s %s\n' "$2" "$3" "$(now_ms)" >>"$work/told.$1"
}

# clerk N TAXPAYER_ID AGREEMENT: declares and pays one levy after the other. Exit status 0 is done;
# anything else is tried again, which the client's journal makes safe.
clerk()
{
	SHEBAO_HOME=$work/home.$1
	export SHEBAO_HOME
	number=$1 agreement=$3
	said=$work/said.$1
	sed -n "s/^$2,.*,\([0-9A-Za-z]*\),[0-9]*,[^,]*,\(\"[^\"]*\"\|[^,]*\),[0-9]*\r*\$/\1/p" "$work/sample/units.csv" |
		head -n 1 | awk '{ s = substr($0, length($0) > 6 ? length($0) - 5 : 1); while (length(s) < 6) s = s "0"; print s }' >"$work/initial.$1"
	echo 'Guiyang-2020' >"$work/password"
	"$BUILD/shebao" unit add "$2" --password-file "$work/initial.$1" --new-password-file "$work/password" >>"$said" 2>&1 || {
		tell "$number" nologin "$2"
		return
	}
	"$BUILD/shebao" levies --period 2020-06 --refresh --json 2>>"$said" |
		jq -r '[.[] | select(.state == "initial" and .kind == "normal" and .amount > 0)][].levy_no' >"$work/levies.$1"
	count=0
	while read -r levy; do
		count=$((count + 1))
		[ "$count" -le "$cycles" ] && [ ! -e "$work/stop" ] || break
		attempt declared declare "$levy" --wait 30 &&
			attempt paid pay "$levy" --agreement "$agreement" --password-file "$work/password"
	done <"$work/levies.$1"
	tell "$number" through -
}

# attempt WORD ARGUMENT...: until the client says that it is done; a refusal because it was done
# already (the answer had been lost) is looked up in the list
attempt()
{
	word=$1
	shift
	tries=0
	while [ "$tries" -lt 60 ] && [ ! -e "$work/stop" ]; do
		tries=$((tries + 1))
		status=0
		timeout 120 "$BUILD/shebao" "$@" >>"$said" 2>&1 </dev/null || status=$?
		if [ "$status" -eq 0 ]; then
			tell "$number" "$word" "$levy"
			return 0
		fi
		timeout 60 "$BUILD/shebao" feedback --wait 5 >>"$said" 2>&1
		state=$(timeout 60 "$BUILD/shebao" levies --refresh --json 2>>"$said" |
			jq -r ".[] | select(.levy_no == \"$levy\") | .state + \" \" + .pay_state")
		case "$word $state" in
		'declared declared '* | 'paid declared settled') return 0 ;;
		esac
		sleep 0.3
	done
	tell "$number" "stuck-$word" "$levy"
	return 1
}

told()
{
	cat "$work"/told.* 2>/dev/null | awk -v w="$1" '$1 == w' | wc -l
}

# ---- the province

for tool in haproxy jq; do
	command -v "$tool" >/dev/null || {
		no "missing: $tool"
		finish
	}
done
scripts/make-sample "$work/sample" --levies 60 >/dev/null 2>&1 || exit 2
started=$(tests/pg start --watch $$) || exit 2
primary=${started%% *}
started=$(tests/pg replica "$primary" --watch $$) || exit 2
follower=${started%% *} database=${started#* }
serve 1
serve 2
victim=$daemon
serve 3
cat >"$work/haproxy.cfg" <<END
global
	maxconn 500
defaults
	mode http
	timeout connect 2s
	timeout client 60s
	timeout server 60s
	option redispatch
	retries 3
frontend clerks
	bind unix@$work/front mode 600
	default_backend daemons
backend daemons
	option httpchk GET /healthz
	default-server check inter 300 fall 1 rise 1
	server one unix@$work/socket.1
	server two unix@$work/socket.2
	server three unix@$work/socket.3
END
haproxy -db -f "$work/haproxy.cfg" >"$work/haproxy.log" 2>&1 &
pids="$pids $!"
await 20 test -S "$work/front" || no "haproxy: $(tail -n 3 "$work/haproxy.log")"
for what in employer:units levy:levies agreement:agreements account:accounts; do
	office "${what%:*}" import "$work/sample/${what#*:}.csv" >>"$work/import.log" 2>&1 || no "import ${what%:*}"
done
set -- 91520100770598600Y SBSF520100000002 91520181MA6DJ9Q03L SBSF520100000009 91520115MA6X00032N SBSF520100000011
n=0
while [ $# -ge 2 ]; do
	n=$((n + 1))
	account=$(sed -n "s/^$2,[^,]*,[^,]*,[^,]*,\([^,]*\),.*/\1/p" "$work/sample/agreements.csv")
	office bank set-balance "$account" 90000000 >>"$work/import.log" 2>&1 || no "balance of $account"
	clerk "$n" "$1" "$2" &
	clerks="${clerks:-} $!"
	shift 2
done
pids="$pids $clerks"

# A daemon dies in the middle of the work, and comes back.
some()
{
	[ "$(told paid)" -ge "$1" ]
}
await 120 some 2 || no "the clerks do not get on: $(tail -n 2 "$work"/said.* "$work"/log.*)"
kill -KILL "$victim"
serve 2
await 120 some 4 || no 'the clerks do not get on after a daemon died'

# The database server dies, and its follower takes over.
killed=$(now_ms)
tests/pg kill "$primary"
tests/pg promote "$follower"
promoted=$(now_ms)
# shellcheck disable=SC2086
wait $clerks
is 'every clerk got through' "$n" "$(told through)"
is 'nobody is stuck' 0 "$(cat "$work"/told.* | grep -c -e stuck -e nologin)"
if grep -q -e stuck -e nologin "$work"/told.*; then
	grep -h -e stuck -e nologin "$work"/told.*
	tail -n 4 "$work"/said.*
fi
gap=$(cat "$work"/told.* | awk -v k="$killed" '$3 > k && ($1 == "paid" || $1 == "declared") && (m == 0 || $3 < m) { m = $3 } END { print m - k }')
printf 'failover: promoted after %d ms; the first acknowledged change came %d ms after the kill\n' \
	"$((promoted - killed))" "$gap"
printf 'failover: acknowledged: %d declarations, %d payments\n' "$(told declared)" "$(told paid)"
if [ "$gap" -gt 0 ]; then ok; else no 'nothing was acknowledged after the failover'; fi

# ---- what was acknowledged is there, once
settle()
{
	[ "$(SHEBAO_HOME=$work/home.1 "$BUILD/shebao" pending --json 2>/dev/null)" = '[]' ] &&
		[ "$(SHEBAO_HOME=$work/home.2 "$BUILD/shebao" pending --json 2>/dev/null)" = '[]' ] &&
		[ "$(SHEBAO_HOME=$work/home.3 "$BUILD/shebao" pending --json 2>/dev/null)" = '[]' ]
}
await 60 settle || no 'a payment stays unknown'
i=0
while [ "$i" -lt "$n" ]; do
	i=$((i + 1))
	SHEBAO_HOME=$work/home.$i "$BUILD/shebao" levies --refresh --json >"$work/list.$i" 2>/dev/null
	awk '$1 == "paid" { print $2 }' "$work/told.$i" | while read -r levy; do
		jq -r ".[] | select(.levy_no == \"$levy\") | select(.pay_state != \"settled\") | .levy_no" "$work/list.$i"
	done >"$work/lost.$i"
	is "clerk $i: nothing that was told to be paid is lost" '' "$(cat "$work/lost.$i")"
	awk '$1 == "declared" { print $2 }' "$work/told.$i" | while read -r levy; do
		jq -r ".[] | select(.levy_no == \"$levy\") | select(.state != \"declared\") | .levy_no" "$work/list.$i"
	done >"$work/lost.$i"
	is "clerk $i: nothing that was told to be declared is lost" '' "$(cat "$work/lost.$i")"
done
status=0
office audit >"$work/audit" 2>&1 || status=$?
is "the audit: $(head -n 3 "$work/audit")" 0 "$status"
due=$(cat "$work"/list.* | jq -s '[.[][] | select(.pay_state == "settled") | .amount] | add')
moved=$(office bank ledger --json | jq '[.[] | select(.kind == "debit" and .result_code == "90000") | .amount] | add')
is 'the bank moved just the money of the settled levies' "$due" "$moved"
finish

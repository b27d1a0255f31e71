# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=sh disable=SC2034,SC2154
# What the parts have in common: a daemon, requests, checks.

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
	if [ "$2" = "$3" ]; then
		ok
	else
		no "$1: expected “$2”, found “$3”"
	fi
}

# has WHAT PATTERN TEXT: a basic regular expression
has()
{
	if printf '%s\n' "$3" | grep -q -e "$2"; then
		ok
	else
		no "$1: “$2” is not in “$3”"
	fi
}

# finish: sums up; also where going on makes no sense
finish()
{
	stop_daemon KILL
	printf 'daemon: %d passed, %d failed\n' "$passed" "$failed"
	[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
	exit
}

# await SECONDS COMMAND...: until it succeeds
await()
{
	tries=$(($1 * 20))
	shift
	while ! "$@" >/dev/null 2>&1; do
		tries=$((tries - 1))
		[ "$tries" -gt 0 ] || return 1
		sleep 0.05
	done
}

# start_daemon [OPTION...]: on a free port and a unix socket, with the state folder $state
start_daemon()
{
	: >"$dir/out"
	"$BUILD/shebaod" --state "$state" --listen 127.0.0.1:0 --listen "unix:$dir/socket" \
		--sandbox-bank "$dir/sample/bank.csv" --feedback-delay 300 ${DATABASE:+--database "$DATABASE"} "$@" >"$dir/out" 2>>"$dir/log" &
	pid=$!
	if ! await 30 grep -q '^listening on http+unix' "$dir/out"; then
		no "the daemon does not start: $(tail -n 3 "$dir/log")"
		finish
	fi
	base=$(sed -n 's/^listening on \(http:.*\)$/\1/p' "$dir/out")
	port=${base##*:}
}

# stop_daemon SIGNAL: sets code to its exit status
stop_daemon()
{
	if [ -n "$pid" ]; then
		kill -s "$1" "$pid" 2>/dev/null
		code=0
		wait "$pid" 2>/dev/null || code=$?
		pid=''
	fi
}

# api METHOD PATH [JSON]: sets status and answer; the token is in $token
api()
{
	if [ $# -ge 3 ]; then
		status=$(printf '%s' "$3" | curl -s --max-time 30 -X "$1" --data-binary @- \
			-H 'Content-Type: application/json' -H "Authorization: Bearer $token" \
			-D "$dir/head" -o "$dir/answer" -w '%{http_code}' "$base$2")
	else
		status=$(curl -s --max-time 30 -X "$1" -H "Authorization: Bearer $token" -D "$dir/head" \
			-o "$dir/answer" -w '%{http_code}' "$base$2")
	fi
	answer=$(cat "$dir/answer" 2>/dev/null)
	# For openapi.sh, which holds all of them against the document.
	answers=$((${answers:-0} + 1))
	mkdir -p "$dir/answers"
	printf '%s %s %s %s %s\n' "$answers" "$1" "${2%%[?]*}" "$status" \
		"$(sed -n 's/^[Cc]ontent-[Tt]ype: *\([^;]*\).*/\1/p' "$dir/head" | tr -d '\r ' | tail -n 1)" >>"$dir/answers/list"
	mv "$dir/answer" "$dir/answers/$answers" 2>/dev/null
}

# field NAME: of the answer
field()
{
	printf '%s' "$answer" | jq -r ".$1" 2>/dev/null
}

op_count=0
# new_op: sets op
new_op()
{
	op_count=$((op_count + 1))
	op=$(printf '%08x%08x%016x' "$$" "$(date +%s)" "$op_count")
}

# ctl ARGUMENT...: sets code, out and said (standard error)
ctl()
{
	code=0
	"$BUILD/shebaoctl" --server "$base" --token-file "$state/admin.token" "$@" \
		>"$dir/ctl.out" 2>"$dir/ctl.err" || code=$?
	out=$(cat "$dir/ctl.out")
	said=$(cat "$dir/ctl.err")
}

# raw BYTES: sends them as they are (a printf format) and sets line to the answer's first line
raw()
{
	# shellcheck disable=SC2059
	line=$(printf "$1" | "$BUILD/speak" "$port" 2>/dev/null | head -n 1 | tr -d '\r')
}

# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=sh disable=SC2034,SC2154
# What the service manager is told: ready once it answers, stopping once it does not.
stop_daemon TERM
timeout 300 "$BUILD/notified" "$dir/notify" >"$dir/notified" 2>&1 &
manager=$!
if await 10 test -S "$dir/notify"; then ok; else no 'no socket to be notified on'; fi
NOTIFY_SOCKET=$dir/notify
export NOTIFY_SOCKET
start_daemon
unset NOTIFY_SOCKET
if await 10 grep -q READY "$dir/notified"; then ok; else no 'never said to be ready'; fi
is 'ready, and nothing before' 'READY=1' "$(cat "$dir/notified")"
is 'and it is' 200 "$(curl -s -o /dev/null -w '%{http_code}' "$base/healthz")"
kill -s HUP "$pid"
if await 10 grep -q RELOADING "$dir/notified"; then ok; else no 'a reload is not told'; fi
stop_daemon TERM
is 'a quiet end' 0 "$code"
if await 10 grep -q STOPPING "$dir/notified"; then ok; else no 'never said to be stopping'; fi
is 'in this order' 'READY=1 RELOADING=1 READY=1 STOPPING=1' "$(paste -sd ' ' "$dir/notified")"
kill "$manager"
wait "$manager" 2>/dev/null
start_daemon

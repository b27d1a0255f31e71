# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=sh disable=SC2034,SC2154
# The command line, the first start, the state folder.
state=$dir/state

code=0
said=$("$BUILD/shebaod" --stat 2>&1) || code=$?
is 'an unknown option is wrong usage' 2 "$code"
code=0
said=$("$BUILD/shebaod" --feedback-delay soon 2>&1) || code=$?
is 'a value that is no number is wrong usage' 2 "$code"
code=0
said=$("$BUILD/shebaod" --state "$state" --listen 0.0.0.0:0 2>&1) || code=$?
is 'plaintext off the loopback is refused' 2 "$code"
if [ -e "$state" ]; then no 'and nothing is made'; else ok; fi
printf '# a comment\nworkers = 4\nlsiten = 1\n' >"$dir/conf"
code=0
said=$("$BUILD/shebaod" --config "$dir/conf" 2>&1) || code=$?
is 'an unknown key is wrong usage' 2 "$code"
has 'and its line is named' "$dir/conf:3" "$said"
has 'help names every option' 'feedback-delay' "$("$BUILD/shebaod" --help)"
has 'version' '^shebaod [0-9]' "$("$BUILD/shebaod" --version)"

start_daemon
is 'one line for each address' 2 "$(grep -c '^listening on ' "$dir/out")"
is 'the token is for its owner alone' 600 "$(stat -c %a "$state/admin.token")"
is 'the state folder too' 700 "$(stat -c %a "$state")"
token=$(cat "$state/admin.token")
is 'the unix socket answers' '{"status":"ok"}' \
	"$(curl -s --unix-socket "$dir/socket" http://localhost/healthz)"

code=0
said=$("$BUILD/shebaod" --state "$state" --listen 127.0.0.1:0 2>&1) || code=$?
is 'a second daemon on the state folder is refused' 5 "$code"
code=0
said=$(timeout 20 "$BUILD/shebaod" --state "$dir/other" --listen 127.0.0.1:70000 2>&1) || code=$?
is 'a port that there is none of is wrong usage' 2 "$code"
code=0
said=$("$BUILD/shebaod" --state "$dir/other" --listen "unix:$dir/socket" 2>&1) || code=$?
is 'a second daemon on the socket is refused' 5 "$code"
is 'and the first one still answers there' '{"status":"ok"}' \
	"$(curl -s --unix-socket "$dir/socket" http://localhost/healthz)"

#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# shebao doctor: each of its findings, with a set-up that is broken in just that way, the mend that
# goes with it, and the exit status.
set -u
. tests/ok.sh
build=${BUILD:-build/release}
LC_ALL=C.UTF-8
HOME=$ok_dir
SHEBAO_HOME=$ok_dir/state
CUPS_SERVER=127.0.0.1:1
export LC_ALL HOME SHEBAO_HOME CUPS_SERVER
unset XDG_CONFIG_HOME SHEBAO_SERVER

start_service()
{
	"$build/shebaod" --state "$ok_dir/office" --listen 127.0.0.1:0 >"$ok_dir/service" 2>"$ok_dir/service.err" &
	service=$!
	tries=0
	until SHEBAO_SERVER=$(sed -n 's/^listening on //p' "$ok_dir/service") && [ -n "$SHEBAO_SERVER" ]; do
		tries=$((tries + 1))
		[ "$tries" -lt 300 ] || return 1
		sleep 0.1
	done
	export SHEBAO_SERVER
}

# finds CHECK HEALTH STATUS [NAME=VALUE...]: with these variables the finding is so, a mend is named
# when it is not good, and the exit status is this.
finds()
{
	check=$1 health=$2 wanted=$3
	shift 3
	fails_with "$wanted" env "$@" "$build/shebao" doctor --json >"$ok_dir/found" 2>"$ok_dir/said" </dev/null || {
		cat "$ok_dir/found" "$ok_dir/said"
		return 1
	}
	jq -e --arg check "$check" --arg health "$health" 'type == "array" and
		any(.[]; .check == $check and .health == $health and .subject != "" and
			(.health == "good") == (.mend == null or .mend == ""))' "$ok_dir/found" >/dev/null || {
		cat "$ok_dir/found"
		return 1
	}
}

# The other findings are as they were: nothing else is bad.
alone()
{
	finds "$@" && [ "$(jq '[.[] | select(.health == "bad")] | length' "$ok_dir/found")" -le 1 ]
}

text_and_json_agree()
{
	"$build/shebao" doctor >"$ok_dir/text" </dev/null && "$build/shebao" doctor --json >"$ok_dir/found" </dev/null &&
		equal "$(grep -cE '^(  |! |x )[^ ]' "$ok_dir/text")" "$(jq length "$ok_dir/found")" &&
		equal "$(grep -c '→' "$ok_dir/text")" "$(jq '[.[] | select(.health != "good")] | length' "$ok_dir/found")"
}

open_folder()
{
	mkdir -p "$SHEBAO_HOME/exports" && chmod 755 "$SHEBAO_HOME/exports" && alone state bad 5
	status=$?
	chmod 700 "$SHEBAO_HOME/exports"
	return $status
}

broken_database()
{
	cp -r "$SHEBAO_HOME" "$ok_dir/broken" && rm -f "$ok_dir/broken"/shebao.db-* &&
		printf 'this is no database, and never was one, whatever its name says........................' \
			>"$ok_dir/broken/shebao.db" && finds open bad 5 "SHEBAO_HOME=$ok_dir/broken"
}

# A file system of its own that has no room left.
full_disk()
{
	mkdir "$ok_dir/small" &&
		unshare -m sh -c "mount -t tmpfs -o size=8m none '$ok_dir/small' && mkdir -m 700 '$ok_dir/small/state' && . tests/ok.sh &&
			SHEBAO_HOME=$ok_dir/small/state '$build/shebao' doctor --json </dev/null" >"$ok_dir/found"
	jq -e 'any(.[]; .check == "disk" and .health == "bad" and .mend != "")' "$ok_dir/found"
}

clock()
{
	gcc -shared -fPIC -o "$ok_dir/clock.so" tests/scripts/clock.c -ldl &&
		alone clock bad 1 "LD_PRELOAD=$ok_dir/clock.so" CLOCK_OFF=3600 &&
		alone clock bad 1 "LD_PRELOAD=$ok_dir/clock.so" CLOCK_OFF=-600 &&
		finds clock good 0 "LD_PRELOAD=$ok_dir/clock.so" CLOCK_OFF=60
}

settings_file()
{
	mkdir -p "$ok_dir/.config/shebao" && printf '%s\n' "$1" >"$ok_dir/.config/shebao/shebao.conf" && shift && finds "$@"
	status=$?
	rm -f "$ok_dir/.config/shebao/shebao.conf"
	return $status
}

# in_terminal TERM CHECK HEALTH: script(1) is a terminal that answers nothing; keys and width.
in_terminal()
{
	TERM=$1 script -qec "stty rows ${4:-24} cols ${5:-80}; '$build/shebao' doctor >&2" /dev/null </dev/null >"$ok_dir/text" 2>&1
	grep -qE "$2" "$ok_dir/text" && grep -qE "$3" "$ok_dir/text" || {
		cat "$ok_dir/text"
		return 1
	}
}

# A real terminal answers where its cursor is.
width_is_measured()
{
	tmux -S "$ok_dir/tmux" -f /dev/null new-session -d -x 100 -y 40 "'$build/shebao' doctor; sleep 60"
	tries=0
	until tmux -S "$ok_dir/tmux" capture-pane -p | grep -qE '符号宽度：1 列'; do
		tries=$((tries + 1))
		[ "$tries" -lt 200 ] || {
			tmux -S "$ok_dir/tmux" capture-pane -p
			break
		}
		sleep 0.1
	done
	tmux -S "$ok_dir/tmux" kill-server
	[ "$tries" -lt 200 ]
}

ok 'a service' start_service
ok 'a machine that is well' finds service good 0
ok 'the versions of client and service' finds service_version good 0
ok 'the clock' finds clock good 0
ok 'files of the state' finds state good 0
ok 'text and JSON say the same' text_and_json_agree
ok 'a locale that is not there' finds locale warning 0 LC_ALL=xx_YY.UTF-8
ok 'a locale without Chinese' finds locale warning 0 LC_ALL=POSIX
ok 'a service that does not answer' alone service bad 3 SHEBAO_SERVER=http://127.0.0.1:1
ok 'a service without TLS elsewhere' finds open bad 2 SHEBAO_SERVER=http://192.0.2.1:80
ok 'a clock that is wrong' clock
ok 'a folder that others may read' open_folder
ok 'a database that is none' broken_database
ok 'a disk that is full' full_disk
ok 'no printing service' finds printers warning 0
ok 'a sandbox that is switched off' settings_file 'sandbox = no' sandbox warning 0
ok 'a terminal without some keys' in_terminal vt220 '按键：终端没有：.*F5' 'Alt'
ok 'a terminal that nobody knows' in_terminal nonsense-42 '按键：本机没有' 'ncurses-term'
ok 'a terminal that can do nothing' in_terminal dumb '终端：TERM=dumb' 'xterm'
ok 'a small window' in_terminal xterm '屏幕大小：60×20' '80×24' 20 60
ok 'the width of ambiguous characters' width_is_measured
kill "$service" 2>/dev/null
ok_done doctor

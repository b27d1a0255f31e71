#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# shebao doctor: each of its findings, with a set-up that is broken in just that way, the words of the
# mend that goes with it, and the exit status. What is called at the end must be all that there is.
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
	scripts/make-sample "$ok_dir/sample" --levies 3 >/dev/null &&
		openssl req -x509 -newkey rsa:2048 -nodes -days 30 -subj /CN=localhost -addext subjectAltName=IP:127.0.0.1 \
			-keyout "$ok_dir/key.pem" -out "$ok_dir/cert.pem" 2>/dev/null || return 1
	"$build/shebaod" --state "$ok_dir/office" --listen 127.0.0.1:0 --feedback-delay 3600000 \
		>"$ok_dir/service" 2>"$ok_dir/service.err" &
	service=$!
	tries=0
	until SHEBAO_SERVER=$(sed -n 's/^listening on //p' "$ok_dir/service") && [ -n "$SHEBAO_SERVER" ]; do
		tries=$((tries + 1))
		[ "$tries" -lt 300 ] || return 1
		sleep 0.1
	done
	export SHEBAO_SERVER
}

# mended CHECK HEALTH MEND: what is in $ok_dir/found says so, with these words for the mend ("" for
# what is good).
mended()
{
	printf '%s %s\n' "$1" "$2" >>"$ok_dir/provoked"
	jq -e --arg check "$1" --arg health "$2" --arg mend "$3" 'type == "array" and
		any(.[]; .check == $check and .health == $health and .subject != "" and .finding != "" and
			(if $mend == "" then .mend == "" else .mend | contains($mend) end))' "$ok_dir/found" >/dev/null || {
		cat "$ok_dir/found"
		return 1
	}
}

# finds CHECK HEALTH STATUS MEND [NAME=VALUE...]: with these variables.
finds()
{
	check=$1 health=$2 wanted=$3 mend=$4
	shift 4
	fails_with "$wanted" env "$@" "$program" doctor --json >"$ok_dir/found" 2>"$ok_dir/said" </dev/null || {
		cat "$ok_dir/found" "$ok_dir/said"
		return 1
	}
	mended "$check" "$health" "$mend"
}

# The other findings are as they were: nothing else is bad.
alone()
{
	finds "$@" && [ "$(jq '[.[] | select(.health == "bad")] | length' "$ok_dir/found")" -le 1 ]
}

text_and_json_agree()
{
	"$program" doctor >"$ok_dir/text" </dev/null && "$program" doctor --json >"$ok_dir/found" </dev/null &&
		equal "$(grep -cE '^(  |! |x )[^ ]' "$ok_dir/text")" "$(jq length "$ok_dir/found")" &&
		equal "$(grep -c '→' "$ok_dir/text")" "$(jq '[.[] | select(.health != "good")] | length' "$ok_dir/found")"
}

open_folder()
{
	mkdir -p "$SHEBAO_HOME/exports" && chmod 755 "$SHEBAO_HOME/exports" && alone state bad 5 'chmod go='
	status=$?
	chmod 700 "$SHEBAO_HOME/exports"
	return $status
}

broken_database()
{
	cp -r "$SHEBAO_HOME" "$ok_dir/broken" && rm -f "$ok_dir/broken"/shebao.db-* &&
		printf 'this is no database, and never was one, whatever its name says........................' \
			>"$ok_dir/broken/shebao.db" && finds open bad 5 移走 "SHEBAO_HOME=$ok_dir/broken"
}

# The first page is well, so it can be opened; one behind it is not.
damaged_database()
{
	cp -r "$SHEBAO_HOME" "$ok_dir/damaged" && sqlite3 "$ok_dir/damaged/shebao.db" 'PRAGMA wal_checkpoint(TRUNCATE)' >/dev/null &&
		size=$(sqlite3 "$ok_dir/damaged/shebao.db" 'PRAGMA page_size') &&
		index=$(sqlite3 "$ok_dir/damaged/shebao.db" "SELECT max(rootpage) FROM sqlite_master") &&
		printf '\377\377\377\377\377\377\377\377' | dd of="$ok_dir/damaged/shebao.db" bs=1 conv=notrunc \
			seek=$(((index - 1) * size)) 2>/dev/null &&
		finds database bad 5 移走 "SHEBAO_HOME=$ok_dir/damaged"
}

# A file system of its own that has no room left.
full_disk()
{
	mkdir "$ok_dir/small" &&
		unshare -m sh -c "mount -t tmpfs -o size=8m none '$ok_dir/small' && mkdir -m 700 '$ok_dir/small/state' && . tests/ok.sh &&
			SHEBAO_HOME=$ok_dir/small/state '$program' doctor --json </dev/null" >"$ok_dir/found"
	mended disk bad 磁盘空间不足
}

# The machine's settings, in an /etc of their own, for everybody to write.
open_settings()
{
	unshare -m sh -c "cp -a /etc '$ok_dir/etc' && mount --bind '$ok_dir/etc' /etc && mkdir -p /etc/shebao &&
		: >/etc/shebao/shebao.conf && chmod 666 /etc/shebao/shebao.conf && '$program' doctor --json </dev/null" >"$ok_dir/found"
	mended settings bad 'chmod 644'
}

clock()
{
	alone clock bad 1 timedatectl "LD_PRELOAD=$ok_dir/off.so" CLOCK_OFF=3600 &&
		alone clock bad 1 timedatectl "LD_PRELOAD=$ok_dir/off.so" CLOCK_OFF=-600 &&
		finds clock good 0 '' "LD_PRELOAD=$ok_dir/off.so" CLOCK_OFF=60
}

settings_file()
{
	mkdir -p "$ok_dir/.config/shebao" && printf '%b' "$1" >"$ok_dir/.config/shebao/shebao.conf" && shift && "$@"
	status=$?
	rm -f "$ok_dir/.config/shebao/shebao.conf"
	return $status
}

# The same client, but for the number of its version.
other_version()
{
	version=$("$program" --version | grep -oE '[0-9]+\.[0-9]+\.[0-9]+' | head -n 1)
	LC_ALL=C sed "s/$version/9.9.9/g" "$build/shebao" >"$ok_dir/other" && chmod 755 "$ok_dir/other" &&
		program=$ok_dir/other finds service_version warning 0 更新
}

# A service whose certificate no authority vouches for, and one whose key others can read.
tls_service()
{
	"$build/shebaod" --state "$ok_dir/tls" --listen 127.0.0.1:0 --tls-cert "$ok_dir/cert.pem" --tls-key "$ok_dir/key.pem" \
		>"$ok_dir/tls.out" 2>&1 &
	tls=$!
	tries=0
	until secure=$(sed -n 's/^listening on //p' "$ok_dir/tls.out") && [ -n "$secure" ]; do
		tries=$((tries + 1))
		[ "$tries" -lt 300 ] || return 1
		sleep 0.1
	done
}
open_key()
{
	cp "$ok_dir/key.pem" "$ok_dir/open.pem" && chmod 644 "$ok_dir/open.pem" &&
		settings_file "ca_file = $ok_dir/cert.pem\nclient_cert = $ok_dir/cert.pem\nclient_key = $ok_dir/open.pem\n" \
			finds tls warning 0 'chmod go=' "SHEBAO_SERVER=$secure"
}

# As somebody who may lock nothing, with a folder of his own.
no_locked_memory()
{
	mkdir -m 700 "$ok_dir/nobody" && chown nobody "$ok_dir/nobody" && chmod 755 "$ok_dir" &&
		install -m 755 "$build/shebao" "$ok_dir/client" &&
		prlimit --memlock=0:0 setpriv --reuid=nobody --regid=nogroup --clear-groups env "SHEBAO_HOME=$ok_dir/nobody/state" \
			"$ok_dir/client" doctor --json >"$ok_dir/found" </dev/null
	mended memory warning memlock
}

core_dumps()
{
	(ulimit -c unlimited && finds core warning 0 'ulimit -c 0' "LD_PRELOAD=$ok_dir/off.so" LIMITS_OFF=1)
}

unknown_outcome()
{
	for what in employer:units levy:levies; do
		"$build/shebaoctl" --token-file "$ok_dir/office/admin.token" "${what%:*}" import "$ok_dir/sample/${what#*:}.csv" >/dev/null || return 1
	done
	printf '%s\n' 048857 Qianhu-2020 | "$program" unit add 91520100770598600Y --password-fd 0 --new-password-fd 0 >/dev/null &&
		"$program" declare --all --period 2020-06 --wait 0 >/dev/null
	finds operations warning 0 'shebao pending'
}

# in_terminal TERM CHECK HEALTH MEND [LINES COLUMNS]: script(1) is a terminal that says what stands on
# its standard input. The terminal is asked in between, so the records are picked out.
in_terminal()
{
	TERM=$1 script -qec "stty rows ${5:-24} cols ${6:-80}; '$program' doctor --json" /dev/null >"$ok_dir/text" 2>&1
	grep -oE '\{"check":.*\}' "$ok_dir/text" | jq -s . >"$ok_dir/found"
	mended "$2" "$3" "$4"
}

# A terminal that draws the arrow two columns wide says that its cursor stands in the third.
wide_terminal()
{
	(while printf '\033[1;3R' 2>/dev/null; do
		sleep 0.1
	done) | in_terminal xterm width warning 'ascii = yes'
}

# A real terminal answers where its cursor is.
width_is_measured()
{
	tmux -S "$ok_dir/tmux" -f /dev/null new-session -d -x 100 -y 40 "'$program' doctor; sleep 60"
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

# Every finding but that of the version, which only tells, was broken above.
all_were_provoked()
{
	{
		grep -oE '^	\{ "[a-z_]+", N_\(' src/app/app_doctor.c | cut -d'"' -f2
		grep -ohE '\.check = "[a-z_]+"' src/screen/screen_examine.c src/cli/cli_care.c | cut -d'"' -f2
	} | grep -vx 'version' | sort -u >"$ok_dir/checks"
	[ -s "$ok_dir/checks" ] && awk '$2 != "good" { print $1 }' "$ok_dir/provoked" | sort -u >"$ok_dir/seen" &&
		equal "$(cat "$ok_dir/seen")" "$(cat "$ok_dir/checks")"
}

program=$build/shebao
ok 'what makes a machine worse' gcc -shared -fPIC -o "$ok_dir/off.so" tests/scripts/off.c -ldl
ok 'a service' start_service
ok 'a machine that is well' finds service good 0 ''
for check in version locale service_version clock state settings disk database tls core sandbox memory operations; do
	ok "of a machine that is well: $check" mended "$check" good ''
done
ok 'text and JSON say the same' text_and_json_agree
ok 'a locale that is not there' finds locale warning 0 locale-gen LC_ALL=xx_YY.UTF-8
ok 'a locale without Chinese' finds locale warning 0 LANG=C.UTF-8 LC_ALL=POSIX
ok 'a service that does not answer' alone service bad 3 SHEBAO_SERVER SHEBAO_SERVER=http://127.0.0.1:1
ok 'a service without TLS elsewhere' finds open bad 2 设置 SHEBAO_SERVER=http://192.0.2.1:80
ok 'a client of another version' other_version
ok 'a clock that is wrong' clock
ok 'a folder that others may read' open_folder
ok 'settings of the machine that all may write' open_settings
ok 'a database that is none' broken_database
ok 'a database with a damaged page' damaged_database
ok 'a disk that is full' full_disk
ok 'no printing service' finds printers warning 0 发送到
ok 'a service with TLS' tls_service
ok 'whose certificate nobody vouches for' finds tls bad 3 ca_file "SHEBAO_SERVER=$secure"
ok 'a key that others can read' open_key
ok 'core dumps that cannot be switched off' core_dumps
ok 'memory that cannot be locked' no_locked_memory
ok 'a sandbox that is switched off' settings_file 'sandbox = no\n' finds sandbox warning 0 'sandbox = no'
ok 'a terminal without some keys' in_terminal vt220 keys warning Alt </dev/null
ok 'a terminal that nobody knows' in_terminal nonsense-42 keys warning ncurses-term </dev/null
ok 'a terminal that can do nothing' in_terminal dumb terminal warning xterm </dev/null
ok 'a small window' in_terminal xterm size warning '80×24' 20 60 </dev/null
ok 'a terminal with wide arrows' wide_terminal
ok 'the width of ambiguous characters' width_is_measured
ok 'an operation whose outcome is not known' unknown_outcome
ok 'every finding was provoked' all_were_provoked
kill "$service" "$tls" 2>/dev/null
ok_done doctor

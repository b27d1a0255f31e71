#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# many_host.sh BUILD COUNT SESSIONS FIGURES: a machine of its own (tests/machine.sh) with COUNT clerks
# who have shebao as their login shell. All of them come through one sshd, stand at their first screen,
# then all log in at once by the command line. Writes `NAME NUMBER` lines into FIGURES (many.sh says
# what they have to be). SESSIONS is the program made of sessions.c.
# shellcheck disable=SC2086,SC2154
set -u
. tests/machine.sh
count=$2 sessions=$3 figures=$4
first_uid=20001
LC_ALL=C.UTF-8
export LC_ALL

make_clerks()
{
	groupadd shebao-clerks && gid=$(getent group shebao-clerks | cut -d: -f3) || return 1
	seq "$count" | awk -v gid="$gid" -v uid="$first_uid" -v shell="$program" '{
		printf "clerk%d:x:%d:%d::/home/clerk%d:%s\n", $1, uid + $1 - 1, gid, $1, shell >>"/etc/passwd"
		printf "clerk%d:*:20000:0:99999:7:::\n", $1 >>"/etc/shadow"
	}'
	for number in $(seq "$count"); do
		mkdir -m 700 "/home/clerk$number" && chown "$((first_uid + number - 1)):$gid" "/home/clerk$number" || return 1
	done
	cp "$ok_dir/key.pub" /etc/ssh/clerks.pub
}

say()
{
	printf '%s %s\n' "$1" "$2" >>"$figures"
}

# Lines `PID UID NAME` of the clerks' processes. There are no others' in this namespace.
clerks_processes()
{
	cat /proc/[0-9]*/status 2>/dev/null | awk -v from="$first_uid" '/^Name:/ { name = $2 } /^Pid:/ { pid = $2 }
		/^Uid:/ && $2 >= from && $2 < from + 1000 { print pid, $2, name }'
}

# memory NAME: PSS in KiB of each clerk's processes of that name, with what they have started; one
# a line.
memory()
{
	clerks_processes | while read -r pid uid name; do
		[ "$name" != "$1" ] || awk -v uid="$uid" '/^Pss:/ { print uid, $2 }' "/proc/$pid/smaps_rollup"
	done | awk '{ sum[$1] += $2 } END { for (uid in sum) print sum[uid] }' | sort -n
}

# Lines `PID TICKS WAKES` of the clients: processor time, and how often they have waited for something
# and gone on, in all threads. Ticks are a sample, wakes are counted.
activity()
{
	clerks_processes | while read -r pid uid name; do
		[ "$name" != shebao ] || awk -v pid="$pid" 'FILENAME ~ /stat$/ { ticks = $14 + $15 }
			/^voluntary_ctxt_switches:/ { wakes += $2 } END { print pid, ticks, wakes }' \
			"/proc/$pid/stat" "/proc/$pid"/task/*/status
	done
}

# Five seconds in which nobody types; said are those of the last of three tries, for a client may still
# be busy with its beginning on a loaded machine.
be_idle()
{
	for _ in 1 2 3; do
		sleep 2
		activity >"$ok_dir/before"
		sleep 5
		activity >"$ok_dir/after"
		awk 'NR == FNR { ticks[$1] = $2; wakes[$1] = $3; start += $3; next }
			$1 in ticks { n++; t += $2 - ticks[$1]; w += $3 - wakes[$1]; busy += $2 > ticks[$1] || $3 > wakes[$1] }
			END { print "start_wakes", start + 0; print "idle_processes", n + 0; print "idle_ticks", t + 0
				print "idle_wakes", w + 0; print "idle_busy", busy + 0 }' \
			"$ok_dir/before" "$ok_dir/after" >"$ok_dir/idle"
		! grep -q '^idle_busy 0$' "$ok_dir/idle" || break
	done
	cat "$ok_dir/idle" >>"$figures"
}

stand_at_first_screen()
{
	mkfifo "$ok_dir/hold"
	"$sessions" "$count" 使用引导 $((60 + 2 * count)) ssh $ssh_options -tt clerk@@@127.0.0.1 \
		<"$ok_dir/hold" >>"$figures" 2>&1 &
	terminals=$!
	exec 9>"$ok_dir/hold"
	until grep -q '^all ' "$figures" || ! kill -0 "$terminals"; do
		sleep 0.2
	done
	memory shebao >"$ok_dir/pss"
	say clients "$(wc -l <"$ok_dir/pss")"
	awk '{ sum += $1 } END { printf "pss_mean %d\npss_most %d\n", sum / NR, $1 }' "$ok_dir/pss" >>"$figures"
	memory sshd | awk '{ sum += $1 } END { printf "sshd_pss_mean %d\n", sum / NR }' >>"$figures"
	be_idle
	exec 9>&-
	wait "$terminals"
}

# Each with a folder of its own; the password comes by a descriptor that only root could open.
log_in()
{
	setpriv --reuid="$((first_uid + $1 - 1))" --regid="$gid" --clear-groups env -i LANG=C.UTF-8 HOME="/home/clerk$1" \
		SHEBAO_HOME="/home/clerk$1/command" "$program" unit add "$employer" --password-fd 0 <"$ok_dir/password" \
		>"$ok_dir/login.$1" 2>&1 && echo "$1" >>"$ok_dir/logged-in"
}

log_in_all()
{
	printf '%s\n' 048857 Qianhu-2020 | (cd / && SHEBAO_HOME=/home/first "$program" unit add "$employer" \
		--password-fd 0 --new-password-fd 0) >/dev/null || return 1
	printf 'Qianhu-2020\n' >"$ok_dir/password"
	: >"$ok_dir/logged-in"
	began=$(date +%s%N)
	pids=
	for number in $(seq "$count"); do
		log_in "$number" &
		pids="$pids $!"
	done
	wait $pids
	say login_all "$((($(date +%s%N) - began) / 1000000))"
	say logged_in "$(wc -l <"$ok_dir/logged-in")"
	say office_most "$(awk '/^VmHWM:/ { print $2 }' "/proc/$office/status")"
	for number in $(seq "$count"); do
		grep -qx "$number" "$ok_dir/logged-in" || sed "s/^/login $number: /" "$ok_dir/login.$number"
	done | head -n 20 >"$figures.refused"
}

: >"$figures"
for step in make_machine make_clerks "start_sshd 22 AuthorizedKeysFile=/etc/ssh/clerks.pub" \
	"start_office --levies 50" stand_at_first_screen log_in_all; do
	$step || {
		echo "failed: $step"
		exit 1
	}
done

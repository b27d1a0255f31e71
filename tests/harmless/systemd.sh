# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=sh disable=SC2154,SC2016
# The service under a real systemd, on a machine of its own: it starts, is confined as its unit says,
# comes back when it is killed, and stops cleanly.

machine=$dir/machine
mkdir "$machine"
unshare -f -m -p -n -u -i -C --kill-child "$here/systemd_host.sh" "$BUILD" "$machine" >"$dir/machine.log" 2>&1 </dev/null &
host=$!

# on COMMAND...: on that machine
on()
{
	first=$(pgrep -P "$host") && timeout 60 nsenter -t "$first" -m -p -n -u -i -C chroot "/proc/$first/root" "$@"
}
machine_runs()
{
	on systemctl is-system-running | grep -qx 'running\|degraded'
}
property()
{
	on systemctl show -P "$1" shebaod
}
# of_service COMMAND...: with the files as the service sees them
of_service()
{
	on nsenter -t "$(property MainPID)" -m -r "$@"
}
confined()
{
	on sh -c 'for pid in $(pgrep -x shebaod); do cat /proc/$pid/status; done' >"$dir/status"
	equal "$(awk '/^Uid:/ && $2 > 0 && $2 == $3 && $3 == $4 { n++ } /^CapEff:|^CapBnd:/ && $2 == "0000000000000400" { n++ }
		/^NoNewPrivs:/ && $2 == 1 { n++ } /^Seccomp:/ && $2 == 2 { n++ } END { print n / 5 }' "$dir/status")" 2
}
exposure_is_low()
{
	on systemd-analyze security shebaod --no-pager | tail -n 1 >"$dir/said"
	cat "$dir/said"
	grep -qE 'level for shebaod.service: (1\.[0-9]|2\.0|0\.[0-9]) ' "$dir/said"
}
restarted()
{
	[ "$(property NRestarts)" = 1 ] && [ "$(property ActiveState)" = active ] && answers
}
answers()
{
	on curl -sf http://127.0.0.1:8600/healthz | grep -q ok
}
audited()
{
	on shebaoctl --token-file /var/lib/shebaod/admin.token audit
}

ok 'a machine with systemd as its first process' await 120 machine_runs || cat "$dir/machine.log"
ok 'the unit is well-formed' on systemd-analyze verify --man=no shebaod.service
ok 'exposed at most by 2.0' exposure_is_low
ok 'the service starts and says that it is ready' on systemctl start shebaod
ok 'it answers' answers
ok 'both of its processes are confined: user, capabilities, privileges, system calls' confined
ok 'its state is its own' equal "$(on stat -c '%a %U' /var/lib/shebaod)" '700 shebaod'
ok 'and what is in it' equal "$(on find /var/lib/shebaod -type f ! -perm 600)" ''
ok 'it sees no homes' equal "$(of_service ls -A /home /root 2>/dev/null | grep -v ':$' | grep .)" ''
for place in /etc /usr /boot /var/log /dev; do
	ok "it cannot write into $place" fails of_service touch "$place/written"
done
ok 'officers can do their work' audited
ok 'it takes new settings' on systemctl reload shebaod
on systemctl kill -s KILL --kill-who=main shebaod
ok 'killed, it comes back by itself' await 60 restarted
ok 'with books that hold' audited
ok 'it stops when asked' on systemctl stop shebaod
ok 'cleanly' equal "$(property ActiveState) $(property Result)" 'inactive success'
kill -s KILL "$host" 2>/dev/null
wait "$host" 2>/dev/null
# Its control groups stand in that of this script, and can be removed when its processes are gone.
groups_are_gone()
{
	awk -F: '$2 == "name=systemd" { print "/sys/fs/cgroup/systemd" $3 } $1 == 0 { print "/sys/fs/cgroup" $3; print "/sys/fs/cgroup/unified" $3 }' \
		/proc/self/cgroup | while read -r group; do
		find "$group/init.scope" "$group/system.slice" -depth -type d -exec rmdir {} \; 2>/dev/null
		[ ! -e "$group/init.scope" ] && [ ! -e "$group/system.slice" ] || return 1
	done
}
ok 'nothing of it stays behind' await 30 groups_are_gone

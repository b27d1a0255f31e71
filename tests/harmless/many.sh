# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=sh disable=SC2154
# Everybody at half past eight: MANY clerks (20, make torture: 300) through one sshd at their first
# screens, and all their log-ins at once.

many=${MANY:-20}
figures=$dir/figures
# In KiB: what a client may take, and the service, which checks few passwords of 64 MiB at a time.
client_most=10240 office_most=262144

figure()
{
	awk -v name="$1" '$1 == name { print $2 }' "$figures"
}
at_most()
{
	[ "$1" -le "$2" ] || {
		echo "$1 is more than $2"
		return 1
	}
}
ok 'the terminals build' "${CC:-cc}" -O1 -o "$dir/sessions" "$here/sessions.c" -lutil
ok "a machine with $many clerks" tests/harmless/many_host.sh "$BUILD" "$many" "$dir/sessions" "$figures"
printf 'many: '
tr '\n' ' ' <"$figures"
echo
ok "$many stand at their first screen" equal "$(figure shown)" "$many"
ok "$many are there to be measured" equal "$(figure clients)" "$many"
ok 'each takes 10 MiB at most' at_most "$(figure pss_most)" "$client_most"
ok 'all of them are looked at for five seconds' test "$(figure idle_processes)" -ge "$many"
ok 'wakes are counted: to start took some of each' test "$(figure start_wakes)" -ge "$many"
ok 'where nobody types next to no client wakes up' at_most "$(figure idle_busy)" $((many / 20))
all_logged_in()
{
	cat "$figures.refused"
	equal "$(figure logged_in)" "$many"
}
ok "$many log in at once" all_logged_in
ok 'the service stays within its memory meanwhile' at_most "$(figure office_most)" "$office_most"

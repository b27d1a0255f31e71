#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# scripts/test itself, in a small tree of its own: it must never pass what did not pass.
set -u
. tests/ok.sh
tree=$ok_dir/tree

# A tree where everything passes: 3 in daemon, once for each flavour, and four steps around it.
fresh()
{
	rm -rf "$tree"
	mkdir -p "$tree/scripts" "$tree/tests/daemon"
	cp scripts/test "$tree/scripts/"
	printf '#!/bin/sh\nexit 0\n' >"$tree/scripts/bootstrap"
	printf '%%:\n\t@true\n' >"$tree/Makefile"
	chmod +x "$tree/scripts/bootstrap"
	daemon_run 'echo "daemon: 3 passed, 0 failed"'
}

daemon_run()
{
	printf '#!/bin/sh\n%s\n' "$1" >"$tree/tests/daemon/run"
	chmod +x "$tree/tests/daemon/run"
}

# sums STATUS LINE PART...: exit status and last line of a run.
sums()
{
	wanted=$1 line=$2
	shift 2
	status=0
	"$tree/scripts/test" "$@" >"$ok_dir/out" 2>&1 || status=$?
	cat "$ok_dir/out"
	[ "$status" -eq "$wanted" ] && [ "$(tail -n 1 "$ok_dir/out")" = "$line" ]
}

with_daemon_run()
{
	fresh
	daemon_run "$1"
	shift
	sums "$@" daemon
}

passing()
{
	fresh
	sums 0 'tests: 9 passed, 0 failed' daemon
}

missing_part()
{
	fresh
	rm "$tree/tests/daemon/run"
	sums 1 'tests: 3 passed, 2 failed' daemon
}

missing_packages()
{
	fresh
	printf '#!/bin/sh\nexit 1\n' >"$tree/scripts/bootstrap"
	sums 1 'tests: 8 passed, 1 failed' daemon
}

broken_build()
{
	fresh
	printf 'all test-programs:\n\t@false\n' >"$tree/Makefile"
	sums 1 'tests: 7 passed, 2 failed' daemon
}

ok 'passing parts add up' passing
ok 'a failure is counted' with_daemon_run 'echo "daemon: 2 passed, 1 failed"; exit 1' 1 'tests: 7 passed, 2 failed'
ok 'an exit status that is not 0 is a failure whatever the line says' \
	with_daemon_run 'echo "daemon: 3 passed, 0 failed"; exit 1' 1 'tests: 9 passed, 2 failed'
ok 'a part without its last line is a failure' with_daemon_run 'exit 0' 1 'tests: 3 passed, 2 failed'
ok 'a part that is not there is a failure' missing_part
ok 'a missing package is a failure' missing_packages
ok 'a build that fails is a failure' broken_build
fresh
ok 'a part nobody knows is wrong usage' fails_with 2 "$tree/scripts/test" nonsense
ok_done runner

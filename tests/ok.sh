# SPDX-License-Identifier: GPL-3.0-or-later
# ok.sh: what the shell tests share; sourced with `. tests/ok.sh` from the top of the tree.
# A test is one line, `ok SENTENCE COMMAND...`: it passes when the command's status is 0, and what
# the command said is shown when it is not. The script ends with `ok_done NAME`, which prints
# `NAME: N passed, N failed` and exits 0 only if something passed and nothing failed.
ok_passed=0
ok_failed=0
ok_dir=$(mktemp -d)
trap 'rm -rf "$ok_dir"' EXIT
trap 'exit 1' HUP INT TERM

ok()
{
	ok_name=$1
	shift
	if "$@" >"$ok_dir/said" 2>&1; then
		ok_passed=$((ok_passed + 1))
	else
		ok_failed=$((ok_failed + 1))
		printf 'not ok: %s\n' "$ok_name"
		sed 's/^/    /' "$ok_dir/said"
	fi
}

# The command must fail.
fails()
{
	if "$@"; then
		return 1
	fi
	return 0
}

# fails_with STATUS COMMAND...: it must end with exactly this exit status.
fails_with()
{
	ok_wanted=$1
	shift
	ok_status=0
	"$@" || ok_status=$?
	[ "$ok_status" -eq "$ok_wanted" ] || {
		printf 'exit status %s, expected %s\n' "$ok_status" "$ok_wanted"
		return 1
	}
}

# equal ACTUAL EXPECTED
equal()
{
	[ "$1" = "$2" ] || {
		printf 'is        %s\nexpected  %s\n' "$1" "$2"
		return 1
	}
}

ok_done()
{
	printf '%s: %d passed, %d failed\n' "$1" "$ok_passed" "$ok_failed"
	[ "$ok_failed" -eq 0 ] && [ "$ok_passed" -gt 0 ] || exit 1
	exit 0
}

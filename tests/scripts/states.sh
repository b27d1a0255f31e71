# SPDX-License-Identifier: GPL-3.0-or-later
# The manual page of the states is what the program prints.
. tests/ok.sh
BUILD=${BUILD:-build/release}
page_is_current()
{
	scripts/make-states-page "$BUILD/shebao" | diff -u man/shebao-states.7 -
}
chinese_page_is_current()
{
	scripts/make-states-page "$BUILD/shebao" zh | diff -u man/zh_CN/shebao-states.7 -
}
# Every error that a program can end with, by its name and number, stands in the page.
errors_are_there()
{
	sed -n 's/.*= { "\([a-z_]*\)", *\([0-9]*\),.*/\1 \2/p' src/base/err.c >"$ok_dir/errors"
	[ "$(wc -l <"$ok_dir/errors")" -gt 30 ] || return 1
	while read -r name number; do
		[ "$name" = none ] || grep -qE "^  (\\[$number\\]|\\\\-|-) +$name " man/shebao-states.7 || {
			echo "$name $number"
			return 1
		}
	done <"$ok_dir/errors"
}
ok "the Chinese shebao-states(7) is, too" chinese_page_is_current
ok "all errors stand in it" errors_are_there
ok "shebao-states(7) is printed from the tables" page_is_current
ok_done states

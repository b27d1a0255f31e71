# SPDX-License-Identifier: GPL-3.0-or-later
# The manual page of the states is what the program prints.
. tests/ok.sh
BUILD=${BUILD:-build/release}
page_is_current()
{
	scripts/make-states-page "$BUILD/shebao" | diff -u man/shebao-states.7 -
}
ok "shebao-states(7) is printed from the tables" page_is_current
ok_done states

#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# The manual page of the protocol is what the program prints.
. tests/ok.sh
BUILD=${BUILD:-build/release}
page_is_current()
{
	scripts/make-api-page "$BUILD/shebaod" | diff -u man/shebao-api.7 -
}
ok "shebao-api(7) is printed from the tables" page_is_current
ok_done api

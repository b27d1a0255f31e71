# SPDX-License-Identifier: GPL-3.0-or-later
# The manual page of the keys is what the program prints, and every action has a key without letters.
. tests/ok.sh
BUILD=${BUILD:-build/release}
page_is_current()
{
	scripts/make-keys-page "$BUILD/shebao" | diff -u man/shebao-keys.7 -
}
# What only a letter reaches is named here: both are in the palette, and the menu goes there, too.
no_letter_alone()
{
	"$BUILD/shebao" --lang zh --print-tables | awk '
		/^keys / { on = 1; next }
		/^$/ { on = 0 }
		on {
			split(substr($0, 3), part, "  ")
			n++
			if (part[1] ~ /^[a-z]( [a-z])*$/ && part[2] !~ /^(切换单位|更换地区):/) {
				print
				bad++
			}
		}
		END { exit bad > 0 || n < 20 }'
}
chinese_page_is_current()
{
	scripts/make-keys-page "$BUILD/shebao" zh | diff -u man/zh_CN/shebao-keys.7 -
}
ok "the Chinese shebao-keys(7) is, too" chinese_page_is_current
ok "shebao-keys(7) is printed from the rows of the screens" page_is_current
ok "every action has a key that is not a letter" no_letter_alone
ok_done keys

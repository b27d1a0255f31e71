#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# The manual pages against the programs' own help: neither names a command or an option that the
# other does not.
set -u
. tests/ok.sh
build=${BUILD:-build/release}

# Options of a page, as words with two dashes.
page_options()
{
	grep -oE '(Fl|Xo|,) -[a-z][a-z-]*|Fl -[a-z][a-z-]*' "$1" | sed 's/^[^-]*-/--/' | sort -u
}

help_options()
{
	grep -oE -- '--[a-z][a-z-]*' "$1" | sort -u
}

# Commands: what stands after `.It Ic`, up to the first macro; first column of the help.
page_commands()
{
	sed -n 's/^\.It Ic \([a-z][a-z -]*[a-z]\).*/\1/p' "$1" | sort -u
}

help_commands()
{
	sed -n '/^  [a-z]/{s/^  \([a-z][a-z-]*\( [a-z][a-z-]*\)\{0,1\}\)\( .*\)\{0,1\}$/\1/p;}' "$1" | sort -u
}

same()
{
	diff "$1" "$2" >"$ok_dir/diff" || {
		printf '(< only in %s, > only in %s)\n' "$3" "$4"
		cat "$ok_dir/diff"
		return 1
	}
}

# The help of the program and of each of its commands in one file.
whole_help()
{
	"$build/$1" --help >"$ok_dir/help" || return 1
	cp "$ok_dir/help" "$ok_dir/all"
	[ "$1" = shebaod ] && return 0
	help_commands "$ok_dir/help" >"$ok_dir/commands"
	[ -s "$ok_dir/commands" ] || return 1
	while read -r words; do
		# shellcheck disable=SC2086
		"$build/$1" $words --help >>"$ok_dir/all" </dev/null || return 1
	done <"$ok_dir/commands"
}

options_agree()
{
	whole_help "$1" || return 1
	help_options "$ok_dir/all" >"$ok_dir/of_help"
	page_options "$2" >"$ok_dir/of_page"
	[ -s "$ok_dir/of_help" ] && same "$ok_dir/of_page" "$ok_dir/of_help" "$2" "$1 --help"
}

commands_agree()
{
	whole_help "$1" || return 1
	page_commands "$2" >"$ok_dir/of_page"
	same "$ok_dir/of_page" "$ok_dir/commands" "$2" "$1 --help"
}

# The Chinese pages of the programs are printed from their help: valid, and with all that it names.
chinese_pages()
{
	mkdir -p "$ok_dir/zh"
	for page in shebao.1 shebaoctl.8 shebaod.8; do
		scripts/make-command-page "$build" "${page%.*}" >"$ok_dir/zh/$page" &&
			mandoc -Tlint -Wwarning "$ok_dir/zh/$page" && options_agree "${page%.*}" "$ok_dir/zh/$page" || return 1
		[ "$page" = shebaod.8 ] || commands_agree "${page%.*}" "$ok_dir/zh/$page" || return 1
	done
}

# Every page is there in both languages; what is only English is for who writes programs.
both_languages()
{
	for page in man/*.[1-8]; do
		[ "$page" = man/shebao-api.7 ] || [ -f "man/zh_CN/${page#man/}" ] || [ -f "man/zh_CN/$(basename "${page%.*}").tail" ] || {
			echo "$page"
			return 1
		}
	done
}

# The guide has all items of the menu, by their digits, in both languages; the client shows it.
guide()
{
	scripts/make-guide-text | cmp - src/screen/guide_text.h || return 1
	"$build/shebao" --lang zh --print-tables | awk '/^screens/ { on = 1; next } /^$/ { on = 0 } on && $1 > 9 { print $1 }' >"$ok_dir/codes"
	[ "$(wc -l <"$ok_dir/codes")" -ge 18 ] || return 1
	while read -r code; do
		for page in man/shebao-guide.7 man/zh_CN/shebao-guide.7; do
			grep -qE "^\.Ss .*[（( 、]$code[)）、,]" "$page" || {
				echo "$page: $code"
				return 1
			}
		done
	done <"$ok_dir/codes"
}

# Columns of the files that are imported: those of the sample, which the programs take.
file_columns()
{
	scripts/make-sample "$ok_dir/sample" >/dev/null || return 1
	for file in units levies agreements accounts bank; do
		for column in $(head -n 1 "$ok_dir/sample/$file.csv" | tr ',' ' '); do
			for page in man/shebao-files.5 man/zh_CN/shebao-files.5; do
				sed -n "/Pa $file.csv/,/^\\.It Pa/p" "$page" | grep -qwE -- "$column" || {
					echo "$page: $file.csv: $column"
					return 1
				}
			done
		done
	done
}

# Keys of the configuration: both pages have those of the table.
conf_keys()
{
	sed -n 's/^	\(TEXT\|WORD\|NUMBER\|BOOL\)(\([a-z_]*\),.*/\2/p' src/app/app_settings.c | sort >"$ok_dir/table"
	[ "$(wc -l <"$ok_dir/table")" -ge 14 ] || return 1
	for page in man/shebao.conf.5 man/zh_CN/shebao.conf.5; do
		sed -n '/^\.Sh \(KEYS\|设置\)/,/^\.Sh \(EX\|另\)/s/^\.It Ic //p' "$page" | tr -d ' ' | tr ',' '\n' | sort |
			diff "$ok_dir/table" - || return 1
	done
}

ok 'the Chinese pages are printed from the help' chinese_pages
ok 'every page is there in both languages' both_languages
ok 'the guide has every item of the menu, and the client has the guide' guide
ok 'shebao-files(5) has the columns of the files' file_columns
ok 'shebao.conf(5) has the keys of the table' conf_keys
ok 'shebaod(8) has the options of shebaod --help' options_agree shebaod man/shebaod.8
ok 'shebaoctl(8) has the options of shebaoctl --help' options_agree shebaoctl man/shebaoctl.8
ok 'shebaoctl(8) has the commands of shebaoctl --help' commands_agree shebaoctl man/shebaoctl.8
ok 'shebao(1) has the options of shebao --help' options_agree shebao man/shebao.1
ok 'shebao(1) has the commands of shebao --help' commands_agree shebao man/shebao.1
# Every key of the page is one that the program takes (with the value its type asks for), and a
# key that is not there is refused.
config()
{
	mkdir -p "$ok_dir/config/shebao"
	printf '%s\n' "$1" >"$ok_dir/config/shebao/shebao.conf"
	XDG_CONFIG_HOME=$ok_dir/config SHEBAO_HOME=$ok_dir/home "$build/shebao" unit list --json </dev/null
}

keys_agree()
{
	keys=$(sed -n '/^\.Sh KEYS/,/^\.Sh EXAMPLES/s/^\.It Ic //p' man/shebao.conf.5 | tr -d ',')
	[ -n "$keys" ] || return 1
	for key in $keys; do
		case $key in
		ascii | color | sandbox | kiosk) value=yes ;;
		idle_lock_minutes | idle_lock_seconds | slow_line | ambiguous_width) value=1 ;;
		lang) value=zh ;;
		server) value=http://127.0.0.1:1 ;;
		*) value= ;;
		esac
		config "$key = $value" || return 1
	done
}

ok 'the keys of shebao.conf(5) are taken' keys_agree
ok 'a key that is not in shebao.conf(5) is refused' fails_with 2 config 'colour = yes'
ok_done manual

#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# The English catalogue against the texts in the source, and that its check can fail.
. tests/ok.sh
dir=$ok_dir/tree

# A tree in miniature with one text and its translation.
tree()
{
	rm -rf "$dir"
	mkdir -p "$dir/src/lang" "$dir/include" "$dir/scripts"
	cp scripts/make-catalogue scripts/check-catalogue "$dir/scripts/"
	printf 'const char *f(void)\n{\n\treturn %s;\n}\n' "$1" >"$dir/src/one.c"
	{
		sed -n '1,/^$/p' src/lang/en.po
		printf 'msgid "%s"\nmsgstr "%s"\n' "$2" "$3"
	} >"$dir/src/lang/en.po"
}

check()
{
	"$dir/scripts/check-catalogue"
}

translated_at_run_time()
{
	[ -x "$1/shebao" ] || return 0
	equal "$(LANG=en_US.UTF-8 "$1/shebao" --help | grep -c '^usage: ')" 1 &&
		equal "$(LANG=zh_CN.UTF-8 "$1/shebao" --help | grep -c '^用法')" 1
}

said_table_is_current()
{
	scripts/make-said-table | cmp - src/core/said_table.h
}

ok "the table of what the service says is that of the source" said_table_is_current
ok "every text of the source is translated, formats agree, none escapes" scripts/check-catalogue
tree '_("共 %d 条")' '共 %d 条' '%d rows'
ok "a complete catalogue passes" check
tree '_("共 %d 条")' '共 %d 条' ''
ok "a text without translation is found" fails check
tree '_("共 %d 条")' '共 %d 条' '%s rows'
ok "a translation with another format is found" fails check
tree 'N_("按 %d")' '按 %d' 'press'
ok "a translation that lost its argument is found" fails check
tree '_("共 %d 条")' '没有' 'none'
ok "a text that is not in the catalogue is found" fails check
tree '_("没有") "存在"' '没有' 'none'
ok "a text outside _( ) is found" fails check
tree '_("没有")' '没有' 'none'
ok "bringing a catalogue up to date keeps what is translated" "$dir/scripts/make-catalogue"
ok "and it still passes" check
for build in build/*/; do
	ok "programs of ${build%/} find their catalogue" translated_at_run_time "${build%/}"
done
ok_done catalogue

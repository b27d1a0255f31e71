#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# The checks of the tree itself: each must accept a good file and refuse each kind of bad one.
set -u
. tests/ok.sh
tree=$ok_dir/tree
spdx='/* SPDX-License-Identifier: GPL-3.0-or-later */'

# A tree with public headers of core, app and seal, a private one of tui, and one good source.
fresh()
{
	rm -rf "$tree"
	mkdir -p "$tree/include/shebao" "$tree/src/core" "$tree/src/app" "$tree/src/tui" "$tree/tests" "$tree/src/daemon"
	for part in core_levy app_pay seal_seal; do
		name=${part#*_} guard=SHEBAO_$(printf '%s' "$part" | tr '[:lower:]' '[:upper:]')_H
		printf '%s\n#ifndef %s\n#define %s\n#endif\n' "$spdx" "$guard" "$guard" >"$tree/include/shebao/$name.h"
	done
	printf '%s\n' "$spdx" >"$tree/src/tui/tui_private.h"
	source_is core levy '#include "shebao/levy.h"'
}

# source_is FOLDER STEM LINES...
source_is()
{
	path=$tree/src/$1/$2.c
	shift 2
	printf '%s\n' "$spdx" "$@" >"$path"
}

layers_refuse()
{
	fresh
	source_is "$@"
	fails scripts/check-layers "$tree"
}

guide_refuses()
{
	fresh
	source_is "$@"
	fails scripts/check-guide "$tree"
}

accepts()
{
	fresh
	source_is "$@"
	scripts/check-layers "$tree" && scripts/check-guide "$tree"
}

lines()
{
	awk -v n="$1" 'BEGIN { for (i = 0; i < n; i++) print "\tx++;" }'
}

ok 'a good tree is accepted' accepts app pay '#include <stdint.h>' '#include "shebao/levy.h"'
ok 'a library header in its own folder is accepted' accepts tui tui '#include <panel.h>' '#include "tui_private.h"'
ok 'words in comments and strings are not code' accepts core levy '/* double' '   sprintf(x) */' \
	'const char *levy_text = "system(\"x\") // float";'
ok 'an upward include is refused' layers_refuse core levy '#include "shebao/pay.h"'
ok "another folder's private header is refused" layers_refuse core levy '#include "tui_private.h"'
ok 'a private header by path is refused' layers_refuse core levy '#include "../tui/tui_private.h"'
ok 'a library header elsewhere is refused' layers_refuse core levy '#include <jansson.h>'
ok 'a row for one stem holds for its files' accepts daemon office_seal '#include "shebao/seal.h"'
ok 'and for no other file of the folder' layers_refuse daemon officer '#include "shebao/seal.h"'
ok 'an unknown library is refused' layers_refuse core levy '#include <zlib.h>'
ok 'a public header that does not exist is refused' layers_refuse core levy '#include "shebao/none.h"'
ok 'sprintf is refused' guide_refuses core levy 'int levy(char *a) { return sprintf(a, "x"); }'
ok 'double beside money is refused' guide_refuses core levy 'static double levy;'
ok 'a typedef of a struct is refused' guide_refuses core levy 'typedef struct levy levy;'
ok 'a function of 71 lines is refused' guide_refuses core levy 'void' 'levy_x(void)' '{' "$(lines 71)" '}'
ok 'a function of 70 lines is accepted' accepts core levy 'void' 'levy_x(void)' '{' "$(lines 70)" '}'
ok 'a file of 601 lines is refused' guide_refuses core levy "$(lines 600)"
ok 'a table that a script made may be longer' accepts core levy '/* Made by scripts/make-levy. */' "$(lines 700)"
ok 'blanks at the end of a line are refused' guide_refuses core levy 'int levy; '

symbols()
{
	fresh
	source_is core levy "$1"
	mkdir -p "$tree/obj/core"
	cc -c -o "$tree/obj/core/levy.o" "$tree/src/core/levy.c" && scripts/check-symbols "$tree/obj"
}
ok 'an exported name with the stem of its file is accepted' symbols 'int levy_count; int core_x;'
ok 'an exported name of another stem is refused' fails symbols 'int voucher_count;'

# A noun in two files: the second may export names of the first, and only when there is a first.
split_noun()
{
	fresh
	mkdir -p "$tree/obj/core"
	echo 'int levy_x;' >"$tree/part.c"
	echo 'int levy_y;' >"$tree/whole.c"
	cc -c -o "$tree/obj/core/levy_part.o" "$tree/part.c"
	[ "$1" = alone ] || cc -c -o "$tree/obj/core/levy.o" "$tree/whole.c"
	scripts/check-symbols "$tree/obj"
}
ok 'a noun may be split over files' split_noun whole
ok 'a part without its whole may not' fails split_noun alone

# Every program of a compiler without options lacks at least the checked functions.
plain_program()
{
	echo "int main(void) { return 0; }" >"$ok_dir/plain.c"
	cc -o "$ok_dir/plain" "$ok_dir/plain.c"
	scripts/check-harden "$ok_dir/plain" >"$ok_dir/harden"
	[ $? -eq 1 ] && grep FORTIFY "$ok_dir/harden" && grep NOW "$ok_dir/harden"
}
ok 'a program without hardening is refused' plain_program

twice()
{
	fresh
	source_is tui levy 'int levy_x;'
	scripts/check-guide "$tree"
}
ok 'a base name that stands twice is refused' fails twice
script_without_licence()
{
	fresh
	mkdir -p "$tree/scripts"
	echo "#!/bin/sh" >"$tree/scripts/levy.sh"
	scripts/check-guide "$tree"
}
ok 'a script without the licence line is refused' fails script_without_licence
ok_done checks

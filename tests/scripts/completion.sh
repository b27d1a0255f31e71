#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Completion: what bash proposes is what the help says, and a real zsh in a pseudo-terminal
# completes commands, options, states and files.
set -u
. tests/ok.sh
build=$(cd "${BUILD:-build/release}" && pwd) || exit 1
LC_ALL=C.UTF-8
export LC_ALL

# ---- bash

# proposed PROGRAM WORD...: what is proposed for the last word, one a line.
proposed()
{
	"$build/$1" completion bash >"$ok_dir/$1.bash" || return 1
	# shellcheck disable=SC2016
	bash --norc -c '. "$0" || exit 1
		program=$1
		COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
		"_$program" 2>/dev/null
		[ ${#COMPREPLY[@]} -eq 0 ] || printf "%s\n" "${COMPREPLY[@]}"' "$ok_dir/$1.bash" "$@"
}

# proposes "PROGRAM WORDS" WORD...: exactly these, in any order.
proposes()
{
	line=$1
	shift
	# A lone colon stands for the empty word.
	# shellcheck disable=SC2046
	set -- "$*" $(printf '%s' "$line" | tr ' ' '\n' | sed 's/^$/:/')
	wanted=$1
	shift
	last=
	[ "${line% }" = "$line" ] || last=:
	if [ -n "$last" ]; then
		got=$(proposed "$@" '' | sort | tr '\n' ' ')
	else
		got=$(proposed "$@" | sort | tr '\n' ' ')
	fi
	equal "${got% }" "$(printf '%s\n' $wanted | sort | tr '\n' ' ' | sed 's/ $//')"
}

help_commands()
{
	sed -n '/^  [a-z]/{s/^  \([a-z][a-z-]*\( [a-z][a-z-]*\)\{0,1\}\)\( .*\)\{0,1\}$/\1/p;}' "$1" | sort -u
}

# Every command of the help can be completed word by word, and all of its options.
whole_help()
{
	"$build/$1" --help >"$ok_dir/help" || return 1
	help_commands "$ok_dir/help" >"$ok_dir/commands"
	[ -s "$ok_dir/commands" ] || return 1
	cut -d' ' -f1 "$ok_dir/commands" | sort -u >"$ok_dir/first"
	proposed "$1" '' | sort | diff - "$ok_dir/first" || return 1
	while read -r first second; do
		[ -z "$second" ] || proposed "$1" "$first" '' | grep -qx -e "$second" || {
			echo "$first: $second is not proposed"
			return 1
		}
		# shellcheck disable=SC2086
		"$build/$1" $first $second --help </dev/null | grep -oE '^  --[a-z-]+' | tr -d ' ' |
			sort >"$ok_dir/options"
		# shellcheck disable=SC2086
		proposed "$1" $first $second -- | sort | diff - "$ok_dir/options" || {
			echo "of the options of $first $second"
			return 1
		}
	done <"$ok_dir/commands"
}


files()
{
	mkdir -p "$ok_dir/f/folder" && : >"$ok_dir/f/a.pdf" && : >"$ok_dir/f/b.csv" && : >"$ok_dir/f/c d.pdf"
	equal "$(proposed shebao verify "$ok_dir/f/" | sort | sed 's|.*/||' | tr '\n' ,)" 'a.pdf,c d.pdf,folder,' &&
		equal "$(proposed shebao export "$ok_dir/f/" | sort | sed 's|.*/||' | tr '\n' ,)" 'b.csv,folder,' &&
		equal "$(proposed shebao --home "$ok_dir/f/" | sed 's|.*/||')" 'folder' &&
		equal "$(proposed shebaoctl --token-file "$ok_dir/f/" | grep -c .)" 4
}

# The kinds of fault that are proposed are those that the help tells.
faults()
{
	"$build/shebaoctl" bank fault --help | sed -n 's/^KIND：//p' | sed 's/、/ /g' >"$ok_dir/kinds"
	[ -s "$ok_dir/kinds" ] && proposes 'shebaoctl bank fault ' "$(cat "$ok_dir/kinds")"
}

# ---- zsh, in a terminal of its own

tm()
{
	tmux -S "$ok_dir/tmux" -f /dev/null "$@"
}

# waits_for PATTERN: until the terminal shows it.
waits_for()
{
	tries=0
	until tm capture-pane -p -t z 2>/dev/null | grep -qE -e "$1"; do
		tries=$((tries + 1))
		[ "$tries" -lt 200 ] || {
			echo "not shown: $1"
			tm capture-pane -p -t z | sed "/^$/d"
			return 1
		}
		sleep 0.1
	done
}

# begins_line: a prompt and nothing else. While zsh lists what it proposes, a key may go by unheard.
begins_line()
{
	tries=0
	until [ "$(tm capture-pane -p -t z)" = % ]; do
		tries=$((tries + 1))
		[ "$tries" -lt 100 ] || return 1
		tm send-keys -t z C-c
		tm send-keys -t z C-l
		sleep 0.2
	done
}

# shows PATTERN KEYS...: a new line in zsh, on which the keys make the pattern appear.
shows()
{
	pattern=$1
	shift
	begins_line && tm send-keys -t z "$@" && waits_for "$pattern"
}

zsh_is_valid()
{
	for program in shebao shebaoctl; do
		"$build/$program" completion zsh >"$ok_dir/fpath/_$program" && zsh -n "$ok_dir/fpath/_$program" || return 1
	done
}

# As installed: found by its name in $fpath.
zsh_begin()
{
	cat >"$ok_dir/zdotdir/.zshrc" <<END
fpath=($ok_dir/fpath \$fpath)
autoload -U compinit && compinit -u -d $ok_dir/dump
PS1='%% '
cd $ok_dir/f
END
	tm new-session -d -s z -x 100 -y 30 "ZDOTDIR=$ok_dir/zdotdir TERM=screen PATH=$build:/usr/bin:/bin zsh -i"
	# Before its first prompt an interrupt would end it.
	waits_for '^%'
}

mkdir -p "$ok_dir/fpath" "$ok_dir/zdotdir"
ok 'bash completes all commands and options of shebao' whole_help shebao
ok 'bash completes all commands and options of shebaoctl' whole_help shebaoctl
ok 'bash: the states of levies' proposes 'shebao due --state ' initial declaring declared written_off batch_listed
ok 'bash: the states of declarations' proposes 'shebao declarations --state ' queued pending accepted rejected voiding voided
ok 'bash: kinds, behind an equals sign too' proposes 'shebao levies --kind = n' normal
ok 'bash: a language, before any command' proposes 'shebao --lang ' zh en
ok 'bash: the value of an option is no command' proposes 'shebao --unit unit due --sta' --state
ok 'bash: what only the user knows has no proposal' proposes 'shebao levies --agency '
ok 'bash: files by the ending that is wanted, with folders' files
ok 'bash: kinds of faults' faults
ok 'the scripts are valid zsh' zsh_is_valid
ok 'zsh starts with them' zsh_begin
ok 'zsh: a command by its beginning' shows 'declarations +-- 申报记录' 'shebao declarati' Tab Tab
ok 'zsh: commands with the words of the help' shows 'doctor .*-- .*检查' 'shebao d' Tab Tab
ok 'zsh: the second word' shows 'insured' 'shebao unit ' Tab
ok 'zsh: an option' shows '^% shebao levies --refresh' 'shebao levies --ref' Tab
ok 'zsh: a state' shows '^% shebao due --state written_off' 'shebao due --state wri' Tab
ok 'zsh: a state behind an equals sign' shows '^% shebao due --state=batch_listed' 'shebao due --state=ba' Tab
ok 'zsh: a file of the right kind' shows '^% shebao verify a.pdf' 'shebao verify a' Tab
ok 'zsh: no file of another kind' shows '^% shebao export b.csv' 'shebao export ' Tab Tab
ok 'zsh: shebaoctl, an option of a command' shows '^% shebaoctl bank fault --delay-ms' 'shebaoctl bank fault --de' Tab
tm kill-server 2>/dev/null
ok_done completion

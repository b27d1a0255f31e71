# Completion of shebao and shebaoctl in bash. Subcommands and options are read from the
# program's own --help, so that there is one list of them: words that begin a line of it after
# two blanks are subcommands, words with two dashes are options.

_shebao_help()
{
	"$1" ${2:+"$2"} --help 2>/dev/null </dev/null
}

_shebao()
{
	local program=$1 word=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD - 1]}
	local subcommand= i
	for ((i = 1; i < COMP_CWORD; i++)); do
		if [[ ${COMP_WORDS[i]} != -* ]]; then
			subcommand=${COMP_WORDS[i]}
			break
		fi
	done
	COMPREPLY=()
	case $previous in
	--*-file | --config | --tls-cert | --tls-key | --sandbox-bank | --state)
		mapfile -t COMPREPLY < <(compgen -f -- "$word")
		;;
	*)
		if [[ $word == -* ]]; then
			mapfile -t COMPREPLY < <(compgen -W "$(_shebao_help "$program" "$subcommand" |
				grep -oE -- '--[a-z][a-z-]*' | sort -u)" -- "$word")
		elif [[ -z $subcommand ]]; then
			mapfile -t COMPREPLY < <(compgen -W "$(_shebao_help "$program" |
				sed -n 's/^  \([a-z][a-z-]*\).*/\1/p' | sort -u)" -- "$word")
		else
			mapfile -t COMPREPLY < <(compgen -f -- "$word")
		fi
		;;
	esac
}

complete -o filenames -F _shebao shebao shebaoctl

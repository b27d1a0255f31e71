# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=sh disable=SC2154
# What the programs could still do after they have entered their sandbox, were they captured.

probe=$dir/probe.so
ok 'the probe builds' "${CC:-cc}" -shared -fPIC -o "$probe" "$here/probe.c" -ldl

# found FILE NAME: what became of an attempt
found()
{
	sed -n "s/^$2 //p" "$1" | tail -n 1
}

# refused FILE NAME...: each with "permission denied" or "not permitted"
refused()
{
	refused_file=$1
	shift
	for refused_name in "$@"; do
		case $(found "$refused_file" "$refused_name") in
		1 | 13) ;;
		*)
			printf '%s: %s\n' "$refused_name" "$(found "$refused_file" "$refused_name")"
			return 1
			;;
		esac
	done
}

state_of()
{
	"$BUILD/shebao" doctor --json 2>/dev/null | tr '{' '\n' | grep -c '"沙箱".*完整\|完整.*"沙箱"'
}

# ---- the client
rm -f "$dir/probe"
(export LD_PRELOAD="$probe" PROBE_OUT="$dir/probe" PROBE_OWN="$dir/home" PROBE_PORT=1
	clerk levies --refresh >/dev/null)
for name in passwd shadow tmp other-processes read-program write-library fork exec ptrace \
	process-memory kill pidfd other-port fast-open bind udp mptcp raw local type-into-terminal \
	mount unshare bpf io-uring keyctl perf x32 symlink chmod; do
	ok "a captured client is refused: $name" refused "$dir/probe" "$name"
done
for name in thread own-file remove; do
	ok "the client still can: $name" equal "$(found "$dir/probe" "$name")" ok
done
ok 'doctor says that the sandbox is whole' equal "$(clerk doctor --json | tr '{' '\n' |
	grep '"沙箱"' | grep -c '完整')" 1

# ---- where files may go
ok 'the folder that the command line names is within reach' \
	clerk export "$dir/there.csv" --force
mkdir "$dir/elsewhere"
ok 'without a sandbox when the settings say so' sh -c '
	mkdir -p "$1/user/.config/shebao" && echo "sandbox = no" >"$1/user/.config/shebao/shebao.conf" &&
	cd / && SHEBAO_HOME="$1/home" SHEBAO_SERVER="$2" HOME="$1/user" LD_PRELOAD="$3" \
		PROBE_OUT="$1/open" PROBE_OWN="$1/home" "$BUILD/shebao" levies --refresh >/dev/null &&
	grep -q "^passwd ok" "$1/open"' sh "$dir" "$base" "$probe"
rm -f "$dir/user/.config/shebao/shebao.conf"

# ---- the service, beside what its unit says
(export LD_PRELOAD="$probe" PROBE_OUT="$dir/probe-daemon" PROBE_OWN="$dir/other" PROBE_PORT="$port"
	exec "$BUILD/shebaod" --state "$dir/other" --listen 127.0.0.1:0 >"$dir/other.out" 2>"$dir/other.log") &
other=$!
ok 'a second service starts' await 60 grep -q '^listening' "$dir/other.out"
ok 'and tries' await 20 grep -q '^remove' "$dir/probe-daemon"
for name in passwd shadow tmp other-processes read-program write-library fork exec ptrace \
	process-memory kill pidfd other-port fast-open bind udp mptcp raw local type-into-terminal \
	mount unshare bpf io-uring keyctl perf x32 symlink chmod; do
	ok "a captured service is refused: $name" refused "$dir/probe-daemon" "$name"
done
for name in thread own-file remove; do
	ok "the service still can: $name" equal "$(found "$dir/probe-daemon" "$name")" ok
done
ok 'its log says that the sandbox is whole' grep -q 'sandbox: 完整' "$dir/other.log"
kill "$other"
wait "$other"
ok 'it ends with 0' equal $? 0

# ---- kernels that lack it: less, and it is told
ok 'a kernel without Landlock: the client works' sh -c '
	cd / && SHEBAO_HOME="$1/home" SHEBAO_SERVER="$2" HOME="$1/user" strace -f -qq -o /dev/null \
		-e inject=landlock_create_ruleset:error=ENOSYS "$BUILD/shebao" levies --json >"$1/rows" &&
	grep -q levy_no "$1/rows"' sh "$dir" "$base"
ok 'and doctor says what is missing' sh -c '
	cd / && SHEBAO_HOME="$1/home" SHEBAO_SERVER="$2" HOME="$1/user" strace -f -qq -o /dev/null \
		-e inject=landlock_create_ruleset:error=ENOSYS "$BUILD/shebao" doctor --json |
	tr "{" "\n" | grep "沙箱" | grep "warning" | grep -q "未限制：文件"' sh "$dir" "$base"

# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=sh disable=SC2034,SC2154
# The command line, the first start, the state folder.
state=$dir/state

code=0
said=$("$BUILD/shebaod" --stat 2>&1) || code=$?
is 'an unknown option is wrong usage' 2 "$code"
code=0
said=$("$BUILD/shebaod" --feedback-delay soon 2>&1) || code=$?
is 'a value that is no number is wrong usage' 2 "$code"
code=0
said=$("$BUILD/shebaod" --state "$state" --listen 0.0.0.0:0 2>&1) || code=$?
is 'plaintext off the loopback is refused' 2 "$code"
if [ -e "$state" ]; then no 'and nothing is made'; else ok; fi
printf '# a comment\nworkers = 4\nlsiten = 1\n' >"$dir/conf"
code=0
said=$("$BUILD/shebaod" --config "$dir/conf" 2>&1) || code=$?
is 'an unknown key is wrong usage' 2 "$code"
has 'and its line is named' "$dir/conf:3" "$said"
printf '\nlog-level = loud\n' >"$dir/conf"
has 'so is that of a word that is none of those expected' "$dir/conf:2：log-level 的值“loud”无效，应为error、warning、info或debug" \
	"$("$BUILD/shebaod" --config "$dir/conf" 2>&1)"
printf 'listen = 127.0.0.1\n' >"$dir/conf"
has 'and that of an address without a port' "$dir/conf:1：listen 的值“127.0.0.1”无效，应为127.0.0.1:8600" \
	"$("$BUILD/shebaod" --config "$dir/conf" 2>&1)"
has 'a file of settings that is not there is told with the reason' "--config：无法读取配置文件$dir/none：No such file" \
	"$("$BUILD/shebaod" --config "$dir/none" 2>&1)"
code=0
said=$("$BUILD/shebaod" --state "$dir/none" --audit 2>&1) || code=$?
is 'the audit of a folder without books is wrong usage' 2 "$code"
has 'the books that are missing are named' "没有账簿$dir/none/books.db" "$said"
if [ -e "$dir/none" ]; then no 'and no office is made there'; else ok; fi
code=0
"$BUILD/shebaod" --help >/dev/full 2>"$dir/out" || code=$?
is 'help that cannot be written is a local fault' 5 "$code"

# refused WORDS ROW...: a bank.csv of these rows, which must be told so.
refused()
{
	words=$1
	shift
	printf '%s\n' "$@" >"$dir/bank.csv"
	code=0
	said=$(timeout 20 "$BUILD/shebaod" --state "$dir/other" --listen "unix:$dir/other.socket" --sandbox-bank "$dir/bank.csv" 2>&1) || code=$?
	has "bank.csv: $words" "$dir/bank.csv:$words" "$said"
	is 'which is a local fault' 5 "$code"
}
refused '1: account_no: 表头缺少这一列，应有 account_no（账号）' 'account,account_name,balance' '1,a,5.00'
refused '3: balance: 金额不能带正负号' 'balance,account_no,account_name' '5.00,1,a' '-5.00,2,b'
refused '3: account_no: “1”重复，同一文件中应只出现一次' 'account_no,account_name,balance' '1,a,5.00' '1,b,6.00'
refused '2: account_name: 为空，应填写账户名称' 'account_no,account_name,balance' '1,,5.00'
refused '2: account_no: 这一行有 2 列，应与表头一样有 3 列' 'account_no,account_name,balance' '1,5.00'
refused '2: account_no: 内容过长' 'account_no,account_name,balance' '123456789012345678901234567890123456789,a,5.00'
: >"$dir/bank.csv"
has 'an empty bank.csv is told what it should begin with' "$dir/bank.csv:1: 表头: 文件是空的，第一行应为表头 account_no,account_name,balance" \
	"$(timeout 20 "$BUILD/shebaod" --state "$dir/other" --listen "unix:$dir/other.socket" --sandbox-bank "$dir/bank.csv" 2>&1)"
has 'books that are none are named' "sqlite:$dir/conf" \
	"$(timeout 20 "$BUILD/shebaod" --state "$dir/other" --listen "unix:$dir/other.socket" --database "sqlite:$dir/conf" 2>&1)"
(cd "$dir" && exec "$BUILD/shebaod" --state other --listen unix:relative >relative.out 2>/dev/null) &
other=$!
await 30 grep -q . "$dir/relative.out"
is 'a socket named from here is announced from the root' "listening on http+unix://$(cd "$dir" && pwd -P)/relative" \
	"$(cat "$dir/relative.out")"
kill "$other"
wait "$other"
rm -rf "$dir/other"

has 'help names every option' 'feedback-delay' "$("$BUILD/shebaod" --help)"
has 'version' '^shebaod [0-9]' "$("$BUILD/shebaod" --version)"
has 'shebaoctl speaks the language that is asked for' 'there is no command' "$("$BUILD/shebaoctl" bogus --lang en 2>&1)"
for what in --help --version 'completion bash'; do
	code=0
	# shellcheck disable=SC2086
	"$BUILD/shebaoctl" $what >/dev/full 2>"$dir/out" || code=$?
	is "shebaoctl $what that cannot be written is a local fault" 5 "$code"
done

start_daemon
is 'one line for each address' 2 "$(grep -c '^listening on ' "$dir/out")"
is 'the token is for its owner alone' 600 "$(stat -c %a "$state/admin.token")"
is 'the state folder too' 700 "$(stat -c %a "$state")"
token=$(cat "$state/admin.token")
is 'the unix socket answers' '{"status":"ok"}' \
	"$(curl -s --unix-socket "$dir/socket" http://localhost/healthz)"

code=0
said=$("$BUILD/shebaod" --state "$state" --listen 127.0.0.1:0 2>&1) || code=$?
is 'a second daemon on the state folder is refused' 5 "$code"
code=0
said=$(timeout 20 "$BUILD/shebaod" --state "$dir/other" --listen 127.0.0.1:70000 2>&1) || code=$?
is 'a port that there is none of is wrong usage' 2 "$code"
code=0
said=$("$BUILD/shebaod" --state "$dir/other" --listen "unix:$dir/socket" 2>&1) || code=$?
is 'a second daemon on the socket is refused' 5 "$code"
is 'and the first one still answers there' '{"status":"ok"}' \
	"$(curl -s --unix-socket "$dir/socket" http://localhost/healthz)"

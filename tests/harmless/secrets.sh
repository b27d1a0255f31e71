# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=sh disable=SC2154
# A password that stands nowhere else, and where it is found after it was used: in the memory of the
# running client and of the service, in files, logs, arguments and environments.

scan=$dir/scan
ok 'the scanner builds' "${CC:-cc}" -o "$scan" "$here/scan.c"
printf 'Kanarie-%s-Qh7' "$$" >"$dir/canary"
canary=$(cat "$dir/canary")
SHEBAO_PASSWORD_FILE=$dir/password clerk passwd --new-password-file "$dir/canary" >/dev/null 2>&1
ok 'the canary is the password now' sh -c 'cd / && SHEBAO_HOME="$1/home3" SHEBAO_SERVER="$2" HOME="$1/user" \
	"$BUILD/shebao" unit add "$3" --password-file "$1/canary"' sh "$dir" "$base" "$employer"

# hits PID FILE
hits()
{
	"$scan" "$1" "$2" 2>"$dir/where"
}
# ---- the full-screen client, logged in by typing
rm -rf "$dir/home/session"* 2>/dev/null
tmux -f /dev/null -L "secrets-$$" new-session -d -x 100 -y 30 "cd / && ulimit -c unlimited; \
	SHEBAO_HOME='$dir/home3' SHEBAO_SERVER='$base' HOME='$dir/user' TERM=xterm-256color exec '$BUILD/shebao'"
screen_shows()
{
	tmux -L "secrets-$$" capture-pane -p | grep -q "$1"
}
type_keys()
{
	tmux -L "secrets-$$" send-keys "$@"
}
client=$(tmux -L "secrets-$$" list-panes -F '#{pane_pid}')
await 20 screen_shows '地区' && type_keys Enter
await 10 screen_shows '您确定选择' && type_keys Enter
await 10 screen_shows '纳税人识别号' && type_keys Enter
await 10 screen_shows '密码' && type_keys -l "$canary"
sleep 1
ok 'what is typed is not shown' fails screen_shows Kanarie
ok 'typed and not sent: it stands in locked memory alone, at most twice' sh -c '
	n=$("$1" "$2" "$3" 2>"$4") && [ "$n" -ge 1 ] && [ "$n" -le 2 ] || { cat "$4"; exit 1; }' sh "$scan" "$client" "$dir/canary" "$dir/where"
type_keys Enter
ok 'the login by typing works' await 30 screen_shows '主菜单'
sleep 1
ok 'after the login the password is nowhere in the client' sh -c '
	n=$("$1" "$2" "$3" 2>"$4"); [ "$n" = 0 ] || { echo "$n"; cat "$4"; exit 1; }' sh "$scan" "$client" "$dir/canary" "$dir/where"
ok 'nor in the service' sh -c '
	n=$("$1" "$2" "$3" 2>"$4"); [ "$n" = 0 ] || { echo "$n"; cat "$4"; exit 1; }' sh "$scan" "$pid" "$dir/canary" "$dir/where"
# ---- back at the list of employers, where a clerk leaves one for another
type_keys F10 && await 10 screen_shows '主菜单' && type_keys 1 1
ok 'the list of employers is shown again' await 10 screen_shows '添加'
ok 'after that it is nowhere either' sh -c '
	n=$("$1" "$2" "$3" 2>"$4"); [ "$n" = 0 ] || { echo "$n"; cat "$4"; exit 1; }' sh "$scan" "$client" "$dir/canary" "$dir/where"
ok 'nor in its arguments and environment' sh -c '
	! cat "/proc/$1/cmdline" "/proc/$1/environ" | grep -aq "$2"' sh "$client" "$canary"
ok 'no core is written, whatever the shell allows' sh -c '
	awk "/Max core file size/ { print \$5 }" "/proc/$1/limits" | grep -qx 0' sh "$client"
ok 'its memory is closed to the same user' sh -c '
	[ "$(stat -c %U "/proc/$1/mem")" = root ] && awk "/^CoreDumping|^Seccomp:/ { print }" "/proc/$1/status" | grep -q "2"' sh "$client"
tmux -L "secrets-$$" kill-server 2>/dev/null

# ---- the prompt of a command, under a shell with jobs: one that is stopped and taken up again would
# show what is typed
tmux -f /dev/null -L "secrets-$$" new-session -d -x 100 -y 30 "cd / && PS1='ready ' SHEBAO_HOME='$dir/home4' SHEBAO_SERVER='$base' \
	HOME='$dir/user' TERM=xterm-256color exec bash --norc -i"
await 20 screen_shows '^ready'
type_keys "$BUILD/shebao unit add $employer" Enter
await 20 screen_shows '申报密码：'
type_keys C-z
type_keys -l "$canary"
type_keys Enter
ok 'a prompt that cannot be stopped goes on' await 20 screen_shows '用人单位添加成功'
ok 'and what is typed is not shown' fails screen_shows Kanarie
tmux -L "secrets-$$" kill-server 2>/dev/null

# ---- files, logs
ok 'no file and no log has it' sh -c '
	! grep -rlaF "$2" "$1/state" "$1/home" "$1/home3" "$1/log" "$1/user"' sh "$dir" "$canary"

# ---- the seal key is in the keeper alone
openssl pkey -in "$dir/state/seal/seal.key" -noout -text 2>/dev/null |
	awk '/^prime1/ { p = 1; next } /^[a-z]/ { p = 0 } p { gsub(/[ :\n]/, ""); printf "%s", $0 }' |
	sed 's/^00//' | cut -c1-64 >"$dir/prime.hex"
# As OpenSSL holds it: words, the lowest first; 16 bytes of the highest words.
sed 's/\(..\)/\1 /g' "$dir/prime.hex" | awk '{ for (w = 2; w >= 1; w--) for (i = 8; i >= 1; i--) printf "\\%03o", hex($((w - 1) * 8 + i)) }
	function hex(s,    d) { d = "0123456789abcdef"; return (index(d, substr(s, 1, 1)) - 1) * 16 + index(d, substr(s, 2, 1)) - 1 }' >"$dir/prime.octal"
# shellcheck disable=SC2059
printf "$(cat "$dir/prime.octal")" >"$dir/prime"
keeper=$(ps -o pid= --ppid "$pid" | tr -d ' ')
ok 'the keeper holds the key' sh -c '[ "$("$1" "$2" "$3" 2>/dev/null)" -ge 1 ]' sh "$scan" "$keeper" "$dir/prime"
ok 'the service does not' equal "$(hits "$pid" "$dir/prime")" 0
ok 'nor its text' sh -c 'sed -n 3p "$3/state/seal/seal.key" | tr -d "\n" >"$3/line"; [ "$("$1" "$2" "$3/line" 2>/dev/null)" = 0 ]' sh "$scan" "$pid" "$dir"
ok 'the keeper is confined, without a descriptor of the service' sh -c '
	grep -q "^Seccomp:.2" "/proc/$1/status" && [ "$(ls "/proc/$1/fd" | wc -l)" -le 4 ]' sh "$keeper"
# What comes after logs in with it.
cp "$dir/canary" "$dir/password"

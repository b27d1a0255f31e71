# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=sh disable=SC2154,SC2015
# Two users of one machine: a clerk, and another who tries. Needs root, to make and be them.

clerk_user=sbc$$ other_user=sbo$$
users_clean_up()
{
	umount "$dir/small" 2>/dev/null
	for user in "$clerk_user" "$other_user"; do
		userdel -r "$user" 2>/dev/null
	done
}
ok 'there are two users' sh -c 'useradd -m -s /bin/sh "$1" && useradd -m -s /bin/sh "$2"' sh "$clerk_user" "$other_user"
mkdir -p "$dir/bin" && cp "$BUILD/shebao" "$dir/bin/" && chmod -R a+rX "$dir/bin"
cp "$dir/password" "$dir/clerk-password" && chown "$clerk_user" "$dir/clerk-password"
home=$(getent passwd "$clerk_user" | cut -d: -f6)
state=$home/state

# as USER COMMAND...
as()
{
	as_user=$1
	shift
	(cd / && runuser -u "$as_user" -- env -i PATH=/usr/bin:/bin LANG=C.UTF-8 HOME="$home" \
		SHEBAO_SERVER="$base" SHEBAO_PASSWORD_FILE="$dir/clerk-password" "$@")
}
user_shebao()
{
	as "$clerk_user" SHEBAO_HOME="$state" sh -c 'umask 000; exec timeout 60 "$@"' sh "$dir/bin/shebao" "$@"
}

# ---- files and folders, under the worst umask
ok 'a clerk with umask 000 works' user_shebao unit add "$employer"
ok 'and exports' user_shebao export "$home/out.csv"
ok 'folders are 0700' sh -c '! find "$1" -type d -perm /077 | grep .' sh "$state"
ok 'files are 0600' sh -c '! find "$1" "$2" -type f -perm /077 | grep .' sh "$state" "$home/out.csv"
ok 'another user reads none of them' fails as "$other_user" sh -c \
	'ls "$1" || cat "$1/shebao.db" || cat "$2"' sh "$state" "$home/out.csv"
ok 'nor the token of the office' fails as "$other_user" cat "$dir/state/admin.token"
ok 'nor its books, nor its seal' fails as "$other_user" sh -c 'cat "$1/books.db" || ls "$1/seal"' sh "$dir/state"

# ---- folders that another laid out
mkdir -m 1777 "$dir/shared"
as "$other_user" mkdir -m 777 "$dir/shared/state"
ok "another's folder is refused as one's own" fails_with 5 as "$clerk_user" SHEBAO_HOME="$dir/shared/state" \
	"$dir/bin/shebao" unit list
as "$other_user" ln -s "$home" "$dir/shared/link"
ok 'a symbolic link is refused as a folder' fails_with 5 as "$clerk_user" SHEBAO_HOME="$dir/shared/link" \
	"$dir/bin/shebao" unit list
ok 'also with a slash behind it' fails_with 5 as "$clerk_user" SHEBAO_HOME="$dir/shared/link/" \
	"$dir/bin/shebao" unit list
as "$clerk_user" sh -c 'mkdir -m 700 "$1/state2" && echo precious >"$1/precious" && ln -s "$1/precious" "$1/state2/shebao.db"' sh "$home"
ok 'a link in the place of the database is refused' fails_with 5 as "$clerk_user" SHEBAO_HOME="$home/state2" \
	"$dir/bin/shebao" unit list
ok 'what it led to is as it was' equal "$(cat "$home/precious")" precious

# ---- where documents go
as "$other_user" ln -s "$home/precious" "$dir/shared/out.csv"
ok 'a link laid where a file goes is refused' fails user_shebao export "$dir/shared/out.csv"
ok 'and with --force' fails user_shebao export "$dir/shared/out.csv" --force
ok 'what it led to is still as it was' equal "$(cat "$home/precious")" precious
as "$other_user" mkfifo "$dir/shared/pipe.csv"
ok 'a pipe laid there is refused, without waiting' fails_with 5 user_shebao export "$dir/shared/pipe.csv" --force
as "$clerk_user" ln "$home/precious" "$home/hard.csv"
ok 'over a hard link the name changes, not the other file' user_shebao export "$home/hard.csv" --force
ok 'the other file is still as it was' equal "$(cat "$home/precious")" precious
ok 'no temporary file stays' sh -c '! find "$1" "$2" -name ".shebao-*" -o -name "*.part" | grep .' sh "$home" "$dir/shared"
temporary_names()
{
	for kind in csv xlsx csv xlsx; do
		strace -f -qq -e trace=openat,open -o "$dir/trace" "$BUILD/shebao" --home "$dir/home" \
			export "$dir/guess.$kind" --force >/dev/null 2>&1
		grep -o '"[^"]*\.shebao-[^"]*", [^,)]*O_EXCL' "$dir/trace" | grep -o 'shebao-[0-9A-Za-z]*'
	done | sort -u
}
ok 'temporary files have a new name each time, made with O_EXCL' sh -c '[ "$(echo "$1" | wc -l)" -ge 4 ]' sh "$(temporary_names)"

# ---- the terminal
as "$clerk_user" tmux -f /dev/null -S "$home/tmux" new-session -d -x 80 -y 24 \
	"SHEBAO_HOME='$state' SHEBAO_SERVER='$base' TERM=xterm exec '$dir/bin/shebao'" \; \
	set-option remain-on-exit on
tty=$(as "$clerk_user" tmux -S "$home/tmux" list-panes -F '#{pane_tty}')
tmux_shows()
{
	as "$clerk_user" tmux -S "$home/tmux" capture-pane -p | grep -q "$1"
}
ok 'the client runs in a terminal' await 20 tmux_shows '地区'
ok 'its terminal is 0600' equal "$(stat -c %a "$tty")" 600
ok 'another cannot write to it' fails as "$other_user" sh -c 'echo forged >"$1"' sh "$tty"
as "$clerk_user" tmux -S "$home/tmux" kill-server 2>/dev/null

# ---- a full disk
mkdir "$dir/small"
ok 'a small file system' mount -t tmpfs -o "size=200k,mode=700,uid=$(id -u "$clerk_user")" none "$dir/small"
small()
{
	as "$clerk_user" SHEBAO_HOME="$dir/small/state" "$dir/bin/shebao" "$@"
}
code=0
small levies --unit "$employer" >"$dir/said" 2>&1 || code=$?
ok 'a full disk is a local fault, in words' sh -c '[ "$1" -eq 5 ] && grep -q "磁盘\|空间\|No space" "$2" || { echo "$1"; cat "$2"; exit 1; }' sh "$code" "$dir/said"
mount -o remount,size=20m "$dir/small"
ok 'with room again the client works' small unit add "$employer"
head -c 19m /dev/zero >"$dir/small/fill" 2>/dev/null
cat /dev/zero >"$dir/small/more" 2>/dev/null
ok 'an export onto a full disk fails' fails_with 5 small export "$dir/small/out.csv"
ok 'and leaves nothing half' sh -c '! ls -A "$1" | grep "out.csv\|shebao-"' sh "$dir/small"
rm -f "$dir/small/fill" "$dir/small/more"
ok 'the database is sound afterwards' sh -c '[ "$(sqlite3 "$1/small/state/shebao.db" "PRAGMA integrity_check")" = ok ]' sh "$dir"

# ---- the clock
ok 'two days back: the client works' as "$clerk_user" SHEBAO_HOME="$state" faketime -f -2d "$dir/bin/shebao" levies
ok 'two years ahead, too' as "$clerk_user" SHEBAO_HOME="$state" faketime -f +2y "$dir/bin/shebao" levies

# ---- a hostile environment
ok 'no HOME at all is a local fault or refused, never a crash' sh -c '
	cd / && env -i PATH=/usr/bin:/bin "$1" unit list >/dev/null 2>&1; [ $? -lt 6 ]' sh "$dir/bin/shebao"
ok 'variables of libraries do not lead elsewhere' as "$clerk_user" SHEBAO_HOME="$state" TMPDIR="$dir/shared" \
	SQLITE_TMPDIR="$dir/shared" http_proxy=http://127.0.0.1:1 ALL_PROXY=http://127.0.0.1:1 \
	"$dir/bin/shebao" levies --refresh
# Who starts a program with 0, 1 and 2 closed would have what it prints written into the next file
# that it opens.
closed_descriptors()
{
	user_shebao export "$home/open.csv" --force >/dev/null && user_shebao export "$home/closed.csv" --force <&- >&- 2>&-
	cmp "$home/open.csv" "$home/closed.csv" && user_shebao levies --refresh <&- >&- 2>&- &&
		equal "$(sqlite3 "$state/shebao.db" 'PRAGMA integrity_check')" ok
}
ok 'what is printed never gets into a file' closed_descriptors
limited()
{
	as "$clerk_user" SHEBAO_HOME="$state" SHEBAO_SERVER="$base" prlimit "$1" "$dir/bin/shebao" levies --refresh
}
ok 'a file that may not grow is a local fault' fails_with 5 limited --fsize=0
ok 'so are too few descriptors' fails_with 5 limited --nofile=4
ok 'with a small stack it works' limited --stack=65536
as "$clerk_user" mkdir -p "$home/pipe/shebao"
as "$clerk_user" mkfifo "$home/pipe/shebao/shebao.conf"
ok 'a pipe for settings is refused, without waiting' fails_with 2 as "$clerk_user" SHEBAO_HOME="$state" \
	XDG_CONFIG_HOME="$home/pipe" "$dir/bin/shebao" levies
users_clean_up

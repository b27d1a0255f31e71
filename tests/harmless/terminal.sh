# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=sh disable=SC2154
# The terminal as the client leaves it: its modes, its file, and what the emulation keeps, compared with
# what was there before; however the client ends.

terms=$dir/terms sessions=0
mkdir "$terms"
pane()
{
	tmux -S "$terms/tmux.$sessions" "$@"
}
# Of the emulation: alternate screen, cursor, keypad, insert and origin mode, mouse, title.
flags()
{
	pane display-message -p '#{alternate_on} #{cursor_flag} #{keypad_flag} #{keypad_cursor_flag} #{insert_flag} #{origin_flag} #{wrap_flag} #{mouse_any_flag} #{pane_title}'
}
shows()
{
	pane capture-pane -p | grep -q "$1"
}

# begin: a shell that notes the terminal's modes before and after the client; what goes to the terminal
# is kept. Sets client to the client's process.
begin()
{
	sessions=$((sessions + 1))
	rm -f "$terms/before" "$terms/after" "$terms/bytes" "$terms/pid" "$terms/go"
	cat >"$terms/session" <<END
tty_file=\$(tty)
note() { stty -a; stat -c %a "\$tty_file"; }
note >'$terms/before'
echo prompt-before
until [ -e '$terms/go' ]; do sleep 0.05; done
sh -c 'echo \$\$ >"$terms/pid"; SHEBAO_HOME="$terms/home" SHEBAO_SERVER="$base" exec "$BUILD/shebao"'
note >'$terms/after.part'
mv '$terms/after.part' '$terms/after'
echo prompt-after
sleep 600
END
	pane -f /dev/null new-session -d -x 80 -y 24 "LANG=C.UTF-8 sh '$terms/session'" &&
		await 20 shows prompt-before && flags >"$terms/flags-before" &&
		pane pipe-pane -O "cat >'$terms/bytes'" && : >"$terms/go" && await 30 shows 社保费 && client=$(cat "$terms/pid")
}

# as_before: the client is gone and all is as it was; nothing of its screen is left.
as_before()
{
	if ! await 30 test -e "$terms/after" || ! await 10 shows prompt-after; then
		pane capture-pane -p
		return 1
	fi
	equal "$(cat "$terms/after")" "$(cat "$terms/before")" && equal "$(flags)" "$(cat "$terms/flags-before")" &&
		await 10 shows prompt-before && ! shows 社保费 && pastes_are_plain
}

# The last word about bracketed paste was that it is off.
pastes_are_plain()
{
	equal "$(grep -aoE '\[\?2004[hl]' "$terms/bytes" | tail -n 1)" '[?2004l'
}

ends_by()
{
	begin && kill -s "$1" "$client" && as_before
	status=$?
	pane kill-server
	return $status
}

# The tour of the first start, and the question for the region.
escape()
{
	[ -e "$terms/after" ] || {
		pane send-keys Escape
		sleep 0.5
		[ -e "$terms/after" ]
	}
}
leaves_by_keys()
{
	begin && await 30 escape && as_before
	status=$?
	pane kill-server
	return $status
}

# Stopped and used by somebody else meanwhile, the terminal is the client's again when it goes on.
goes_on_after_stop()
{
	begin && kill -s STOP "$client" && stty -F "$(pane display-message -p '#{pane_tty}')" sane &&
		pane send-keys -R && ! shows 社保费 && kill -s CONT "$client" && await 20 shows 社保费 &&
		stty -F "$(pane display-message -p '#{pane_tty}')" -a | grep -q -- '-icanon' &&
		kill -s TERM "$client" && as_before
	status=$?
	pane kill-server
	return $status
}
is_not_stopped()
{
	begin && kill -s TSTP "$client" && pane send-keys C-z && await 30 escape && as_before
	status=$?
	pane kill-server
	return $status
}

ok 'left by its keys, the terminal is as it was' leaves_by_keys
for signal in TERM HUP INT QUIT SEGV BUS ABRT; do
	ok "ended by SIG$signal, the terminal is as it was" ends_by "$signal"
done
ok 'stopped and continued, the screen comes back whole' goes_on_after_stop
ok 'SIGTSTP and Ctrl-Z do not leave it half' is_not_stopped

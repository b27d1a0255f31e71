# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=sh disable=SC2034,SC2154
# A backup while a clerk works, restored and audited; the books moved to the other engine.
stop_daemon TERM
start_daemon

# work: declares one levy after the other until the file "working" goes; in a folder of its own
work()
{
	home=$dir
	dir=$dir/worker
	mkdir -p "$dir"
	op_count=100000
	while [ -e "$home/working" ]; do
		api GET '/v1/levies?after=0'
		printf '%s\n' "$answer" |
			jq -rs '[.[] | select(.kind == "normal" and .state == "initial" and .valid_until > "2090")][0] | "\(.levy_no) \(.amount)"' >"$dir/chosen"
		read -r levy amount <"$dir/chosen"
		[ "$levy" != null ] || break
		declare_levies "\"$levy\"" "$amount"
		echo "$status" >>"$home/work.done"
	done
}
: >"$dir/working"
: >"$dir/work.done"
work &
worker=$!
lines()
{
	[ "$(wc -l <"$dir/work.done")" -ge "$1" ]
}
if await 30 lines 2; then ok; else no 'the worker does not get on'; fi
ctl backup "$dir/backup.db"
is 'a backup while a clerk declares' 0 "$code"
before=$(wc -l <"$dir/work.done")
if await 30 lines $((before + 2)); then ok; else no 'the worker does not get on after the backup'; fi
rm -f "$dir/working"
wait "$worker"
is 'every declaration was taken' 202 "$(sort -u "$dir/work.done")"
is 'the backup is for its owner alone' 600 "$(stat -c %a "$dir/backup.db")"
ctl backup "$dir/backup.db"
is 'an older backup is not replaced' 5 "$code"
is 'nothing is left in the state folder' '' "$(find "$state" -name 'backup-*')"
is 'a backup is in the audit chain' 200 "$(curl -s -o /dev/null -w '%{http_code}' -H "Authorization: Bearer $(cat "$state/admin.token")" "$base/admin/v1/audit")"
api GET /admin/v1/backup
is 'a clerk gets no backup' 403 "$status"

ctl --json audit
is 'the audit before the move' '[]' "$out"
stop_daemon TERM
cp -Rp "$state" "$dir/restored"
# Restored by moving it into place, which audits it twice; without the bank, whose ledger went on.
code=0
said=$("$BUILD/shebaod" --state "$dir/restored" --database "sqlite:$dir/backup.db" \
	--move-to "sqlite:$dir/restored/other.db" 2>&1) || code=$?
is 'the restored books are right' 0 "$code"
is 'in both files' 2 "$(printf '%s\n' "$said" | grep -c '发现0处问题')"
DATABASE_OF_ALL=${DATABASE:-} state_of_all=$state
state=$dir/restored DATABASE=sqlite:$dir/restored/other.db
start_daemon
api GET '/v1/declarations?after=0'
is 'a session of before the backup is there' 200 "$status"
has 'and so is what was declared' declaration_id "$answer"
stop_daemon TERM
state=$state_of_all DATABASE=$DATABASE_OF_ALL

# The books go to the engine that they are not in, with the bank's ledger as a witness.
if [ -n "$DATABASE" ]; then
	there=sqlite:$dir/moved.db
else
	server=$("$here/../pg" start --watch $$) || no 'no PostgreSQL server'
	there=${server#* }
fi
code=0
said=$("$BUILD/shebaod" --state "$state" --sandbox-bank "$dir/sample/bank.csv" ${DATABASE:+--database "$DATABASE"} \
	--move-to "$there" 2>&1) || code=$?
is 'the books are moved by one command' 0 "$code"
is 'and audited on both sides' 2 "$(printf '%s\n' "$said" | grep -c '发现0处问题')"
code=0
"$BUILD/shebaod" --state "$state" --listen 127.0.0.1:0 ${DATABASE:+--database "$DATABASE"} >/dev/null 2>"$dir/said" || code=$?
is 'the old books cannot be used any more' 1 "$code"
has 'and the message says why' '迁移' "$(cat "$dir/said")"
DATABASE=$there
start_daemon
ctl audit
is 'the service works on the moved books' 0 "$code"
api GET '/v1/levies?after=0'
is 'the clerk is still logged in' 200 "$status"
printf '%s\n' "$answer" | jq -rs '[.[] | select(.kind == "normal" and .state == "initial" and .valid_until > "2090")][0] | "\(.levy_no) \(.amount)"' >"$dir/chosen"
read -r levy amount <"$dir/chosen"
declare_levies "\"$levy\"" "$amount"
is 'and goes on declaring' 202 "$status"

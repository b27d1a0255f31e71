# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=sh disable=SC2154
# Sourced by run: what a script must not reach by asking again, from another state folder, with an old
# list, with a new one, over the other channel. The levies of 2020-06 are declared.
begin hostile --feedback-delay 0
shebao declare --all --period 2020-06 --wait 30 >/dev/null
cp -R "$SHEBAO_HOME" "$dir/stale"
levy=$(shebao levies --period 2020-06 --unit-no 00048857 --json | grep -o '"levy_no":"[0-9]*"' | head -n 1 | tr -dc '0-9')
declaration=$(shebao declarations --json | grep -o '"declaration_id":"[0-9]*"' | head -n 1 | tr -dc '0-9')
office bank fault late --delay-ms 15000 >/dev/null

# from FOLDER COMMAND...: from that state folder.
from()
{
	(
		SHEBAO_HOME=$dir/$1
		export SHEBAO_HOME
		shift
		shebao "$@"
	)
}

pay_them()
{
	shebao pay --all --unit-no 00048857 --period 2020-06 --agreement $agreement
}

ok 'a debit the bank is silent about ends with 4' fails_with 4 pay_them
shebao pending --json >"$dir/pending"
ok 'pending has it' equal "$(count '"state":"unknown"' "$dir/pending")" 1
ok 'with its timeline' test "$(count '"event":"' "$dir/pending")" -ge 2
ok 'it is not paid again' fails_with 1 pay_them
ok 'nor from another folder with an old list' fails_with 1 from stale pay "$levy" --agreement $agreement
ok 'nor over the other channel' fails_with 1 from stale pay "$levy" --voucher "$dir/v.pdf"
ok 'no file is left of that' test ! -e "$dir/v.pdf"
ok 'its declaration is not voided' fails_with 1 shebao declaration void "$declaration"
rm -rf "$SHEBAO_HOME"
ok 'the folder is gone; the employer is added again' shebao unit add $employer
ok 'nor is it paid from the new folder' fails_with 1 shebao pay "$levy" --agreement $agreement
shebao pending --json >"$dir/pending"
ok 'where it is pending too' equal "$(count '"state":"unknown"' "$dir/pending")" 1
tries=0
until shebao pending --json 2>/dev/null | grep -q '^\[\]' || [ $tries -ge 120 ]; do
	tries=$((tries + 1))
	sleep 0.5
done
ok 'the bank debits late, and once' equal "$(debits)" 1
ok 'paid is paid' fails_with 1 shebao pay "$levy" --agreement $agreement
ok 'and its declaration stands' fails_with 1 shebao declaration void "$declaration"

# The counter and the clerk at the same voucher: one of them.
shebao pay --all --period 2020-06 --voucher "$dir/voucher.pdf" --json >"$dir/voucher"
voucher=$(grep -o '"voucher_no":"[0-9]*"' "$dir/voucher" | head -n 1 | tr -dc '0-9')
office voucher settle "$voucher" >"$dir/settled" 2>&1 &
counter=$!
shebao voucher void "$voucher" >"$dir/voided" 2>&1
voided=$?
wait $counter
settled=$?
ok "settled ($settled) or voided ($voided), not both" equal "$(printf '%s\n%s\n' "$settled" "$voided" | grep -c '^0$')" 1
ok 'a second time neither' fails_with 1 office voucher settle "$voucher"
ok 'nor the other' fails_with 1 shebao voucher void "$voucher"
ok 'no way of paying is wrong usage' fails_with 2 shebao pay --all
ok 'the audit finds nothing' office audit
scripts/office stop "$dir"
audit_alone()
{
	"$BUILD/shebaod" --state "$dir/state" --sandbox-bank "$dir/sample/bank.csv" --audit
}
ok 'nor without the service' audit_alone
cp "$dir/state/bank.ledger" "$dir/ledger.kept"
grep '^debit' "$dir/ledger.kept" >>"$dir/state/bank.ledger"
ok 'a debit that the bank made twice is found' fails_with 1 audit_alone
cp "$dir/ledger.kept" "$dir/state/bank.ledger"
ok 'without the service it says so' fails_with 3 shebao pay --all --agreement $agreement
ok 'a folder that is a file is a local fault' fails_with 5 from pending pending

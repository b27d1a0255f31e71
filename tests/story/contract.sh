# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=sh disable=SC2154
# What scripts rely on: with --json one value of the promised kind on standard output and nothing
# else there, exit statuses, no document made for a file that cannot be saved.

# gives KIND STATUS COMMAND...: KIND is object, array, or nothing
gives()
{
	wanted=$1
	expected=$2
	shift 2
	code=0
	"$@" >"$dir/out" 2>"$dir/err" || code=$?
	kind=nothing
	[ ! -s "$dir/out" ] || kind=$(jq -rs 'if length == 1 then .[0] | type else "\(length) values" end' "$dir/out")
	equal "$code $kind" "$expected $wanted" || {
		cat "$dir/err"
		return 1
	}
}

# holds FILTER: the last answer satisfies it
holds()
{
	jq -e "$1" "$dir/out" >/dev/null
}

begin contract --feedback-delay 1000
for command in 'unit list' 'unit insured' levies 'due --from 2020-01 --to 2020-12' declarations \
	payments pending vouchers 'certificate list' agreements accounts consultations feedback; do
	# shellcheck disable=SC2086
	ok "$command --json is a list" gives array 0 shebao --json $command
done
ok "insured units of an agency by its name" gives array 0 shebao --json unit insured --agency 贵阳市社会保险收付管理中心
ok "are found" holds 'length == 1'
ok "levies due in a state by its label" gives array 0 shebao --json due --from 2020-06 --to 2020-06 --state 初始 --item 失业保险费
ok "are found" holds 'length > 0 and all(.[]; .state == "initial" and .item_name == "失业保险费" and (.amount | type) == "number")'
ok "a declaration" gives object 0 shebao --json declare --all --period 2020-06 --wait 20
ok "names its levies" holds '.state == "accepted" and (.levy_nos | length) == .levy_count'
echo old >"$dir/old.pdf"
ok "no voucher is issued for a file that exists" gives nothing 5 shebao --json pay --all --voucher "$dir/old.pdf"
ok "nor for a folder that does not" gives nothing 5 shebao --json pay --all --voucher "$dir/none/v.pdf"
ok "nor under the name of a folder" gives nothing 5 shebao --json pay --all --force --voucher "$dir"
ok "or under none" gives nothing 5 shebao --json pay --all --voucher ''
ok "nor with the payer named twice" gives nothing 2 shebao --json pay --all --voucher "$dir/v.pdf" --account 1 --account-no 2
ok "a payer is nothing for a debit" gives nothing 2 shebao --json pay --all --agreement $agreement --account-no 2
ok "usage is checked before the service is asked" gives nothing 2 shebao --json --server http://127.0.0.1:1 declare
ok "when paying as well" gives nothing 2 shebao --json --server http://127.0.0.1:1 pay --agreement $agreement
shebao --json vouchers >"$dir/out"
ok "none is there" holds 'length == 0'
: >"$dir/v.pdf"
ok "an empty file is no obstacle" gives object 0 shebao --json pay --all --voucher "$dir/v.pdf"
voucher=$(jq -r .voucher_no "$dir/out")
ok "a voucher" gives object 0 shebao --json voucher show "$voucher"
ok "names its levies" holds '(.levy_nos | length) == .levy_count'
ok "it says how often it was printed and its hash" holds '.print_count == 1 and (.sha256 | length) == 64'
ok "printed again it says so" gives object 0 shebao --json voucher print "$voucher" "$dir/w.pdf"
ok "by its count" holds '.print_count == 2'
ok "the list of vouchers" gives array 0 shebao --json vouchers
ok "names their levies" holds 'all(.[]; (.levy_nos | length) == .levy_count)'
ok "the list of declarations" gives array 0 shebao --json declarations
ok "names their levies" holds 'length == 1 and all(.[]; (.levy_nos | length) == .levy_count)'
ok "wrong usage has status 2" gives nothing 2 shebao --json levies --period 2020-13
ok "of periods due as well" gives nothing 2 shebao --json due --from 2020-13 --to 2021-01
ok "and of certificates" gives nothing 2 shebao --json certificate proof --period 202006 "$dir/p.pdf"
for command in "levies --period 2020-13" "export x.csv --period 2020-13" "declare --all --period 2020-13" \
	"pay --all --agreement x --period 2020-13" "declarations --state none" "declarations --from 2020-02-30" \
	"vouchers --to 2020-2-1" "certificate list --from x" "unit insured --kind normal" "passwd --off" \
	"declare 1 --period 2020-06" "pay 1 --agreement x --unit-no 1" "declare 1 2 1" ""; do
	# shellcheck disable=SC2086
	ok "$command: before anything is done" gives nothing 2 shebao --json --server http://127.0.0.1:1 --unit 1 $command
done
ok "a rule has status 1" gives nothing 1 shebao --json declare --all --period 2020-06
ok "no service has status 3" gives nothing 3 shebao --json --server http://127.0.0.1:1 levies --refresh
ok "a port that does not exist has status 2" gives nothing 2 shebao --json --server http://127.0.0.1:99999 levies --refresh
ok "an end before its beginning has status 1" gives nothing 1 shebao --json declarations --from 2020-02-29 --to 2019-02-28
ok "tables that cannot be written have status 5" fails_with 5 sh -c '"$0" --print-tables >/dev/full' "$BUILD/shebao"
ok "a taxpayer id typed in full-width letters" gives object 0 shebao --json unit add ９１５２０１００７７０５９８６００ｙ
ok "chooses it as well" gives object 0 shebao --json unit show --unit ９１５２０１００７７０５９８６００ｙ

# The login password is taken away by who knows it, not by who knows the other one.
echo Suoping-1 >"$dir/lock"
ok "a login password" gives object 0 shebao --json passwd --login --new-password-file "$dir/lock"
ok "is changed by who knows it" gives object 0 shebao --json passwd --login --password-file "$dir/lock" --new-password-file "$dir/lock"
ok "not without it" gives nothing 2 setsid "$BUILD/shebao" --json passwd --login --off
ok "nor with the declaration password" gives nothing 1 shebao --json passwd --login --off --password-file "$dir/password"
ok "and away" gives object 0 shebao --json passwd --login --off --password-file "$dir/lock"

# What is decided while nobody waits is told by the next feedback.
levy=$(shebao --json levies --period 2020-07 | jq -r '.[0].levy_no')
ok "a declaration left alone" gives object 4 shebao --json declare "$levy"
ok "a levy is withdrawn once" gives nothing 2 office --json levy withdraw "$levy" "$levy"
ok "whose levy is withdrawn" gives object 0 office --json levy withdraw "$levy"
ok "is told as rejected" gives array 1 shebao --json feedback
ok "with the reason" holds 'length == 1 and .[0].state == "rejected" and (.[0].reason | length) > 0'
ok "a feedback asked for again" gives array 0 shebao --json feedback "$(shebao --json declarations | jq -r '.[0].declaration_id')"
ok "names its levies" holds 'length == 1 and all(.[]; (.levy_nos | length) == .levy_count)'
ok "and once" gives array 0 shebao --json feedback
ok "only" holds 'length == 0'

# A levy of three months; one that is past its date is neither declared nor listed for debits.
head -n 1 "$dir/sample/levies.csv" >"$dir/more.csv"
for row in Q1,9.00,, Q2,8.00,2020-01-15,2020-01-31; do
	printf '%s\n' "${row%%,*},$employer,00048857,1,甲,normal,10203,医保,,,,,2024-01,2024-03,,,,${row#*,},人社"
done >>"$dir/more.csv"
ok "levies of three months" gives object 0 office --json levy import "$dir/more.csv"
ok "are found by a month in the middle" gives array 0 shebao --json levies --period 2024-02 --refresh
ok "and only they" holds 'map(.levy_no) == ["Q1", "Q2"]'
ok "one past its date is not declared" gives nothing 1 shebao --json declare Q2
ok "the other one is" gives object 0 shebao --json declare Q1 --wait 20
ok "paid" gives object 0 shebao --json pay Q1 --agreement $agreement
ok "and certified for its months" gives object 0 shebao --json certificate print --period 2024-01 --to 2024-03 "$dir/q.pdf"
ok "alone" holds '.amount == 900 and .levy_count == 1'
ok "the one past its date is on no batch list" gives nothing 1 office --json batch-list create \
	--employer $employer --period-from 2024-01 --period-to 2024-03
ok "a batch list that ends before it begins is refused" gives nothing 1 office --json batch-list create \
	--employer $employer --period-from 2024-03 --period-to 2024-01
ok "in words that say so" grep -q '费款所属期起 2024-03 晚于费款所属期止 2024-01' "$dir/err"
ok "certificates" gives array 0 shebao --json certificate list
ok "name their levies" holds 'length == 1 and all(.[]; (.levy_nos | length) == .levy_count)'

ok "a fault that does not exist is wrong usage" gives nothing 2 office --json bank fault foo
levy=$(shebao --json levies --period 2020-07 | jq -r 'map(select(.state == "initial"))[0].levy_no')
ok "a bank that is closed" gives object 0 office --json bank fault maintenance --delay-ms 1
shebao declare "$levy" --wait 20 >/dev/null
ok "refuses" gives object 1 shebao --json pay "$levy" --agreement $agreement
ok "in words alone, without an empty code" grep -q '原因：系统当前非工作状态' "$dir/err"
sleep 0.1
ok "and takes the debit later" gives object 0 shebao --json pay "$levy" --agreement $agreement
ok "payments" gives array 0 shebao --json payments
ok "stand in their order" holds 'length == 3 and . == sort_by(.created_at)'
ok "a bank that answers late" gives object 0 office --json bank fault late --delay-ms 3600000
levy=$(shebao --json levies --period 2020-07 | jq -r 'map(select(.state == "initial"))[0].levy_no')
shebao declare "$levy" --wait 20 >/dev/null
ok "leaves a payment unknown" gives object 4 shebao --json pay "$levy" --agreement $agreement
ok "that names its levies" holds '.state == "unknown" and (.levy_nos | length) == 1'
ok "what is pending" gives array 0 shebao --json pending
ok "names them too, with the timeline" holds 'length == 1 and (.[0].levy_nos | length) == 1 and (.[0].events | length) > 0'
printf 'office_certificate = %s\n' "$dir/none.pem" >"$dir/conf" && mkdir -p "$dir/config/shebao" && mv "$dir/conf" "$dir/config/shebao/shebao.conf"
ok "a seal without the office's certificate is not trusted" fails_with 1 env XDG_CONFIG_HOME="$dir/config" "$BUILD/shebao" verify "$dir/q.pdf"
XDG_CONFIG_HOME=$dir/config shebao verify "$dir/q.pdf" >"$dir/out" 2>"$dir/err"
ok "the certificate that is missing is named" grep -q "$dir/none.pem" "$dir/err"
ok "and no amount is made up" equal "$(count 金额 "$dir/out")" 0
ok "of a file that cannot be read nothing is said" gives nothing 5 shebao --json verify "$dir/none.pdf"
scripts/office stop "$dir"

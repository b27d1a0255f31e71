# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=sh disable=SC2154,SC2059
# Hostile text into every ingress: nothing of it may reach a terminal, a log or a file as it was.

grep -v '^#' "$here/payloads" >"$dir/payloads"
payload_count=$(wc -l <"$dir/payloads")
ok 'there are at least 60 payloads' test "$payload_count" -ge 60

# is_clean FILE: no control but line ends and tabs, nothing invisible or turning, valid UTF-8.
# What the terminal's own drawing needs is taken out before (see the screens below).
is_clean()
{
	iconv -f UTF-8 -t UTF-8 "$1" >/dev/null 2>&1 || {
		echo "$1 is not UTF-8"
		return 1
	}
	# A mark at the beginning of a file says how it is encoded.
	sed '1s/^\xef\xbb\xbf//' "$1" | LC_ALL=C grep -n -m 3 \
		-e "$(printf '[\001-\010\013\014\016-\037\177]')" -e "$(printf '\302[\200-\237\255]')" \
		-e "$(printf '\330\234')" -e "$(printf '\342\200[\213-\217\250-\256]')" \
		-e "$(printf '\342\201[\240-\257]')" -e "$(printf '\343\205\244')" -e "$(printf '\341\205[\237\240]')" \
		-e "$(printf '\356[\200-\277]')" -e "$(printf '\357\270[\200-\217]')" -e "$(printf '\357\273\277')" \
		-e "$(printf '\357\277[\276\277]')" -e "$(printf '\357\267[\220-\257]')" \
		-e "$(printf '\363[\240\260]')" -e "$(printf '\314\201\314\202\314\203')" >"$dir/dirt" || return 0
	cat -v "$dir/dirt"
	return 1
}
printf 'a\033b\n' >"$dir/dirty"
ok 'the check can fail' fails is_clean "$dir/dirty"

# each COMMAND...: with every payload, as it is, in $payload; counts what was not right.
each()
{
	each_wrong=0 each_line=0
	while IFS= read -r format; do
		each_line=$((each_line + 1))
		printf "$format" >"$dir/payload"
		payload=$(tr -d '\000' <"$dir/payload")
		"$@" || {
			printf 'payload %s: %s\n' "$each_line" "$format"
			each_wrong=$((each_wrong + 1))
		}
	done <"$dir/payloads"
	[ "$each_wrong" -eq 0 ]
}

# ---- CSV: refused, naming file and line, in clean words
imports_nothing()
{
	{
		head -n 1 "$dir/sample/levies.csv"
		sed -n 2p "$dir/sample/levies.csv" | sed 's/^[^,]*,/10019999999999999999,/' |
			awk -F, -v OFS=, -v file="$dir/payload" 'BEGIN { getline text <file; while ((getline more <file) > 0) text = text "\n" more }
				{ gsub(/"/, "", text); $5 = "\"" text "\""; print }'
	} >"$dir/levies.csv"
	code=0
	ctl levy import "$dir/levies.csv" >"$dir/said" 2>&1 || code=$?
	case $format in
	*\\r* | *\\n*)
		# A line end in a cell becomes a space; what is left is an honest name.
		[ "$code" -eq 0 ] && is_clean "$dir/said" && return
		;;
	esac
	[ "$code" -eq 1 ] && grep -q "^$dir/levies.csv:[2-9]:" "$dir/said" && is_clean "$dir/said"
}
ok 'an import refuses what is hostile, by file:line and in clean words' each imports_nothing

# ---- arguments and environment
complains_cleanly()
{
	"$BUILD/shebao" "$payload" >"$dir/said" 2>&1 && return 1
	is_clean "$dir/said" || return 1
	"$BUILD/shebao" verify "/nowhere/$payload.pdf" >"$dir/said" 2>&1 && return 1
	is_clean "$dir/said" || return 1
	"$BUILD/shebaod" "--listen=$payload" --state "$dir/none" >"$dir/said" 2>&1 && return 1
	is_clean "$dir/said" || return 1
	"$BUILD/shebaoctl" --server "$base" --token-file "$payload" audit >"$dir/said" 2>&1 && return 1
	is_clean "$dir/said" || return 1
	SHEBAO_SERVER="http://$payload" "$BUILD/shebao" --home "$dir/home" levies >"$dir/said" 2>&1 && return 1
	is_clean "$dir/said" || return 1
	TERM="x$payload" LANG="$payload" SHEBAO_HOME="$dir/x$payload" SHEBAO_SERVER="$base" \
		"$BUILD/shebao" doctor >"$dir/said" 2>&1
	is_clean "$dir/said"
}
ok 'arguments and environment come back clean, or are refused' each complains_cleanly

# ---- configuration
configures_cleanly()
{
	printf 'region = %s\n' "$payload" >"$dir/bad.conf"
	mkdir -p "$dir/conf/shebao" && cp "$dir/bad.conf" "$dir/conf/shebao/shebao.conf"
	XDG_CONFIG_HOME="$dir/conf" SHEBAO_HOME="$dir/home" SHEBAO_SERVER="$base" \
		"$BUILD/shebao" unit list >"$dir/said" 2>&1
	is_clean "$dir/said"
}
ok 'a configuration file comes back clean' each configures_cleanly

# ---- a service or database that lies: every text of the client's copy replaced
sqlite3 "$dir/home/shebao.db" \
	"SELECT m.name || ' ' || p.name FROM sqlite_master m, pragma_table_info(m.name) p
	WHERE m.type = 'table' AND p.type = 'TEXT' AND p.name IN ('agency_name', 'item_name',
	'category_name', 'subcategory_name', 'name', 'region', 'tax_authority_name', 'registered_address',
	'legal_representative', 'contact', 'phone', 'industry', 'bank_name', 'account_name',
	'reason', 'question', 'answer') AND m.name IN ('employer', 'unit', 'levy', 'agreement', 'account')" \
	>"$dir/columns"
ok 'there are columns to poison' test "$(wc -l <"$dir/columns")" -ge 12
awk 'NR == FNR { text[NR] = $0; count = NR; next }
	{ print }' "$dir/payloads" "$dir/columns" >/dev/null
n=0
while IFS= read -r format; do
	n=$((n + 1))
	hex=$(printf "$format" | tr -d '\000' | od -An -tx1 -v | tr -d ' \n')
	while read -r table column; do
		echo "UPDATE $table SET $column = CAST(X'$hex' AS TEXT) WHERE rowid % $payload_count = $((n - 1));"
	done <"$dir/columns"
done <"$dir/payloads" >"$dir/poison.sql"
{ echo 'BEGIN;'; cat "$dir/poison.sql"; echo 'COMMIT;'; } | sqlite3 "$dir/home/shebao.db"
for command in levies 'levies --json' 'unit list' 'unit show' 'unit show --json' 'unit insured' \
	agreements 'agreements --json' accounts 'due --from 2020-01 --to 2020-12'; do
	# shellcheck disable=SC2086
	clerk $command >"$dir/said" 2>&1
	ok "out of a poisoned database: $command" is_clean "$dir/said"
	cat "$dir/said" >>"$dir/all-said"
done
ok 'and there was something to clean' grep -q "$(printf '\357\277\275')" "$dir/all-said"
clerk export "$dir/out.csv" >/dev/null 2>&1
ok 'the exported CSV is clean' is_clean "$dir/out.csv"
clerk export "$dir/out.xlsx" >/dev/null 2>&1
mkdir -p "$dir/book" && unzip -o -q "$dir/out.xlsx" -d "$dir/book"
cat "$dir/book"/xl/worksheets/*.xml "$dir/book"/xl/*.xml >"$dir/book.xml"
ok 'the exported workbook is clean' is_clean "$dir/book.xml"

# ---- the screens: what the program writes to its terminal, its own sequences taken out
tmux_on()
{
	tmux -f /dev/null -L "harmless-$$" "$@"
}
tmux_on new-session -d -x 120 -y 40 "cd / && SHEBAO_HOME='$dir/home' SHEBAO_SERVER='$base' \
	HOME='$dir/user' TERM=xterm-256color exec '$BUILD/shebao'" 2>/dev/null
tmux_on pipe-pane -o "cat >'$dir/raw'"
shows()
{
	tmux_on capture-pane -p | grep -q "$1"
}
await 20 shows '地区'
tmux_on send-keys Enter
await 10 shows '您确定选择' && tmux_on send-keys Enter
await 10 shows '纳税人识别号' && tmux_on send-keys Enter
await 10 shows '密码' && tmux_on send-keys -l "$(cat "$dir/password")" && tmux_on send-keys Enter
await 20 shows '主菜单'
for code in 21 12 51 63 52 31; do
	tmux_on send-keys F10
	sleep 0.2
	tmux_on send-keys -l "$code"
	sleep 0.7
	tmux_on send-keys Down Down PageDown
	sleep 0.3
done
# Nothing may be cut in the middle of a character.
settled()
{
	before=$(wc -c <"$dir/raw")
	sleep 0.5
	[ "$before" = "$(wc -c <"$dir/raw")" ]
}
await 20 settled
tmux_on kill-server 2>/dev/null
sed -e 's/\x1b\[[0-9;?]*[$]*[A-Za-z]//g' -e 's/\x1b[()][0B]//g' -e 's/\x1b[=>78M]//g' -e 's/[\x08\x0f\x07]//g' \
	"$dir/raw" >"$dir/drawn"
ok 'the screens showed poisoned rows' sh -c 'grep -q "$(printf "\357\277\275")" "$1" && [ "$(wc -c <"$1")" -gt 5000 ]' sh "$dir/drawn"
ok 'what the screens wrote is clean' is_clean "$dir/drawn"
ok 'no title, clipboard or report is asked for' fails grep -q "$(printf '\033[]P_^X]')" "$dir/raw"
ok 'only known sequences: no report but that of the cursor is asked for' \
	fails sh -c 'LC_ALL=C grep -a -o "$(printf "\033")\[[0-9;?]*[cntq]" "$1" | grep -v "\[2[23];0;0t\  | grep -q .' sh "$dir/raw"

# ---- random strings through the drawing code (make draw: 100 million)
ok 'no string changes a cell that is not its own' "$BUILD/draw" --strings 300000 --seed "$$"

# ---- papers and logs: a poisoned employer at the service
hex=$(printf '\033]0;x\007\302\233A\342\200\256B(\\)<b>&' | od -An -tx1 -v | tr -d ' \n')
sqlite3 "$dir/state/books.db" "PRAGMA busy_timeout = 5000; UPDATE employer SET name = CAST(X'$hex' AS TEXT)" >/dev/null
rm -rf "$dir/home2"
paper()
{
	SHEBAO_HOME="$dir/home2" SHEBAO_SERVER="$base" HOME="$dir/user" SHEBAO_PASSWORD_FILE="$dir/password" \
		"$BUILD/shebao" "$@"
}
{
	paper unit add "$employer" --new-password-file "$dir/password"
	paper declare --all --period 2020-06 --wait 60
	paper pay --all --voucher "$dir/voucher.pdf" --bank 工商银行 --account-no 6222020402001234567 --account-name 黔湖
} >"$dir/said" 2>&1
ok 'what a poisoned service sends is told cleanly' is_clean "$dir/said"
ok 'the voucher was made' test -s "$dir/voucher.pdf"
pdftotext -enc UTF-8 "$dir/voucher.pdf" - 2>/dev/null | tr -d '\f' >"$dir/paper"
ok 'its text is clean' is_clean "$dir/paper"
ok 'its structure is sound' qpdf --check "$dir/voucher.pdf"
for path in '/%1b%5b2J' "/v1/levies?after=%1b%5d0;x%07" '/v1/%c2%9b2J%0a2026-01-01T00:00:00.000Z%20info%20forged'; do
	curl -s -o /dev/null -A "$(printf 'x\033]0;evil')" "$base$path"
done
ok 'the log is clean' is_clean "$dir/log"
ok 'nobody forged a line of it' fails grep -q '^2026-01-01T00:00:00.000Z info forged' "$dir/log"

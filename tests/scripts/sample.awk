# SPDX-License-Identifier: GPL-3.0-or-later
# One job over the sample's CSV files; exit status 1 and a line on each thing that is wrong.

BEGIN {
	credit = "0123456789ABCDEFGHJKLMNPQRTUWXY"
	split("1 3 9 27 19 26 16 17 20 29 25 13 8 24 10 30 28", credit_weight, " ")
	organisation = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	split("3 7 9 10 5 8 4 2", organisation_weight, " ")
}

function wrong(text)
{
	print FILENAME ":" FNR ": " text
	bad++
}

# Splits the record into value[1..n]; a quoted value may hold commas and doubled quotes.
function parse(    n, rest, i)
{
	rest = $0
	n = 0
	split("", value)
	while (1) {
		n++
		if (substr(rest, 1, 1) == "\"") {
			for (i = 2; i <= length(rest); i++)
				if (substr(rest, i, 1) == "\"") {
					if (substr(rest, i + 1, 1) != "\"")
						break
					i++
				}
			value[n] = substr(rest, 2, i - 2)
			rest = substr(rest, i + 1)
		} else {
			i = index(rest, ",")
			value[n] = i ? substr(rest, 1, i - 1) : rest
			rest = i ? substr(rest, i) : ""
		}
		if (rest == "")
			return n
		if (substr(rest, 1, 1) != ",") {
			wrong("text after a closing quote")
			return n
		}
		rest = substr(rest, 2)
	}
}

function organisation_check(code,    i, sum)
{
	for (i = 1; i <= 8; i++)
		sum += (index(organisation, substr(code, i, 1)) - 1) * organisation_weight[i]
	sum = 11 - sum % 11
	return sum == 10 ? "X" : sum == 11 ? "0" : sum ""
}

function credit_check(code,    i, at, sum)
{
	for (i = 1; i <= 17; i++) {
		at = index(credit, substr(code, i, 1))
		if (!at)
			return "?"
		sum += (at - 1) * credit_weight[i]
	}
	return substr(credit, (31 - sum % 31) % 31 + 1, 1)
}

function identifier(id)
{
	if (length(id) == 18) {
		if (credit_check(id) != substr(id, 18, 1))
			wrong(id " has a wrong check character")
		if (organisation_check(substr(id, 9, 8)) != substr(id, 17, 1))
			wrong(id " has a wrong organisation code")
	} else if (length(id) == 15) {
		if (organisation_check(substr(id, 7, 8)) != substr(id, 15, 1))
			wrong(id " has a wrong organisation code")
	} else
		wrong(id " has neither 15 nor 18 characters")
}

FNR == 1 {
	columns = parse()
	next
}

{
	rows++
	n = parse()
}

job == "columns" && n != columns { wrong(n " columns instead of " columns) }

job == "identifiers" {
	if (!(value[1] in seen))
		employers++
	seen[value[1]] = 1
	identifier(value[1])
}

job == "levy_no" {
	if (value[1] !~ /^[0-9]+$/ || length(value[1]) != 20)
		wrong(value[1] " is not 20 digits")
	if (value[1] in seen)
		wrong(value[1] " stands twice")
	seen[value[1]] = 1
}

job == "units" && columns == 17 { registered[value[1], value[13], value[14]] = 1 }
job == "units" && columns == 21 {
	if (!((value[2], value[3], value[4]) in registered))
		wrong(value[3] " is not a unit number of " value[2])
}

job == "manual" && value[2] == "91520100770598600Y" && value[6] == "normal" && value[13] == "2020-06" {
	if (value[3] == "00048857")
		manual_unit++
	manual_rows++
	manual_total += value[18] * 100
	shown[value[18]] = 1
	heads[value[15]] = 1
}

job == "kinds" {
	kind[value[6]]++
	zero += value[18] == "0.00"
	expired += value[20] < "2021-01-01"
	bureau[value[21]]++
}

job == "agreements" { state[value[7]]++ }

END {
	if (rows == 0)
		wrong("no rows")
	if (job == "identifiers" && employers < 3)
		wrong("only " employers " employers")
	if (job == "manual") {
		split("4391.75 7385.86 263.78 5806.92 8384.48 49.90 2669.38 6685.83 150.27", legible, " ")
		for (i in legible)
			if (!(legible[i] in shown))
				wrong("no row of " legible[i])
		if (!("277" in heads) || !("701" in heads))
			wrong("277 and 701 people are missing")
		if (manual_unit != 24 || manual_rows != 42 || sprintf("%.0f", manual_total) != "8407924")
			wrong(manual_unit " rows of the unit, " manual_rows " in all, " manual_total " fen")
	}
	if (job == "kinds" && !(kind["normal"] && kind["special"] && zero && expired && bureau["人社"] && bureau["医保"]))
		wrong("a kind of levy is missing")
	if (job == "agreements" && !(state["01"] && state["02"] && state["03"] && state["04"]))
		wrong("a state is missing")
	exit bad > 0
}

# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=sh disable=SC2034,SC2154
# Every answer that the parts before got, against the document, by a validator that is not ours.
validate=/usr/bin/jsonschema # of the package python3-jsonschema, whatever else is in PATH
stop_daemon TERM
"$BUILD/shebaod" --print-openapi >"$dir/openapi.json"
is 'the document is OpenAPI 3.1' 3.1.0 "$(jq -r .openapi "$dir/openapi.json")"

# path METHOD status content-type schema; "-" where there is no body, "default" for problems
jq -r '.paths | to_entries[] | .key as $p | .value | to_entries[] | (.key | ascii_upcase) as $m
	| .value.responses | to_entries[] | .key as $s
	| if .value["$ref"] then "\($p) \($m) \($s) application/problem+json problem"
	  elif .value.content == null then "\($p) \($m) \($s) - -"
	  else (.value.content | to_entries[] | "\($p) \($m) \($s) \(.key) \((.value.schema["$ref"] // "-") | sub(".*/"; ""))") end' \
	"$dir/openapi.json" >"$dir/table"
# Which schema each answer should have; "!" when the document does not know such an answer.
awk 'NR == FNR { t[$1 " " $2 " " $3 " " $4] = $5; none[$1 " " $2 " " $3] = $4 == "-"; known[$1] = 1; next }
	{ path = $3; if (path ~ /^\/v1\/verify\//) path = "/v1/verify/{code}"
	  if (path !~ /^\/(admin\/)?v1\// || path == "/v1/openapi.json") next
	  key = path " " $2 " " $4 " " $5
	  if (key in t) print $1, t[key], path
	  else if (none[path " " $2 " " $4]) print $1, "-", path
	  else if ($4 >= 400 && $5 == "application/problem+json") print $1, "problem", path
	  else print $1, "!", key }' "$dir/table" "$dir/answers/list" >"$dir/schemas"
is 'no answer is one that the document does not know' '' "$(awk '$2 == "!"' "$dir/schemas")"
if [ "$(awk '$2 != "-"' "$dir/schemas" | wc -l)" -gt 40 ]; then ok; else no 'too few answers were looked at'; fi

# valid SCHEMA FILE: an array of answers of that schema
valid()
{
	jq --arg name "$1" '{"$schema": "https://json-schema.org/draft/2020-12/schema", type: "array",
		items: {"$ref": "#/components/schemas/\($name)"}, components}' "$dir/openapi.json" >"$dir/schema.json"
	"$validate" -i "$2" "$dir/schema.json" >"$dir/invalid" 2>&1
}
awk '$2 != "-" && $2 != "!" { print $2 }' "$dir/schemas" | sort -u >"$dir/names"
while read -r name; do
	awk -v n="$name" '$2 == n { print $1 }' "$dir/schemas" | while read -r number; do
		cat "$dir/answers/$number" 2>/dev/null
		echo
	done | jq -s . >"$dir/instance.json"
	if valid "$name" "$dir/instance.json"; then
		ok
	else
		no "answers of $name: $(head -c 600 "$dir/invalid")"
	fi
done <"$dir/names"
for name in levy declaration payment problem login_answer; do
	has "answers of $name were among them" "^$name\$" "$(cat "$dir/names")"
done
# The validator does find what is wrong.
jq -s '[.[0] | .amount = "1.00"]' "$dir/answers/$(awk '$2 == "levy" { print $1; exit }' "$dir/schemas")" >"$dir/instance.json"
if valid levy "$dir/instance.json"; then no 'a levy with a wrong amount is valid'; else ok; fi
jq '[.[0] | .more = 1]' "$dir/instance.json" >"$dir/more.json"
if valid levy "$dir/more.json"; then no 'a levy with a member too many is valid'; else ok; fi

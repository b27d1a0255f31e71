# SPDX-License-Identifier: GPL-3.0-or-later
# growth.awk RESULTS: lines "ROWS WHO NAME METRIC VALUE" as a table with a column for each ROWS.
function shown(value)
{
	return value == "" ? "–" : sprintf(value >= 1000 ? "%.0f" : "%.3g", value)
}
BEGIN {
	n = split("shebao start ms:exec to first screen (ms)|shebao open ms:menu to first rows (ms)|" \
		"shebao down p50_ms:marker moves (p50 ms)|shebao scroll p50_ms:list scrolls (p50 ms)|" \
		"shebao page p50_ms:PageDown (p50 ms)|shebao end p50_ms:End (ms)|" \
		"shebao search ms:search for the last row (ms)|shebao narrow ms:narrowing, a key (ms)|shebao mark_all ms:mark all (ms)|" \
		"shebao mark p50_ms:mark one (ms)|shebao memory pss_mb:memory after it (PSS, MB)|" \
		"store count ms:count and total (CPU ms)|store sort_worst ms:sort, slowest column (CPU ms)|" \
		"store filter ms:filter, count, page (CPU ms)|store search_rare ms:rare word (CPU ms)|store narrow_digit ms:narrowing, all rows (CPU ms)|" \
		"store scan ms:one SQL scan (CPU ms)|store swap ms:stage to list (CPU ms)", row, "|")
}
!($1 in seen) {
	seen[$1] = 1
	size[++sizes] = $1
}
{
	value[$1, $2 " " $3 " " $4] = $5
}
END {
	printf "| levies |"
	for (s = 1; s <= sizes; s++)
		printf " %s |", size[s]
	printf "\n| --- |"
	for (s = 1; s <= sizes; s++)
		printf " ---: |"
	printf "\n"
	for (r = 1; r <= n; r++) {
		split(row[r], part, ":")
		printf "| %s |", part[2]
		for (s = 1; s <= sizes; s++)
			printf " %s |", shown(value[size[s], part[1]])
		printf "\n"
	}
}

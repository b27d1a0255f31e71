# SPDX-License-Identifier: GPL-3.0-or-later
# table.awk GOALS RESULTS: medians of the results ("WHO NAME METRIC VALUE") as a Markdown table.
function median(key,    list, n, i, j, x)
{
	n = split(values[key], list, " ")
	if (n == 0)
		return ""
	for (i = 2; i <= n; i++) {
		x = list[i] + 0
		for (j = i - 1; j > 0 && list[j] + 0 > x; j--)
			list[j + 1] = list[j]
		list[j + 1] = x
	}
	return list[int((n + 1) / 2)] + 0
}
function shown(value)
{
	return value == "" ? "–" : sprintf(value >= 1000 ? "%.0f" : "%.4g", value)
}
# yes or no; "" where there is nothing to hold against.
function verdict(kind, value, reference, limit)
{
	if (kind == "-" || value == "" || (kind != "most" && reference + 0 == 0))
		return ""
	if (kind == "most")
		return value <= limit ? "yes" : "**no**"
	if (kind == "ratio")
		return value <= limit * reference ? "yes" : "**no**"
	return value >= limit * reference ? "yes" : "**no**"
}
function words(kind, limit)
{
	return kind == "-" ? "" : kind == "most" ? "≤ " limit : kind == "ratio" ? "≤ " limit " ×" : "≥ " limit " ×"
}
FILENAME == ARGV[1] {
	if ($0 !~ /^#/ && $0 != "")
		goal[++goals] = $0
	next
}
{
	key = $1 " " $2 " " $3
	values[key] = values[key] " " $4
}
END {
	print "| | shebao | reference | ratio | goal | holds |"
	print "| --- | ---: | ---: | ---: | --- | --- |"
	for (g = 1; g <= goals; g++) {
		split(goal[g], part, "\t")
		value = median(part[3])
		reference = part[4] == "-" ? "" : median(part[4])
		if (value == "")
			continue
		ratio = reference + 0 > 0 ? sprintf("%.2f", value / reference) : "–"
		print "| " part[1] " | " shown(value) " | " shown(reference) " | " ratio " | " words(part[2], part[5]) " | " \
			verdict(part[2], value, reference, part[5]) " |"
	}
}

# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=sh disable=SC2034,SC2154
# HTTP: what is refused, and how.
saved=$token

api GET /healthz
is 'health' 200 "$status"
api GET /v1/nothing
is 'an unknown path' 404 "$status"
is 'is a problem document' not_found "$(field code)"
api PUT /v1/login
is 'a method that the path has not' 405 "$status"
has 'names those it has' '^Allow: POST' "$(tr -d '\r' <"$dir/head")"
status=$(curl -s -X DELETE -D "$dir/head" -o /dev/null "$base/v1/declarations")
has 'all of them' '^Allow: GET, HEAD, POST$' "$(tr -d '\r' <"$dir/head")"
is 'HEAD where there is GET' '200 0' "$(curl -s --head -o /dev/null -w '%{http_code} %{size_download}' "$base/healthz")"
is 'HEAD where there is none' 405 "$(curl -s --head -o /dev/null -w '%{http_code}' "$base/v1/login")"
has 'every answer has an id' '^X-Request-Id: [0-9a-f]*-[0-9a-f]*' "$(tr -d '\r' <"$dir/head")"

token=''
api GET /v1/levies
is 'a list without a token' 401 "$status"
has 'asks for one' '^WWW-Authenticate: Bearer' "$(tr -d '\r' <"$dir/head")"
token=0000000000000000000000000000000000000000000000000000000000000000
api GET /v1/levies
is 'a token that nobody has' 401 "$status"
token=$saved
api GET /v1/levies
is 'an officer is no clerk' 403 "$status"
api GET '/admin/v1/tokens?unknown=1'
is 'a query parameter that the operation has not' 400 "$status"
api POST '/v1/login?taxpayer_id=91520100770598600Y' '{}'
is 'a query where there is none' 400 "$status"
is 'a body that is compressed' 415 "$(curl -s -o /dev/null -w '%{http_code}' -H 'Content-Encoding: gzip' \
	--data-binary '{}' "$base/v1/login")"

for body in '' '{' '[]' '{"taxpayer_id":"91520100770598600Y"}' \
	'{"taxpayer_id":"91520100770598600Y","password":"x","more":1}' \
	'{"taxpayer_id":"91520100770598600Y","password":"x","password":"y"}' \
	'{"taxpayer_id":1,"password":"x"}'; do
	api POST /v1/login "$body"
	is "login with “$body”" 400 "$status"
	is 'is a problem document' 400 "$(field status)"
done
api POST /v1/login '{"taxpayer_id":"91520100770598600Y","password":7}'
has 'the error names the member' password "$(field detail)"

long=$(head -c 60000 /dev/zero | tr '\0' a)
is 'a header of 60 KB' 431 "$(curl -s -o /dev/null -w '%{http_code}' -H "X-Long: $long" "$base/healthz")"
is 'a header of 6 KB' 200 "$(curl -s -o /dev/null -w '%{http_code}' \
	-H "X-Long: $(printf %.6000s "$long")" "$base/healthz")"
head -c 1100000 /dev/zero >"$dir/zeros"
is 'a body over 1 MiB' 413 "$(curl -s -o /dev/null -w '%{http_code}' --data-binary "@$dir/zeros" \
	"$base/v1/login")"
is 'the same in chunks' 413 "$(curl -s -o /dev/null -w '%{http_code}' --data-binary "@$dir/zeros" \
	-H 'Transfer-Encoding: chunked' "$base/v1/login")"
is 'an upload without a token is not taken' 401 "$(curl -s -o /dev/null -w '%{http_code}' \
	--data-binary "@$dir/zeros" "$base/admin/v1/levies")"

raw 'GET /healthz HTTP/1.1\r\n\r\n'
is 'no Host' 'HTTP/1.1 400 Bad Request' "$line"
raw 'GET /healthz HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n'
is 'two Hosts' 'HTTP/1.1 400 Bad Request' "$line"
raw 'GET /healthz HTTP/1.1\r\nHost : a\r\n\r\n'
is 'a blank before the colon' 'HTTP/1.1 400 Bad Request' "$line"
raw 'POST /v1/login HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nContent-Length: 2\r\n\r\n{}'
is 'two lengths' 'HTTP/1.1 400 Bad Request' "$line"
raw 'POST /v1/login HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n'
is 'a length with chunks' 'HTTP/1.1 400 Bad Request' "$line"
raw 'GET /healthz%%00x HTTP/1.1\r\nHost: a\r\n\r\n'
is 'NUL in the path' 'HTTP/1.1 400 Bad Request' "$line"

# What libmicrohttpd would let pass. Each is followed by a request that must not be answered.
# strict WHAT EXPECTED BYTES: the status lines of all answers
strict()
{
	# shellcheck disable=SC2059
	is "$1" "$2" "$({ printf "$3"; printf 'GET /healthz HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n'; } |
		"$BUILD/speak" "$port" 2>/dev/null | tr -d '\r' |
		grep -a -o '^HTTP/1.1 [0-9]*' | cut -d ' ' -f 2 | paste -sd ' ' -)"
}
strict 'what HTTP allows' '200 200' 'GET /healthz?a=%%41 HTTP/1.1\r\nHost: a\r\nX-A:   b  \r\nX-B:\tb\r\nX-C:\r\nCookie: a=b; c=d\r\n\r\n'
strict 'a folded line' 400 'GET /healthz HTTP/1.1\r\nHost: a\r\nX-A: b\r\n c\r\nX-B: d\r\n\r\n'
strict 'a folded line with a tab' 400 'GET /healthz HTTP/1.1\r\nHost: a\r\nX-A: b\r\n\tc\r\nX-B: d\r\n\r\n'
strict 'a folded last line' 400 'GET /healthz HTTP/1.1\r\nHost: a\r\nX-A: b\r\n c\r\n\r\n'
strict 'a folded length' 400 'GET /healthz HTTP/1.1\r\nHost: a\r\nContent-Length:\r\n 0\r\n\r\n'
strict 'a bare LF after the request line' 400 'GET /healthz HTTP/1.1\nHost: a\r\nX-A: b\r\n\r\n'
strict 'a bare LF after a field' 400 'GET /healthz HTTP/1.1\r\nHost: a\nX-A: b\r\n\r\n'
strict 'a bare LF after the last field' 400 'GET /healthz HTTP/1.1\r\nHost: a\r\nX-A: b\n\r\n'
strict 'a bare LF at the end' 400 'GET /healthz HTTP/1.1\r\nHost: a\r\nX-A: b\r\n\n'
strict 'bare LFs alone' 400 'GET /healthz HTTP/1.1\nHost: a\n\n'
strict 'a bare CR' 400 'GET /healthz HTTP/1.1\r\nHost: a\rX-A: b\r\n\r\n'
strict 'NUL in a value' 400 'GET /healthz HTTP/1.1\r\nHost: a\r\nX-A: b\000c\r\nX-B: d\r\n\r\n'
strict 'NUL in the last value' 400 'GET /healthz HTTP/1.1\r\nHost: a\r\nX-A: b\000c\r\n\r\n'
strict 'NUL at the end of a value' 400 'GET /healthz HTTP/1.1\r\nHost: a\r\nX-A: b\000\r\n\r\n'
strict 'NUL in a name' 400 'GET /healthz HTTP/1.1\r\nHost: a\r\nX\000A: b\r\nX-B: d\r\n\r\n'
strict 'NUL in the target' 400 'GET /healthz\000b HTTP/1.1\r\nHost: a\r\n\r\n'
strict 'NUL in the query' 400 'GET /healthz?a=\000b HTTP/1.1\r\nHost: a\r\n\r\n'
strict 'two blanks in the request line' 400 'GET  /healthz HTTP/1.1\r\nHost: a\r\n\r\n'
strict 'a bare LF before a body' 400 'POST /v1/login HTTP/1.1\r\nHost: a\r\nContent-Length: 2\n\r\n{}'
is 'a header that comes in pieces' 'HTTP/1.1 200 OK' "$({
	printf 'GET /healthz HT'; sleep 0.2
	printf 'TP/1.1\r'; sleep 0.2
	printf '\nHost: a\r\nX-A'; sleep 0.2
	printf ': b\r\nX-B: %.3000s' "$long"; sleep 0.2
	printf '%.5000s\r\nX-C: d\r\nConnection: close\r\n\r' "$long"; sleep 0.2
	printf '\n'
} | "$BUILD/speak" "$port" 2>/dev/null | head -n 1 | tr -d '\r')"

has 'one connection serves many requests' "^1 0 0 \$" "$(curl -s -o /dev/null -w '%{num_connects} ' \
	"$base/healthz" "$base/v1/nothing" -o /dev/null "$base/healthz" -o /dev/null)"
api GET /v1/openapi.json
is 'the openapi document is JSON' declaration_submit \
	"$(printf '%s' "$answer" | jq -r '.paths["/v1/declarations"].post.operationId')"
has 'metrics count requests' '^shebaod_requests_total{operation="login",status="400"} [1-9]' \
	"$(curl -s "$base/metrics")"

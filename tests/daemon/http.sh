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

has 'one connection serves many requests' "^1 0 0 \$" "$(curl -s -o /dev/null -w '%{num_connects} ' \
	"$base/healthz" "$base/v1/nothing" -o /dev/null "$base/healthz" -o /dev/null)"
api GET /v1/openapi.json
is 'the openapi document is JSON' declaration_submit \
	"$(printf '%s' "$answer" | jq -r '.paths["/v1/declarations"].post.operationId')"
has 'metrics count requests' '^shebaod_requests_total{operation="login",status="400"} [1-9]' \
	"$(curl -s "$base/metrics")"

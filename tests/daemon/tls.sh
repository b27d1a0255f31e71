# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=sh disable=SC2034,SC2154
# HTTPS: with a certificate the TCP addresses speak nothing else.
stop_daemon TERM
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=localhost \
	-addext 'subjectAltName=IP:127.0.0.1' -keyout "$dir/key.pem" -out "$dir/cert.pem" 2>/dev/null
start_daemon --tls-cert "$dir/cert.pem" --tls-key "$dir/key.pem"
base=$(sed -n 's/^listening on \(https:.*\)$/\1/p' "$dir/out")
has 'the address says so' '^https://127.0.0.1:' "$base"
is 'the certificate is the right one' '{"status":"ok"}' "$(curl -s --cacert "$dir/cert.pem" "$base/healthz")"
code=0
curl -s --tls-max 1.1 --cacert "$dir/cert.pem" "$base/healthz" >/dev/null 2>&1 || code=$?
if [ "$code" -ne 0 ]; then ok; else no 'TLS 1.1 is accepted'; fi
ctl audit
is 'a certificate that nobody vouches for' 3 "$code"
ctl --ca-file "$dir/cert.pem" audit
is 'the pinned one' 0 "$code"
stop_daemon TERM
code=0
"$BUILD/shebaod" --state "$state" --listen 127.0.0.1:0 --tls-cert "$dir/cert.pem" --tls-key "$dir/cert.pem" \
	${DATABASE:+--database "$DATABASE"} \
	>/dev/null 2>&1 || code=$?
is 'a key that does not fit' 5 "$code"

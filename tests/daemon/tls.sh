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

# A new certificate while it runs: the next handshake shows it, a connection from before goes on.
# shown: the name on the certificate that a new handshake shows
shown()
{
	openssl s_client -connect "127.0.0.1:$port" </dev/null 2>/dev/null | openssl x509 -noout -subject 2>/dev/null |
		sed 's/.*CN *= *//'
}
shows()
{
	[ "$(shown)" = "$1" ]
}
# renew NAME: replaces certificate and key by ones of this name, as a tool for it does
renew()
{
	openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj "/CN=$1" \
		-addext 'subjectAltName=IP:127.0.0.1' -keyout "$dir/tls/new.key" -out "$dir/tls/new.pem" 2>/dev/null
	mv "$dir/tls/new.key" "$dir/tls/key.pem"
	mv "$dir/tls/new.pem" "$dir/tls/cert.pem"
}
mkdir "$dir/tls" "$dir/link"
ln -s ../tls/cert.pem ../tls/key.pem "$dir/link"
renew first
stop_daemon TERM
printf 'verify-limit = 2\nsession-idle = 30\nlog-level = info\n' >"$dir/reload.conf"
start_daemon --config "$dir/reload.conf" --tls-cert "$dir/link/cert.pem" --tls-key "$dir/link/key.pem"
base=$(sed -n 's/^listening on \(https:.*\)$/\1/p' "$dir/out")
port=${base##*:}
is 'the first certificate' first "$(shown)"
mkfifo "$dir/typed"
openssl s_client -quiet -no_ign_eof -connect "127.0.0.1:$port" <"$dir/typed" >"$dir/before" 2>/dev/null &
before=$!
exec 5>"$dir/typed"
printf 'GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n' >&5
if await 10 grep -q ok "$dir/before"; then ok; else no 'no connection from before'; fi
renew second
is 'without a signal nothing changes' first "$(shown)"
kill -s HUP "$pid"
if await 10 shows second; then ok; else no "after SIGHUP it shows “$(shown)”"; fi
printf 'GET /v1/nothing HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n' >&5
if await 10 grep -q '404 Not Found' "$dir/before"; then ok; else no 'the connection from before was dropped'; fi
exec 5>&-
wait "$before" 2>/dev/null
is 'clients believe the second one' 200 \
	"$(curl -s -o /dev/null -w '%{http_code}' --cacert "$dir/tls/cert.pem" "$base/healthz")"

# reloaded_with WHAT PATTERN: a reload that must be logged as a failure, and change nothing
reloaded_with()
{
	: >"$dir/log"
	kill -s HUP "$pid"
	if await 10 grep -q 'the old certificate stays' "$dir/log"; then ok; else no "$1 is not logged"; fi
	is "with $1 the old one stays" second "$(shown)"
}
cp "$dir/tls/key.pem" "$dir/tls/right.key"
openssl ecparam -name prime256v1 -genkey -noout -out "$dir/tls/key.pem" 2>/dev/null
reloaded_with 'the key of another certificate'
printf 'nonsense\n' >"$dir/tls/cert.pem"
reloaded_with 'a certificate that is none'
rm "$dir/tls/cert.pem"
reloaded_with 'no certificate'
renew third
kill -s HUP "$pid"
if await 10 shows third; then ok; else no "after the repair it shows “$(shown)”"; fi

# The limits of the file, replaced as editors do. Over the socket everybody is one source.
codes()
{
	for n in 1 2 3 4; do
		curl -s -o /dev/null -w '%{http_code}\n' --unix-socket "$dir/socket" \
			"http://localhost/v1/verify/00000000000000000000000$n"
	done | sort | uniq -c | awk '{ print $1, $2 }' | paste -sd ' ' -
}
is 'two codes a minute' '2 404 2 429' "$(codes)"
printf 'verify-limit = 0\nlog-level = debug\n' >"$dir/reload.new"
mv "$dir/reload.new" "$dir/reload.conf"
: >"$dir/log"
kill -s HUP "$pid"
if await 10 grep -q 'reloaded, log level debug' "$dir/log"; then ok; else no 'the file is not read again'; fi
is 'as many as one likes' '4 404' "$(codes)"
stop_daemon TERM
code=0
"$BUILD/shebaod" --state "$state" --listen 127.0.0.1:0 --tls-cert "$dir/cert.pem" --tls-key "$dir/cert.pem" \
	${DATABASE:+--database "$DATABASE"} \
	>/dev/null 2>&1 || code=$?
is 'a key that does not fit' 5 "$code"

# The client believes the right certificate of the right host at the right time, and nobody else.
# certificate NAME SUBJECT_ALT_NAME FROM TO: $dir/NAME.pem and .key, signed by itself
certificate()
{
	mkdir -p "$dir/ca.$1"
	: >"$dir/ca.$1/index"
	printf '[ca]\ndefault_ca=x\n[x]\ndatabase=%s/index\nnew_certs_dir=%s\nrand_serial=yes\ndefault_md=sha256\npolicy=p\ncopy_extensions=copy\n[p]\ncommonName=supplied\n' \
		"$dir/ca.$1" "$dir/ca.$1" >"$dir/ca.$1/conf"
	openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj "/CN=$1" -addext "subjectAltName=$2" \
		-keyout "$dir/$1.key" -out "$dir/$1.csr" 2>/dev/null &&
		openssl ca -batch -selfsign -notext -config "$dir/ca.$1/conf" -keyfile "$dir/$1.key" -in "$dir/$1.csr" \
			-startdate "$3" -enddate "$4" -out "$dir/$1.pem" 2>/dev/null || no "no certificate $1"
}
# asked NAME WHAT EXPECTED [CA]: the audit from a daemon that shows NAME
asked()
{
	stop_daemon TERM
	start_daemon --tls-cert "$dir/$1.pem" --tls-key "$dir/$1.key"
	base=$(sed -n 's/^listening on \(https:.*\)$/\1/p' "$dir/out")
	ctl --ca-file "$dir/${4:-$1}.pem" audit
	is "$2" "$3" "$code"
}
certificate good IP:127.0.0.1 20200101000000Z 20991231000000Z
certificate expired IP:127.0.0.1 20200101000000Z 20200201000000Z
certificate stranger DNS:shebao.example 20200101000000Z 20991231000000Z
asked expired 'a certificate whose time is over' 3
asked stranger 'a certificate for another host' 3
asked good 'a certificate of another authority' 3 stranger
asked good 'the right one' 0
out=$(http_proxy=http://127.0.0.1:1 https_proxy=http://127.0.0.1:1 HTTPS_PROXY=http://127.0.0.1:1 ALL_PROXY=socks5://127.0.0.1:1 \
	"$BUILD/shebaoctl" --server "$base" --ca-file "$dir/good.pem" --token-file "$state/admin.token" audit 2>&1)
is 'a proxy in the environment is none of ours' 0 $?
# Client certificates: by the authority that is named, and for clients.
# issued NAME AUTHORITY PURPOSE: $dir/NAME.pem and .key
issued()
{
	openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj "/CN=$1" \
		-keyout "$dir/$1.key" -out "$dir/$1.csr" 2>/dev/null
	printf 'extendedKeyUsage=%s\n' "$3" >"$dir/$1.ext"
	openssl x509 -req -days 2 -in "$dir/$1.csr" -CA "$dir/$2.pem" -CAkey "$dir/$2.key" -CAcreateserial \
		-extfile "$dir/$1.ext" -out "$dir/$1.pem" 2>/dev/null || no "no certificate $1"
}
for authority in ours theirs; do
	openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=authority \
		-keyout "$dir/$authority.key" -out "$dir/$authority.pem" 2>/dev/null
done
issued clerk ours clientAuth
issued foreign theirs clientAuth
issued server ours serverAuth
stop_daemon TERM
start_daemon --tls-cert "$dir/good.pem" --tls-key "$dir/good.key" --tls-client-ca "$dir/ours.pem"
base=$(sed -n 's/^listening on \(https:.*\)$/\1/p' "$dir/out")
ctl --ca-file "$dir/good.pem" audit
is 'no client certificate' 3 "$code"
ctl --ca-file "$dir/good.pem" --client-cert "$dir/clerk.pem" --client-key "$dir/clerk.key" audit
is 'one by our authority' 0 "$code"
ctl --ca-file "$dir/good.pem" --client-cert "$dir/foreign.pem" --client-key "$dir/foreign.key" audit
is 'one by another authority of the same name' 3 "$code"
ctl --ca-file "$dir/good.pem" --client-cert "$dir/server.pem" --client-key "$dir/server.key" audit
is 'one that is not for clients' 3 "$code"
for version in 1.2 1.3; do
	is "with TLS $version" 200 "$(curl -s -o /dev/null -w '%{http_code}' --tlsv1.2 --tls-max $version \
		--cacert "$dir/good.pem" --cert "$dir/clerk.pem" --key "$dir/clerk.key" "$base/healthz")"
	is "none with TLS $version" 000 "$(curl -s -o /dev/null -w '%{http_code}' --tlsv1.2 --tls-max $version \
		--cacert "$dir/good.pem" "$base/healthz")"
	is "a foreign one with TLS $version" 000 "$(curl -s -o /dev/null -w '%{http_code}' --tlsv1.2 --tls-max $version \
		--cacert "$dir/good.pem" --cert "$dir/foreign.pem" --key "$dir/foreign.key" "$base/healthz")"
done
# connected [LINE]: what the clerk's client, in its sandbox, says of the service with this in its configuration
connected()
{
	printf 'server = %s\nca_file = %s\nlang = zh\n%b' "$base" "$dir/good.pem" "${1:-}" >"$dir/config/shebao/shebao.conf"
	HOME=$dir/home XDG_CONFIG_HOME=$dir/config XDG_STATE_HOME=$dir/home "$BUILD/shebao" doctor 2>&1 | grep '缴费服务：'
}
mkdir -p "$dir/home" "$dir/config/shebao"
has 'a client without one says that it has no service' '^x ' "$(connected)"
has 'a client with one has it' '^  ' \
	"$(connected "client_cert = $dir/clerk.pem\nclient_key = $dir/clerk.key\n")"
has 'a client with a foreign one has it not' '^x ' \
	"$(connected "client_cert = $dir/foreign.pem\nclient_key = $dir/foreign.key\n")"
is 'the unix socket asks for none' 200 "$(curl -s -o /dev/null -w '%{http_code}' --unix-socket "$dir/socket" http://localhost/healthz)"
stop_daemon TERM
code=0
timeout 20 "$BUILD/shebaod" --state "$dir/other" --listen 127.0.0.1:0 --tls-cert "$dir/good.pem" --tls-key "$dir/good.key" \
	--tls-client-ca "$dir/good.key" >/dev/null 2>&1 || code=$?
is 'an authority that is none' 5 "$code"
code=0
timeout 20 "$BUILD/shebaod" --state "$dir/other" --listen 127.0.0.1:0 --tls-client-ca "$dir/ours.pem" >/dev/null 2>&1 || code=$?
is 'client certificates without TLS' 2 "$code"
start_daemon
printf 'defaults\n\tmode http\n\ttimeout connect 5s\n\ttimeout client 5s\n\ttimeout server 5s\nfrontend f\n\tbind unix@%s/redirect\n\thttp-request redirect location %s/admin/v1/audit code 307\n' \
	"$dir" "$base" >"$dir/redirect.cfg"
haproxy -db -f "$dir/redirect.cfg" >/dev/null 2>&1 &
redirector=$!
if await 10 test -S "$dir/redirect"; then ok; else no 'no redirect to be tried'; fi
is 'there is a redirect' 307 "$(curl -s -o /dev/null -w '%{http_code}' --unix-socket "$dir/redirect" http://localhost/admin/v1/audit)"
real=$base base="http+unix://$dir/redirect"
ctl audit
is 'which is not followed' 3 "$code"
base=$real
kill "$redirector"

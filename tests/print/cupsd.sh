# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=sh disable=SC2034
# A real cupsd in a folder of its own, on a loopback port, whose queues end in a backend that
# writes what it gets to a file. Sourced after tests/ok.sh; needs root, as cupsd does.

# cups_start FOLDER: sets CUPS_SERVER. Queues: laser (the default), broken (its backend fails),
# closed (takes no jobs), stopped (takes them and prints none).
cups_start()
{
	cups_dir=$1
	mkdir -p "$cups_dir/bin/backend" "$cups_dir/etc/ppd" "$cups_dir/spool/tmp" "$cups_dir/cache" \
		"$cups_dir/run/certs" "$cups_dir/printed" "$cups_dir/data"
	chmod 711 "${cups_dir%/*}"
	chmod 755 "$cups_dir" "$cups_dir/bin" "$cups_dir/bin/backend"
	# The scheduler's own helpers, and no backend but ours.
	for helper in daemon filter notifier cgi-bin monitor driver; do
		[ -d "/usr/lib/cups/$helper" ] && ln -s "/usr/lib/cups/$helper" "$cups_dir/bin/$helper"
	done
	ln -s /usr/share/cups/mime "$cups_dir/data/mime"
	cat >"$cups_dir/bin/backend/capture" <<EOT
#!/bin/sh
# backend JOB USER TITLE COPIES OPTIONS [FILE]
[ \$# -ge 5 ] || { echo 'direct capture "Unknown" "Capture"'; exit 0; }
case \$DEVICE_URI in *fail*) echo 'ERROR: out of toner' >&2; exit 1 ;; esac
if [ -n "\$6" ]; then cat "\$6"; else cat; fi >"$cups_dir/printed/\$1.pdf"
printf '%s\\n%s\\n' "\$3" "\$4" >"$cups_dir/printed/\$1.about"
EOT
	chmod 700 "$cups_dir/bin/backend/capture"
	cups_queue laser capture:/ok Yes Idle >"$cups_dir/etc/printers.conf"
	{
		cups_queue broken capture:/fail Yes Idle
		cups_queue closed capture:/ok No Idle
		cups_queue stopped capture:/ok Yes Stopped
	} | sed 's/DefaultPrinter/Printer/' >>"$cups_dir/etc/printers.conf"
	chmod 600 "$cups_dir/etc/printers.conf"
	cat >"$cups_dir/etc/cups-files.conf" <<EOT
ServerRoot $cups_dir/etc
ServerBin $cups_dir/bin
DataDir $cups_dir/data
RequestRoot $cups_dir/spool
TempDir $cups_dir/spool/tmp
CacheDir $cups_dir/cache
StateDir $cups_dir/run
AccessLog $cups_dir/access_log
ErrorLog $cups_dir/error_log
PageLog $cups_dir/page_log
SystemGroup root
User lp
Group lp
Sandboxing relaxed
EOT
	cups_port=6310
	while [ "$cups_port" -lt 6400 ]; do
		cups_configure
		cupsd -f -c "$cups_dir/etc/cupsd.conf" -s "$cups_dir/etc/cups-files.conf" \
			>"$cups_dir/out" 2>&1 &
		cups_pid=$!
		CUPS_SERVER=127.0.0.1:$cups_port
		export CUPS_SERVER
		cups_await && return 0
		cups_stop
		cups_port=$((cups_port + 7))
	done
	cat "$cups_dir/out" "$cups_dir/error_log"
	return 1
}

cups_configure()
{
	cat >"$cups_dir/etc/cupsd.conf" <<EOT
Listen 127.0.0.1:$cups_port
Browsing Off
DefaultAuthType None
WebInterface No
LogLevel debug
JobKillDelay 5
<Location />
  Order allow,deny
  Allow localhost
</Location>
<Policy default>
  JobPrivateAccess all
  JobPrivateValues none
  <Limit All>
    Order allow,deny
    Allow localhost
  </Limit>
</Policy>
EOT
}

# cups_queue NAME URI ACCEPTING STATE
cups_queue()
{
	cat <<EOT
<DefaultPrinter $1>
Info 办税大厅 $1
Location 二楼
MakeModel Local Raw Printer
DeviceURI $2
State $4
Accepting $3
Shared No
JobSheets none none
ErrorPolicy abort-job
</DefaultPrinter>
EOT
}

# Until it answers, ours and not another one on this port: 10 s at most.
cups_await()
{
	cups_tries=100
	while [ "$cups_tries" -gt 0 ]; do
		kill -0 "$cups_pid" 2>/dev/null || return 1
		curl -s -o /dev/null --max-time 1 "http://$CUPS_SERVER/" && return 0
		cups_tries=$((cups_tries - 1))
		sleep 0.1
	done
	return 1
}

cups_stop()
{
	[ -z "${cups_pid:-}" ] && return
	kill "$cups_pid" 2>/dev/null
	wait "$cups_pid" 2>/dev/null
	cups_pid=
}

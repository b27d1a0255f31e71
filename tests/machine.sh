# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=sh disable=SC2034,SC2154
# machine.sh: a machine of its own for tests that need a real sshd and real users; sourced with
# `. tests/machine.sh` as the first thing of a script that is called from the top of the tree. Files,
# network and processes are in namespaces, in which the script begins anew: /etc is a copy, users are
# made in it, sshd listens on a loopback that nobody else sees, and nothing is left when the script
# ends. It has tests/ok.sh with it.
if [ "${1-}" != inside ]; then
	[ "$(id -u)" -eq 0 ] || {
		echo 'must be root, to make users and namespaces'
		echo 'machine: 0 passed, 1 failed'
		exit 1
	}
	exec unshare -m -n -p -f --kill-child --mount-proc "$0" inside "$@"
fi
shift
. tests/ok.sh
build=${1:-${BUILD:-build/release}}
program=/opt/shebao/bin/shebao
employer=91520100770598600Y
# Of ssh, but for who is wanted.
ssh_options="-F none -i $ok_dir/key -o BatchMode=yes -o StrictHostKeyChecking=no \
-o UserKnownHostsFile=/dev/null -o LogLevel=ERROR -o ConnectTimeout=30"

make_machine()
{
	cp -a /etc "$ok_dir/etc" && mount --bind "$ok_dir/etc" /etc && mount -t tmpfs none /home &&
		mount -t tmpfs none /opt && mount -t tmpfs none /run && mkdir -p /run/sshd && ip link set lo up &&
		make -s install BUILD="$build" PREFIX=/opt/shebao SYSCONFDIR=/etc &&
		ssh-keygen -q -t ed25519 -N '' -f "$ok_dir/key" && ssh-keygen -q -t ed25519 -N '' -f "$ok_dir/host"
}

# start_sshd PORT LINE...: Debian's own settings, our snippet, and the lines.
start_sshd()
{
	port=$1
	shift
	{
		printf 'Port %s\nListenAddress 127.0.0.1\nHostKey %s\nPidFile none\n' "$port" "$ok_dir/host"
		printf 'UsePAM no\nPasswordAuthentication no\nKbdInteractiveAuthentication no\n'
		printf 'Subsystem sftp /usr/lib/openssh/sftp-server\nX11Forwarding yes\nMaxStartups 100\n'
		printf '%s\n' "$@"
		sed "s|/usr/bin/shebao$|$program|" scripts/install/sshd-kiosk.conf
	} >"$ok_dir/sshd_config.$port"
	/usr/sbin/sshd -t -f "$ok_dir/sshd_config.$port" && /usr/sbin/sshd -f "$ok_dir/sshd_config.$port" -E "$ok_dir/sshd.log"
}

# start_office [OPTION...]: with a sample that the options say how to make; sets office.
start_office()
{
	scripts/make-sample "$ok_dir/sample" "$@" >/dev/null
	"/opt/shebao/sbin/shebaod" --state "$ok_dir/office" >"$ok_dir/office.out" 2>&1 &
	office=$!
	tries=0
	until grep -q '^listening' "$ok_dir/office.out"; do
		tries=$((tries + 1))
		[ "$tries" -lt 300 ] || return 1
		sleep 0.2
	done
	for what in employer:units levy:levies; do
		/opt/shebao/bin/shebaoctl --token-file "$ok_dir/office/admin.token" "${what%:*}" import \
			"$ok_dir/sample/${what#*:}.csv" || return 1
	done
}

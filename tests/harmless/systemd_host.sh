#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# systemd_host.sh BUILD FOLDER: becomes systemd, process 1 of a machine of its own: this one's files
# below what is written into FOLDER, the service installed with its unit, and nothing else to start.
# Called in namespaces of mounts, processes, network, names, IPC and control groups (systemd.sh).
set -eu
build=$1 folder=$2 root=$2/root
ip link set lo up
mount --make-rprivate /
mount -t tmpfs none "$folder"
mkdir "$folder/upper" "$folder/work" "$root"
mount -t overlay -o "lowerdir=/,upperdir=$folder/upper,workdir=$folder/work" overlay "$root"
mount -t proc proc "$root/proc"
mount --rbind /sys "$root/sys"
mount --rbind /dev "$root/dev"
for part in run tmp etc/systemd/system var/lib; do
	mount -t tmpfs none "$root/$part"
done
for target in sysinit basic multi-user; do
	printf '[Unit]\nDescription=%s\n' "$target" >"$root/etc/systemd/system/$target.target"
done
printf '[Unit]\nDescription=nothing\nDefaultDependencies=no\n' >"$root/etc/systemd/system/nothing.target"
make -s install BUILD="$build" DESTDIR="$root" PREFIX=/usr SYSCONFDIR=/etc
chroot "$root" systemd-sysusers /usr/lib/sysusers.d/shebaod.conf
exec env -i container=other PATH=/usr/sbin:/usr/bin:/sbin:/bin chroot "$root" /lib/systemd/systemd --system \
	--unit=nothing.target --log-target=null --show-status=0

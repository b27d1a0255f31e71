#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# scripts/bootstrap with a dpkg and an apt of the test's own: what it asks for, and when not to.
set -u
. tests/ok.sh
bin=$ok_dir/bin
mkdir "$bin"
# Packages in the file `have` are installed; apt-get notes its words and installs what it is told.
cat >"$bin/dpkg-query" <<END
#!/bin/sh
while [ \$# -gt 1 ]; do shift; done
grep -qx -e "\$1" -e all "$ok_dir/have" && echo 'install ok installed'
END
cat >"$bin/apt-get" <<END
#!/bin/sh
echo "\$*" >>"$ok_dir/apt"
for word in "\$@"; do echo "\$word" >>"$ok_dir/have"; done
END
printf '#!/bin/sh\necho 0\n' >"$bin/id"
chmod +x "$bin"/*

# bootstrap_with HAVE ARGUMENTS...
bootstrap_with()
{
	printf '%s\n' $1 >"$ok_dir/have"
	: >"$ok_dir/apt"
	shift
	PATH=$bin:$PATH scripts/bootstrap "$@"
}

nothing_missing()
{
	bootstrap_with all build run test pictures && equal "$(cat "$ok_dir/apt")" ''
}

only_missing()
{
	bootstrap_with 'xvfb xterm imagemagick x11-utils tmux fonts-wqy-microhei' pictures &&
		grep -q 'install --no-install-recommends fonts-inconsolata$' "$ok_dir/apt" &&
		equal "$(sed -n '1s/.* //p' "$ok_dir/apt")" update
}

check_only()
{
	fails_with 1 bootstrap_with gcc --check build >"$ok_dir/list" && equal "$(cat "$ok_dir/apt")" '' &&
		grep -q 'missing:.* libsqlite3-dev' "$ok_dir/list" && ! grep -q ' gcc ' "$ok_dir/list"
}

ok 'apt is not called when nothing is missing' nothing_missing
ok 'the lists are updated, then only what is missing is installed' only_missing
ok '--check names what is missing and installs nothing' check_only
ok 'an unknown group is wrong usage' fails_with 2 scripts/bootstrap nonsense
ok_done packages

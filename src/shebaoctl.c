/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Administration of the collection service. */
#include "shebao/ctl.h"
#include "shebao/file.h"

int
main(int argc, char **argv)
{
	file_begin();
	return ctl_main(argc, argv);
}

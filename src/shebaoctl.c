/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Administration of the collection service. */
#include <stddef.h>

#include "shebao/ctl.h"
#include "shebao/file.h"

#include <stddef.h>

#include "shebao/i18n.h"

int
main(int argc, char **argv)
{
	file_begin();
	i18n_init(NULL);
	return ctl_main(argc, argv);
}

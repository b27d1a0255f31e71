/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The collection service. */
#include <stddef.h>

#include "shebao/daemon.h"
#include "shebao/fatal.h"
#include "shebao/file.h"
#include "shebao/i18n.h"

int
main(int argc, char **argv)
{
	file_begin();
	i18n_init(NULL);
	fatal_stop_on_sync();
	return daemon_main(argc, argv);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The collection service. */
#include <stddef.h>

#include "shebao/daemon.h"

#include <stddef.h>

#include "shebao/i18n.h"

int
main(int argc, char **argv)
{
	i18n_init(NULL);
	return daemon_main(argc, argv);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The client: a command line, and screens or a dialogue when no command is given. */
#include "shebao/cli.h"
#include "shebao/fatal.h"
#include "shebao/file.h"
#include "shebao/plain.h"
#include "shebao/screen.h"

int
main(int argc, char **argv)
{
	static const struct cli_screens screens = {
		.run = screen_run,
		.run_plain = plain_run,
		.print_tables = screen_print_tables,
		.examine = screen_examine,
	};

	file_begin();
	fatal_stop_on_sync();
	return cli_main(argc, argv, &screens);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SHEBAO_DAEMON_DAEMON_H
#define SHEBAO_DAEMON_DAEMON_H

/* The whole of shebaod: reads its command line, serves until SIGTERM or SIGINT, returns its exit
 * status: 0 drained, 2 usage, 5 an address, a file or the database cannot be used. */
int daemon_main(int argc, char **argv);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SHEBAO_DAEMON_CONFINE_H
#define SHEBAO_DAEMON_CONFINE_H

#include "daemon_settings.h"

/* Enters the sandbox, beside what the service manager does: the state folder, the folders of the
 * database and of sockets, fonts, and the database's port stay within reach; new programs,
 * processes, addresses to listen on and other ports do not. Before the first thread. */
void daemon_confine(const struct daemon_settings *settings);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SHEBAO_DAEMON_NOTIFY_H
#define SHEBAO_DAEMON_NOTIFY_H

/* Tells the service manager (sd_notify's protocol, a datagram to $NOTIFY_SOCKET): "READY=1",
 * "STOPPING=1", "RELOADING=1". Nothing happens where there is none. */
void notify_manager(const char *state);

#endif

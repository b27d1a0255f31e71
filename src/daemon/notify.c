/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Readiness for the service manager. */
#include "notify.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

void
notify_manager(const char *state)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	const char *path = getenv("NOTIFY_SOCKET");
	size_t n = path != NULL ? strlen(path) : 0;
	int fd;

	if (n == 0 || n >= sizeof(address.sun_path) ||
	    (path[0] != '/' && path[0] != '@')) {
		return;
	}
	memcpy(address.sun_path, path, n);
	if (path[0] == '@') {
		address.sun_path[0] = '\0'; /* Linux' abstract names */
	}
	fd = socket(AF_UNIX, SOCK_DGRAM, 0);
	if (fd >= 0) {
		(void)!sendto(fd, state, strlen(state), 0, (struct sockaddr *)&address,
		    (socklen_t)(offsetof(struct sockaddr_un, sun_path) + n));
		close(fd);
	}
}

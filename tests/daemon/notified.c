/* SPDX-License-Identifier: GPL-3.0-or-later */
/* notified SOCKET: prints what comes in on a datagram socket, as the service manager has one. */
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>

int
main(int argc, char **argv)
{
	struct sockaddr_un name = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_DGRAM, 0);
	char text[512];
	ssize_t n;

	if (argc != 2 || strlen(argv[1]) >= sizeof(name.sun_path)) {
		fprintf(stderr, "usage: notified SOCKET\n");
		return 2;
	}
	memcpy(name.sun_path, argv[1], strlen(argv[1]) + 1);
	if (fd < 0 || bind(fd, (struct sockaddr *)&name, sizeof(name)) != 0) {
		perror("notified");
		return 1;
	}
	while ((n = recv(fd, text, sizeof(text), 0)) >= 0) {
		printf("%.*s\n", (int)n, text);
		fflush(stdout);
	}
	return 1;
}

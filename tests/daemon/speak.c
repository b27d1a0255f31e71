/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * speak PORT: what comes in goes to the port of this machine byte for byte, as it comes; what the peer
 * says is printed. Ends when the peer closes, 20 s after the last word of either at the latest.
 */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#define SILENCE_MS 20000

/* 0: it has ended. */
static int
pass_on(int from, int to)
{
	char bytes[65536];
	ssize_t n = read(from, bytes, sizeof(bytes)), done = 0, written;

	while (done < n) {
		written = write(to, bytes + done, (size_t)(n - done));
		if (written <= 0) {
			return 0;
		}
		done += written;
	}
	return n > 0;
}

int
main(int argc, char **argv)
{
	struct sockaddr_in peer = { .sin_family = AF_INET };
	struct pollfd fds[2] = { { .events = POLLIN }, { .fd = STDIN_FILENO, .events = POLLIN } };

	peer.sin_port = htons((unsigned short)(argc == 2 ? atoi(argv[1]) : 0));
	peer.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	fds[0].fd = socket(AF_INET, SOCK_STREAM, 0);
	if (connect(fds[0].fd, (struct sockaddr *)&peer, sizeof(peer)) != 0) {
		perror("speak");
		return 1;
	}
	while (poll(fds, 2, SILENCE_MS) > 0) {
		if (fds[0].revents != 0 && !pass_on(fds[0].fd, STDOUT_FILENO)) {
			return 0;
		}
		if (fds[1].revents != 0 && !pass_on(STDIN_FILENO, fds[0].fd)) {
			fds[1].fd = -1; /* all is said */
		}
	}
	return 1;
}

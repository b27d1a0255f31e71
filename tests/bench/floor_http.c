/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The least that an HTTP service by libmicrohttpd can be: two threads, epoll, one constant answer.
 *
 *	floor_http SOCKET	until it is killed; prints a line when it listens
 */
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <microhttpd.h>

static enum MHD_Result
/* NOLINTNEXTLINE(readability-function-size): the library's parameters */
on_request(void *user, struct MHD_Connection *http, const char *url, const char *method,
    const char *version, const char *bytes, size_t *n, void **context)
{
	static char hello[] = "{\"hello\":\"world\"}\n";
	struct MHD_Response *response;
	enum MHD_Result result;

	(void)url;
	(void)method;
	(void)version;
	(void)bytes;
	if (*context == NULL) {
		/* Answered at the first call, the connection would be closed. */
		*context = user;
		return MHD_YES;
	}
	if (*n > 0) {
		*n = 0;
		return MHD_YES;
	}
	response = MHD_create_response_from_buffer(strlen(hello), hello, MHD_RESPMEM_PERSISTENT);
	result = MHD_queue_response(http, 200, response);
	MHD_destroy_response(response);
	return result;
}

int
main(int argc, char **argv)
{
	struct sockaddr_un at = { .sun_family = AF_UNIX };
	struct MHD_Daemon *daemon;
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0);

	if (argc != 2 || strlen(argv[1]) >= sizeof(at.sun_path)) {
		fputs("usage: floor_http SOCKET\n", stderr);
		return 2;
	}
	strcpy(at.sun_path, argv[1]);
	unlink(argv[1]);
	if (fd < 0 || bind(fd, (struct sockaddr *)&at, sizeof(at)) != 0 || listen(fd, 256) != 0) {
		perror(argv[1]);
		return 1;
	}
	daemon = MHD_start_daemon(MHD_USE_EPOLL_INTERNAL_THREAD, 0, NULL, NULL, on_request, argv,
	    MHD_OPTION_LISTEN_SOCKET, fd, MHD_OPTION_THREAD_POOL_SIZE, 2u, MHD_OPTION_END);
	if (daemon == NULL) {
		return 1;
	}
	puts("listening");
	fflush(stdout);
	for (;;) {
		pause();
	}
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Listening sockets: TCP and unix. */
#include "listener.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "shebao/i18n.h"
#include "shebao/mem.h"

#define PORT_MAX 65535
#define BACKLOG 1024
#define HOST_SIZE 256

static int
new_socket(int family, struct err *err)
{
	int fd = socket(family, SOCK_STREAM, 0);

	if (fd < 0 || fcntl(fd, F_SETFD, FD_CLOEXEC) != 0 ||
	    fcntl(fd, F_SETFL, O_NONBLOCK) != 0) {
		if (fd >= 0) {
			close(fd);
		}
		return err_set(err, ERR_LOCAL, _("无法建立套接字：%s"), strerror(errno));
	}
	return fd;
}

/* ---- unix sockets */

static int
somebody_listens(const struct sockaddr_un *address)
{
	int fd = socket(AF_UNIX, SOCK_STREAM, 0), refused;

	if (fd < 0) {
		return 1;
	}
	refused = connect(fd, (const struct sockaddr *)address, sizeof(*address)) != 0 &&
	    errno == ECONNREFUSED;
	close(fd);
	return !refused;
}

static int
remove_left_behind(const struct sockaddr_un *address)
{
	struct stat st;

	return lstat(address->sun_path, &st) == 0 && S_ISSOCK(st.st_mode) &&
	    !somebody_listens(address) && unlink(address->sun_path) == 0;
}

static int
bind_unix(int fd, const struct sockaddr_un *address)
{
	mode_t before = umask(0117);
	int result = bind(fd, (const struct sockaddr *)address, sizeof(*address));

	umask(before);
	return result;
}

/* Clients stand elsewhere: what they are given begins at the root. */
static int
set_unix_url(const char *path, struct listener *out, struct err *err)
{
	char *whole = path[0] == '/' ? mem_dup(path) : realpath(path, NULL);

	if (whole == NULL) {
		return err_set(err, ERR_LOCAL, _("无法监听unix:%s：%s"), path, strerror(errno));
	}
	snprintf(out->url, sizeof(out->url), "http+unix://%s", whole);
	free(whole);
	return 0;
}

static int
open_unix(const char *path, struct listener *out, struct err *err)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };

	if (path[0] == '\0' || strlen(path) >= sizeof(address.sun_path)) {
		return err_set(err, ERR_USAGE, _("监听地址unix:%s：路径应为1到%zu字节"),
		    path, sizeof(address.sun_path) - 1);
	}
	snprintf(address.sun_path, sizeof(address.sun_path), "%s", path);
	out->fd = new_socket(AF_UNIX, err);
	if (out->fd < 0) {
		return -1;
	}
	if (bind_unix(out->fd, &address) != 0 &&
	    !(errno == EADDRINUSE && remove_left_behind(&address) &&
		bind_unix(out->fd, &address) == 0)) {
		return err_set(err, ERR_LOCAL, _("无法监听unix:%s：%s"), path,
		    errno != 0 ? strerror(errno) : "");
	}
	memcpy(out->path, address.sun_path, sizeof(out->path));
	out->is_unix = out->is_local = 1;
	return set_unix_url(path, out, err);
}

/* ---- TCP */

static int
split(const char *address, char *host, size_t host_size, const char **port)
{
	const char *colon = strrchr(address, ':'), *end = colon;
	const char *start = address;

	/* getaddrinfo would take port 70000 for 4464. */
	if (colon == NULL || colon[1] == '\0' || strspn(colon + 1, "0123456789") != strlen(colon + 1) ||
	    strlen(colon + 1) > 5 || strtol(colon + 1, NULL, 10) > PORT_MAX) {
		return -1;
	}
	if (*address == '[') {
		start++;
		end--;
		if (end <= start || *end != ']') {
			return -1;
		}
	} else if (memchr(address, ':', (size_t)(colon - address)) != NULL) {
		return -1; /* an IPv6 address wants its brackets */
	}
	if (end <= start || (size_t)(end - start) >= host_size) {
		return -1;
	}
	memcpy(host, start, (size_t)(end - start));
	host[end - start] = '\0';
	*port = colon + 1;
	return 0;
}

static int
is_loopback(const struct sockaddr *address)
{
	if (address->sa_family == AF_INET) {
		const struct sockaddr_in *in = (const void *)address;

		return ntohl(in->sin_addr.s_addr) >> 24 == 127;
	}
	return IN6_IS_ADDR_LOOPBACK(
	    &((const struct sockaddr_in6 *)(const void *)address)->sin6_addr);
}

/* Port 0 lets the system choose: the URL has the one it chose. */
static void
set_url(struct listener *out)
{
	struct sockaddr_storage address;
	socklen_t n = sizeof(address);
	char host[INET6_ADDRSTRLEN] = "", port[8] = "";
	int v6;

	if (getsockname(out->fd, (struct sockaddr *)&address, &n) != 0 ||
	    getnameinfo((struct sockaddr *)&address, n, host, sizeof(host), port,
		sizeof(port), NI_NUMERICHOST | NI_NUMERICSERV) != 0) {
		return;
	}
	v6 = strchr(host, ':') != NULL;
	snprintf(out->url, sizeof(out->url), "://%s%s%s:%s", v6 ? "[" : "", host,
	    v6 ? "]" : "", port);
}

static int
open_tcp(const char *address, struct listener *out, struct err *err)
{
	struct addrinfo hints = { .ai_socktype = SOCK_STREAM, .ai_flags = AI_PASSIVE },
			*found = NULL;
	char host[HOST_SIZE];
	const char *port;
	int yes = 1, no = 0, result = -1;

	if (split(address, host, sizeof(host), &port) != 0 ||
	    getaddrinfo(host, port, &hints, &found) != 0) {
		return err_set(err, ERR_USAGE,
		    _("监听地址“%s”无法识别，应为127.0.0.1:8600、[::]:443或unix:路径"),
		    address);
	}
	out->fd = new_socket(found->ai_family, err);
	if (out->fd < 0) {
		goto out;
	}
	setsockopt(out->fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes));
	if (found->ai_family == AF_INET6) {
		setsockopt(out->fd, IPPROTO_IPV6, IPV6_V6ONLY, &no, sizeof(no));
	}
	if (bind(out->fd, found->ai_addr, found->ai_addrlen) != 0) {
		err_set(err, ERR_LOCAL, _("无法监听%s：%s"), address, strerror(errno));
		goto out;
	}
	out->is_local = is_loopback(found->ai_addr);
	set_url(out);
	result = 0;
out:
	freeaddrinfo(found);
	return result;
}

int
listener_is_address(const char *address)
{
	char host[HOST_SIZE];
	const char *port;

	return strncmp(address, "unix:", 5) == 0 ? address[5] != '\0'
						 : split(address, host, sizeof(host), &port) == 0;
}

int
listener_open(const char *address, struct listener *out, struct err *err)
{
	int result;

	*out = (struct listener){ .fd = -1 };
	result = strncmp(address, "unix:", 5) == 0 ? open_unix(address + 5, out, err)
						   : open_tcp(address, out, err);
	if (result == 0 && listen(out->fd, BACKLOG) != 0) {
		result = err_set(
		    err, ERR_LOCAL, _("无法监听%s：%s"), address, strerror(errno));
	}
	if (result != 0) {
		listener_close(out);
	}
	return result;
}

void
listener_close(struct listener *listener)
{
	if (listener->fd >= 0) {
		close(listener->fd);
		listener->fd = -1;
	}
	if (listener->path[0] != '\0') {
		unlink(listener->path);
		listener->path[0] = '\0';
	}
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Preloaded into a program, it tries from inside what a captured one would try, at the first
 * moment the program waits for something: that is after it has entered its sandbox. Each line it
 * writes to PROBE_OUT is a name and "ok" or the number of the error. PROBE_PORT is a port where
 * somebody else listens, PROBE_OWN a folder that must stay writable.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

static int out = -1;

__attribute__((constructor)) static void
begin(void)
{
	const char *path = getenv("PROBE_OUT");

	if (path != NULL) {
		out = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
		out = out >= 0 ? fcntl(out, F_DUPFD_CLOEXEC, 200) : -1;
	}
}

static void
say(const char *name, long result)
{
	int number = errno;

	if (result >= 0) {
		dprintf(out, "%s ok\n", name);
	} else {
		dprintf(out, "%s %d\n", name, number);
	}
}

static void
try_file(const char *name, const char *path, int flags)
{
	int fd = open(path, flags | O_CLOEXEC, 0600);

	say(name, fd);
	if (fd >= 0) {
		close(fd);
	}
}

static void
try_connect(const char *name, const char *port, int flags)
{
	struct sockaddr_in to = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	to.sin_port = htons((uint16_t)(port != NULL ? atoi(port) : 9));
	if (fd < 0) {
		say(name, -1);
		return;
	}
	if (flags != 0) {
		say(name, sendto(fd, "x", 1, flags, (struct sockaddr *)&to, sizeof(to)));
	} else {
		say(name, connect(fd, (struct sockaddr *)&to, sizeof(to)));
	}
	close(fd);
}

static void
try_bind(void)
{
	struct sockaddr_in at = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	say("bind", bind(fd, (struct sockaddr *)&at, sizeof(at)));
	close(fd);
}

static void
try_socket(const char *name, int family, int type, int protocol)
{
	int fd = socket(family, type | SOCK_CLOEXEC, protocol);

	say(name, fd);
	if (fd >= 0) {
		close(fd);
	}
}

static void
try_processes(void)
{
	char *const words[] = { (char *)"sh", (char *)"-c", (char *)"exit 0", NULL };
	char byte, *environment[] = { NULL };
	struct iovec here = { &byte, 1 };
	pid_t pid = fork();

	if (pid == 0) {
		_exit(0);
	}
	say("fork", pid);
	say("exec", execve("/bin/sh", words, environment));
	say("ptrace", ptrace(PTRACE_ATTACH, getppid(), NULL, NULL));
	say("process-memory", process_vm_readv(getppid(), &here, 1, &here, 1, 0));
	say("kill", kill(getppid(), 0));
	say("pidfd", syscall(SYS_pidfd_open, getppid(), 0));
}

static void
try_kernel(void)
{
	char key = '\n';

	say("type-into-terminal", ioctl(STDIN_FILENO, TIOCSTI, &key));
	say("mount", mount("none", "/mnt", "tmpfs", 0, ""));
	say("unshare", syscall(SYS_unshare, 0x10000000L));
	say("bpf", syscall(SYS_bpf, 0, NULL, 0));
	say("io-uring", syscall(SYS_io_uring_setup, 1, NULL));
	say("keyctl", syscall(SYS_keyctl, 0, 0));
	say("perf", syscall(SYS_perf_event_open, NULL, 0, 0, 0, 0));
	say("x32", syscall(0x40000000L | SYS_getpid));
}

static void *
idle(void *user)
{
	return user;
}

static void
try_own(void)
{
	const char *own = getenv("PROBE_OWN");
	char path[512], link[512];
	pthread_t thread;
	int rc = pthread_create(&thread, NULL, idle, NULL);

	errno = rc;
	say("thread", rc == 0 ? 0 : -1);
	if (rc == 0) {
		pthread_join(thread, NULL);
	}
	snprintf(path, sizeof(path), "%s/probe", own != NULL ? own : "");
	snprintf(link, sizeof(link), "%s/link", own != NULL ? own : "");
	try_file("own-file", path, O_RDWR | O_CREAT);
	say("symlink", symlink("/etc/passwd", link));
	say("chmod", chmod(path, 0666));
	say("remove", unlink(path));
}

static void
probe(void)
{
	static int is_done;

	if (is_done || out < 0) {
		return;
	}
	is_done = 1;
	try_file("passwd", "/etc/passwd", O_RDONLY);
	try_file("shadow", "/etc/shadow", O_RDONLY);
	try_file("tmp", "/tmp/shebao-probe", O_RDWR | O_CREAT);
	try_file("other-processes", "/proc/1/status", O_RDONLY);
	try_file("read-program", "/bin/sh", O_RDONLY);
	try_file("write-library", "/usr/lib/shebao-probe", O_RDWR | O_CREAT);
	try_processes();
	try_connect("other-port", getenv("PROBE_PORT"), 0);
	try_connect("fast-open", getenv("PROBE_PORT"), 0x20000000);
	try_bind();
	try_socket("udp", AF_INET, SOCK_DGRAM, 0);
	try_socket("mptcp", AF_INET, SOCK_STREAM, 262);
	try_socket("raw", AF_PACKET, SOCK_RAW, 0);
	try_socket("local", AF_UNIX, SOCK_STREAM, 0);
	try_kernel();
	try_own();
	close(out);
	out = -1;
}

int
poll(struct pollfd *fds, nfds_t n, int timeout)
{
	int (*real)(struct pollfd *, nfds_t, int);

	*(void **)&real = dlsym(RTLD_NEXT, "poll");
	probe();
	return real(fds, n, timeout);
}

int
sigwait(const sigset_t *set, int *number)
{
	int (*real)(const sigset_t *, int *);

	*(void **)&real = dlsym(RTLD_NEXT, "sigwait");
	probe();
	return real(set, number);
}

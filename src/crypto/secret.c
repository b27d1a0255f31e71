/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Passwords from descriptors, files and the terminal. */
#include "shebao/secret.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "shebao/crypto.h"
#include "shebao/i18n.h"
#include "shebao/mem.h"

/* Byte by byte: what stands behind the line belongs to the next question. */
static int
read_line(int fd, const char *name, char *out, size_t size, struct err *err)
{
	size_t n = 0;
	ssize_t got = 0;

	while (n < size && (got = read(fd, out + n, 1)) == 1 && out[n] != '\n') {
		n++;
	}
	if (got < 0) {
		return err_set(err, errno == EINTR ? ERR_CANCELLED : ERR_USAGE,
		    _("无法从 %s 读取密码：%s"), name, strerror(errno));
	}
	if (n == size) {
		return err_set(err, ERR_USAGE, _("%s 中的密码超过 %d 个字节"), name, (int)size - 1);
	}
	out[n] = '\0';
	out[strcspn(out, "\r\n")] = '\0';
	return out[0] == '\0' ? err_set(err, ERR_USAGE, _("%s 中没有密码"), name) : 0;
}

int
secret_read_fd(int fd, const char *name, char *out, size_t size, struct err *err)
{
	int rc = read_line(fd, name, out, size, err);

	if (rc != 0) {
		crypto_wipe(out, size);
	}
	return rc;
}

int
secret_read_file(const char *path, char *out, size_t size, struct err *err)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC), rc;

	if (fd < 0) {
		return err_set(err, ERR_USAGE, _("无法打开密码文件 %s：%s"), path, strerror(errno));
	}
	rc = secret_read_fd(fd, path, out, size, err);
	close(fd);
	return rc;
}

/* ---- the terminal */

static const int signals[] = { SIGINT, SIGTERM, SIGHUP, SIGQUIT };
static volatile sig_atomic_t caught;

static void
on_signal(int number)
{
	caught = number;
}

static void
catch_signals(struct sigaction before[ARRAY_LEN(signals)])
{
	struct sigaction action = { .sa_handler = on_signal };
	size_t i;

	caught = 0;
	sigemptyset(&action.sa_mask);
	for (i = 0; i < ARRAY_LEN(signals); i++) {
		sigaction(signals[i], &action, &before[i]);
	}
}

static void
release_signals(const struct sigaction before[ARRAY_LEN(signals)])
{
	size_t i;

	for (i = 0; i < ARRAY_LEN(signals); i++) {
		sigaction(signals[i], &before[i], NULL);
	}
	if (caught != 0) {
		raise(caught);
	}
}

int
secret_read_terminal(
    const char *prompt, const char *otherwise, char *out, size_t size, struct err *err)
{
	struct sigaction handlers[ARRAY_LEN(signals)];
	struct termios before, silent;
	int fd = open("/dev/tty", O_RDWR | O_CLOEXEC), rc;

	if (fd < 0 || tcgetattr(fd, &before) != 0) {
		if (fd >= 0) {
			close(fd);
		}
		return err_set(err, ERR_USAGE, "%s", otherwise);
	}
	silent = before;
	silent.c_lflag &= ~(tcflag_t)ECHO;
	catch_signals(handlers);
	tcsetattr(fd, TCSAFLUSH, &silent);
	dprintf(fd, "%s", prompt);
	rc = secret_read_fd(fd, "/dev/tty", out, size, err);
	tcsetattr(fd, TCSAFLUSH, &before);
	dprintf(fd, "\n");
	close(fd);
	release_signals(handlers);
	return rc;
}

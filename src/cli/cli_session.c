/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Passwords that never stand on the command line, and the session with the service. */
#include "cli_command.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "shebao/crypto.h"
#include "shebao/i18n.h"

static int
read_fd(int fd, const char *name, char *out, struct err *err)
{
	size_t n = 0;
	ssize_t got;

	while (n < PASSWORD_SIZE && (got = read(fd, out + n, PASSWORD_SIZE - n)) != 0) {
		if (got < 0 && errno == EINTR) {
			continue;
		}
		if (got < 0) {
			return err_set(err, ERR_USAGE, _("无法从 %s 读取密码：%s"), name, strerror(errno));
		}
		n += (size_t)got;
		if (memchr(out, '\n', n) != NULL) {
			break;
		}
	}
	if (n == PASSWORD_SIZE) {
		return err_set(err, ERR_USAGE, _("%s 中的密码超过 %d 个字节"), name, PASSWORD_SIZE - 1);
	}
	out[n] = '\0';
	out[strcspn(out, "\r\n")] = '\0';
	if (out[0] == '\0') {
		return err_set(err, ERR_USAGE, _("%s 中没有密码"), name);
	}
	return 0;
}

static int
read_file(const char *path, char *out, struct err *err)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC), rc;

	if (fd < 0) {
		return err_set(err, ERR_USAGE, _("无法打开密码文件 %s：%s"), path, strerror(errno));
	}
	rc = read_fd(fd, path, out, err);
	close(fd);
	return rc;
}

static int
read_terminal(const char *prompt, char *out, struct err *err)
{
	struct termios before, silent;
	int fd = open("/dev/tty", O_RDWR | O_CLOEXEC), rc;

	if (fd < 0 || tcgetattr(fd, &before) != 0) {
		if (fd >= 0) {
			close(fd);
		}
		return err_set(err, ERR_USAGE, "%s",
		    _("需要申报密码：请用 --password-fd、--password-file 或环境变量 "
		      "SHEBAO_PASSWORD_FILE 给出，或在终端中运行"));
	}
	silent = before;
	silent.c_lflag &= ~(tcflag_t)ECHO;
	tcsetattr(fd, TCSAFLUSH, &silent);
	dprintf(fd, "%s", prompt);
	rc = read_fd(fd, "/dev/tty", out, err);
	tcsetattr(fd, TCSAFLUSH, &before);
	dprintf(fd, "\n");
	close(fd);
	return rc;
}

int
cli_password(struct cli *cli, const char **out, struct err *err)
{
	const char *from_env = getenv("SHEBAO_PASSWORD_FILE");
	char *password;
	int rc;

	if (cli->password != NULL) {
		*out = cli->password;
		return 0;
	}
	password = crypto_secret_alloc(PASSWORD_SIZE, NULL);
	if (cli->password_fd >= 0) {
		rc = read_fd((int)cli->password_fd, "--password-fd", password, err);
	} else if (cli->password_file != NULL) {
		rc = read_file(cli->password_file, password, err);
	} else if (from_env != NULL && from_env[0] != '\0') {
		rc = read_file(from_env, password, err);
	} else {
		rc = read_terminal(_("申报密码："), password, err);
	}
	if (rc != 0) {
		crypto_secret_free(password, PASSWORD_SIZE);
		return -1;
	}
	*out = cli->password = password;
	return 0;
}

int
cli_new_password(struct cli *cli, const char *prompt, char **out, struct err *err)
{
	char *first = crypto_secret_alloc(PASSWORD_SIZE, NULL);
	char *again = crypto_secret_alloc(PASSWORD_SIZE, NULL);
	int rc;

	if (cli->new_password_fd >= 0) {
		rc = read_fd((int)cli->new_password_fd, "--new-password-fd", first, err);
	} else if (cli->new_password_file != NULL) {
		rc = read_file(cli->new_password_file, first, err);
	} else {
		rc = read_terminal(prompt, first, err);
		if (rc == 0) {
			rc = read_terminal(_("再次输入："), again, err);
		}
		if (rc == 0 && strcmp(first, again) != 0) {
			rc = err_set(err, ERR_DATA, "%s", _("两次输入的密码不一致"));
		}
	}
	crypto_secret_free(again, PASSWORD_SIZE);
	if (rc != 0) {
		crypto_secret_free(first, PASSWORD_SIZE);
		return -1;
	}
	*out = first;
	return 0;
}

static int
login(struct cli *cli, struct err *err)
{
	const char *password;
	int must_change;

	if (cli_password(cli, &password, err) != 0 ||
	    app_login(cli->app, app_unit(cli->app), password, &must_change, err) != 0) {
		return -1;
	}
	return must_change ? err_set(err, ERR_PASSWORD_INITIAL, "%s",
				 _("初始申报密码尚未修改（shebao unit add 或 shebao passwd）。")) :
			     0;
}

int
cli_connect(struct cli *cli, unsigned what, struct err *err)
{
	struct err why = { 0 };

	if (app_choose(cli->app, cli->unit, err) != 0) {
		return -1;
	}
	if (app_login_again(cli->app, &why) == 0 &&
	    app_download(cli->app, what, NULL, NULL, NULL, &why) == 0) {
		return 0;
	}
	if (why.code != ERR_SESSION && why.code != ERR_PASSWORD_INITIAL) {
		return err_set(err, why.code, "%s", why.text);
	}
	if (login(cli, err) != 0) {
		return -1;
	}
	return app_download(cli->app, what, NULL, NULL, NULL, err);
}

int
cli_refresh(struct cli *cli, unsigned what, struct err *err)
{
	struct err why = { 0 };

	if (cli_connect(cli, what, &why) == 0) {
		return 0;
	}
	if (why.code == ERR_UNREACHABLE && !cli->refresh && app_unit(cli->app)[0] != '\0') {
		fprintf(stderr, _("shebao: 注意：%s；以下是本机上次下载的内容。\n"), why.text);
		return 0;
	}
	return err_set(err, why.code, "%s", why.text);
}

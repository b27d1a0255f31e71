/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Passwords that never stand on the command line, and the session with the service. */
#include "cli_command.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "shebao/crypto.h"
#include "shebao/i18n.h"
#include "shebao/secret.h"

/* Not to be stopped meanwhile: the shell would give the terminal back as it was before, and what is
 * typed after fg would be shown. */
static int
ask_terminal(const char *prompt, const char *otherwise, char *out, struct err *err)
{
	void (*before)(int) = signal(SIGTSTP, SIG_IGN);
	int rc = secret_read_terminal(prompt, otherwise, out, PASSWORD_SIZE, err);

	signal(SIGTSTP, before);
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
	password = crypto_secret_alloc(PASSWORD_SIZE);
	if (cli->password_fd >= 0) {
		rc = secret_read_fd((int)cli->password_fd, "--password-fd", password, PASSWORD_SIZE, err);
	} else if (cli->password_file != NULL) {
		rc = secret_read_file(cli->password_file, password, PASSWORD_SIZE, err);
	} else if (from_env != NULL && from_env[0] != '\0') {
		rc = secret_read_file(from_env, password, PASSWORD_SIZE, err);
	} else {
		rc = ask_terminal(_("申报密码："),
		    _("需要申报密码：请用 --password-fd、--password-file 或环境变量 "
		      "SHEBAO_PASSWORD_FILE 给出，或在终端中运行"),
		    password, err);
	}
	if (rc != 0) {
		crypto_secret_free(password, PASSWORD_SIZE);
		return -1;
	}
	if (!crypto_secrets_are_locked()) {
		fprintf(stderr, "%s\n", _("shebao: 注意：内存无法锁定，口令可能被写入交换区（shebao doctor）"));
	}
	*out = cli->password = password;
	return 0;
}

int
cli_login_password(struct cli *cli, char *out, struct err *err)
{
	if (cli->password_fd >= 0) {
		return secret_read_fd((int)cli->password_fd, "--password-fd", out, PASSWORD_SIZE, err);
	}
	if (cli->password_file != NULL) {
		return secret_read_file(cli->password_file, out, PASSWORD_SIZE, err);
	}
	return ask_terminal(_("原登录密码："),
	    _("已启用登录密码，需要原登录密码：请用 --password-fd 或 --password-file 给出，或在终端中运行"),
	    out, err);
}

int
cli_password_fd(struct cli *cli, int *out, struct err *err)
{
	const char *file = cli->password_file;

	if (file == NULL) {
		file = getenv("SHEBAO_PASSWORD_FILE");
	}
	*out = (int)cli->password_fd;
	if (*out >= 0 || file == NULL || file[0] == '\0') {
		return 0;
	}
	*out = open(file, O_RDONLY | O_CLOEXEC);
	return *out >= 0 ? 0 :
			   err_set(err, ERR_USAGE, _("无法打开密码文件 %s：%s"), file, strerror(errno));
}

int
cli_new_password(struct cli *cli, const char *prompt, char **out, struct err *err)
{
	char *first = crypto_secret_alloc(PASSWORD_SIZE);
	char *again = crypto_secret_alloc(PASSWORD_SIZE);
	const char *otherwise =
	    _("需要新密码：请用 --new-password-fd 或 --new-password-file 给出，或在终端中运行");
	int rc;

	if (cli->new_password_fd >= 0) {
		rc = secret_read_fd((int)cli->new_password_fd, "--new-password-fd", first, PASSWORD_SIZE, err);
	} else if (cli->new_password_file != NULL) {
		rc = secret_read_file(cli->new_password_file, first, PASSWORD_SIZE, err);
	} else {
		rc = ask_terminal(prompt, otherwise, first, err);
		if (rc == 0) {
			rc = ask_terminal(_("再次输入："), otherwise, again, err);
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

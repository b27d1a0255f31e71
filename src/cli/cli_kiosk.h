/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SHEBAO_CLI_CLI_KIOSK_H
#define SHEBAO_CLI_CLI_KIOSK_H

#include "cli_command.h"

/*
 * The client as the only thing that a user may run: as a login shell, as sshd's ForceCommand, or
 * for everybody where the machine's configuration says `kiosk = yes`. It is on when
 *   argv[0] begins with '-' (a login shell),
 *   argv[1] is -c (what sshd and login call a shell with),
 *   $SSH_ORIGINAL_COMMAND is set (ForceCommand), or
 *   /etc/shebao/shebao.conf says so.
 * Nothing that the user can set turns it off. Then
 *   the environment is made anew: HOME and USER from the password file, TERM and the locale
 *   where they are names, nothing else that the user can choose;
 *   the user's own configuration is not read, and the machine's must be root's alone;
 *   a command line is taken as words: what a shell would expand or run is refused;
 *   only the commands of kiosk_commands run, and no option that names a file or a server;
 *   files are saved, printed and sent inside allowed_folders, by default the export folder,
 *   which is the working folder, too.
 */
#define CLI_KIOSK_WORDS 128

struct cli_kiosk {
	int is_on;
	int argc;
	char **argv; /* the words that count: those of main, or those of the command line */
	char *line;  /* owned: the command line, cut into words */
	char *words[CLI_KIOSK_WORDS + 2];
	enum {
		CLI_KIOSK_FINE,
		CLI_KIOSK_SHELL, /* the line has something that only a shell understands */
		CLI_KIOSK_OTHER  /* another program is wanted */
	} verdict;
};

/* First thing in main, before the locale is set: it comes from the environment. */
void cli_kiosk_begin(struct cli_kiosk *kiosk, int argc, char **argv);

/* Whether the command line is one of ours at all; ERR_FORBIDDEN. */
int cli_kiosk_check_line(const struct cli_kiosk *kiosk, struct err *err)
    __attribute__((warn_unused_result));

/* Whether the command and its options are allowed by the settings; ERR_FORBIDDEN. */
int cli_kiosk_check(const struct cli *cli, const struct options_result *result,
    const struct app_settings *settings, struct err *err) __attribute__((warn_unused_result));

void cli_kiosk_end(struct cli_kiosk *kiosk);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The client as the only thing that a user may run. */
#include "cli_kiosk.h"

#include <pwd.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "shebao/i18n.h"
#include "shebao/mem.h"

extern char **environ;

/* ---- the environment */

/* Variables that are kept when their value is a name: never a path, never an expression. */
static const char *const kept[] = { "TERM", "LANG", "LC_ALL", "LC_CTYPE", "LC_MESSAGES",
	"NO_COLOR", "SHEBAO_PLAIN", "SSH_CONNECTION" };

static int
is_name(const char *value)
{
	size_t n = strlen(value);

	return n > 0 && n < 128 && value[0] != '.' &&
	    strspn(value, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-+_.:@ ") == n;
}

/* SSH_CONNECTION only tells that there is a line between; its addresses are never used. */
static void
make_environment(void)
{
	const struct passwd *user = getpwuid(getuid());
	char *values[ARRAY_LEN(kept)];
	static char *empty[] = { NULL };
	size_t i;

	for (i = 0; i < ARRAY_LEN(kept); i++) {
		const char *value = getenv(kept[i]);

		values[i] = value != NULL && is_name(value) ? mem_dup(value) : NULL;
	}
	environ = empty;
	setenv("PATH", "/usr/bin:/bin", 1);
	setenv("HOME", user != NULL ? user->pw_dir : "/nonexistent", 1);
	setenv("USER", user != NULL ? user->pw_name : "", 1);
	for (i = 0; i < ARRAY_LEN(kept); i++) {
		if (values[i] != NULL) {
			setenv(kept[i], values[i], 1);
		}
		free(values[i]);
	}
}

/* ---- the command line */

#define QUOTED_SPECIAL "$`\\"
#define BARE_SPECIAL "|&;<>()$`\\*?[]{}~#!"

/* One word of at, unquoted in place. Returns where the next may begin; NULL: a shell's doing. */
static char *
cut_word(char *at, char **word)
{
	char *to = at, quote = '\0';

	*word = at;
	for (; *at != '\0'; at++) {
		unsigned char c = (unsigned char)*at;

		if (c < ' ' || c == 0x7F) {
			return NULL;
		}
		if (quote != '\0' && c == (unsigned char)quote) {
			quote = '\0';
		} else if (quote == '\0' && (c == '\'' || c == '"')) {
			quote = (char)c;
		} else if (quote == '\0' && c == ' ') {
			at++;
			break;
		} else if (quote != '\'' &&
		    strchr(quote == '"' ? QUOTED_SPECIAL : BARE_SPECIAL, (char)c) != NULL) {
			return NULL;
		} else {
			*to++ = (char)c;
		}
	}
	if (quote != '\0') {
		return NULL;
	}
	/* The blank behind the word, or the end: never a character that is still to be read. */
	*to = '\0';
	return at;
}

static void
cut_line(struct cli_kiosk *kiosk, const char *line)
{
	int count = 0;
	char *at;

	kiosk->line = mem_dup(line);
	kiosk->argv = kiosk->words;
	for (at = kiosk->line; *at != '\0';) {
		if (*at == ' ') {
			at++;
			continue;
		}
		if (count == CLI_KIOSK_WORDS || (at = cut_word(at, &kiosk->words[count])) == NULL) {
			kiosk->verdict = CLI_KIOSK_SHELL;
			break;
		}
		count++;
	}
	kiosk->words[count] = NULL;
	kiosk->argc = count;
}

/* "shebao", or this program by its path: no other program of that name. */
static int
is_this_program(const char *word)
{
	char own[4096], *other;
	ssize_t n = readlink("/proc/self/exe", own, sizeof(own) - 1);
	int same;

	if (strcmp(word, "shebao") == 0) {
		return 1;
	}
	if (word[0] != '/' || n <= 0) {
		return 0;
	}
	own[n] = '\0';
	other = realpath(word, NULL);
	same = other != NULL && strcmp(own, other) == 0;
	free(other);
	return same;
}

static void
take_line(struct cli_kiosk *kiosk, const char *line)
{
	cut_line(kiosk, line);
	if (kiosk->verdict == CLI_KIOSK_FINE &&
	    (kiosk->argc == 0 || !is_this_program(kiosk->words[0]))) {
		kiosk->verdict = CLI_KIOSK_OTHER;
	}
}

/* ForceCommand is run by the login shell: the client is called with its own name, and what the
 * user wanted stands in the environment. */
static void
read_words(struct cli_kiosk *kiosk, int argc, char **argv, const char *wanted)
{
	if (argc >= 2 && strcmp(argv[1], "-c") == 0) {
		kiosk->is_on = 1;
		if (argc != 3) {
			kiosk->verdict = CLI_KIOSK_OTHER;
			return;
		}
		take_line(kiosk, argv[2]);
		if (kiosk->verdict != CLI_KIOSK_FINE || kiosk->argc > 1 || wanted == NULL) {
			return;
		}
		free(kiosk->line);
	}
	if (wanted != NULL && kiosk->argc <= 1) {
		kiosk->is_on = 1;
		take_line(kiosk, wanted);
	}
}

/* What must not be known to the user's own settings; a wrong file is complained about later. */
static int
machine_says_so(void)
{
	struct app_settings settings;
	int kiosk = app_settings_load_machine(&settings, NULL) == 0 && settings.kiosk;

	return kiosk;
}

void
cli_kiosk_begin(struct cli_kiosk *kiosk, int argc, char **argv)
{
	const char *wanted = getenv("SSH_ORIGINAL_COMMAND");

	kiosk->argc = argc;
	kiosk->argv = argv;
	kiosk->is_on = argc > 0 && argv[0][0] == '-';
	read_words(kiosk, argc, argv, wanted);
	kiosk->is_on |= machine_says_so();
	if (kiosk->is_on) {
		make_environment();
		/* There is nothing behind the client to come back to. */
		signal(SIGTSTP, SIG_IGN);
		signal(SIGQUIT, SIG_IGN);
	}
}

int
cli_kiosk_check_line(const struct cli_kiosk *kiosk, struct err *err)
{
	switch (kiosk->verdict) {
	case CLI_KIOSK_SHELL:
		return err_set(err, ERR_FORBIDDEN, "%s",
		    _("命令中有只有 shell 才懂的字符；这里没有 shell"));
	case CLI_KIOSK_OTHER:
		return err_set(err, ERR_FORBIDDEN, "%s", _("这里只能运行 shebao"));
	case CLI_KIOSK_FINE:
		break;
	}
	return 0;
}

/* ---- commands and options */

/* Whether name stands in the list: "levies, unit list, declaration"; a first word alone allows
 * all that begin with it. */
static int
is_listed(const char *list, const char *name)
{
	const char *at = list;
	size_t first = strcspn(name, " ");

	while (*at != '\0') {
		size_t n;

		at += strspn(at, " ,");
		n = strcspn(at, ",");
		while (n > 0 && at[n - 1] == ' ') {
			n--;
		}
		if ((n == 3 && strncmp(at, "all", n) == 0) ||
		    (n == strlen(name) && strncmp(at, name, n) == 0) ||
		    (n == first && strncmp(at, name, n) == 0)) {
			return 1;
		}
		at += strcspn(at, ",");
	}
	return 0;
}

static int
refuse_option(const char *name, struct err *err)
{
	return err_set(err, ERR_FORBIDDEN, _("这里不允许选项 --%s"), name);
}

int
cli_kiosk_check(const struct cli *cli, const struct options_result *result,
    const struct app_settings *settings, struct err *err)
{
	const struct {
		const char *name;
		int is_given;
	} refused[] = {
		{ "server", cli->server != NULL },
		{ "home", cli->home != NULL },
		{ "password-file", cli->password_file != NULL },
		{ "new-password-file", cli->new_password_file != NULL },
		/* Standard input is the user's own; other descriptors are not. */
		{ "password-fd", cli->password_fd > 0 },
		{ "new-password-fd", cli->new_password_fd > 0 },
	};
	size_t i;

	for (i = 0; i < ARRAY_LEN(refused); i++) {
		if (refused[i].is_given) {
			return refuse_option(refused[i].name, err);
		}
	}
	if (result->command != NULL && !is_listed(settings->kiosk_commands, result->command->name)) {
		return err_set(err, ERR_FORBIDDEN, _("这里不允许命令“%s”"), result->command->name);
	}
	return 0;
}

void
cli_kiosk_end(struct cli_kiosk *kiosk)
{
	free(kiosk->line);
	kiosk->line = NULL;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The state folder: lock, books, seal, token, sandbox bank. */
#include "office.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "shebao/books.h"
#include "shebao/crypto.h"
#include "shebao/file.h"
#include "shebao/i18n.h"
#include "shebao/log.h"
#include "shebao/loop.h"
#include "shebao/mem.h"
#include "shebao/request.h"
#include "shebao/seal.h"
#include "shebao/state_table.h"

/* Audits, what looks for work, and, on SQLite, the one that all write through. */
#define MORE_CONNECTIONS 3
/* Of the background work; on PostgreSQL each costs a process of the server, and there may be other
 * daemons to share it with. */
#define HANDS_SQLITE 16
#define HANDS_POSTGRESQL 4

static int
hands_of(const struct office *office)
{
	return office->is_shared ? HANDS_POSTGRESQL : HANDS_SQLITE;
}

static int
take_lock(struct office *office, const char *state, struct err *err)
{
	char *path = mem_printf("%s/lock", state);
	struct flock whole = { .l_type = F_WRLCK, .l_whence = SEEK_SET };

	office->lock = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (office->lock < 0) {
		err_set(err, ERR_LOCAL, _("无法打开%s：%s"), path, strerror(errno));
	} else if (fcntl(office->lock, F_SETLK, &whole) != 0) {
		close(office->lock);
		office->lock = -1;
		err_set(err, ERR_LOCAL, _("状态目录%s正由另一个shebaod使用"), state);
	}
	free(path);
	return office->lock < 0 ? -1 : 0;
}

/* What is wrong with the books names them; the address of a server may hold a password. */
static int
name_books(const struct daemon_settings *settings, struct err *err)
{
	const char *url = settings->database;

	if (url[0] == '\0') {
		return err_wrap(err, "sqlite:%s/books.db", settings->state);
	}
	return err_wrap(err, "%.*s",
	    (int)(strncmp(url, "sqlite:", 7) == 0 ? strlen(url) : strcspn(url, ":")), url);
}

static int
open_books(const struct daemon_settings *settings, struct office *office, struct err *err)
{
	char *url = settings->database[0] != '\0'
	    ? mem_dup(settings->database)
	    : mem_printf("sqlite:%s/books.db", settings->state);
	int result;

	office->is_shared = strncmp(url, "sqlite:", 7) != 0;
	result = db_pool_open(url, (int)settings->workers + hands_of(office) + MORE_CONNECTIONS,
	    &office->pool, err);
	free(url);
	return result == 0 ? 0 : name_books(settings, err);
}

static int
open_seal(const struct daemon_settings *settings, struct office *office, struct err *err)
{
	char *folder = settings->seal[0] != '\0' ? mem_dup(settings->seal)
						 : mem_printf("%s/seal", settings->state);
	int result = seal_open_apart(folder, settings->seal[0] == '\0' ? settings->office : NULL,
	    loop_wall_ms(), &office->seal, err);

	free(folder);
	return result == 0 || settings->seal[0] == '\0' ? result : err_wrap(err, "seal");
}

static int
open_bank(const struct daemon_settings *settings, struct office *office, struct err *err)
{
	char *ledger = settings->sandbox_ledger[0] != '\0'
	    ? mem_dup(settings->sandbox_ledger)
	    : mem_printf("%s/bank.ledger", settings->state);
	int result = 0;

	if (settings->sandbox_bank[0] != '\0') {
		result =
		    bank_sandbox_open(settings->sandbox_bank, ledger, &office->bank, err);
	}
	free(ledger);
	if (result != 0 && err->code == ERR_DATA) {
		err->code = ERR_LOCAL;
	}
	return result;
}

static int
open_service(const struct daemon_settings *settings, const struct office *office,
    struct db_pool *pool, struct service **out, struct err *err)
{
	const struct service_opts opts = { .pool = pool,
		.bank = office->bank,
		.clock = loop_wall_ms,
		.seal = office->seal,
		.groups_commits = !office->is_shared,
		.hands = hands_of(office),
		.recalls = !office->is_shared,
		.feedback_delay_ms = settings->feedback_delay,
		.session_idle_ms = settings->session_idle * 60000,
		.session_max_ms = settings->session_max * 60000,
		.spool = settings->state,
		.profile =
		    (enum service_profile)service_profile_find(settings->password_profile),
		.verify_url =
		    settings->verify_url[0] != '\0' ? settings->verify_url : NULL };

	return service_open(&opts, loop_wall_ms(), out, err);
}

/* The books keep only a hash of the token; when the file is lost, a new start makes a new one. */
static int
make_token(const struct daemon_settings *settings, struct office *office, struct err *err)
{
	char *path = mem_printf("%s/admin.token", settings->state);
	char token[TOKEN_SIZE + 1];
	int result = 0;

	/* One that died when the token had its name and its temporary file still had its own. */
	file_remove_left(settings->state);
	if (access(path, F_OK) != 0) {
		result = service_token_new(office->service, ROLE_OFFICER | ROLE_BUREAU,
		    loop_wall_ms(), token, err);
		if (result == 0) {
			size_t n = strlen(token);

			token[n] = '\n';
			result = file_save(path, token, n + 1, FILE_KEEP, err);
			log_line(
			    LOG_INFO, "first start: office made in %s", settings->state);
		}
		crypto_wipe(token, sizeof(token));
	}
	free(path);
	return result;
}

int
office_open(
    const struct daemon_settings *settings, struct office *office, struct err *err)
{
	if (file_make_folder(settings->state, err) != 0 ||
	    take_lock(office, settings->state, err) != 0 ||
	    open_seal(settings, office, err) != 0 ||
	    open_books(settings, office, err) != 0 ||
	    open_bank(settings, office, err) != 0 ||
	    open_service(settings, office, office->pool, &office->service, err) != 0) {
		return -1;
	}
	return make_token(settings, office, err);
}

int
office_move(const struct daemon_settings *settings, struct office *office, int64_t *rows,
    struct service **out, struct err *err)
{
	struct db *from = NULL, *to = NULL;
	int failed = db_pool_open(settings->move_to, 2, &office->moved_pool, err) < 0 ||
	    db_pool_take(office->pool, &from, err) < 0 ||
	    db_pool_take(office->moved_pool, &to, err) < 0 ||
	    books_copy_move(from, to, loop_wall_ms(), rows, err) < 0;

	db_pool_give(office->pool, from);
	db_pool_give(office->moved_pool, to);
	return failed ? -1 : open_service(settings, office, office->moved_pool, out, err);
}

void
office_close(struct office *office)
{
	service_close(office->service);
	if (office->bank != NULL) {
		bank_sandbox_close(office->bank);
	}
	seal_close(office->seal);
	db_pool_close(office->pool);
	db_pool_close(office->moved_pool);
	if (office->lock >= 0) {
		close(office->lock);
	}
	*office = (struct office){ .lock = -1 };
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Moving the books to another database: from the embedded one to PostgreSQL, or back. */
#include "move.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "office.h"
#include "shebao/i18n.h"
#include "shebao/loop.h"
#include "shebao/mem.h"
#include "shebao/request.h"

static void
print_finding(const struct audit_finding *f, void *user)
{
	(void)user;
	printf("%s %s %s: %s\n", f->invariant, f->table_name, f->row_id, f->detail);
}

static int
audit(struct service *service, const char *where, struct err *err)
{
	int64_t checked = 0;
	int found = service_audit(service, loop_wall_ms(), print_finding, NULL, &checked, err);

	if (found < 0) {
		return -1;
	}
	printf(_("%s：核对%lld项，发现%d处问题\n"), where, (long long)checked, found);
	return found == 0 ? 0 : err_set(err, ERR_STATE, _("%s的账簿核对未通过，请先查明"), where);
}

/* A mistyped folder is no office without books: nothing is made here. */
static int
check_books(const struct daemon_settings *settings, struct err *err)
{
	const char *database = settings->database;
	char *path;
	int result = 0;

	if (database[0] != '\0' && strncmp(database, "sqlite:", 7) != 0) {
		return 0;
	}
	path = database[0] != '\0' ? mem_dup(database + 7)
				   : mem_printf("%s/books.db", settings->state);
	if (access(path, F_OK) != 0) {
		result = err_set(err, ERR_USAGE,
		    _("没有账簿%s：%s。请用--state或--database指出服务的账簿"), path,
		    strerror(errno));
	}
	free(path);
	return result;
}

int
move_audit(const struct daemon_settings *settings, struct err *err)
{
	struct office office = { .lock = -1 };
	int result = -1;

	if (check_books(settings, err) == 0 && office_open(settings, &office, err) == 0) {
		result = audit(office.service, _("账簿"), err);
	}
	fflush(stdout);
	office_close(&office);
	return result;
}

int
move_run(const struct daemon_settings *settings, struct err *err)
{
	struct office office = { .lock = -1 };
	struct service *there = NULL;
	int64_t rows = 0;
	int result = -1;

	if (check_books(settings, err) == 0 && office_open(settings, &office, err) == 0 &&
	    audit(office.service, _("原数据库"), err) == 0 &&
	    office_move(settings, &office, &rows, &there, err) == 0 &&
	    audit(there, _("新数据库"), err) == 0) {
		printf(_("已迁移%lld行，此后请用--database指向新数据库\n"), (long long)rows);
		result = 0;
	}
	fflush(stdout);
	service_close(there);
	office_close(&office);
	return result;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What people were shown as done, against what is so in the end; Jepsen's question. */
#include <stdio.h>
#include <string.h>

#include "shebao/db.h"
#include "shebao/mem.h"
#include "sim.h"

enum {
	SHOWN_MAX = 512
};

static struct {
	enum sim_shown what;
	char number[41];
} shown[SHOWN_MAX];
static size_t shown_count;

static struct {
	char number[41], sha256[65];
} documents[SHOWN_MAX];
static size_t document_count;

void
sim_history_reset(void)
{
	shown_count = document_count = 0;
}

void
sim_history_add(enum sim_shown what, const char *number)
{
	if (shown_count == SHOWN_MAX) {
		sim_fail("too much was shown");
	}
	shown[shown_count].what = what;
	snprintf(shown[shown_count++].number, sizeof(shown[0].number), "%s", number);
}

void
sim_history_document(const char *number, const char *sha256)
{
	size_t i;

	for (i = 0; i < document_count; i++) {
		if (strcmp(documents[i].number, number) == 0) {
			if (strcmp(documents[i].sha256, sha256) != 0) {
				sim_fail("I-23: %s was delivered with other bytes", number);
			}
			return;
		}
	}
	if (document_count == SHOWN_MAX) {
		sim_fail("too many documents");
	}
	snprintf(documents[i].number, sizeof(documents[i].number), "%s", number);
	snprintf(documents[i].sha256, sizeof(documents[i].sha256), "%s", sha256);
	document_count++;
}

void
sim_history_check(struct db *db)
{
	static const char *const is_so[] = {
		[SIM_SHOWN_DECLARED] = "SELECT count(*) FROM declaration WHERE declaration_id = $1",
		[SIM_SHOWN_VOUCHER] = "SELECT count(*) FROM voucher WHERE voucher_no = $1",
		[SIM_SHOWN_VOIDED] =
		    "SELECT count(*) FROM voucher WHERE voucher_no = $1 AND state = 'voided'",
		[SIM_SHOWN_DELIVERED] =
		    "SELECT count(*) FROM certificate WHERE certificate_no = $1 AND state IN ('delivered', 'invalidated')",
	};
	size_t i;

	for (i = 0; i < shown_count; i++) {
		int64_t n = 0;

		if (db_find_int(db, is_so[shown[i].what], DB_ARGS(db_text(shown[i].number)), &n,
			NULL) < 0 ||
		    n != 1) {
			sim_fail("I-17: %s was shown as done (%d) and is not", shown[i].number,
			    (int)shown[i].what);
		}
	}
}

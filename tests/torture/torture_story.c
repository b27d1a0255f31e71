/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The month of one employer in steps, and the states of the world where they begin. */
#include "torture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define STATUS_UNKNOWN 4
#define AGREEMENT "SBSF520100000002"
#define CLIENT (1U << TARGET_CLIENT)
#define DAEMON (1U << TARGET_DAEMON)

// clang-format off
const struct step story_steps[] = {
	/* The first calls are those that make the seal, whose keys take a second. */
	{ "first_seal",   "empty",    { NULL }, { "shebaoctl", "audit" }, { NULL }, DAEMON, DAEMON, 60 },
	{ "first_start",  "sealed",   { NULL }, { "shebaoctl", "audit" }, { NULL }, DAEMON, DAEMON },
	{ "upgrade",      "old",      { NULL }, { "shebao", "levies", "--refresh" }, { NULL }, CLIENT | DAEMON, CLIENT | DAEMON },
	{ "import",       "started",  { NULL }, { "shebaoctl", "employer", "import", "../../sample/units.csv" }, { NULL }, CLIENT | DAEMON },
	{ "push",         "employed", { NULL }, { "shebaoctl", "levy", "import", "../../sample/levies.csv" }, { NULL }, CLIENT | DAEMON },
	{ "login",        "imported", { NULL }, { "shebao", "unit", "add", EMPLOYER, "--password-file", "../../initial", "--new-password-file", "../../password" },
		{ "shebao", "unit", "add", EMPLOYER }, CLIENT | DAEMON },
	{ "download",     "added",    { NULL }, { "shebao", "levies", "--refresh" }, { NULL }, CLIENT },
	{ "declare",      "added",    { NULL }, { "shebao", "declare", "--all", "--period", "2020-06", "--wait", "30" },
		{ "shebao", "feedback", "--wait", "30" }, CLIENT | DAEMON },
	{ "void",         "declared", { NULL }, { "shebao", "declaration", "void", "@declaration", "--wait", "30" },
		{ "shebao", "feedback", "--wait", "30" }, CLIENT | DAEMON },
	{ "batch_list",   "added",    { NULL }, { "shebaoctl", "batch-list", "create", "--employer", EMPLOYER, "--period-from", "2020-06" }, { NULL }, DAEMON },
	{ "pay",          "declared", { NULL }, { "shebao", "pay", "--all", "--unit-no", "00048857", "--period", "2020-06", "--agreement", AGREEMENT },
		{ NULL }, CLIENT | DAEMON },
	{ "pay_unknown",  "declared", { "shebaoctl", "bank", "fault", "no_answer" },
		{ "shebao", "pay", "--all", "--unit-no", "00048857", "--period", "2020-06", "--agreement", AGREEMENT }, { NULL }, CLIENT | DAEMON },
	{ "pay_late",     "declared", { "shebaoctl", "bank", "fault", "late", "--delay-ms", "300" },
		{ "shebao", "pay", "--all", "--unit-no", "00048857", "--period", "2020-06", "--agreement", AGREEMENT }, { NULL }, DAEMON },
	{ "voucher",      "declared", { NULL }, { "shebao", "pay", "--all", "--period", "2020-06", "--voucher", "voucher.pdf", "--force" }, { NULL }, CLIENT | DAEMON, 0, 0, 1 },
	{ "pay_rest",     "declared", { NULL }, { "shebao", "pay", "--all", "--agreement", AGREEMENT }, { NULL }, 0 },
	{ "voucher_void", "vouchered", { NULL }, { "shebao", "voucher", "void", "@voucher" }, { NULL }, CLIENT | DAEMON },
	{ "settle",       "vouchered", { NULL }, { "shebaoctl", "voucher", "settle", "@voucher" }, { NULL }, CLIENT | DAEMON },
	{ "print",        "paid",     { NULL }, { "shebao", "certificate", "print", "--period", "2020-06", "certificate.pdf", "--force" }, { NULL }, CLIENT | DAEMON, 0, 0, 1 },
	{ "reprint",      "printed",  { NULL }, { "shebao", "certificate", "reprint", "@certificate", "again.pdf", "--force" }, { NULL }, CLIENT | DAEMON, 0, 0, 1 },
	{ "export",       "declared", { NULL }, { "shebao", "export", "list.xlsx", "--force" }, { NULL }, CLIENT },
};
// clang-format on
const size_t story_count = sizeof(story_steps) / sizeof(story_steps[0]);

const struct step *
story_step(const char *name)
{
	size_t i;

	for (i = 0; i < story_count; i++) {
		if (strcmp(story_steps[i].name, name) == 0) {
			return &story_steps[i];
		}
	}
	fprintf(stderr, "torture: no step %s\n", name);
	exit(2);
}

static int
do_all(const char *const commands[][WORDS_MAX], size_t count)
{
	static struct said said, rest;
	size_t i;
	int tries;

	for (i = 0; i < count; i++) {
		process_run(commands[i], (struct harm){ 0 }, &said);
		/* Where the machine is busy the answer takes its time. */
		for (tries = 0; said.status == STATUS_UNKNOWN && tries < 90 && !check_rest(&rest); tries++) {
			pause_ms(1000);
		}
		if (said.status != 0 && (said.status != STATUS_UNKNOWN || tries == 90)) {
			fprintf(stderr, "torture: %s %s: %d\n%s", commands[i][0], commands[i][1], said.status, said.err);
			return -1;
		}
	}
	return 0;
}

#define DO(...)                                                                          \
	do_all((const char *const[][WORDS_MAX]){ __VA_ARGS__ },                          \
	    sizeof((const char *const[][WORDS_MAX]){ __VA_ARGS__ }) / sizeof(const char *const[WORDS_MAX]))

/* A first start with a seal that is there already. */
static int
keep_sealed(void)
{
	char seal[PATH_MAX + 32], to[PATH_MAX + 32];

	world_keep("started");
	world_back_to("empty");
	snprintf(seal, sizeof(seal), "%s/started/state/seal", torture.work);
	snprintf(to, sizeof(to), "%s/state/seal", torture.now);
	folder_copy(seal, to);
	world_keep("sealed");
	world_back_to("started");
	return daemon_start((struct harm){ 0 });
}

/* The world as it is becomes a beginning, and goes on. */
static int
keep(const char *name)
{
	world_keep(name);
	return daemon_start((struct harm){ 0 });
}

/* What programs of the first schema left behind: dumps of real databases, without the officer's
 * token, which a start makes anew. */
static int
keep_old(void)
{
	char path[PATH_MAX + 32];

	world_keep("added");
	world_back_to("sealed");
	snprintf(path, sizeof(path), "%s/old/books.sql", torture.programs);
	books_make("state/books.db", path);
	snprintf(path, sizeof(path), "%s/old/mirror.sql", torture.programs);
	books_make("home/shebao.db", path);
	world_keep("old");
	world_back_to("added");
	return daemon_start((struct harm){ 0 });
}

static int
keep_vouchered(void)
{
	world_back_to("declared");
	if (daemon_start((struct harm){ 0 }) != 0 ||
	    DO({ "shebao", "pay", "--all", "--period", "2020-06", "--voucher", "voucher.pdf" }) != 0) {
		return -1;
	}
	world_keep("vouchered");
	return 0;
}

int
story_prepare(void)
{
	static const char *const folders[] = { "state", "home", "out" };
	char path[PATH_MAX + 16];
	size_t i;

	for (i = 0; i < 3; i++) {
		snprintf(path, sizeof(path), "%s/%s", torture.now, folders[i]);
		mkdir(path, 0700);
	}
	if (torture.cluster[0] != '\0') {
		cluster_make();
	}
	world_keep("empty");
	if (daemon_start((struct harm){ 0 }) != 0 || keep_sealed() != 0 ||
	    DO({ "shebaoctl", "employer", "import", "../../sample/units.csv" }) != 0 || keep("employed") != 0 ||
	    DO({ "shebaoctl", "levy", "import", "../../sample/levies.csv" },
		{ "shebaoctl", "agreement", "import", "../../sample/agreements.csv" },
		{ "shebaoctl", "account", "import", "../../sample/accounts.csv" }) != 0 || keep("imported") != 0 ||
	    DO({ "shebao", "unit", "add", EMPLOYER, "--password-file", "../../initial", "--new-password-file", "../../password" },
		{ "shebao", "levies", "--refresh" }) != 0 || keep_old() != 0 ||
	    DO({ "shebao", "declare", "--all", "--period", "2020-06", "--wait", "30" }) != 0 || keep("declared") != 0 ||
	    DO({ "shebao", "pay", "--all", "--unit-no", "00048857", "--period", "2020-06", "--agreement", AGREEMENT }) != 0 || keep("paid") != 0 ||
	    DO({ "shebao", "certificate", "print", "--period", "2020-06", "certificate.pdf" }) != 0) {
		return -1;
	}
	world_keep("printed");
	return keep_vouchered();
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The client's database: mirror of the service's lists, journal, marks, settings. */
#include "mirror_schema.h"

#include "shebao/account.h"
#include "shebao/agreement.h"
#include "shebao/certificate.h"
#include "shebao/consultation.h"
#include "shebao/journal.h"
#include "shebao/mem.h"
#include "shebao/payment.h"
#include "shebao/unit.h"
#include "shebao/voucher.h"

static const struct mirror_table tables[] = {
	[MIRROR_UNIT] = { "unit", &unit_type, "unit_no" },
	[MIRROR_AGREEMENT] = { "agreement", &agreement_type, "agreement_no" },
	[MIRROR_ACCOUNT] = { "account", &account_type, "account_no" },
	[MIRROR_LEVY] = { "levy", &levy_type, "levy_no" },
	[MIRROR_DECLARATION] = { "declaration", &declaration_type, "declaration_id" },
	[MIRROR_PAYMENT] = { "payment", &payment_type, "payment_no" },
	[MIRROR_VOUCHER] = { "voucher", &voucher_type, "voucher_no" },
	[MIRROR_CERTIFICATE] = { "certificate", &certificate_type, "certificate_no" },
	[MIRROR_CONSULTATION] = { "consultation", &consultation_type, "consultation_id" },
	[MIRROR_EMPLOYER] = { "employer", &employer_type, "taxpayer_id" },
	[MIRROR_PAYMENT_EVENT] = { "payment_event", &payment_event_type, "payment_no" },
};
_Static_assert(ARRAY_LEN(tables) == MIRROR_NOUN_COUNT, "a table for every noun");

// clang-format off
#define LIST(noun, key) \
	"CREATE TABLE " #noun " ({" #noun "}, PRIMARY KEY (taxpayer_id, " key "));\n" \
	"CREATE TABLE " #noun "_stage ({" #noun "}, PRIMARY KEY (taxpayer_id, " key "));\n"

#define STAGE(noun) \
	"DROP TABLE " #noun "_stage;\n" \
	"CREATE TABLE " #noun "_stage ({" #noun "});\n"

static const struct db_migration steps[] = {
	{ 1, "lists, journal, marks, settings",
	  "CREATE TABLE employer ({employer}, PRIMARY KEY (taxpayer_id));\n"
	  LIST(unit, "unit_no")
	  LIST(agreement, "agreement_no")
	  LIST(account, "account_no")
	  LIST(levy, "levy_no")
	  LIST(declaration, "declaration_id")
	  LIST(payment, "payment_no")
	  LIST(voucher, "voucher_no")
	  LIST(certificate, "certificate_no")
	  LIST(consultation, "consultation_id")
	  "CREATE TABLE payment_event ({payment_event}, PRIMARY KEY (payment_no, seq));\n"
	  "CREATE INDEX levy_by_state ON levy (taxpayer_id, kind, state);\n"
	  "CREATE INDEX levy_by_pay_state ON levy (taxpayer_id, pay_state);\n"
	  "CREATE INDEX levy_by_declaration ON levy (taxpayer_id, declaration_id);\n"
	  "CREATE TABLE download ("
	  " taxpayer_id TEXT NOT NULL, noun TEXT NOT NULL,"
	  " version BIGINT NOT NULL DEFAULT 0, downloaded_at BIGINT NOT NULL DEFAULT 0,"
	  " PRIMARY KEY (taxpayer_id, noun));\n"
	  "CREATE TABLE journal ({journal},"
	  " request BYTES, answer BYTES, PRIMARY KEY (op_id));\n"
	  "CREATE INDEX journal_by_state ON journal (taxpayer_id, state);\n"
	  /* A levy is held by at most one operation that is not final. */
	  "CREATE TABLE hold ("
	  " taxpayer_id TEXT NOT NULL, levy_no TEXT NOT NULL, op_id TEXT NOT NULL,"
	  " kind BIGINT NOT NULL, state_before TEXT NOT NULL, pay_state_before TEXT NOT NULL,"
	  " PRIMARY KEY (taxpayer_id, levy_no));\n"
	  "CREATE INDEX hold_by_op ON hold (op_id);\n"
	  "CREATE TABLE mark ("
	  " taxpayer_id TEXT NOT NULL, list TEXT NOT NULL, row BIGINT NOT NULL,"
	  " PRIMARY KEY (taxpayer_id, list, row));\n"
	  "CREATE TABLE setting ("
	  " taxpayer_id TEXT NOT NULL, name TEXT NOT NULL, value TEXT NOT NULL,"
	  " PRIMARY KEY (taxpayer_id, name));\n" },
	/* levy_totals is enough by itself to count and add up an unfiltered list; levy_by_state is in
	 * the order of arrival, which reading rows wants. Of two that serve as well SQLite takes the
	 * one made last. */
	{ 2, "count and total of levies from an index alone; smaller marks",
	  "CREATE INDEX levy_totals ON levy (taxpayer_id, kind, state, valid_until, amount);\n"
	  "DROP INDEX levy_by_state;\n"
	  "CREATE INDEX levy_by_state ON levy (taxpayer_id, kind, state);\n"
	  "DROP INDEX levy_by_pay_state;\n"
	  "CREATE INDEX levy_by_pay_state ON levy (taxpayer_id, state, pay_state);\n"
	  "ALTER TABLE mark RENAME TO mark_before;\n"
	  "CREATE TABLE mark ("
	  " taxpayer_id TEXT NOT NULL, list TEXT NOT NULL, row BIGINT NOT NULL,"
	  " PRIMARY KEY (taxpayer_id, list, row)) WITHOUT ROWID;\n"
	  "INSERT INTO mark SELECT taxpayer_id, list, row FROM mark_before;\n"
	  "DROP TABLE mark_before;\n" },
	/* What was staged is downloaded again. */
	{ 3, "stages without a key: rows are put down as they come",
	  STAGE(unit) STAGE(agreement) STAGE(account) STAGE(levy) STAGE(declaration)
	  STAGE(payment) STAGE(voucher) STAGE(certificate) STAGE(consultation) },
	/* Count, total, filter, order and search are had from the blocks (mirror_block.h), so the
	 * indices that served for them go. */
	{ 4, "levies in columns, marks as bits",
	  "CREATE TABLE levy_group (id INTEGER PRIMARY KEY, taxpayer_id TEXT NOT NULL, unit_no TEXT NOT NULL,"
	  " agency_code TEXT NOT NULL, agency_name TEXT NOT NULL, kind TEXT NOT NULL, item_code TEXT NOT NULL,"
	  " item_name TEXT NOT NULL, category_code TEXT NOT NULL, category_name TEXT NOT NULL,"
	  " subcategory_code TEXT NOT NULL, subcategory_name TEXT NOT NULL, period_from TEXT NOT NULL,"
	  " period_to TEXT NOT NULL, rate BIGINT NOT NULL, due_date TEXT NOT NULL, valid_until TEXT NOT NULL,"
	  " source TEXT NOT NULL, state TEXT NOT NULL, pay_state TEXT NOT NULL, settled_on TEXT NOT NULL,"
	  " UNIQUE (taxpayer_id, unit_no, agency_code, agency_name, kind, item_code, item_name, category_code,"
	  " category_name, subcategory_code, subcategory_name, period_from, period_to, rate, due_date,"
	  " valid_until, source, state, pay_state, settled_on));\n"
	  "CREATE TABLE levy_block (id INTEGER PRIMARY KEY, bytes BYTES NOT NULL);\n"
	  "CREATE TABLE levy_stale (block INTEGER PRIMARY KEY);\n"
	  "CREATE TABLE levy_packed (generation BIGINT NOT NULL);\n"
	  "INSERT INTO levy_packed VALUES (0);\n"
	  "INSERT OR IGNORE INTO levy_stale SELECT rowid >> 12 FROM levy;\n"
	  "CREATE TRIGGER levy_is_new AFTER INSERT ON levy BEGIN"
	  " INSERT INTO levy_stale VALUES (new.rowid >> 12) ON CONFLICT DO NOTHING; END;\n"
	  "CREATE TRIGGER levy_has_changed AFTER UPDATE ON levy BEGIN"
	  " INSERT INTO levy_stale VALUES (new.rowid >> 12) ON CONFLICT DO NOTHING;"
	  " INSERT INTO levy_stale VALUES (old.rowid >> 12) ON CONFLICT DO NOTHING; END;\n"
	  "CREATE TRIGGER levy_is_gone AFTER DELETE ON levy BEGIN"
	  " INSERT INTO levy_stale VALUES (old.rowid >> 12) ON CONFLICT DO NOTHING; END;\n"
	  "DROP INDEX levy_totals;\n"
	  "DROP INDEX levy_by_state;\n"
	  "DROP INDEX levy_by_pay_state;\n"
	  "CREATE TABLE mark_block ("
	  " taxpayer_id TEXT NOT NULL, list TEXT NOT NULL, block BIGINT NOT NULL, bits BYTES NOT NULL,"
	  " PRIMARY KEY (taxpayer_id, list, block)) WITHOUT ROWID;\n"
	  "INSERT INTO mark_block SELECT taxpayer_id, list, row >> 12, bits_of(row & 4095) FROM mark"
	  " GROUP BY taxpayer_id, list, row >> 12;\n"
	  "DROP TABLE mark;\n" },
	{ 5, "numbers of documents in columns",
	  "INSERT OR IGNORE INTO levy_stale SELECT DISTINCT rowid >> 12 FROM levy;\n" },
	/* A unique index held every group once more, and cost more than all else of a new one. */
	{ 6, "groups by a hash",
	  "DROP TABLE levy_group;\n"
	  "CREATE TABLE levy_group (id INTEGER PRIMARY KEY, hash BIGINT NOT NULL, taxpayer_id TEXT NOT NULL,"
	  " unit_no TEXT NOT NULL, agency_code TEXT NOT NULL, agency_name TEXT NOT NULL, kind TEXT NOT NULL,"
	  " item_code TEXT NOT NULL, item_name TEXT NOT NULL, category_code TEXT NOT NULL,"
	  " category_name TEXT NOT NULL, subcategory_code TEXT NOT NULL, subcategory_name TEXT NOT NULL,"
	  " period_from TEXT NOT NULL, period_to TEXT NOT NULL, rate BIGINT NOT NULL, due_date TEXT NOT NULL,"
	  " valid_until TEXT NOT NULL, source TEXT NOT NULL, state TEXT NOT NULL, pay_state TEXT NOT NULL,"
	  " settled_on TEXT NOT NULL);\n"
	  "CREATE INDEX levy_group_by_hash ON levy_group (hash);\n"
	  "INSERT OR IGNORE INTO levy_stale SELECT DISTINCT rowid >> 12 FROM levy;\n" },
	/* The hash is another one: that of the members of a record. */
	{ 7, "blocks are made while the rows arrive",
	  "CREATE TABLE levy_block_stage (id INTEGER PRIMARY KEY, bytes BYTES NOT NULL);\n"
	  "DELETE FROM levy_group;\n"
	  "INSERT OR IGNORE INTO levy_stale SELECT DISTINCT rowid >> 12 FROM levy;\n" },
};
// clang-format on

const struct mirror_table *
mirror_schema_table(enum mirror_noun noun)
{
	return &tables[noun];
}

int
mirror_schema_migrate(struct db *db, struct err *err)
{
	const struct record_type *types[MIRROR_NOUN_COUNT + 1];
	size_t i;

	for (i = 0; i < MIRROR_NOUN_COUNT; i++) {
		types[i] = tables[i].type;
	}
	types[i] = &journal_entry_type;
	return db_migrate(db, steps, ARRAY_LEN(steps), types, ARRAY_LEN(types), err);
}

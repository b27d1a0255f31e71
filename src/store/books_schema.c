/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The schema of the service's books, for both engines. What must never happen twice is a
 * uniqueness rule here: the live claims on a levy, op_id, the bank's key, numbers.
 */
#include "shebao/books_access.h"

#include <assert.h>

#include "shebao/mem.h"

// clang-format off
static const struct field audit_fields[] = {
	RECORD_TEXT(books_audit, taxpayer_id, "", FIELD_KEY),
	RECORD_NUMBER(books_audit, seq, "", FIELD_KEY),
	RECORD_TIME(books_audit, at, "", 0),
	RECORD_TEXT(books_audit, actor, "", 0),
	RECORD_TEXT(books_audit, operation, "", 0),
	RECORD_TEXT(books_audit, op_id, "", 0),
	RECORD_TEXT(books_audit, outcome, "", 0),
	RECORD_TEXT(books_audit, detail, "", 0),
	RECORD_TEXT(books_audit, prev, "", 0),
	RECORD_TEXT(books_audit, hash, "", 0),
};

static const struct field op_fields[] = {
	RECORD_TEXT(books_op, op_id, "", FIELD_KEY),
	RECORD_TEXT(books_op, fingerprint, "", 0),
	RECORD_TEXT(books_op, taxpayer_id, "", 0),
	RECORD_TEXT(books_op, operation, "", 0),
	RECORD_NUMBER(books_op, status, "", 0),
	RECORD_TIME(books_op, at, "", 0),
	RECORD_TEXT(books_op, result, "", 0),
};

static const struct field credential_fields[] = {
	RECORD_TEXT(books_credential, taxpayer_id, "", FIELD_KEY),
	RECORD_TEXT(books_credential, hash, "", FIELD_SECRET),
	RECORD_NUMBER(books_credential, failures, "", 0),
	RECORD_NUMBER(books_credential, locks, "", 0),
	RECORD_TIME(books_credential, locked_until, "", 0),
	RECORD_TIME(books_credential, changed_at, "", 0),
};

static const struct field session_fields[] = {
	RECORD_TEXT(books_session, token_hash, "", FIELD_KEY),
	RECORD_TEXT(books_session, taxpayer_id, "", 0),
	RECORD_BOOL(books_session, must_change, "", 0),
	RECORD_TIME(books_session, created_at, "", 0),
	RECORD_TIME(books_session, used_at, "", 0),
	RECORD_TIME(books_session, expires_at, "", 0),
	RECORD_TEXT(books_session, client, "", 0),
	RECORD_TEXT(books_session, source, "", 0),
};

static const struct field claim_fields[] = {
	RECORD_TEXT(books_claim, kind, "", FIELD_KEY),
	RECORD_TEXT(books_claim, holder, "", FIELD_KEY),
	RECORD_TEXT(books_claim, levy_no, "", FIELD_KEY),
	RECORD_TEXT(books_claim, taxpayer_id, "", 0),
	RECORD_FEN(books_claim, amount, "", 0),
	RECORD_BOOL(books_claim, live, "", 0),
};

static const struct field document_fields[] = {
	RECORD_TEXT(books_document, number, "", FIELD_KEY),
	RECORD_NUMBER(books_document, reprint, "", FIELD_KEY),
	RECORD_TEXT(books_document, taxpayer_id, "", 0),
	RECORD_TEXT(books_document, file_name, "", 0),
	RECORD_TEXT(books_document, sha256, "", 0),
};

static const struct field message_fields[] = {
	RECORD_TEXT(books_message, message_key, "", FIELD_KEY),
	RECORD_TEXT(books_message, kind, "", 0),
	RECORD_TEXT(books_message, taxpayer_id, "", 0),
	RECORD_TEXT(books_message, state, "", 0),
	RECORD_NUMBER(books_message, attempts, "", 0),
	RECORD_NUMBER(books_message, queries, "", 0),
	RECORD_TIME(books_message, sent_at, "", 0),
	RECORD_TIME(books_message, next_at, "", 0),
	RECORD_TIME(books_message, created_at, "", 0),
};

#define TYPE(tag, rows) { .name = #tag, .size = sizeof(struct tag), .fields = rows, .count = ARRAY_LEN(rows) }
const struct record_type books_audit_type = TYPE(books_audit, audit_fields);
const struct record_type books_op_type = TYPE(books_op, op_fields);
const struct record_type books_credential_type = TYPE(books_credential, credential_fields);
const struct record_type books_session_type = TYPE(books_session, session_fields);
const struct record_type books_claim_type = TYPE(books_claim, claim_fields);
const struct record_type books_document_type = TYPE(books_document, document_fields);
const struct record_type books_message_type = TYPE(books_message, message_fields);

static const struct record_type *const types[] = {
	&employer_type, &unit_type, &agreement_type, &account_type, &levy_type, &declaration_type,
	&payment_type, &payment_event_type, &voucher_type, &certificate_type, &consultation_type,
	&books_audit_type, &books_op_type, &books_credential_type, &books_session_type,
	&books_claim_type, &books_document_type, &books_message_type,
};

/* A table made anew, because no engine of ours can both change a primary key. */
#define REBUILD(name, columns)                                                             \
	"ALTER TABLE " name " RENAME TO old_" name ";\nCREATE TABLE " name " (" columns    \
	");\nCOPY ROWS old_" name " " name ";\nDROP TABLE old_" name ";\n"

static const struct db_migration steps[] = {
	{ 1, "the books", "\
CREATE TABLE head (taxpayer_id TEXT PRIMARY KEY, version BIGINT NOT NULL DEFAULT 0, audit_seq BIGINT NOT NULL DEFAULT 0, audit_hash TEXT NOT NULL DEFAULT '');\n\
CREATE TABLE counter (name TEXT PRIMARY KEY, value BIGINT NOT NULL);\n\
CREATE TABLE audit ({books_audit}, PRIMARY KEY (taxpayer_id, seq));\n\
CREATE UNIQUE INDEX audit_op ON audit (op_id) WHERE op_id <> '';\n\
CREATE TABLE op ({books_op}, answer TEXT NOT NULL DEFAULT '', PRIMARY KEY (op_id));\n\
CREATE TABLE credential ({books_credential}, PRIMARY KEY (taxpayer_id));\n\
CREATE TABLE session ({books_session}, PRIMARY KEY (token_hash));\n\
CREATE INDEX session_employer ON session (taxpayer_id);\n\
CREATE TABLE proof (proof_hash TEXT PRIMARY KEY, taxpayer_id TEXT NOT NULL, session_hash TEXT NOT NULL, subject TEXT NOT NULL, expires_at BIGINT NOT NULL, used_at BIGINT NOT NULL DEFAULT 0);\n\
CREATE TABLE token (token_hash TEXT PRIMARY KEY, role BIGINT NOT NULL, created_at BIGINT NOT NULL);\n\
CREATE TABLE employer ({employer}, PRIMARY KEY (taxpayer_id));\n\
CREATE TABLE unit ({unit}, PRIMARY KEY (taxpayer_id, unit_no, agency_code));\n\
CREATE INDEX unit_version ON unit (taxpayer_id, version);\n\
CREATE TABLE agreement ({agreement}, PRIMARY KEY (agreement_no));\n\
CREATE INDEX agreement_version ON agreement (taxpayer_id, version);\n\
CREATE TABLE account ({account}, PRIMARY KEY (taxpayer_id, account_no));\n\
CREATE INDEX account_version ON account (taxpayer_id, version);\n\
CREATE TABLE levy ({levy}, PRIMARY KEY (levy_no), CHECK (amount >= 0));\n\
CREATE INDEX levy_version ON levy (taxpayer_id, version);\n\
CREATE INDEX levy_period ON levy (taxpayer_id, period_from, levy_no);\n\
CREATE INDEX levy_declaration ON levy (declaration_id) WHERE declaration_id <> '';\n\
CREATE TABLE claim ({books_claim}, PRIMARY KEY (kind, holder, levy_no), CHECK (live IN (0, 1)));\n\
CREATE UNIQUE INDEX claim_declaration ON claim (taxpayer_id, levy_no) WHERE live = 1 AND kind = 'declaration';\n\
CREATE UNIQUE INDEX claim_channel ON claim (taxpayer_id, levy_no) WHERE live = 1 AND (kind = 'payment' OR kind = 'voucher' OR kind = 'batch');\n\
CREATE UNIQUE INDEX claim_tax_paid ON claim (taxpayer_id, levy_no) WHERE live = 1 AND kind = 'tax_paid';\n\
CREATE TABLE declaration ({declaration}, PRIMARY KEY (declaration_id));\n\
CREATE UNIQUE INDEX declaration_op ON declaration (op_id);\n\
CREATE INDEX declaration_version ON declaration (taxpayer_id, version);\n\
CREATE TABLE payment ({payment}, PRIMARY KEY (payment_no), CHECK (amount >= 0));\n\
CREATE UNIQUE INDEX payment_op ON payment (op_id);\n\
CREATE UNIQUE INDEX payment_bank_key ON payment (entrust_date, serial);\n\
CREATE INDEX payment_refused ON payment (finished_at) WHERE state = 'refused';\n\
CREATE INDEX payment_ticket ON payment (tax_ticket_no);\n\
CREATE INDEX payment_version ON payment (taxpayer_id, version);\n\
CREATE TABLE payment_event ({payment_event}, taxpayer_id TEXT NOT NULL, PRIMARY KEY (payment_no, seq));\n\
CREATE TABLE voucher ({voucher}, PRIMARY KEY (voucher_no), CHECK (amount > 0));\n\
CREATE UNIQUE INDEX voucher_op ON voucher (op_id);\n\
CREATE UNIQUE INDEX voucher_code ON voucher (verify_code);\n\
CREATE INDEX voucher_version ON voucher (taxpayer_id, version);\n\
CREATE INDEX voucher_due ON voucher (due_date) WHERE state = 'issued';\n\
CREATE TABLE certificate ({certificate}, PRIMARY KEY (certificate_no));\n\
CREATE UNIQUE INDEX certificate_op ON certificate (op_id);\n\
CREATE UNIQUE INDEX certificate_code ON certificate (verify_code);\n\
CREATE INDEX certificate_version ON certificate (taxpayer_id, version)" },
	{ 2, "documents, batch lists, work", "\
CREATE TABLE document ({books_document}, content BYTES NOT NULL, PRIMARY KEY (number, reprint));\n\
CREATE TABLE consultation ({consultation}, PRIMARY KEY (consultation_id));\n\
CREATE INDEX consultation_version ON consultation (taxpayer_id, version);\n\
CREATE TABLE batch_list (batch_list_no TEXT PRIMARY KEY, taxpayer_id TEXT NOT NULL, period_from TEXT NOT NULL, period_to TEXT NOT NULL, levy_count BIGINT NOT NULL, amount BIGINT NOT NULL, created_at BIGINT NOT NULL, version BIGINT NOT NULL);\n\
CREATE TABLE outbox ({books_message}, bytes BYTES NOT NULL, PRIMARY KEY (message_key));\n\
CREATE INDEX outbox_due ON outbox (next_at) WHERE state <> 'done';\n\
CREATE TABLE work (kind TEXT NOT NULL, holder TEXT NOT NULL, taxpayer_id TEXT NOT NULL, due_at BIGINT NOT NULL, PRIMARY KEY (kind, holder));\n\
CREATE INDEX work_due ON work (due_at)" },
	{ 3, "the employer in every key", "\
" REBUILD("op", "{books_op}, answer TEXT NOT NULL DEFAULT '', PRIMARY KEY (taxpayer_id, op_id)") "\
CREATE INDEX op_id ON op (op_id);\n\
DROP INDEX audit_op;\n\
CREATE UNIQUE INDEX audit_op ON audit (taxpayer_id, op_id) WHERE op_id <> '';\n\
" REBUILD("session", "{books_session}, PRIMARY KEY (taxpayer_id, token_hash)") "\
CREATE INDEX session_token ON session (token_hash);\n\
" REBUILD("proof", "proof_hash TEXT NOT NULL, taxpayer_id TEXT NOT NULL, session_hash TEXT NOT NULL, subject TEXT NOT NULL, expires_at BIGINT NOT NULL, used_at BIGINT NOT NULL DEFAULT 0, PRIMARY KEY (taxpayer_id, proof_hash)") "\
" REBUILD("agreement", "{agreement}, PRIMARY KEY (taxpayer_id, agreement_no)") "\
CREATE INDEX agreement_no ON agreement (agreement_no);\n\
CREATE INDEX agreement_version ON agreement (taxpayer_id, version);\n\
" REBUILD("levy", "{levy}, PRIMARY KEY (taxpayer_id, levy_no), CHECK (amount >= 0)") "\
CREATE INDEX levy_no ON levy (levy_no);\n\
CREATE INDEX levy_version ON levy (taxpayer_id, version);\n\
CREATE INDEX levy_period ON levy (taxpayer_id, period_from, levy_no);\n\
CREATE INDEX levy_declaration ON levy (taxpayer_id, declaration_id) WHERE declaration_id <> '';\n\
" REBUILD("claim", "{books_claim}, PRIMARY KEY (taxpayer_id, kind, holder, levy_no), CHECK (live IN (0, 1))") "\
CREATE UNIQUE INDEX claim_declaration ON claim (taxpayer_id, levy_no) WHERE live = 1 AND kind = 'declaration';\n\
CREATE UNIQUE INDEX claim_channel ON claim (taxpayer_id, levy_no) WHERE live = 1 AND (kind = 'payment' OR kind = 'voucher' OR kind = 'batch');\n\
CREATE UNIQUE INDEX claim_tax_paid ON claim (taxpayer_id, levy_no) WHERE live = 1 AND kind = 'tax_paid'" },
	{ 4, "the employer in every key of records", "\
" REBUILD("declaration", "{declaration}, PRIMARY KEY (taxpayer_id, declaration_id)") "\
CREATE INDEX declaration_id ON declaration (declaration_id);\n\
CREATE UNIQUE INDEX declaration_op ON declaration (taxpayer_id, op_id);\n\
CREATE INDEX declaration_version ON declaration (taxpayer_id, version);\n\
" REBUILD("payment", "{payment}, PRIMARY KEY (taxpayer_id, payment_no), CHECK (amount >= 0)") "\
CREATE INDEX payment_no ON payment (payment_no);\n\
CREATE UNIQUE INDEX payment_op ON payment (taxpayer_id, op_id);\n\
CREATE UNIQUE INDEX payment_bank_key ON payment (taxpayer_id, entrust_date, serial);\n\
CREATE INDEX payment_refused ON payment (finished_at) WHERE state = 'refused';\n\
CREATE INDEX payment_ticket ON payment (tax_ticket_no);\n\
CREATE INDEX payment_version ON payment (taxpayer_id, version);\n\
" REBUILD("payment_event", "{payment_event}, taxpayer_id TEXT NOT NULL, PRIMARY KEY (taxpayer_id, payment_no, seq)") "\
" REBUILD("voucher", "{voucher}, PRIMARY KEY (taxpayer_id, voucher_no), CHECK (amount > 0)") "\
CREATE INDEX voucher_no ON voucher (voucher_no);\n\
CREATE UNIQUE INDEX voucher_op ON voucher (taxpayer_id, op_id);\n\
CREATE UNIQUE INDEX voucher_code ON voucher (verify_code, taxpayer_id);\n\
CREATE INDEX voucher_version ON voucher (taxpayer_id, version);\n\
CREATE INDEX voucher_due ON voucher (due_date) WHERE state = 'issued';\n\
" REBUILD("certificate", "{certificate}, PRIMARY KEY (taxpayer_id, certificate_no)") "\
CREATE INDEX certificate_no ON certificate (certificate_no);\n\
CREATE UNIQUE INDEX certificate_op ON certificate (taxpayer_id, op_id);\n\
CREATE UNIQUE INDEX certificate_code ON certificate (verify_code, taxpayer_id);\n\
CREATE INDEX certificate_version ON certificate (taxpayer_id, version);\n\
" REBUILD("document", "{books_document}, content BYTES NOT NULL, PRIMARY KEY (taxpayer_id, number, reprint)") "\
" REBUILD("consultation", "{consultation}, PRIMARY KEY (taxpayer_id, consultation_id)") "\
CREATE INDEX consultation_id ON consultation (consultation_id);\n\
CREATE INDEX consultation_version ON consultation (taxpayer_id, version);\n\
" REBUILD("batch_list", "batch_list_no TEXT NOT NULL, taxpayer_id TEXT NOT NULL, period_from TEXT NOT NULL, period_to TEXT NOT NULL, levy_count BIGINT NOT NULL, amount BIGINT NOT NULL, created_at BIGINT NOT NULL, version BIGINT NOT NULL, PRIMARY KEY (taxpayer_id, batch_list_no)") "\
" REBUILD("outbox", "{books_message}, bytes BYTES NOT NULL, PRIMARY KEY (taxpayer_id, message_key)") "\
CREATE INDEX outbox_key ON outbox (message_key);\n\
CREATE INDEX outbox_due ON outbox (next_at) WHERE state <> 'done';\n\
" REBUILD("work", "kind TEXT NOT NULL, holder TEXT NOT NULL, taxpayer_id TEXT NOT NULL, due_at BIGINT NOT NULL, PRIMARY KEY (taxpayer_id, kind, holder)") "\
CREATE INDEX work_due ON work (due_at)" },
	{ 5, "names of tokens, sources, past passwords", "\
ALTER TABLE token ADD COLUMN token_id TEXT NOT NULL DEFAULT '';\n\
ALTER TABLE token ADD COLUMN name TEXT NOT NULL DEFAULT '';\n\
ALTER TABLE token ADD COLUMN expires_at BIGINT NOT NULL DEFAULT 0;\n\
UPDATE token SET token_id = SUBSTR(token_hash, 1, 12);\n\
CREATE UNIQUE INDEX token_name ON token (token_id);\n\
CREATE TABLE source_failure (source TEXT NOT NULL, taxpayer_id TEXT NOT NULL, at BIGINT NOT NULL, PRIMARY KEY (source, taxpayer_id));\n\
CREATE INDEX source_failure_at ON source_failure (at);\n\
CREATE TABLE source_lock (source TEXT PRIMARY KEY, locks BIGINT NOT NULL, locked_until BIGINT NOT NULL);\n\
CREATE TABLE password_past (taxpayer_id TEXT NOT NULL, at BIGINT NOT NULL, hash TEXT NOT NULL, PRIMARY KEY (taxpayer_id, at))" },
};
// clang-format on

int
books_schema_migrate_to(struct db *db, size_t count, struct err *err)
{
	assert(count <= ARRAY_LEN(steps));
	return db_migrate(db, steps, count, types, ARRAY_LEN(types), err);
}

int
books_schema_migrate(struct db *db, struct err *err)
{
	return books_schema_migrate_to(db, ARRAY_LEN(steps), err);
}

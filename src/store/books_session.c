/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Credentials, sessions, proofs and tokens. Whatever opens something is stored hashed. */
#include "shebao/books_access.h"

#include <stdio.h>

int
books_session_credential_find(struct db *db, const char *taxpayer_id, struct books_credential *out,
    struct err *err)
{
	*out = (struct books_credential){ 0 };
	return db_find(db, "SELECT * FROM credential WHERE taxpayer_id = $1",
	    DB_ARGS(db_text(taxpayer_id)), &books_credential_type, out, err);
}

int
books_session_credential_put(struct db *db, const struct books_credential *credential, struct err *err)
{
	return db_put(db, "credential", &books_credential_type, credential, err);
}

int
books_session_find(
    struct db *db, const char *token_hash, struct books_session *out, struct err *err)
{
	*out = (struct books_session){ 0 };
	return db_find(db, "SELECT * FROM session WHERE token_hash = $1",
	    DB_ARGS(db_text(token_hash)), &books_session_type, out, err);
}

int
books_session_add(struct db *db, const struct books_session *session, struct err *err)
{
	return db_post_insert(db, "session", &books_session_type, session, err);
}

int
books_session_touch(struct db *db, const char *token_hash, int64_t now, struct err *err)
{
	return db_run(db, "UPDATE session SET used_at = $1 WHERE token_hash = $2",
	    DB_ARGS(db_int(now), db_text(token_hash)), NULL, err);
}

int
books_session_end(struct db *db, const char *token_hash, struct err *err)
{
	return db_run(db, "DELETE FROM session WHERE token_hash = $1",
	    DB_ARGS(db_text(token_hash)), NULL, err);
}

int
books_session_end_others(
    struct db *db, const char *taxpayer_id, const char *keep, struct err *err)
{
	if (db_run(db, "DELETE FROM session WHERE taxpayer_id = $1 AND token_hash <> $2",
		DB_ARGS(db_text(taxpayer_id), db_text(keep)), NULL, err) < 0) {
		return -1;
	}
	return db_run(db, "UPDATE session SET must_change = 0 WHERE token_hash = $1",
	    DB_ARGS(db_text(keep)), NULL, err);
}

int
books_session_sweep(
    struct db *db, int64_t now, int64_t idle_ms, int64_t *count, struct err *err)
{
	int64_t proofs = 0;

	if (db_run(db, "DELETE FROM session WHERE expires_at <= $1 OR used_at <= $2",
		DB_ARGS(db_int(now), db_int(now - idle_ms)), count, err) < 0 ||
	    db_run(db, "DELETE FROM proof WHERE expires_at <= $1", DB_ARGS(db_int(now)), &proofs,
		err) < 0) {
		return -1;
	}
	*count += proofs;
	return 0;
}

int
books_session_proof_add(struct db *db, const char *proof_hash, const struct books_session *session,
    const char *subject, int64_t expires_at, struct err *err)
{
	return db_post(db,
	    "INSERT INTO proof (proof_hash, taxpayer_id, session_hash, subject, expires_at)"
	    " VALUES ($1, $2, $3, $4, $5)",
	    DB_ARGS(db_text(proof_hash), db_text(session->taxpayer_id),
		db_text(session->token_hash), db_text(subject), db_int(expires_at)),
	    DB_ANY, ERR_NONE, err);
}

int
books_session_proof_use(struct db *db, const char *proof_hash,
    const struct books_session *session, const char *subject, int64_t now, struct err *err)
{
	return db_run_one(db,
	    "UPDATE proof SET used_at = $1 WHERE proof_hash = $2 AND session_hash = $3"
	    " AND taxpayer_id = $4 AND subject = $5 AND used_at = 0 AND expires_at > $6",
	    DB_ARGS(db_int(now), db_text(proof_hash), db_text(session->token_hash),
		db_text(session->taxpayer_id), db_text(subject), db_int(now)),
	    ERR_PROOF, err);
}

int
books_session_token_add(struct db *db, const struct books_token *token, struct err *err)
{
	return db_run(db,
	    "INSERT INTO token (token_hash, role, created_at, token_id, name, expires_at)"
	    " VALUES ($1, $2, $3, $4, $5, $6)",
	    DB_ARGS(db_text(token->token_hash), db_int(token->role), db_int(token->created_at),
		db_text(token->token_id), db_text(token->name), db_int(token->expires_at)),
	    NULL, err);
}

int
books_session_token_find(struct db *db, const char *token_hash, int64_t now, int64_t *role,
    struct err *err)
{
	return db_find_int(db,
	    "SELECT role FROM token WHERE token_hash = $1 AND (expires_at = 0 OR expires_at > $2)",
	    DB_ARGS(db_text(token_hash), db_int(now)), role, err);
}

int
books_session_token_list(struct db *db, struct rows **out, struct err *err)
{
	return db_query(db,
	    "SELECT token_id, CASE role WHEN 2 THEN 'officer' WHEN 4 THEN 'bureau'"
	    " ELSE 'officer_bureau' END AS role, name, created_at, expires_at FROM token"
	    " ORDER BY created_at, token_id",
	    DB_NONE, out, err);
}

int
books_session_token_remove(struct db *db, const char *token_id, struct err *err)
{
	return db_run_one(db, "DELETE FROM token WHERE token_id = $1", DB_ARGS(db_text(token_id)),
	    ERR_NOT_FOUND, err);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* 安全认证: the declaration password, proved for one thing. */
#include "service_proof.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "service_password.h"
#include "service_uses.h"
#include "shebao/i18n.h"
#include "shebao/mem.h"

#define PROOF_MS (5 * 60 * 1000LL)

static int
compare_texts(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static void
hash_subject(const struct service_proof_subject *s, char out[65])
{
	struct buf b = { 0 };
	size_t count = s->levy_nos == NULL ? 0 : s->levy_nos->count, i;
	char **sorted = mem_alloc((count + 1) * sizeof(*sorted));

	for (i = 0; i < count; i++) {
		sorted[i] = s->levy_nos->items[i];
	}
	qsort(sorted, count, sizeof(*sorted), compare_texts);
	buf_printf(&b, "%d\n%" PRId64 "\n%s\n", s->action, s->amount, s->voucher_no);
	for (i = 0; i < count; i++) {
		buf_printf(&b, "%s\n", sorted[i]);
	}
	crypto_sha256(b.data, b.len, out);
	buf_release(&b);
	free(sorted);
}

int
service_proof_use(struct service_call *call, const char *proof,
    const struct service_proof_subject *subject, struct err *err)
{
	char proof_hash[65], subject_hash[65];
	struct err why = { 0 };

	crypto_sha256(proof, strlen(proof), proof_hash);
	hash_subject(subject, subject_hash);
	if (books_session_proof_use(call->db, proof_hash, &call->session, subject_hash, call->now,
		&why) < 0) {
		return why.code == ERR_PROOF
		    ? err_set(err, ERR_PROOF, _("安全认证已失效，或与本次办理的内容不一致"))
		    : err_set(err, why.code, "%s", why.text);
	}
	return 0;
}

int
service_proof_prepare(struct service_call *call, struct err *err)
{
	const struct proof_request *r = call->request;

	if (r->levy_nos.count > LEVIES_MAX) {
		return err_set(err, ERR_LIMIT, _("一次最多%d笔"), LEVIES_MAX);
	}
	return service_password_compare(call, call->taxpayer_id, r->password, err);
}

int
service_proof_make(struct service_call *call, struct err *err)
{
	const struct proof_request *r = call->request;
	struct proof_answer *answer = call->answer;
	struct service_proof_subject subject = { .action = r->action, .voucher_no = "" };
	char proof_hash[65], subject_hash[65];

	if (service_password_count(call, call->taxpayer_id, err) < 0) {
		return -1;
	}
	if (call->refusal.code != ERR_NONE) {
		return 0;
	}
	if (r->action == PROOF_VOID_VOUCHER) {
		subject.voucher_no = r->voucher_no;
	} else {
		subject.levy_nos = &r->levy_nos;
		subject.amount = r->amount;
	}
	hash_subject(&subject, subject_hash);
	service_random_hex(call->service, answer->proof, 32);
	answer->expires_at = call->now + PROOF_MS;
	crypto_sha256(answer->proof, strlen(answer->proof), proof_hash);
	return books_session_proof_add(
	    call->db, proof_hash, &call->session, subject_hash, answer->expires_at, err);
}

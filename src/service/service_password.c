/* SPDX-License-Identifier: GPL-3.0-or-later */
/* 申报密码: compared, counted, changed, reset. */
#include "service_password.h"

#include <string.h>

#include "service_uses.h"
#include "shebao/i18n.h"
#include "shebao/mem.h"

enum {
	FAILURES_MAX = 5
};
#define DAY_MS (24 * 60 * 60 * 1000LL)

// clang-format off
static const struct profile {
	const char *name;
	size_t length;  /* at least, in bytes */
	int classes;    /* digits, small and capital letters, others */
	int64_t days;   /* until it must be changed; 0: never */
	int64_t past;   /* so many of before must not come again */
	int refuses_known;
} profiles[] = {
	[SERVICE_PROFILE_BASIC] = { "basic", 8, 2, 0, 0, 0 },
	[SERVICE_PROFILE_MLPS3] = { "mlps3", 8, 3, 90, 5, 0 },
	[SERVICE_PROFILE_ASVS]  = { "asvs", 12, 1, 0, 0, 1 },
};
_Static_assert(ARRAY_LEN(profiles) == SERVICE_PROFILE_COUNT, "rules for every profile");

/* What passwords are made of that everybody knows; in small letters. */
static const char *const known_words[] = {
	"password", "passw0rd", "qwerty", "asdfgh", "zxcvbn", "1q2w3e", "iloveyou", "welcome",
	"letmein", "admin", "abc123", "abcd1234", "123456", "654321", "111111", "000000", "888888",
	"666666", "woaini", "shebao", "shuiwu", "guizhou", "guiyang", "5201314", "zhongguo",
};
// clang-format on

int
service_profile_find(const char *name)
{
	size_t i;

	for (i = 0; i < ARRAY_LEN(profiles); i++) {
		if (strcmp(profiles[i].name, name) == 0) {
			return (int)i;
		}
	}
	return -1;
}

static const struct profile *
profile_of(const struct service_call *call)
{
	return &profiles[call->service->opts.profile];
}
#define LOCK_MS (15 * 60 * 1000LL)
#define LOCK_MAX_MS (24 * 60 * 60 * 1000LL)

/* A hash that nothing matches, made when it is first needed. */
static void
compare_dummy(struct service *service, const char *password)
{
	char hash[CRYPTO_PASSWORD_SIZE];
	struct err err = { 0 };

	pthread_mutex_lock(&service->lock);
	if (service->dummy_hash[0] == '\0' &&
	    crypto_password_hash("no such employer", service->dummy_hash, &err) < 0) {
		service->dummy_hash[0] = '\0';
	}
	memcpy(hash, service->dummy_hash, sizeof(hash));
	pthread_mutex_unlock(&service->lock);
	(void)crypto_password_verify(hash, password);
}

int
service_password_compare(
    struct service_call *call, const char *taxpayer_id, const char *password, struct err *err)
{
	struct books_credential credential;
	int found = books_session_credential_find(call->db, taxpayer_id, &credential, err);

	if (found < 0) {
		return -1;
	}
	if (found == 1 && credential.hash[0] != '\0') {
		call->password_ok = crypto_password_verify(credential.hash, password);
		call->is_initial = 0;
		call->is_old = profile_of(call)->days > 0 &&
		    credential.changed_at + profile_of(call)->days * DAY_MS <= call->now;
	} else {
		found = books_employer_initial(call->db, taxpayer_id, password, err);
		if (found < 0) {
			return -1;
		}
		compare_dummy(call->service, password);
		call->password_ok = found;
		call->is_initial = found;
	}
	crypto_wipe(&credential, sizeof(credential));
	return 0;
}

static void
count_failure(struct books_credential *c, int64_t now)
{
	int64_t lock_ms = LOCK_MS;
	int64_t i;

	if (++c->failures < FAILURES_MAX) {
		return;
	}
	for (i = 0; i < c->locks && lock_ms < LOCK_MAX_MS; i++) {
		lock_ms *= 2;
	}
	c->failures = 0;
	c->locks++;
	c->locked_until = now + (lock_ms < LOCK_MAX_MS ? lock_ms : LOCK_MAX_MS);
}

int
service_password_count(struct service_call *call, const char *taxpayer_id, struct err *err)
{
	struct books_credential c;
	struct employer employer;
	int known = books_employer_find(call->db, taxpayer_id, &employer, err);
	int found = known == 1 ? books_session_credential_find(call->db, taxpayer_id, &c, err) : 0;

	if (known < 0 || found < 0) {
		return -1;
	}
	if (!known) {
		return err_set(err, ERR_WRONG_PASSWORD, _("您输入的申报密码有误，请重新输入。"));
	}
	mem_copy_text(c.taxpayer_id, sizeof(c.taxpayer_id), taxpayer_id);
	if (c.locked_until > call->now) {
		call->out->retry_after = (c.locked_until - call->now + 999) / 1000;
		return err_set(err, ERR_PASSWORD_LOCKED,
		    _("申报密码连续输入错误，已被锁定，请在%lld分钟后重试，或由税务机关重置"),
		    (long long)((call->out->retry_after + 59) / 60));
	}
	if (!call->password_ok) {
		count_failure(&c, call->now);
		mem_copy_text(call->detail, sizeof(call->detail), "wrong password");
		err_set(&call->refusal, ERR_WRONG_PASSWORD, _("您输入的申报密码有误，请重新输入。"));
		return books_session_credential_put(call->db, &c, err);
	}
	if (c.failures == 0 && c.locks == 0) {
		return 0;
	}
	c.failures = 0;
	c.locks = 0;
	return books_session_credential_put(call->db, &c, err);
}

static int
class_of(unsigned char c)
{
	if (c >= '0' && c <= '9') {
		return 1;
	}
	if (c >= 'a' && c <= 'z') {
		return 2;
	}
	return c >= 'A' && c <= 'Z' ? 4 : 8;
}

static int
is_unit_no(struct service_call *call, const char *password, struct err *err)
{
	struct unit unit;

	if (strlen(password) >= sizeof(unit.unit_no)) {
		return 0;
	}
	return books_employer_unit_find(call->db, call->taxpayer_id, password, &unit, err);
}

/* A well-known word, and little besides. */
static int
is_known(const char *password)
{
	char small[129];
	size_t i, n = strlen(password);

	for (i = 0; i < n && i + 1 < sizeof(small); i++) {
		small[i] = (char)(class_of((unsigned char)password[i]) == 4 ? password[i] | 0x20
									    : password[i]);
	}
	small[i] = '\0';
	for (i = 0; i < ARRAY_LEN(known_words); i++) {
		if (strstr(small, known_words[i]) != NULL &&
		    n - strlen(known_words[i]) < 8) {
			return 1;
		}
	}
	return strspn(password, (char[]){ password[0], '\0' }) == n;
}

static int
check_rules(struct service_call *call, const char *old, const char *password, struct err *err)
{
	const struct profile *profile = profile_of(call);
	int classes = 0, count = 0, initial, unit;
	size_t i;

	for (i = 0; password[i] != '\0'; i++) {
		classes |= class_of((unsigned char)password[i]);
	}
	for (; classes != 0; classes &= classes - 1) {
		count++;
	}
	if (i < profile->length) {
		return err_set(
		    err, ERR_PASSWORD_RULE, _("新申报密码至少%d位"), (int)profile->length);
	}
	if (count < profile->classes) {
		return err_set(err, ERR_PASSWORD_RULE,
		    _("新申报密码须包含数字、小写字母、大写字母、其他字符中的至少%d类"),
		    profile->classes);
	}
	if (profile->refuses_known && is_known(password)) {
		return err_set(err, ERR_PASSWORD_RULE, "%s", _("新申报密码过于常见，请换一个"));
	}
	if (call->is_reused) {
		return err_set(err, ERR_PASSWORD_RULE, _("新申报密码不能与最近%d个密码相同"),
		    (int)profile->past);
	}
	if (strcmp(old, password) == 0) {
		return err_set(err, ERR_PASSWORD_RULE, _("新申报密码不能与原密码相同"));
	}
	initial = books_employer_initial(call->db, call->taxpayer_id, password, err);
	unit = is_unit_no(call, password, err);
	if (initial < 0 || unit < 0) {
		return -1;
	}
	if (initial || unit || strcmp(password, call->taxpayer_id) == 0) {
		return err_set(
		    err, ERR_PASSWORD_RULE, _("新申报密码不能是初始密码、单位编号或纳税人识别号"));
	}
	return 0;
}

static int
compare_past(struct service_call *call, const char *password, struct err *err)
{
	int64_t past = profile_of(call)->past;
	struct rows *rows = NULL;
	int more;

	if (past == 0) {
		return 0;
	}
	if (books_password_past(call->db, call->taxpayer_id, past, &rows, err) < 0) {
		return -1;
	}
	while ((more = db_rows_next(rows, err)) == 1 && !call->is_reused) {
		call->is_reused = crypto_password_verify(db_rows_text(rows, 0), password);
	}
	db_rows_close(rows);
	return more < 0 ? -1 : 0;
}

int
service_password_prepare(struct service_call *call, struct err *err)
{
	const struct password_request *r = call->request;

	if (service_password_compare(call, call->taxpayer_id, r->old_password, err) < 0) {
		return -1;
	}
	if (!call->password_ok) {
		return 0;
	}
	return compare_past(call, r->new_password, err) < 0
	    ? -1
	    : crypto_password_hash(r->new_password, call->new_hash, err);
}

int
service_password_change(struct service_call *call, struct err *err)
{
	const struct password_request *r = call->request;
	struct books_credential c = { .changed_at = call->now };

	if (service_password_count(call, call->taxpayer_id, err) < 0) {
		return -1;
	}
	if (call->refusal.code != ERR_NONE) {
		return 0;
	}
	if (check_rules(call, r->old_password, r->new_password, err) < 0) {
		return -1;
	}
	mem_copy_text(c.taxpayer_id, sizeof(c.taxpayer_id), call->taxpayer_id);
	memcpy(c.hash, call->new_hash, sizeof(c.hash));
	if (books_session_credential_put(call->db, &c, err) < 0 ||
	    (profile_of(call)->past > 0 &&
		books_password_keep(call->db, call->taxpayer_id, call->now, c.hash, err) < 0)) {
		return -1;
	}
	return books_session_end_others(
	    call->db, call->taxpayer_id, call->session.token_hash, err);
}

/* 单位社保费申报密码重置: the initial password stands again, open sessions end, the lock goes. */
int
service_password_reset(struct service_call *call, struct err *err)
{
	const struct password_reset_request *r = call->request;
	struct books_credential c = { .changed_at = call->now };
	struct employer employer;
	int found = books_employer_find(call->db, r->taxpayer_id, &employer, err);

	if (found < 0) {
		return -1;
	}
	if (found == 0) {
		return err_set(err, ERR_NOT_FOUND, _("没有纳税人识别号为%s的单位"), r->taxpayer_id);
	}
	mem_copy_text(call->subject, sizeof(call->subject), r->taxpayer_id);
	mem_copy_text(c.taxpayer_id, sizeof(c.taxpayer_id), r->taxpayer_id);
	if (books_session_credential_put(call->db, &c, err) < 0) {
		return -1;
	}
	return books_session_end_others(call->db, r->taxpayer_id, "", err);
}

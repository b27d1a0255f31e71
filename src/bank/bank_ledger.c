/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The sandbox bank's ledger: an append-only file of tab-separated lines and the same in memory,
 * with an index by key. A line counts when its end mark and line feed are on the disk.
 */
#include "bank_sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "shebao/fatal.h"
#include "shebao/i18n.h"
#include "shebao/mem.h"

enum {
	LINE_FIELDS = 11,
	LINE_SIZE = 1024
};
#define LINE_END "."

static size_t
hash_key(const char *key)
{
	uint64_t h = 1469598103934665603u;

	for (; *key != '\0'; key++) {
		h = (h ^ (unsigned char)*key) * 1099511628211u;
	}
	return (size_t)h;
}

static void
index_entry(struct bank_sandbox *s, size_t i)
{
	size_t *bucket = &s->buckets[hash_key(s->entries[i].movement.key) % s->bucket_count];

	s->older[i] = *bucket;
	*bucket = i + 1;
}

static void
make_room(struct bank_sandbox *s)
{
	size_t i;

	if (s->entry_count < s->entry_room) {
		return;
	}
	s->entry_room = s->entry_room == 0 ? 64 : s->entry_room * 2;
	s->entries = mem_resize(s->entries, s->entry_room, sizeof(*s->entries));
	s->older = mem_resize(s->older, s->entry_room, sizeof(*s->older));
	free(s->buckets);
	s->bucket_count = s->entry_room * 2;
	s->buckets = mem_alloc(s->bucket_count * sizeof(*s->buckets));
	for (i = 0; i < s->entry_count; i++) {
		index_entry(s, i);
	}
}

struct bank_account *
bank_ledger_account(struct bank_sandbox *s, const char *account_no)
{
	size_t i;

	for (i = 0; i < s->account_count; i++) {
		if (strcmp(s->accounts[i].account_no, account_no) == 0) {
			return &s->accounts[i];
		}
	}
	return NULL;
}

void
bank_ledger_set_account(
    struct bank_sandbox *s, const char *account_no, const char *account_name, int64_t balance)
{
	struct bank_account *a = bank_ledger_account(s, account_no);

	if (a == NULL) {
		s->accounts = mem_resize(s->accounts, s->account_count + 1, sizeof(*s->accounts));
		a = &s->accounts[s->account_count++];
		*a = (struct bank_account){ 0 };
		mem_copy_text(a->account_no, sizeof(a->account_no), account_no);
	}
	mem_copy_text(a->account_name, sizeof(a->account_name), account_name);
	a->balance = balance;
}

const struct bank_entry_line *
bank_ledger_find(const struct bank_sandbox *s, const char *kind, const char *key)
{
	size_t i;

	if (s->bucket_count == 0) {
		return NULL;
	}
	for (i = s->buckets[hash_key(key) % s->bucket_count]; i != 0; i = s->older[i - 1]) {
		const struct bank_movement *m = &s->entries[i - 1].movement;

		if (strcmp(m->key, key) == 0 && (kind == NULL || strcmp(m->kind, kind) == 0)) {
			return &s->entries[i - 1];
		}
	}
	return NULL;
}

static void
apply(struct bank_sandbox *s, const struct bank_entry_line *line)
{
	const struct bank_movement *m = &line->movement;
	struct bank_account *a;

	make_room(s);
	s->entries[s->entry_count] = *line;
	index_entry(s, s->entry_count++);
	if (strcmp(m->kind, "balance") == 0) {
		bank_ledger_set_account(s, m->account_no, line->account_name, m->amount);
		return;
	}
	a = bank_ledger_account(s, m->account_no);
	if (a == NULL || strcmp(m->result_code, "90000") != 0) {
		return;
	}
	if (strcmp(m->kind, "debit") == 0) {
		a->balance -= m->amount;
	} else if (strcmp(m->kind, "reverse") == 0) {
		a->balance += m->amount;
	}
}

static size_t
print_line(const struct bank_entry_line *line, char *out)
{
	const struct bank_movement *m = &line->movement;
	int n = snprintf(out, LINE_SIZE,
	    "%s\t%s\t%s\t%s\t%s\t%" PRId64 "\t%s\t%s\t%" PRId64 "\t%" PRId64 "\t" LINE_END "\n",
	    m->kind, m->key, m->op_id, m->account_no, line->account_name, m->amount,
	    m->result_code, m->tax_ticket_no, m->at, line->execute_at);

	return n < 0 || n >= LINE_SIZE ? 0 : (size_t)n;
}

/* Splits in place; false when it is not a line of ours. */
static int
parse_line(char *text, struct bank_entry_line *line)
{
	char *fields[LINE_FIELDS] = { 0 };
	struct bank_movement *m = &line->movement;
	size_t count = 0;
	char *p = text;

	while (count < LINE_FIELDS) {
		fields[count++] = p;
		p = strchr(p, '\t');
		if (p == NULL) {
			break;
		}
		*p++ = '\0';
	}
	if (count != LINE_FIELDS || p != NULL || strcmp(fields[LINE_FIELDS - 1], LINE_END) != 0) {
		return 0;
	}
	*line = (struct bank_entry_line){ 0 };
	mem_copy_text(m->kind, sizeof(m->kind), fields[0]);
	mem_copy_text(m->key, sizeof(m->key), fields[1]);
	mem_copy_text(m->op_id, sizeof(m->op_id), fields[2]);
	mem_copy_text(m->account_no, sizeof(m->account_no), fields[3]);
	mem_copy_text(line->account_name, sizeof(line->account_name), fields[4]);
	m->amount = strtoll(fields[5], NULL, 10);
	mem_copy_text(m->result_code, sizeof(m->result_code), fields[6]);
	mem_copy_text(m->tax_ticket_no, sizeof(m->tax_ticket_no), fields[7]);
	m->at = strtoll(fields[8], NULL, 10);
	line->execute_at = strtoll(fields[9], NULL, 10);
	return 1;
}

static int
replay(struct bank_sandbox *s, FILE *file, const char *path, off_t *whole, struct err *err)
{
	char text[LINE_SIZE];
	struct bank_entry_line line;

	while (fgets(text, sizeof(text), file) != NULL) {
		size_t n = strlen(text);

		if (n == 0 || text[n - 1] != '\n') {
			return 0;
		}
		text[n - 1] = '\0';
		if (!parse_line(text, &line)) {
			return err_set(err, ERR_LOCAL,
			    _("%s: 账簿在第%lld字节处损坏"), path, (long long)*whole);
		}
		apply(s, &line);
		*whole += (off_t)n;
	}
	return 0;
}

/* With the file's lock: what others, or an earlier life, have added. A last line without its end
 * was never acted on, because a line is synced first: it is cut off. */
static int
catch_up(struct bank_sandbox *s, struct err *err)
{
	int copy = fcntl(s->ledger_fd, F_DUPFD_CLOEXEC, 0), failed = -1;
	FILE *file = copy < 0 ? NULL : fdopen(copy, "r");

	if (file == NULL || fseeko(file, s->known, SEEK_SET) != 0) {
		err_set(err, ERR_LOCAL, "%s", strerror(errno));
	} else if (replay(s, file, "bank.ledger", &s->known, err) == 0) {
		failed = ftruncate(s->ledger_fd, s->known) == 0
		    ? 0
		    : err_set(err, ERR_LOCAL, "%s", strerror(errno));
	}
	if (file != NULL) {
		fclose(file);
	} else if (copy >= 0) {
		close(copy);
	}
	return failed;
}

static void
lock_file(int fd, int how)
{
	/* Without it two banks would spend one balance. */
	while (flock(fd, how) != 0) {
		if (errno != EINTR) {
			abort();
		}
	}
}

void
bank_ledger_enter(struct bank_sandbox *s)
{
	struct err err = { 0 };
	struct stat st;

	pthread_mutex_lock(&s->lock);
	if (s->ledger_fd < 0) {
		return;
	}
	lock_file(s->ledger_fd, LOCK_EX);
	/* A bank that cannot read its ledger says nothing any more. */
	if (fstat(s->ledger_fd, &st) != 0 ||
	    (st.st_size != s->known && catch_up(s, &err) < 0)) {
		abort();
	}
}

void
bank_ledger_leave(struct bank_sandbox *s)
{
	if (s->ledger_fd >= 0) {
		lock_file(s->ledger_fd, LOCK_UN);
	}
	pthread_mutex_unlock(&s->lock);
}

int
bank_ledger_open(struct bank_sandbox *s, const char *path, struct err *err)
{
	int failed;

	s->ledger_fd =
	    open(path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (s->ledger_fd < 0) {
		return err_set(err, ERR_LOCAL, "%s: %s", path, strerror(errno));
	}
	lock_file(s->ledger_fd, LOCK_EX);
	failed = catch_up(s, err);
	lock_file(s->ledger_fd, LOCK_UN);
	return failed < 0 ? err_wrap(err, "%s", path) : 0;
}

void
bank_ledger_close(struct bank_sandbox *s)
{
	if (s->ledger_fd >= 0) {
		close(s->ledger_fd);
	}
	free(s->accounts);
	free(s->entries);
	free(s->older);
	free(s->buckets);
}

int
bank_ledger_add(struct bank_sandbox *s, const struct bank_entry_line *line, struct err *err)
{
	char text[LINE_SIZE];
	size_t n = print_line(line, text), done = 0;
	struct stat before = { 0 };

	if (n == 0) {
		return err_set(err, ERR_LIMIT, _("账簿的一行太长"));
	}
	if (s->ledger_fd < 0) {
		apply(s, line);
		return 0;
	}
	if (fstat(s->ledger_fd, &before) < 0) {
		return err_set(err, ERR_LOCAL, "%s", strerror(errno));
	}
	while (done < n) {
		ssize_t written = write(s->ledger_fd, text + done, n - done);

		if (written < 0 && errno == EINTR) {
			continue;
		}
		if (written <= 0) {
			err_set(err, ERR_LOCAL, "%s", strerror(errno));
			/* Half a line must not be followed by a whole one. */
			if (ftruncate(s->ledger_fd, before.st_size) < 0) {
				fatal_stop(FATAL_SYNC);
			}
			return -1;
		}
		done += (size_t)written;
	}
	/* After a failed sync nobody knows what the disk holds: only a restart tells. */
	if (fdatasync(s->ledger_fd) < 0) {
		fatal_stop(FATAL_SYNC);
	}
	s->known = before.st_size + (off_t)n;
	apply(s, line);
	return 0;
}

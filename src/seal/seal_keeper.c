/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The keys in a process of their own, and how it is asked. */
#include "seal_keeper.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "shebao/fatal.h"
#include "shebao/i18n.h"
#include "shebao/log.h"
#include "shebao/mem.h"
#include "shebao/sandbox.h"

enum question_kind {
	QUESTION_SIGN,
	QUESTION_CODE
};

/* Before the bytes of a question and of an answer. */
struct question {
	enum question_kind kind;
	int64_t at;
	size_t len;
};

struct answer {
	struct err err; /* ERR_NONE: len bytes follow */
	size_t len;
};

/* ---- both sides */

static int
put_all(int fd, const void *bytes, size_t n)
{
	const char *at = bytes;

	while (n > 0) {
		ssize_t put = send(fd, at, n, MSG_NOSIGNAL);

		if (put < 0 && errno != EINTR) {
			return -1;
		}
		at += put > 0 ? put : 0;
		n -= put > 0 ? (size_t)put : 0;
	}
	return 0;
}

static int
take_all(int fd, void *bytes, size_t n)
{
	char *at = bytes;

	while (n > 0) {
		ssize_t got = read(fd, at, n);

		if (got == 0 || (got < 0 && errno != EINTR)) {
			return -1;
		}
		at += got > 0 ? got : 0;
		n -= got > 0 ? (size_t)got : 0;
	}
	return 0;
}

static int
take_buf(int fd, size_t n, struct buf *out)
{
	char piece[16384];

	if (n > SEAL_PDF_MAX + SEAL_PEM_MAX) {
		return -1;
	}
	while (n > 0) {
		size_t now = n < sizeof(piece) ? n : sizeof(piece);

		if (take_all(fd, piece, now) != 0) {
			return -1;
		}
		buf_put(out, piece, now);
		n -= now;
	}
	return 0;
}

/* ---- in the keeper */

static int
tell(int fd, const struct err *err, const void *bytes, size_t n)
{
	struct answer answer = { .err = *err, .len = err->code == ERR_NONE ? n : 0 };

	return put_all(fd, &answer, sizeof(answer)) == 0 &&
		       put_all(fd, bytes, answer.len) == 0
	    ? 0
	    : -1;
}

static int
answer_one(int fd, const struct seal *seal)
{
	unsigned char signature[SEAL_CODE_SIGNATURE];
	struct question question;
	struct buf in = { 0 }, out = { 0 };
	struct err err = { 0 };
	int rc = -1;

	if (take_all(fd, &question, sizeof(question)) == 0 &&
	    take_buf(fd, question.len, &in) == 0) {
		buf_put(&in, "", 0);
		if (question.kind == QUESTION_SIGN) {
			(void)!seal_sign_bytes(seal, &in, question.at, &out, &err);
			rc = tell(fd, &err, out.data, out.len);
		} else {
			(void)!seal_code_bytes(seal, &in, signature, &err);
			rc = tell(fd, &err, signature, sizeof(signature));
		}
	}
	buf_release(&in);
	buf_release(&out);
	return rc;
}

/* Nothing of the service's is left to it but the one descriptor. */
static void
close_others(int kept)
{
	long limit = sysconf(_SC_OPEN_MAX);
	int nothing = open("/dev/null", O_RDWR), fd;

	for (fd = 0; fd < 2 && nothing >= 0; fd++) {
		dup2(nothing, fd);
	}
	for (fd = 3; fd < (limit > 0 && limit < 65536 ? limit : 65536); fd++) {
		if (fd != kept) {
			close(fd);
		}
	}
}

static void
keep(int fd, const char *folder, const char *office, int64_t now)
{
	const struct sandbox_rules nothing = { 0 };
	struct seal *seal = NULL;
	struct err err = { 0 };

	close_others(fd);
	/* It ends when nobody can ask any more, not with a key or a service manager's signal. */
	signal(SIGINT, SIG_IGN);
	signal(SIGTERM, SIG_IGN);
	signal(SIGHUP, SIG_IGN);
	if ((office == NULL || seal_create_office(folder, office, now, &err) == 0) &&
	    seal_open(folder, &seal, &err) == 0) {
		/* Against the swap; where the limit forbids it the folder's file is no safer. */
		if (mlockall(MCL_CURRENT) != 0) {
			log_line(LOG_WARNING, "the seal's keys are not locked in memory: %s", strerror(errno));
		}
		sandbox_enter(&nothing);
	}
	if (tell(fd, &err, "", 0) == 0 && seal != NULL) {
		while (answer_one(fd, seal) == 0) {
		}
	}
	seal_close(seal);
	_exit(0);
}

/* ---- in the service */

/* One question at a time: a signature takes a millisecond. */
static pthread_mutex_t turn = PTHREAD_MUTEX_INITIALIZER;

/* 1 an answer, 0 a refusal in err, -1 none. */
static int
take_answer(int fd, struct buf *out, struct err *err)
{
	struct answer answer;

	if (take_all(fd, &answer, sizeof(answer)) != 0) {
		return -1;
	}
	if (answer.err.code != ERR_NONE) {
		err_set(err, answer.err.code, "%s", answer.err.text);
		return 0;
	}
	return take_buf(fd, answer.len, out) == 0 ? 1 : -1;
}

/* After half a question the next one would be answered with a signature of other bytes, and a
 * keeper that has died does not come back: the service's next start makes a new one. */
static int
ask(const struct seal *seal, const struct question *question, const struct buf *bytes,
    struct buf *out, struct err *err)
{
	int rc;

	pthread_mutex_lock(&turn);
	if (put_all(seal->keeper, question, sizeof(*question)) != 0 ||
	    put_all(seal->keeper, bytes->data, bytes->len) != 0 ||
	    (rc = take_answer(seal->keeper, out, err)) < 0) {
		fatal_stop(FATAL_KEEPER);
	}
	pthread_mutex_unlock(&turn);
	return rc == 1 ? 0 : -1;
}

int
seal_keeper_start(struct seal *seal, const char *folder, const char *office, int64_t now,
    struct err *err)
{
	struct buf nothing = { 0 };
	int ends[2], rc;

	if (socketpair(AF_UNIX, SOCK_STREAM, 0, ends) != 0) {
		return err_set(err, ERR_LOCAL, "%s: %s", folder, strerror(errno));
	}
	fcntl(ends[0], F_SETFD, FD_CLOEXEC);
	seal->keeper_pid = fork();
	if (seal->keeper_pid == 0) {
		keep(ends[1], folder, office, now);
	}
	close(ends[1]);
	seal->keeper = ends[0];
	seal->is_apart = 1;
	if (seal->keeper_pid < 0) {
		return err_set(err, ERR_LOCAL, "%s: %s", folder, strerror(errno));
	}
	rc = take_answer(seal->keeper, &nothing, err);
	buf_release(&nothing);
	if (rc < 0) {
		err_set(err, ERR_LOCAL, "%s", _("保管签章密钥的进程没有启动"));
	}
	return rc == 1 ? 0 : -1;
}

void
seal_keeper_stop(struct seal *seal)
{
	close(seal->keeper);
	while (seal->keeper_pid > 0 && waitpid(seal->keeper_pid, NULL, 0) < 0 && errno == EINTR) {
	}
}

int
seal_keeper_sign(const struct seal *seal, const struct buf *covered, int64_t at,
    struct buf *der, struct err *err)
{
	const struct question question = { QUESTION_SIGN, at, covered->len };

	return ask(seal, &question, covered, der, err);
}

int
seal_keeper_code(const struct seal *seal, const struct buf *text,
    unsigned char out[SEAL_CODE_SIGNATURE], struct err *err)
{
	const struct question question = { QUESTION_CODE, 0, text->len };
	struct buf got = { 0 };
	int rc = ask(seal, &question, text, &got, err);

	if (rc == 0 && got.len == SEAL_CODE_SIGNATURE) {
		memcpy(out, got.data, SEAL_CODE_SIGNATURE);
	} else if (rc == 0) {
		rc = err_set(err, ERR_LOCAL, "%s", _("凭证码签名失败"));
	}
	buf_release(&got);
	return rc;
}

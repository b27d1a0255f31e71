/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The words spoken with CUPS, in the child process. */
#include "print_cups.h"

#include <assert.h>
#include <dlfcn.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

#include <cups/cups.h>

#include "shebao/i18n.h"
#include "shebao/text.h"

#define LIBRARY "libcups.so.2"
#define CONNECT_MS 3000
#define WATCH_MS 200
#define PIECE 65536

/* What is used of the library. */
struct cups {
	const char *(*server)(void);
	int (*port)(void);
	http_encryption_t (*encryption)(void);
	const char *(*user)(void);
	const char *(*last_text)(void);
	ipp_status_t (*last)(void);
	void (*password)(cups_password_cb2_t, void *);
	http_t *(*connect)(const char *, int, http_addrlist_t *, int, http_encryption_t, int,
	    int, int *);
	int (*printers)(http_t *, cups_dest_t **);
	const char *(*option)(const char *, int, cups_option_t *);
	int (*add)(const char *, const char *, int, cups_option_t **);
	int (*create)(http_t *, const char *, const char *, int, cups_option_t *);
	http_status_t (*begin)(
	    http_t *, const char *, int, const char *, const char *, int);
	http_status_t (*write)(http_t *, const char *, size_t);
	ipp_status_t (*finish)(http_t *, const char *);
	ipp_status_t (*cancel)(http_t *, const char *, int, int);
	ipp_t *(*request)(ipp_op_t);
	ipp_attribute_t *(*put)(
	    ipp_t *, ipp_tag_t, ipp_tag_t, const char *, const char *, const char *);
	ipp_t *(*ask)(http_t *, ipp_t *, const char *);
	ipp_attribute_t *(*find)(ipp_t *, const char *, ipp_tag_t);
	int (*number)(ipp_attribute_t *, int);
	const char *(*text)(ipp_attribute_t *, int, const char **);
	void (*drop)(ipp_t *);
};

#define FUNCTION(m, n) { n, offsetof(struct cups, m) }
static const struct {
	const char *name;
	size_t offset;
} functions[] = {
	FUNCTION(server, "cupsServer"),
	FUNCTION(port, "ippPort"),
	FUNCTION(encryption, "cupsEncryption"),
	FUNCTION(user, "cupsUser"),
	FUNCTION(last_text, "cupsLastErrorString"),
	FUNCTION(last, "cupsLastError"),
	FUNCTION(password, "cupsSetPasswordCB2"),
	FUNCTION(connect, "httpConnect2"),
	FUNCTION(printers, "cupsGetDests2"),
	FUNCTION(option, "cupsGetOption"),
	FUNCTION(add, "cupsAddOption"),
	FUNCTION(create, "cupsCreateJob"),
	FUNCTION(begin, "cupsStartDocument"),
	FUNCTION(write, "cupsWriteRequestData"),
	FUNCTION(finish, "cupsFinishDocument"),
	FUNCTION(cancel, "cupsCancelJob2"),
	FUNCTION(request, "ippNewRequest"),
	FUNCTION(put, "ippAddString"),
	FUNCTION(ask, "cupsDoRequest"),
	FUNCTION(find, "ippFindAttribute"),
	FUNCTION(number, "ippGetInteger"),
	FUNCTION(text, "ippGetString"),
	FUNCTION(drop, "ippDelete"),
};
_Static_assert(sizeof(functions) / sizeof(functions[0]) ==
	sizeof(struct cups) / sizeof(void (*)(void)),
    "every member is loaded");

struct talk {
	struct cups cups;
	http_t *http;
	int to;
};

static void
clean(char *out, size_t size, const char *s)
{
	s = s != NULL ? s : "";
	text_clean_copy(out, size, s, strlen(s));
}

/* CUPS would ask on the terminal, which shows our screen. */
static const char *
no_password(const char *prompt, http_t *http, const char *method, const char *resource, void *user)
{
	(void)prompt;
	(void)http;
	(void)method;
	(void)resource;
	(void)user;
	return NULL;
}

/* The rest of the process is short: what the library holds goes with it. */
static int
load(struct cups *cups, struct err *err)
{
	void *library = dlopen(LIBRARY, RTLD_NOW | RTLD_LOCAL);
	size_t i;

	if (library == NULL) {
		return err_set(err, ERR_LOCAL, "%s",
		    _("本机没有安装打印支持（CUPS）。请管理员安装 libcups2 和 cups，或保存后在别的电脑上打印。"));
	}
	for (i = 0; i < sizeof(functions) / sizeof(functions[0]); i++) {
		void *found = dlsym(library, functions[i].name);

		if (found == NULL) {
			return err_set(err, ERR_LOCAL, _("本机的 CUPS 版本过旧：没有 %s"),
			    functions[i].name);
		}
		memcpy((char *)cups + functions[i].offset, &found, sizeof(found));
	}
	return 0;
}

static int
connect_server(struct talk *talk, struct err *err)
{
	const struct cups *cups = &talk->cups;
	char server[160];

	if (load(&talk->cups, err) != 0) {
		return -1;
	}
	assert(cups->password != NULL);
	cups->password(no_password, NULL);
	talk->http = cups->connect(cups->server(), cups->port(), NULL, AF_UNSPEC,
	    cups->encryption(), 1, CONNECT_MS, NULL);
	if (talk->http == NULL) {
		clean(server, sizeof(server), cups->server());
		return err_set(err, ERR_LOCAL,
		    _("连接不上打印服务（CUPS，%s）。请管理员启动 cups，或保存后在别的电脑上打印。"),
		    server);
	}
	return 0;
}

/* ---- printers */

static int
is_set(const struct cups *cups, const cups_dest_t *dest, const char *name, const char *value)
{
	const char *found = cups->option(name, dest->num_options, dest->options);

	return found != NULL && strcmp(found, value) == 0;
}

static void
tell_printer(const struct talk *talk, const cups_dest_t *dest)
{
	struct print_message message = { .kind = PRINT_MESSAGE_PRINTER };
	struct print_printer *p = &message.as.printer;
	const struct cups *cups = &talk->cups;

	clean(p->name, sizeof(p->name), dest->name);
	clean(p->info, sizeof(p->info),
	    cups->option("printer-info", dest->num_options, dest->options));
	clean(p->location, sizeof(p->location),
	    cups->option("printer-location", dest->num_options, dest->options));
	p->is_default = dest->is_default;
	p->is_accepting = !is_set(cups, dest, "printer-is-accepting-jobs", "false");
	p->is_stopped = is_set(cups, dest, "printer-state", "5");
	print_child_tell(talk->to, &message);
}

void
print_cups_list(int to)
{
	struct print_message end = { .kind = PRINT_MESSAGE_END };
	struct talk talk = { .to = to };
	struct err err = { 0 };
	cups_dest_t *dests = NULL;
	int count, i;

	if (connect_server(&talk, &err) != 0) {
		print_child_fail(to, &err);
		return;
	}
	count = talk.cups.printers(talk.http, &dests);
	for (i = 0; i < count; i++) {
		/* An instance is the same printer with other options. */
		if (dests[i].instance == NULL) {
			tell_printer(&talk, &dests[i]);
		}
	}
	print_child_tell(to, &end);
}

/* ---- a job */

/* What the library says about an unknown name tells nobody anything. */
static int
is_known(const struct talk *talk, const char *printer)
{
	cups_dest_t *dests = NULL;
	int count = talk->cups.printers(talk->http, &dests), i;

	for (i = 0; i < count; i++) {
		if (strcmp(dests[i].name, printer) == 0) {
			return 1;
		}
	}
	return 0;
}

static int
refused(const struct talk *talk, const char *printer, struct err *err)
{
	char said[193], name[PRINT_NAME_SIZE];
	ipp_status_t status = talk->cups.last();

	clean(said, sizeof(said), talk->cups.last_text());
	clean(name, sizeof(name), printer);
	if (status == IPP_STATUS_ERROR_NOT_ACCEPTING_JOBS) {
		return err_set(err, ERR_LOCAL,
		    _("打印机 %s 现在不接收作业。请换一台，或请管理员执行 cupsaccept %s"), name,
		    name);
	}
	if (!is_known(talk, printer)) {
		return err_set(err, ERR_NOT_FOUND,
		    _("没有名为 %s 的打印机。可用的打印机：shebao printers"), name);
	}
	return err_set(err, ERR_LOCAL, _("打印机 %s 没有接收作业：%s"), name, said);
}

static int
send_bytes(const struct talk *talk, const struct print_request *r, int number, struct err *err)
{
	const struct cups *cups = &talk->cups;
	const char *at = r->bytes;
	size_t left = r->len;

	if (cups->begin(talk->http, r->printer, number, r->title, CUPS_FORMAT_PDF, 1) !=
	    HTTP_STATUS_CONTINUE) {
		return refused(talk, r->printer, err);
	}
	while (left > 0) {
		size_t n = left < PIECE ? left : PIECE;

		if (cups->write(talk->http, at, n) != HTTP_STATUS_CONTINUE) {
			return refused(talk, r->printer, err);
		}
		at += n;
		left -= n;
	}
	return 0;
}

static int
submit(const struct talk *talk, const struct print_request *r, struct print_job *job,
    struct err *err)
{
	const struct print_message sent = { .kind = PRINT_MESSAGE_SENT };
	const struct cups *cups = &talk->cups;
	cups_option_t *options = NULL;
	char copies[16];
	int count, number;

	snprintf(copies, sizeof(copies), "%lld", (long long)r->copies);
	count = cups->add("copies", copies, 0, &options);
	number = cups->create(talk->http, r->printer, r->title, count, options);
	if (number <= 0) {
		return refused(talk, r->printer, err);
	}
	if (send_bytes(talk, r, number, err) != 0) {
		cups->cancel(talk->http, r->printer, number, 0);
		return -1;
	}
	print_child_tell(talk->to, &sent);
	if (cups->finish(talk->http, r->printer) > IPP_STATUS_OK_EVENTS_COMPLETE) {
		/* 05xx is also what the library says when the link broke. */
		if (cups->last() >= IPP_STATUS_ERROR_INTERNAL) {
			return err_set(err, ERR_OUTCOME_UNKNOWN,
			    _("作业 %d 已送出，但没有收到打印服务的确认。请先用 lpstat -W all 查看，不要直接重新打印。"),
			    number);
		}
		refused(talk, r->printer, err);
		cups->cancel(talk->http, r->printer, number, 0);
		return -1;
	}
	job->number = number;
	return 0;
}

static void
look(const struct talk *talk, struct print_job *job)
{
	const struct cups *cups = &talk->cups;
	ipp_attribute_t *found;
	ipp_t *request = cups->request(IPP_OP_GET_JOB_ATTRIBUTES), *answer;
	char uri[64];
	int state;

	snprintf(uri, sizeof(uri), "ipp://localhost/jobs/%lld", (long long)job->number);
	cups->put(request, IPP_TAG_OPERATION, IPP_TAG_URI, "job-uri", NULL, uri);
	cups->put(request, IPP_TAG_OPERATION, IPP_TAG_NAME, "requesting-user-name", NULL,
	    cups->user());
	answer = cups->ask(talk->http, request, "/");
	found = cups->find(answer, "job-state", IPP_TAG_ENUM);
	state = found != NULL ? cups->number(found, 0) - 2 : 0;
	if (state > PRINT_UNKNOWN && state < PRINT_STATE_COUNT) {
		job->state = state;
	}
	found = cups->find(answer, "job-printer-state-message", IPP_TAG_TEXT);
	clean(job->message, sizeof(job->message),
	    found != NULL ? cups->text(found, 0, NULL) : "");
	cups->drop(answer);
}

static int
is_final(int state)
{
	return state >= PRINT_CANCELED;
}

static void
watch(const struct talk *talk, const struct print_request *r, struct print_job *job)
{
	const struct timespec pause = { .tv_nsec = WATCH_MS * 1000000L };
	struct print_message message = { .kind = PRINT_MESSAGE_JOB };
	int64_t until = loop_now_ms() + r->wait_ms;
	int told = -1;

	do {
		if (told >= 0) {
			nanosleep(&pause, NULL);
		}
		look(talk, job);
		if (job->state != told) {
			told = job->state;
			message.as.job = *job;
			print_child_tell(talk->to, &message);
		}
	} while (!is_final(job->state) && loop_now_ms() < until);
}

void
print_cups_submit(int to, const struct print_request *r)
{
	struct print_message end = { .kind = PRINT_MESSAGE_END };
	struct talk talk = { .to = to };
	struct print_job job = { .copies = r->copies, .state = PRINT_PENDING };
	struct err err = { 0 };

	clean(job.printer, sizeof(job.printer), r->printer);
	if (connect_server(&talk, &err) != 0 || submit(&talk, r, &job, &err) != 0) {
		print_child_fail(to, &err);
		return;
	}
	watch(&talk, r, &job);
	print_child_tell(to, &end);
}

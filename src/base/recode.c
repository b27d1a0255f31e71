/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Between UTF-8 and the encoding of the terminal. */
#define _GNU_SOURCE /* fopencookie */
#include "shebao/recode.h"

#include <langinfo.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>
#include <wchar.h>

#include "shebao/buf.h"
#include "shebao/mem.h"
#include "shebao/text.h"

struct output {
	int fd;
	char pending[5]; /* the beginning of a character whose rest has not come yet */
	size_t pending_count;
};

int
recode_is_needed(void)
{
	return strcmp(nl_langinfo(CODESET), "UTF-8") != 0;
}

/* How long the character is that begins with this byte. */
static size_t
length_of(unsigned char first)
{
	return first < 0xc0 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
}

static void
put_char(struct buf *out, const char *s)
{
	char bytes[MB_LEN_MAX];
	mbstate_t state = { 0 };
	uint32_t c = text_next(&s);
	size_t n = wcrtomb(bytes, (wchar_t)c, &state);

	if (n == (size_t)-1) {
		buf_puts(out, text_char_width(c) == 2 ? "??" : "?");
	} else {
		buf_put(out, bytes, n);
	}
}

static int
write_all(int fd, const struct buf *bytes)
{
	size_t done = 0;

	while (done < bytes->len) {
		ssize_t n = write(fd, bytes->data + done, bytes->len - done);

		if (n < 0) {
			return -1;
		}
		done += (size_t)n;
	}
	return 0;
}

static ssize_t
write_recoded(void *cookie, const char *s, size_t size)
{
	struct output *o = cookie;
	struct buf out = { 0 };
	int rc;
	size_t i;

	for (i = 0; i < size; i++) {
		o->pending[o->pending_count++] = s[i];
		if (o->pending_count == length_of((unsigned char)o->pending[0])) {
			o->pending[o->pending_count] = '\0';
			if (o->pending_count == 1) {
				buf_put(&out, o->pending, 1);
			} else {
				put_char(&out, o->pending);
			}
			o->pending_count = 0;
		}
	}
	rc = write_all(o->fd, &out);
	buf_release(&out);
	return rc == 0 ? (ssize_t)size : 0;
}

static FILE *
recoded(FILE *stream, int fd, struct output *output, int buffering)
{
	FILE *own = NULL;

	if (isatty(fd)) {
		output->fd = fd;
		own = fopencookie(
		    output, "w", (cookie_io_functions_t){ .write = write_recoded });
	}
	if (own == NULL) {
		return stream;
	}
	(void)setvbuf(own, NULL, buffering, 0);
	return own;
}

void
recode_output(void)
{
	static struct output outputs[2];
	static int is_done;

	if (is_done || !recode_is_needed()) {
		return;
	}
	is_done = 1;
	stdout = recoded(stdout, STDOUT_FILENO, &outputs[0], _IOLBF);
	stderr = recoded(stderr, STDERR_FILENO, &outputs[1], _IONBF);
}

char *
recode_input(const char *s, size_t n)
{
	struct buf out = { 0 };
	mbstate_t state = { 0 };
	char bytes[4];
	char *text;

	while (n > 0) {
		wchar_t c = 0;
		size_t used = mbrtowc(&c, s, n, &state);

		if (used == (size_t)-1 || used == (size_t)-2) {
			state = (mbstate_t){ 0 };
			c = 0xfffd;
			used = 1;
		}
		used = used == 0 ? 1 : used;
		buf_put(&out, bytes, text_put(bytes, (uint32_t)c));
		s += used;
		n -= used;
	}
	text = mem_dup(buf_text(&out));
	buf_release(&out);
	return text;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The update appended to a PDF: signature dictionary, its form field, and new versions of the
 * catalog and of the first page that lead to them. */
#include "seal_pdf.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "shebao/i18n.h"
#include "shebao/text.h"

#define NOWHERE ((size_t)-1)
#define CODE_KEY "/SHEBAO_Code ("
#define REASON_KEY "/Reason <FEFF"
/* Room for the largest number of the byte range, so that filling it in moves nothing. */
#define RANGE_FORMAT "/ByteRange [0 %10zu %10zu %10zu]"

struct file {
	const char *data; /* NUL-terminated behind n */
	size_t n;
	size_t xref;
	long size; /* number of objects */
	long root;
	long page;
};

size_t
seal_pdf_search(const char *data, size_t n, size_t from, const char *what)
{
	size_t len = strlen(what);

	while (from < n && n - from >= len) {
		const char *p = memchr(data + from, what[0], n - from - len + 1);

		if (p == NULL) {
			return NOWHERE;
		}
		if (memcmp(p, what, len) == 0) {
			return (size_t)(p - data);
		}
		from = (size_t)(p - data) + 1;
	}
	return NOWHERE;
}

static size_t
search_last(const char *data, size_t n, const char *what)
{
	size_t at = NOWHERE;
	size_t next = seal_pdf_search(data, n, 0, what);

	while (next != NOWHERE) {
		at = next;
		next = seal_pdf_search(data, n, next + 1, what);
	}
	return at;
}

/* The number of "/Key 12 0 R" in an object; -1 when there is no such reference. */
static long
read_reference(const char *text, size_t n, const char *key)
{
	size_t at = seal_pdf_search(text, n, 0, key);

	while (at != NOWHERE) {
		const char *p = text + at + strlen(key);
		char *end;
		long number;

		p += strspn(p, " \r\n[");
		number = strtol(p, &end, 10);
		if (end != p && number > 0 && strncmp(end, " 0 R", 4) == 0) {
			return number;
		}
		at = seal_pdf_search(text, n, at + 1, key);
	}
	return -1;
}

/* The bytes between "12 0 obj" and "endobj". */
static int
find_object(const struct file *f, long number, const char **text, size_t *n)
{
	size_t at;
	size_t end;
	char head[32];
	const char *row;

	if (number <= 0 || number >= f->size) {
		return -1;
	}
	row = f->data + f->xref + (size_t)number * 20;
	if ((size_t)(row - f->data) + 20 > f->n || row[17] != 'n') {
		return -1;
	}
	at = strtoul(row, NULL, 10);
	snprintf(head, sizeof(head), "%ld 0 obj", number);
	if (at >= f->n || f->n - at < strlen(head) ||
	    memcmp(f->data + at, head, strlen(head)) != 0) {
		return -1;
	}
	at += strlen(head);
	end = seal_pdf_search(f->data, f->n, at, "endobj");
	if (end == NOWHERE) {
		return -1;
	}
	*text = f->data + at;
	*n = end - at;
	return 0;
}

static int
open_file(const struct buf *pdf, struct file *f)
{
	size_t start;
	size_t trailer;
	size_t xref;
	char *end;
	const char *text;
	size_t n;

	*f = (struct file){ .data = buf_text(pdf), .n = pdf->len };
	start = search_last(f->data, f->n, "startxref");
	trailer = search_last(f->data, f->n, "trailer");
	if (start == NOWHERE || trailer == NOWHERE || strncmp(f->data, "%PDF-", 5) != 0) {
		return -1;
	}
	xref = strtoul(f->data + start + 9, NULL, 10);
	if (xref >= f->n || strncmp(f->data + xref, "xref\n0 ", 7) != 0) {
		return -1;
	}
	f->size = strtol(f->data + xref + 7, &end, 10);
	if (*end != '\n' || f->size < 2 || (size_t)f->size > f->n / 20) {
		return -1;
	}
	f->xref = (size_t)(end + 1 - f->data);
	f->root = read_reference(f->data + trailer, f->n - trailer, "/Root");
	if (find_object(f, f->root, &text, &n) != 0 ||
	    seal_pdf_search(text, n, 0, "/AcroForm") != NOWHERE ||
	    find_object(f, read_reference(text, n, "/Pages"), &text, &n) != 0) {
		return -1;
	}
	f->page = read_reference(text, n, "/Kids");
	return find_object(f, f->page, &text, &n);
}

static void
put_utf16(struct buf *out, const char *s)
{
	uint32_t c;

	while ((c = text_next(&s)) != 0) {
		if (c > 0xffff) {
			buf_printf(out, "%04" PRIX32 "%04" PRIX32, 0xd7c0 + (c >> 10),
			    0xdc00 + (c & 0x3ff));
		} else {
			buf_printf(out, "%04" PRIX32, c);
		}
	}
}

static void
put_date(struct buf *out, int64_t at)
{
	time_t seconds = (time_t)(at / 1000) + 8 * 3600;
	struct tm tm;
	char text[32];

	gmtime_r(&seconds, &tm);
	strftime(text, sizeof(text), "D:%Y%m%d%H%M%S+08'00'", &tm);
	buf_puts(out, text);
}

/* An object again, with more members at the head of its dictionary. */
static int
put_again(const struct file *f, long number, const char *more, struct buf *out)
{
	const char *text;
	size_t n;
	size_t at;

	if (find_object(f, number, &text, &n) != 0) {
		return -1;
	}
	at = seal_pdf_search(text, n, 0, "<<");
	if (at == NOWHERE) {
		return -1;
	}
	buf_printf(out, "%ld 0 obj\n<< %s", number, more);
	buf_put(out, text + at + 2, n - at - 2);
	buf_puts(out, "endobj\n");
	return 0;
}

static void
put_signature(const struct seal_pdf_words *words, long number, struct buf *out,
    struct seal_pdf_hole *hole, size_t *range)
{
	size_t i;

	buf_printf(out, "%ld 0 obj\n<< /Type /Sig /Filter /Adobe.PPKLite /SubFilter /%s\n", number,
	    words->subfilter);
	/* DocMDP 1: whoever opens the file is told that no change is allowed. */
	buf_puts(out, "/Reference [<< /Type /SigRef /TransformMethod /DocMDP "
		      "/TransformParams << /Type /TransformParams /P 1 /V /1.2 >> >>]\n/Name <FEFF");
	put_utf16(out, words->office);
	buf_puts(out, ">\n" REASON_KEY);
	put_utf16(out, words->reason);
	buf_puts(out, ">\n/M (");
	put_date(out, words->signed_at);
	buf_puts(out, ")\n");
	if (words->code != NULL && words->code[0] != '\0') {
		buf_printf(out, CODE_KEY "%s)\n", words->code);
	}
	*range = out->len;
	buf_printf(out, RANGE_FORMAT "\n/Contents ", (size_t)0, (size_t)0, (size_t)0);
	hole->start = out->len;
	buf_puts(out, "<");
	for (i = 0; i < SEAL_PDF_DIGITS / 64; i++) {
		buf_puts(out,
		    "0000000000000000000000000000000000000000000000000000000000000000");
	}
	buf_puts(out, ">");
	hole->end = out->len;
	buf_puts(out, "\n>>\nendobj\n");
}

struct row {
	long number;
	size_t at;
};

static int
by_number(const void *a, const void *b)
{
	const struct row *x = a;
	const struct row *y = b;

	return (x->number > y->number) - (x->number < y->number);
}

static void
put_tail(const struct file *f, struct row rows[4], struct buf *out)
{
	size_t old = strtoul(f->data + search_last(f->data, f->n, "startxref") + 9, NULL, 10);
	size_t trailer = search_last(f->data, f->n, "trailer");
	long info = read_reference(f->data + trailer, f->n - trailer, "/Info");
	size_t xref = out->len;
	size_t i;

	qsort(rows, 4, sizeof(rows[0]), by_number);
	buf_puts(out, "xref\n");
	for (i = 0; i < 4; i++) {
		buf_printf(out, "%ld 1\n%010zu 00000 n \n", rows[i].number, rows[i].at);
	}
	buf_printf(out, "trailer\n<< /Size %ld /Root %ld 0 R", f->size + 2, f->root);
	if (info > 0) {
		buf_printf(out, " /Info %ld 0 R", info);
	}
	buf_printf(out, " /Prev %zu >>\nstartxref\n%zu\n%%%%EOF\n", old, xref);
}

int
seal_pdf_append(const struct buf *pdf, const struct seal_pdf_words *words, struct buf *out,
    struct seal_pdf_hole *hole, struct err *err)
{
	struct file f;
	struct row rows[4];
	size_t range = 0;
	char more[256];
	char text[96];

	buf_clear(out);
	if (open_file(pdf, &f) != 0) {
		return err_set(err, ERR_DATA, _("文件不是可以加盖签章的 PDF"));
	}
	buf_put(out, pdf->data, pdf->len);
	rows[0] = (struct row){ f.size, out->len };
	put_signature(words, f.size, out, hole, &range);
	rows[1] = (struct row){ f.size + 1, out->len };
	buf_printf(out,
	    "%ld 0 obj\n<< /Type /Annot /Subtype /Widget /FT /Sig /T (Seal) /V %ld 0 R /F 132 "
	    "/Rect [0 0 0 0] /P %ld 0 R >>\nendobj\n",
	    f.size + 1, f.size, f.page);
	rows[2] = (struct row){ f.page, out->len };
	snprintf(more, sizeof(more), "/Annots [%ld 0 R]", f.size + 1);
	if (put_again(&f, f.page, more, out) != 0) {
		return err_set(err, ERR_DATA, _("文件不是可以加盖签章的 PDF"));
	}
	rows[3] = (struct row){ f.root, out->len };
	snprintf(more, sizeof(more),
	    "/AcroForm << /Fields [%ld 0 R] /SigFlags 3 >> /Perms << /DocMDP %ld 0 R >> "
	    "/Lang (zh-CN) /ViewerPreferences << /DisplayDocTitle true >>",
	    f.size + 1, f.size);
	if (put_again(&f, f.root, more, out) != 0) {
		return err_set(err, ERR_DATA, _("文件不是可以加盖签章的 PDF"));
	}
	put_tail(&f, rows, out);
	snprintf(text, sizeof(text), RANGE_FORMAT, hole->start, hole->end, out->len - hole->end);
	memcpy(out->data + range, text, strlen(text));
	return 0;
}

/* The three numbers behind the 0 of a byte range in the form of RANGE_FORMAT. */
static int
read_range(const char *data, size_t n, size_t at, size_t out[3])
{
	static const char head[] = "/ByteRange [0 ";
	size_t i;

	at += sizeof(head) - 1;
	for (i = 0; i < 3; i++) {
		size_t k;

		if (n - at < 12) {
			return -1;
		}
		out[i] = 0;
		for (k = 0; k < 10 && data[at + k] == ' '; k++) {
		}
		for (; k < 10; k++) {
			if (data[at + k] < '0' || data[at + k] > '9') {
				return -1;
			}
			out[i] = out[i] * 10 + (size_t)(data[at + k] - '0');
		}
		at += 11;
	}
	return data[at - 1] == ']' ? 0 : -1;
}

static int
check_hole(const char *data, size_t n, const size_t range[3], struct seal_pdf_hole *hole)
{
	static const char key[] = "/Contents ";
	size_t i;

	hole->start = range[0];
	hole->end = range[1];
	if (hole->start < sizeof(key) || hole->end > n || hole->start >= hole->end ||
	    hole->end - hole->start != SEAL_PDF_DIGITS + 2 || range[2] != n - hole->end ||
	    data[hole->start] != '<' || data[hole->end - 1] != '>' ||
	    memcmp(data + hole->start - (sizeof(key) - 1), key, sizeof(key) - 1) != 0) {
		return -1;
	}
	for (i = hole->start + 1; i < hole->end - 1; i++) {
		/* Lower case only: one file, one spelling. */
		if ((data[i] < '0' || data[i] > '9') && (data[i] < 'a' || data[i] > 'f')) {
			return -1;
		}
	}
	return 0;
}

int
seal_pdf_find(
    const char *data, size_t n, struct seal_pdf_hole *hole, int *is_sealed, struct err *err)
{
	size_t at = seal_pdf_search(data, n, 0, "/ByteRange");
	size_t range[3];

	*is_sealed = at != NOWHERE;
	if (at == NOWHERE || n < 5 || memcmp(data, "%PDF-", 5) != 0) {
		return err_set(err, ERR_SEAL, _("文件没有税务机关电子签章"));
	}
	if (seal_pdf_search(data, n, at + 1, "/ByteRange") != NOWHERE) {
		return err_set(err, ERR_SEAL, _("文件有不止一个电子签章"));
	}
	if (seal_pdf_search(data, n, at, "/ByteRange [0 ") != at ||
	    read_range(data, n, at, range) != 0 || check_hole(data, n, range, hole) != 0) {
		return err_set(err, ERR_SEAL, _("电子签章没有覆盖整个文件"));
	}
	return 0;
}

void
seal_pdf_read_code(const char *data, size_t hole_start, char *out, size_t size)
{
	size_t at = search_last(data, hole_start, CODE_KEY);
	size_t end;

	out[0] = '\0';
	if (at == NOWHERE) {
		return;
	}
	at += strlen(CODE_KEY);
	end = seal_pdf_search(data, hole_start, at, ")");
	if (end != NOWHERE) {
		text_clean_copy(out, size, data + at, end - at);
	}
}

static int
read_unit(const char *hex, uint32_t *c)
{
	int i;

	*c = 0;
	for (i = 0; i < 4; i++) {
		const char *digits = "0123456789ABCDEF";
		const char *p = hex[i] == '\0' ? NULL : strchr(digits, hex[i]);

		if (p == NULL) {
			return -1;
		}
		*c = *c << 4 | (uint32_t)(p - digits);
	}
	return 0;
}

void
seal_pdf_read_reason(const char *data, size_t hole_start, char *out, size_t size)
{
	size_t at = search_last(data, hole_start, REASON_KEY);
	struct buf text = { 0 };
	uint32_t c;

	out[0] = '\0';
	if (at == NOWHERE) {
		return;
	}
	at += strlen(REASON_KEY);
	while (hole_start - at >= 4 && text.len < 4 * SEAL_PDF_DIGITS &&
	       read_unit(data + at, &c) == 0) {
		char utf8[4];
		uint32_t low;

		at += 4;
		if (c >= 0xd800 && c < 0xdc00 && hole_start - at >= 4 &&
		    read_unit(data + at, &low) == 0) {
			c = 0x10000 + ((c & 0x3ff) << 10) + (low & 0x3ff);
			at += 4;
		}
		buf_put(&text, utf8, text_put(utf8, c));
	}
	text_clean_copy(out, size, buf_text(&text), text.len);
	buf_release(&text);
}

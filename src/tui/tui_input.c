/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Parser of what a terminal's keyboard sends. */
#include "tui_input.h"

#include <string.h>
#include <wchar.h>

#include "shebao/mem.h"

#define PASTE_END "\033[201~"
#define MORE (-1) /* the bytes are the beginning of something */

struct number_key {
	int number;
	int key;
};

/* CSI number ~ */
static const struct number_key tilde_keys[] = {
	{ 1, TUI_KEY_HOME },
	{ 2, TUI_KEY_INSERT },
	{ 3, TUI_KEY_DELETE },
	{ 4, TUI_KEY_END },
	{ 5, TUI_KEY_PAGE_UP },
	{ 6, TUI_KEY_PAGE_DOWN },
	{ 7, TUI_KEY_HOME },
	{ 8, TUI_KEY_END },
	{ 11, TUI_KEY_F1 },
	{ 12, TUI_KEY_F2 },
	{ 13, TUI_KEY_F3 },
	{ 14, TUI_KEY_F4 },
	{ 15, TUI_KEY_F5 },
	{ 17, TUI_KEY_F6 },
	{ 18, TUI_KEY_F7 },
	{ 19, TUI_KEY_F8 },
	{ 20, TUI_KEY_F9 },
	{ 21, TUI_KEY_F10 },
	{ 23, TUI_KEY_F11 },
	{ 24, TUI_KEY_F12 },
};

/* CSI letter and SS3 letter; keypad in application mode. */
static const struct number_key letter_keys[] = {
	{ 'A', TUI_KEY_UP },
	{ 'B', TUI_KEY_DOWN },
	{ 'C', TUI_KEY_RIGHT },
	{ 'D', TUI_KEY_LEFT },
	{ 'H', TUI_KEY_HOME },
	{ 'F', TUI_KEY_END },
	{ 'P', TUI_KEY_F1 },
	{ 'Q', TUI_KEY_F2 },
	{ 'R', TUI_KEY_F3 },
	{ 'S', TUI_KEY_F4 },
	{ 'Z', TUI_KEY_BACK_TAB },
	{ 'M', TUI_KEY_ENTER },
	{ 'I', TUI_KEY_TAB },
	{ 'j', '*' },
	{ 'k', '+' },
	{ 'l', ',' },
	{ 'm', '-' },
	{ 'n', '.' },
	{ 'o', '/' },
	{ 'p', '0' },
	{ 'q', '1' },
	{ 'r', '2' },
	{ 's', '3' },
	{ 't', '4' },
	{ 'u', '5' },
	{ 'v', '6' },
	{ 'w', '7' },
	{ 'x', '8' },
	{ 'y', '9' },
	{ 'X', '=' },
};

static int
lookup(const struct number_key *keys, size_t count, int number)
{
	size_t i;

	for (i = 0; i < count; i++) {
		if (keys[i].number == number) {
			return keys[i].key;
		}
	}
	return TUI_KEY_UNKNOWN;
}

void
tui_input_release(struct tui_input *in)
{
	buf_release(&in->bytes);
	buf_release(&in->paste);
}

void
tui_input_define(struct tui_input *in, const char *sequence, int key)
{
	size_t n = strlen(sequence);

	if (n < 2 || n >= sizeof(in->defined[0].bytes) ||
	    in->defined_count == TUI_INPUT_DEFINED_MAX) {
		return;
	}
	memcpy(in->defined[in->defined_count].bytes, sequence, n + 1);
	in->defined[in->defined_count].key = key;
	in->defined_count++;
}

void
tui_input_feed(struct tui_input *in, const char *bytes, size_t n)
{
	if (in->used == in->bytes.len) {
		buf_clear(&in->bytes);
		in->used = 0;
	}
	buf_put(&in->bytes, bytes, n);
	in->is_expired = 0;
}

static int
parse_tilde(const char *s, size_t n)
{
	int number = 0;
	size_t i;

	for (i = 0; i < n && s[i] >= '0' && s[i] <= '9' && number < 1000; i++) {
		number = number * 10 + (s[i] - '0');
	}
	return number;
}

/* What the terminal says by itself; at is the last byte. */
static int
take_report(struct tui_input *in, const char *s, size_t at)
{
	static const char mode[] = "?2026;";
	const size_t n = sizeof(mode) - 1;

	if (s[at] == 'n' && at == 1 && (s[0] == '0' || s[0] == '3')) {
		in->has_presence = 1;
		return 1;
	}
	if (s[at] == 'y' && at == n + 2 && memcmp(s, mode, n) == 0 && s[n + 1] == '$') {
		in->hold_mode = s[n] - '0';
		return 1;
	}
	if (s[at] == 'R' && in->awaits_report && at > 2 && s[0] == '2' && s[1] == ';') {
		in->awaits_report = 0;
		in->reported_column = parse_tilde(s + 2, at - 2);
		return 1;
	}
	return 0;
}

/* ESC [ ... : s points behind the bracket. *taken counts from s. */
static int
parse_csi(struct tui_input *in, const char *s, size_t n, size_t *taken)
{
	size_t i = 0;

	if (n == 0) {
		return MORE;
	}
	if (s[0] == '[') { /* Linux console: ESC [ [ A is F1 */
		if (n < 2) {
			return MORE;
		}
		*taken = 2;
		return s[1] >= 'A' && s[1] <= 'E' ? TUI_KEY_F1 + (s[1] - 'A')
						  : TUI_KEY_UNKNOWN;
	}
	while (i < n && s[i] >= 0x20 && s[i] <= 0x3f) {
		i++;
	}
	if (i == n) {
		return MORE;
	}
	*taken = i + 1;
	if (take_report(in, s, i)) {
		return TUI_KEY_NONE;
	}
	if (s[i] != '~') {
		return lookup(letter_keys, 11, s[i]);
	}
	if (parse_tilde(s, i) == 200) {
		in->is_pasting = 1;
		buf_clear(&in->paste);
		return TUI_KEY_NONE;
	}
	return lookup(tilde_keys, ARRAY_LEN(tilde_keys), parse_tilde(s, i));
}

/* ESC O ...; a modifier digit may stand before the letter. */
static int
parse_ss3(const char *s, size_t n, size_t *taken)
{
	size_t i = 0;

	while (i < n && s[i] >= '0' && s[i] <= '9') {
		i++;
	}
	if (i == n) {
		return MORE;
	}
	*taken = i + 1;
	return lookup(letter_keys, ARRAY_LEN(letter_keys), s[i]);
}

static int
parse_defined(const struct tui_input *in, const char *s, size_t n, size_t *taken)
{
	int more = TUI_KEY_NONE;
	size_t i;

	for (i = 0; i < in->defined_count; i++) {
		size_t len = strlen(in->defined[i].bytes);

		if (n >= len && memcmp(s, in->defined[i].bytes, len) == 0) {
			*taken = len;
			return in->defined[i].key;
		}
		if (n < len && memcmp(s, in->defined[i].bytes, n) == 0) {
			more = MORE;
		}
	}
	return more;
}

/* s begins with ESC. */
static int
parse_escape(struct tui_input *in, const char *s, size_t n, size_t *taken)
{
	int key;

	*taken = 1;
	if (n == 1) {
		return MORE;
	}
	key = parse_defined(in, s, n, taken);
	if (key > TUI_KEY_NONE) {
		return key;
	}
	if (s[1] == '[') {
		key = parse_csi(in, s + 2, n - 2, taken);
		*taken += 2;
		return key;
	}
	if (s[1] == 'O') {
		key = parse_ss3(s + 2, n - 2, taken);
		*taken += 2;
		return key;
	}
	if (s[1] >= '0' && s[1] <= '9') {
		*taken = 2;
		return s[1] == '0' ? TUI_KEY_F10 : TUI_KEY_F1 + (s[1] - '1');
	}
	*taken = 1;
	return TUI_KEY_ESC;
}

static int
parse_char(const char *s, size_t n, size_t *taken)
{
	mbstate_t state = { 0 };
	wchar_t wide = 0;
	size_t len = mbrtowc(&wide, s, n, &state);

	*taken = 1;
	if (len == (size_t)-2) {
		return MORE;
	}
	if (len == (size_t)-1 || len == 0) {
		return TUI_KEY_UNKNOWN;
	}
	*taken = len;
	if (wide == 8) {
		return TUI_KEY_BACKSPACE;
	}
	if (wide == 10) {
		return TUI_KEY_ENTER;
	}
	return wide >= 0x80 && wide < 0xa0 ? TUI_KEY_UNKNOWN : (int)wide;
}

/* A paste may hold NULs. */
static const char *
find_paste_end(const char *s, size_t n)
{
	const size_t length = strlen(PASTE_END);

	for (; n >= length; s++, n--) {
		if (memcmp(s, PASTE_END, length) == 0) {
			return s;
		}
	}
	return NULL;
}

/* A paste goes on until its end mark, which may arrive in pieces. */
static int
take_paste(struct tui_input *in)
{
	const char *s = in->bytes.data + in->used;
	size_t n = in->bytes.len - in->used;
	const char *end = find_paste_end(s, n);
	size_t keep = 0;

	if (end == NULL) {
		while (keep < strlen(PASTE_END) - 1 && keep < n &&
		    s[n - 1 - keep] != '\033') {
			keep++;
		}
		keep = keep < n && s[n - 1 - keep] == '\033' ? keep + 1 : 0;
		keep = keep < strlen(PASTE_END) ? keep : 0;
		end = s + (n - keep);
		in->is_pasting = 1;
	} else {
		in->is_pasting = 0;
		in->used += strlen(PASTE_END);
	}
	n = (size_t)(end - s);
	in->used += n;
	if (in->paste.len + n > TUI_INPUT_PASTE_MAX) {
		n = TUI_INPUT_PASTE_MAX - in->paste.len;
	}
	buf_put(&in->paste, s, n);
	return in->is_pasting ? TUI_KEY_NONE : TUI_KEY_PASTE;
}

int
tui_input_next(struct tui_input *in)
{
	while (in->used < in->bytes.len) {
		const char *s = in->bytes.data + in->used;
		size_t n = in->bytes.len - in->used;
		size_t taken = 1;
		int key;

		if (in->is_pasting) {
			return take_paste(in);
		}
		key = *s == '\033' ? parse_escape(in, s, n, &taken)
				   : parse_char(s, n, &taken);
		if (key == MORE && !in->is_expired) {
			return TUI_KEY_NONE;
		}
		if (key == MORE) {
			taken = 1;
			key = *s == '\033' ? TUI_KEY_ESC : TUI_KEY_UNKNOWN;
		}
		in->used += taken;
		if (key != TUI_KEY_NONE) {
			return key;
		}
	}
	return TUI_KEY_NONE;
}

int
tui_input_is_partial(const struct tui_input *in)
{
	return in->used < in->bytes.len && !in->is_expired && !in->is_pasting;
}

void
tui_input_expire(struct tui_input *in)
{
	in->is_expired = 1;
}

void
tui_input_keep(struct tui_input *in, int key)
{
	if (key != TUI_KEY_PASTE && in->kept_count < TUI_INPUT_KEPT_MAX) {
		in->kept[in->kept_count++] = key;
	}
}

int
tui_input_kept(struct tui_input *in)
{
	int key;

	if (in->kept_count == 0) {
		return TUI_KEY_NONE;
	}
	key = in->kept[0];
	in->kept_count--;
	memmove(in->kept, in->kept + 1, in->kept_count * sizeof(in->kept[0]));
	in->kept[in->kept_count] = 0;
	return key;
}

void
tui_input_forget(struct tui_input *in)
{
	memset(in->kept, 0, sizeof(in->kept));
	in->kept_count = 0;
}

void
tui_input_flush(struct tui_input *in)
{
	tui_input_forget(in);
	buf_clear(&in->bytes);
	in->used = 0;
	in->is_pasting = 0;
}

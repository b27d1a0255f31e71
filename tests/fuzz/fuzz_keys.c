/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Foreign bytes as a keyboard, in pieces: keys come out, all bytes are used up, and in one piece the
 * same keys come. */
#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "tui/tui_input.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define KEYS_MAX 4096

static size_t
take(struct tui_input *in, int *keys, size_t count)
{
	int key;

	while ((key = tui_input_next(in)) != TUI_KEY_NONE) {
		assert(count < KEYS_MAX);
		keys[count++] = key;
		assert(in->paste.len <= TUI_INPUT_PASTE_MAX + 64);
	}
	return count;
}

/* The first byte says how long the pieces are; 0: one. */
static size_t
type(const char *bytes, size_t size, size_t piece, int *keys)
{
	struct tui_input in = { 0 };
	size_t at, n, count = 0;

	tui_input_define(&in, "\033[25~", TUI_KEY_F10);
	for (at = 0; at < size; at += n) {
		n = piece == 0 || size - at < piece ? size - at : piece;
		tui_input_feed(&in, bytes + at, n);
		count = take(&in, keys, count);
	}
	tui_input_expire(&in);
	count = take(&in, keys, count);
	assert(in.is_pasting || !tui_input_is_partial(&in));
	tui_input_release(&in);
	return count;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static int once[KEYS_MAX], pieces[KEYS_MAX];
	size_t count;

	if (size < 2 || size > 2000) {
		return 0;
	}
	count = type((const char *)data + 1, size - 1, 0, once);
	assert(type((const char *)data + 1, size - 1, data[0] % 8, pieces) == count);
	assert(memcmp(once, pieces, count * sizeof(*once)) == 0);
	return 0;
}

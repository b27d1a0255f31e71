/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SHEBAO_TESTS_MONKEY_KEYS_H
#define SHEBAO_TESTS_MONKEY_KEYS_H

/* What the monkey types besides plain characters, and how often. */
static const struct {
	const char *name, *bytes;
	unsigned weight;
} keys[] = {
	{ "Enter", "\r", 12 },
	{ "Space", " ", 8 },
	{ "Up", "\033[A", 8 },
	{ "Down", "\033[B", 12 },
	{ "Left", "\033[D", 6 },
	{ "Right", "\033[C", 6 },
	{ "Tab", "\t", 8 },
	{ "BackTab", "\033[Z", 3 },
	{ "PgUp", "\033[5~", 3 },
	{ "PgDn", "\033[6~", 3 },
	{ "Home", "\033[1~", 3 },
	{ "End", "\033[4~", 3 },
	{ "Insert", "\033[2~", 3 },
	{ "Delete", "\033[3~", 3 },
	{ "BackSpace", "\177", 4 },
	{ "Esc", "\033\033", 3 },
	{ "F1", "\033OP", 2 },
	{ "F2", "\033OQ", 8 },
	{ "F3", "\033OR", 5 },
	{ "F4", "\033OS", 4 },
	{ "F5", "\033[15~", 2 },
	{ "F6", "\033[17~", 3 },
	{ "F7", "\033[18~", 4 },
	{ "F8", "\033[19~", 4 },
	{ "F9", "\033[20~", 4 },
	{ "F10", "\033[21~", 10 },
	{ "Alt-2", "\0332", 2 },
	{ "CtrlL", "\f", 1 },
	{ "CtrlP", "\020", 2 },
	{ "CtrlR", "\022", 1 },
	{ "CtrlS", "\023", 2 },
	{ "CtrlC", "\003", 1 },
	{ "hanzi", "贵", 3 },
	{ "wide-a", "ａ", 2 },
	{ "wide-2", "２", 2 },
	{ "paste", "\033[200~贵阳, 10 元\033[201~", 1 },
	{ "half", "\xe8\xb4", 1 },
	{ "junk", "\033[9;9;9~", 1 },
};

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SHEBAO_TUI_EXAMINE_H
#define SHEBAO_TUI_EXAMINE_H

/* What the terminal on standard input and output can do, looked at before a session is begun
 * (tui_new), for whoever has to mend it. */
struct tui_examined {
	int is_terminal;
	int is_known;           /* terminfo has a description for TERM */
	char missing[64];       /* keys that the description lacks: "F5 Home"; "" for none */
	int locale_columns;     /* of an ambiguous character such as →: 1 or 2 */
	int terminal_columns;   /* the same as the terminal draws it; 0: it did not say */
	int lines, columns;
};

/* Draws one character and takes it away; waits half a second for the answer at most. */
void tui_examine(struct tui_examined *out);

#endif

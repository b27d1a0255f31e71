/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SHEBAO_BASE_FATAL_H
#define SHEBAO_BASE_FATAL_H

/*
 * The end of a process that cannot go on: there is no memory, or nobody knows what the disk
 * holds. What was promised is in the journal, in the books or in the bank's ledger, and is taken
 * up at the next start; to go on would be to guess.
 */
enum fatal_cause {
	FATAL_MEMORY,
	FATAL_FILES, /* no more files may be opened */
	FATAL_SYNC, /* saving to the disk failed in a way that must not be tried again */
	FATAL_KEEPER, /* the process with the keys is gone, or what it would answer to is not known */
	FATAL_COUNT
};

/* Gives the terminal back, says why on standard error, ends with exit status 5. Allocates nothing
 * and may be called in any thread. */
_Noreturn void fatal_stop(enum fatal_cause cause);

/* What a program asks for at its start: after a failed sync of a database it ends. Without it (the
 * simulator, whose disks fail on purpose) fatal_sync_failed does nothing. */
void fatal_stop_on_sync(void);
void fatal_sync_failed(void);

/* What is done first, such as giving the terminal back; NULL: nothing. It must not allocate, and is
 * called for a crash too (SIGSEGV, SIGABRT and the like): in a signal handler, on a stack of its own. */
void fatal_set_farewell(void (*farewell)(void));

#endif

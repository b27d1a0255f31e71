/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The last words of a process. */
#include "shebao/fatal.h"

#include <signal.h>
#include <stdatomic.h>
#include <string.h>
#include <unistd.h>

#include "shebao/i18n.h"
#include "shebao/mem.h"

#define EXIT_LOCAL 5
#define CRASH_STACK ((size_t)64 << 10)

// clang-format off
static const char *const words[] = {
	[FATAL_MEMORY] = N_("内存不足，程序已停止。已提交的业务不会丢失，重新启动后会自动查询结果。"),
	[FATAL_FILES]  = N_("可打开的文件数不足（ulimit -n），程序已停止。已提交的业务不会丢失，重新启动后会自动查询结果。"),
	[FATAL_KEEPER] = N_("保管签章密钥的进程没有应答，程序已停止。重新启动后即可继续，已提交的业务不会丢失。"),
	[FATAL_SYNC]   = N_("保存到磁盘时出错，程序已停止，以免结果不一致。请检查磁盘后重新启动，已提交的业务会自动查询结果。"),
};
// clang-format on

static _Atomic(void (*)(void)) last;
static atomic_int stops_on_sync;

/* ---- crashes */

static const int crashes[] = { SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGSYS, SIGQUIT };
static struct sigaction before[ARRAY_LEN(crashes)];

/* The terminal first; then the process ends as it would have. */
static void
on_crash(int number)
{
	void (*farewell)(void) = atomic_exchange(&last, NULL);
	size_t i;

	if (farewell != NULL) {
		farewell();
	}
	for (i = 0; i < ARRAY_LEN(crashes); i++) {
		sigaction(crashes[i], &before[i], NULL);
	}
	raise(number);
}

/* With a stack of its own: the other one may be what has run out. */
static void
catch_crashes(void)
{
	static char bytes[CRASH_STACK];
	const stack_t own = { .ss_sp = bytes, .ss_size = sizeof(bytes) };
	struct sigaction action = { .sa_handler = on_crash, .sa_flags = SA_ONSTACK };
	stack_t there = { 0 };
	size_t i;

	if (sigaltstack(NULL, &there) == 0 && (there.ss_flags & SS_DISABLE) != 0) {
		sigaltstack(&own, NULL);
	}
	sigemptyset(&action.sa_mask);
	for (i = 0; i < ARRAY_LEN(crashes); i++) {
		sigaction(crashes[i], &action, &before[i]);
	}
}

void
fatal_set_farewell(void (*farewell)(void))
{
	void (*old)(void) = atomic_exchange(&last, farewell);
	size_t i;

	if (farewell != NULL && old == NULL) {
		catch_crashes();
	}
	for (i = 0; farewell == NULL && old != NULL && i < ARRAY_LEN(crashes); i++) {
		sigaction(crashes[i], &before[i], NULL);
	}
}

void
fatal_stop_on_sync(void)
{
	atomic_store(&stops_on_sync, 1);
}

void
fatal_sync_failed(void)
{
	if (atomic_load(&stops_on_sync)) {
		fatal_stop(FATAL_SYNC);
	}
}

void
fatal_stop(enum fatal_cause cause)
{
	/* A second failure in the farewell must not come back here. */
	void (*farewell)(void) = atomic_exchange(&last, NULL);
	/* The catalogue is loaded by now, or the words stay as they are. */
	const char *text = i18n_text(words[cause]);

	if (farewell != NULL) {
		farewell();
	}
	(void)!write(STDERR_FILENO, text, strlen(text));
	(void)!write(STDERR_FILENO, "\n", 1);
	_exit(EXIT_LOCAL);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "shebao/fatal.h"

#include <stdint.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "shebao/mem.h"
#include "unit/unit.h"

static void
say_goodbye(void)
{
	(void)!write(STDERR_FILENO, "goodbye ", 8);
}

static void
need_too_much(void)
{
	free(mem_resize(NULL, 2, SIZE_MAX));
}

static void
sync_failed(void)
{
	fatal_stop_on_sync();
	fatal_sync_failed();
}

/* Runs it in a child; what it says on standard error. Returns its exit status. */
static int
end_of(void (*run)(void), char *said, size_t size)
{
	int ends[2], status = 0;
	ssize_t n;
	size_t have = 0;
	pid_t pid;

	ck_assert_int_eq(pipe(ends), 0);
	pid = fork();
	if (pid == 0) {
		dup2(ends[1], STDERR_FILENO);
		close(ends[0]);
		fatal_set_farewell(say_goodbye);
		run();
		_exit(0);
	}
	close(ends[1]);
	while ((n = read(ends[0], said + have, size - 1 - have)) > 0) {
		have += (size_t)n;
	}
	said[have] = '\0';
	close(ends[0]);
	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	ck_assert_msg(WIFEXITED(status), "ended by signal %d", WTERMSIG(status));
	return WEXITSTATUS(status);
}

START_TEST(without_memory_the_end_is_clean_and_says_so)
{
	char said[512];

	ck_assert_int_eq(end_of(need_too_much, said, sizeof(said)), 5);
	ck_assert_msg(strncmp(said, "goodbye 内存不足", strlen("goodbye 内存不足")) == 0, "%s", said);
}
END_TEST

START_TEST(a_failed_sync_ends_programs_that_asked_for_it)
{
	char said[512];

	ck_assert_int_eq(end_of(sync_failed, said, sizeof(said)), 5);
	ck_assert_ptr_nonnull(strstr(said, "请检查磁盘后重新启动"));
	ck_assert_int_eq(end_of(fatal_sync_failed, said, sizeof(said)), 0);
	ck_assert_str_eq(said, "");
}
END_TEST

UNIT_MAIN("fatal", without_memory_the_end_is_clean_and_says_so,
    a_failed_sync_ends_programs_that_asked_for_it)

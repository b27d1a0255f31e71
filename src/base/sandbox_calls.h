/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SHEBAO_BASE_SANDBOX_CALLS_H
#define SHEBAO_BASE_SANDBOX_CALLS_H

#include "shebao/sandbox.h"

/* seccomp: refuses, with EPERM, the system calls that rules->flags leaves no use for; all
 * threads. -1: not on this kernel or machine, or built with sanitizers, which trace themselves. */
int sandbox_calls_enter(const struct sandbox_rules *rules);

/* Whether sandbox_calls_enter would work. */
int sandbox_calls_work(void);

#endif

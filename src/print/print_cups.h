/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SHEBAO_PRINT_CUPS_H
#define SHEBAO_PRINT_CUPS_H

#include "print_child.h"

/* The conversations with CUPS; both run in the child and block there. */
print_child_fn print_cups_list;   /* about: NULL */
print_child_fn print_cups_submit; /* about: struct print_request */

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SHEBAO_PRINT_CUPS_H
#define SHEBAO_PRINT_CUPS_H

#include "print_child.h"

/* The conversations with CUPS; both run in the child and block there. */
void print_cups_list(int to);
void print_cups_submit(int to, const struct print_request *r);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SHEBAO_CLI_REPORT_H
#define SHEBAO_CLI_REPORT_H

#include "shebao/err.h"
#include "shebao/record.h"

/* How commands answer: one JSON value or text on standard output, failures on standard error. */

/* "shebao: [20101]您输入的…" with what can be done about it on standard error. Returns the
 * exit status of the failure. */
int report_error(const char *program, const struct err *err);

/* One record, or a list of them, as JSON and a line end. */
void report_json(const struct record_type *type, const void *record);
void report_json_list(const struct record_type *type, const void *records, size_t count);

/* Flushes standard output; ERR_LOCAL when something could not be written (disk full, pipe
 * closed): a script must not take a cut answer for a whole one. */
int report_flush(struct err *err) __attribute__((warn_unused_result));

#endif

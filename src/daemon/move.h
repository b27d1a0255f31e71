/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SHEBAO_DAEMON_MOVE_H
#define SHEBAO_DAEMON_MOVE_H

#include "daemon_settings.h"

/* --move-to: everything in the books into the database at settings->move_to, which must be empty
 * (or have just these books, after a move that was interrupted). The books are audited before and
 * there, with the bank's ledger if there is a bank; what was moved is marked, so that no daemon
 * takes it for the books again. Prints what it did. ERR_STATE when an audit finds something. */
int move_run(const struct daemon_settings *settings, struct err *err)
    __attribute__((warn_unused_result));

/* --audit: only the audit, for books that no daemon serves. ERR_STATE when it finds something. */
int move_audit(const struct daemon_settings *settings, struct err *err)
    __attribute__((warn_unused_result));

#endif

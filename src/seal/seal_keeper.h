/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SHEBAO_SEAL_KEEPER_H
#define SHEBAO_SEAL_KEEPER_H

#include <stdint.h>

#include "seal_private.h"

/*
 * The process that alone holds the keys. It is forked by seal_open_apart, reads the folder, gives
 * up everything else (sandbox.h), and answers two requests: a signature over the covered bytes of a
 * document, and one over the text of a printed code. It ends with the descriptor's other end.
 */

#define SEAL_CODE_SIGNATURE 64

/* Forks it. office: of a sandbox office to be made first; NULL: not. 0: it holds the keys. */
int seal_keeper_start(struct seal *seal, const char *folder, const char *office, int64_t now,
    struct err *err) __attribute__((warn_unused_result));
void seal_keeper_stop(struct seal *seal);

/* As seal_sign_bytes and seal_code_bytes below, done there. */
int seal_keeper_sign(const struct seal *seal, const struct buf *covered, int64_t at,
    struct buf *der, struct err *err) __attribute__((warn_unused_result));
int seal_keeper_code(const struct seal *seal, const struct buf *text,
    unsigned char out[SEAL_CODE_SIGNATURE], struct err *err) __attribute__((warn_unused_result));

/* With the keys of this process: the CMS signature, DER, over covered; and 64 bytes of Ed25519. */
int seal_sign_bytes(const struct seal *seal, const struct buf *covered, int64_t at,
    struct buf *der, struct err *err) __attribute__((warn_unused_result));
int seal_code_bytes(const struct seal *seal, const struct buf *text,
    unsigned char out[SEAL_CODE_SIGNATURE], struct err *err) __attribute__((warn_unused_result));

#endif

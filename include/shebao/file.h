/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SHEBAO_BASE_FILE_H
#define SHEBAO_BASE_FILE_H

#include "shebao/buf.h"
#include "shebao/err.h"

#include <stdint.h>

/* Files that are either whole or not there: written under a temporary name beside the target,
 * mode 0600, fsynced, renamed, the folder fsynced. Symbolic links are never followed at the
 * last step. */

/* First thing in main. Descriptors 0 to 2 are open from now on, so that no file can come to stand where
 * messages are printed; and a file that may not grow (ulimit -f) is a failure, not the end. */
void file_begin(void);

enum file_overwrite {
	FILE_KEEP,    /* an existing file that is not empty is ERR_LOCAL, and stays */
	FILE_REPLACE
};

int file_save(const char *path, const void *bytes, size_t n, enum file_overwrite overwrite,
    struct err *err) __attribute__((warn_unused_result));

/* Whether file_save would find the folder writable and the name free, and none of a folder: asked before something is
 * done that only a saved file makes useful. */
int file_check(const char *path, enum file_overwrite overwrite, struct err *err)
    __attribute__((warn_unused_result));

/* Whether nothing would be lost: no such file, or a plain one without a byte (mktemp's). */
int file_is_vacant(const char *path);

/* For those who make temporary files by other means: how the names begin; the lock that shows
 * that the file is still written (-1: it is gone, make another); removing those of this user in
 * a folder that nobody writes any more, which file_save does by itself. */
#define FILE_TEMPORARY ".shebao-"
int file_hold_temporary(int fd) __attribute__((warn_unused_result));
void file_remove_left(const char *folder);

/* At most limit bytes; a larger file is ERR_LIMIT. "-" is standard input. */
int file_load(const char *path, size_t limit, struct buf *out, struct err *err)
    __attribute__((warn_unused_result));

/* Makes the folder and its parents, 0700 where new; an existing one must belong to this user. */
int file_make_folder(const char *path, struct err *err) __attribute__((warn_unused_result));

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SHEBAO_BASE_PATH_H
#define SHEBAO_BASE_PATH_H

#include "shebao/buf.h"

/* Completes the last part of path (of size bytes, edited in place) by the names in its folder, as
 * far as all that fit agree; a folder that is the only one gets its '/'. Hidden names are for
 * who types the dot, names that are not clean text (shebao/text.h) for nobody. Returns how many
 * fit, 0 also when the folder cannot be read; names (may be NULL) gets them, sorted, with two
 * blanks between, at most PATH_NAMES_MAX and then "…". */
#define PATH_NAMES_MAX 20
size_t path_complete(char *path, size_t size, struct buf *names);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SHEBAO_DOC_SEAL_H
#define SHEBAO_DOC_SEAL_H

#include "doc_page.h"

/* The office's round red seal in vectors: ring, star, the name along the ring, and what the
 * seal is for under the star. */
#define DOC_SEAL_RADIUS 57.0 /* 40 mm across */

void doc_seal_draw(struct doc_page *page, double x, double y, const char *office);

#endif

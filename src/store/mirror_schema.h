/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SHEBAO_STORE_MIRROR_SCHEMA_H
#define SHEBAO_STORE_MIRROR_SCHEMA_H

#include "shebao/mirror.h"

/* Table of a noun in the client's database; its staging table is NAME_stage. */
struct mirror_table {
	const char *name;
	const struct record_type *type;
	const char *key; /* the member that names a row within an employer */
};

const struct mirror_table *mirror_schema_table(enum mirror_noun noun);

/* Applies the client's migrations. */
int mirror_schema_migrate(struct db *db, struct err *err) __attribute__((warn_unused_result));

/* mirror.c: the timeline of a payment. */
struct payment;
int mirror_put_events(struct db *db, const struct payment *payment, struct err *err)
    __attribute__((warn_unused_result));

#endif

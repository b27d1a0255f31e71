/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SHEBAO_CORE_CONSULTATION_H
#define SHEBAO_CORE_CONSULTATION_H

#include "shebao/employer.h"

/* 问题咨询: a clerk's question with a redacted diagnostic bundle, and the officer's answer. */
struct consultation {
	char consultation_id[33];
	char taxpayer_id[TAXPAYER_ID_SIZE];
	char op_id[OP_ID_SIZE];
	char question[1025];
	char diagnostics[2049];
	int64_t asked_at;
	char answer[1025];
	int64_t answered_at;
	int64_t version;
};

extern const struct record_type consultation_type;

#endif

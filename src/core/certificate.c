/* SPDX-License-Identifier: GPL-3.0-or-later */
/* 完税证明, 缴费证明. */
#include "shebao/certificate.h"

#include "shebao/i18n.h"
#include "shebao/mem.h"

// clang-format off
static const struct choice certificate_kinds_rows[] = {
	[CERTIFICATE_TAX_PAID] = { "tax_paid", N_("税收完税证明"), NULL },
	[CERTIFICATE_PAYMENT_PROOF] = { "payment_proof", N_("社会保险费缴费证明"), NULL },
};
_Static_assert(ARRAY_LEN(certificate_kinds_rows) == CERTIFICATE_KIND_COUNT, "a row for every value");

const struct choice_set certificate_kinds = { .rows = certificate_kinds_rows, .count = CERTIFICATE_KIND_COUNT };

static const struct field certificate_fields[] = {
	RECORD_TEXT(certificate, certificate_no, N_("证明号码"), FIELD_REQUIRED | FIELD_KEY),
	RECORD_TEXT(certificate, taxpayer_id, N_("纳税人识别号"), FIELD_REQUIRED | FIELD_KEY),
	RECORD_TEXT(certificate, op_id, N_("操作编号"), FIELD_HIDDEN),
	RECORD_CHOICE(certificate, kind, N_("证明种类"), 0, &certificate_kinds),
	RECORD_STATE(certificate, state, N_("状态"), 0, &states_certificate),
	RECORD_PERIOD(certificate, period_from, N_("费款所属期起"), 0),
	RECORD_PERIOD(certificate, period_to, N_("费款所属期止"), 0),
	RECORD_FEN(certificate, amount, N_("金额"), 0),
	RECORD_NUMBER(certificate, levy_count, N_("笔数"), 0),
	RECORD_TIME(certificate, issued_at, N_("开具日期"), 0),
	RECORD_TIME(certificate, delivered_at, N_("交付时间"), 0),
	RECORD_NUMBER(certificate, reprints, N_("补打次数"), 0),
	RECORD_TEXT(certificate, verify_code, N_("查询验证码"), 0),
	RECORD_TEXT(certificate, sha256, N_("文件摘要"), FIELD_HIDDEN),
	RECORD_TEXTS(certificate, levy_nos, N_("征集单号"), FIELD_HIDDEN),
	RECORD_NUMBER(certificate, version, N_("版本"), FIELD_HIDDEN),
};
// clang-format on

const struct record_type certificate_type = {
	.name = "certificate", .size = sizeof(struct certificate), .fields = certificate_fields, .count = ARRAY_LEN(certificate_fields)
};

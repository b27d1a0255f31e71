/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The messages to the bank as bytes. */
#include "service_debit.h"

#include "shebao/mem.h"
#include "shebao/wire.h"

// clang-format off
static const struct field debit_fields[] = {
	RECORD_TEXT(bank_debit, tax_authority_code, "", 0),
	RECORD_TEXT(bank_debit, entrust_date, "", 0),
	RECORD_TEXT(bank_debit, serial, "", 0),
	RECORD_TEXT(bank_debit, op_id, "", 0),
	RECORD_TEXT(bank_debit, tax_ticket_no, "", 0),
	RECORD_TEXT(bank_debit, agreement_no, "", 0),
	RECORD_TEXT(bank_debit, account_no, "", 0),
	RECORD_TEXT(bank_debit, account_name, "", 0),
	RECORD_FEN(bank_debit, amount, "", 0),
};
static const struct record_type debit_type = {
	.name = "bank_debit", .size = sizeof(struct bank_debit), .fields = debit_fields, .count = ARRAY_LEN(debit_fields)
};

static const struct field counter_fields[] = {
	RECORD_TEXT(service_debit_counter, voucher_no, "", 0),
	RECORD_FEN(service_debit_counter, amount, "", 0),
};
static const struct record_type counter_type = {
	.name = "counter", .size = sizeof(struct service_debit_counter), .fields = counter_fields, .count = ARRAY_LEN(counter_fields)
};
// clang-format on

void
service_debit_write(const struct bank_debit *debit, struct buf *out)
{
	wire_encode(&debit_type, debit, out);
}

int
service_debit_read(const void *bytes, size_t n, struct bank_debit *out, struct err *err)
{
	return wire_decode(&debit_type, bytes, n, WIRE_STRICT, out, err);
}

void
service_debit_write_counter(const struct service_debit_counter *counter, struct buf *out)
{
	wire_encode(&counter_type, counter, out);
}

int
service_debit_read_counter(
    const void *bytes, size_t n, struct service_debit_counter *out, struct err *err)
{
	return wire_decode(&counter_type, bytes, n, WIRE_STRICT, out, err);
}

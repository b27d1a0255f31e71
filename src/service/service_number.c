/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The numbers of declarations, payments and tickets. */
#include "service_number.h"

#include <inttypes.h>
#include <stdio.h>

#include "shebao/mem.h"

#define PROVINCE "52"

int
service_number_declaration(struct service_call *call, char out[RECORD_ID_SIZE], struct err *err)
{
	int64_t value;

	if (books_head_count(call->db, "declaration", &value, err) < 0) {
		return -1;
	}
	snprintf(out, RECORD_ID_SIZE, "1001" PROVINCE "%.2s%012" PRId64, call->today + 2, value);
	return 0;
}

int
service_number_payment(
    struct service_call *call, char serial[9], char out[RECORD_ID_SIZE], struct err *err)
{
	char name[33];
	int64_t value;

	snprintf(name, sizeof(name), "serial %s", call->today);
	if (books_head_count(call->db, name, &value, err) < 0) {
		return -1;
	}
	snprintf(serial, 9, "%08u", (unsigned)(value % 100000000));
	snprintf(out, RECORD_ID_SIZE, "%.4s%.2s%.2s%.8s", call->today, call->today + 5,
	    call->today + 8, serial);
	return 0;
}

int
service_number_daily(
    struct service_call *call, char letter, char out[RECORD_ID_SIZE], struct err *err)
{
	char name[33];
	int64_t value;

	snprintf(name, sizeof(name), "%c %s", letter, call->today);
	if (books_head_count(call->db, name, &value, err) < 0) {
		return -1;
	}
	snprintf(out, RECORD_ID_SIZE, "%c%.4s%.2s%.2s%04" PRId64, letter, call->today,
	    call->today + 5, call->today + 8, value);
	return 0;
}

int
service_number_ticket(struct service_call *call, enum service_number_kind kind,
    char out[TICKET_NO_SIZE], struct err *err)
{
	static const char *const kinds[] = {
		[SERVICE_NUMBER_TICKET] = "016",
		[SERVICE_NUMBER_CERTIFICATE] = "015",
		[SERVICE_NUMBER_PROOF] = "017",
	};
	char name[33];
	int64_t value;

	_Static_assert(ARRAY_LEN(kinds) == SERVICE_NUMBER_KIND_COUNT, "a kind for each");
	snprintf(name, sizeof(name), "ticket %s %.2s%.2s", kinds[kind], call->today + 2,
	    call->today + 5);
	if (books_head_count(call->db, name, &value, err) < 0) {
		return -1;
	}
	snprintf(out, TICKET_NO_SIZE, "4" PROVINCE "%s%.2s%.2s%08u", kinds[kind], call->today + 2,
	    call->today + 5, (unsigned)(value % 100000000));
	return 0;
}

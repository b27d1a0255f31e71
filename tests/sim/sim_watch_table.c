/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which changes of a state there may be, written down once more; "" is a row that is not there. */
#include "sim_watch.h"

#include <string.h>

#include "shebao/mem.h"

static const struct {
	enum sim_machine machine;
	const char *from, *to;
} allowed[] = {
	{ SIM_DECLARATION, "", "pending" },
	{ SIM_DECLARATION, "pending", "accepted" },
	{ SIM_DECLARATION, "pending", "rejected" },
	{ SIM_DECLARATION, "accepted", "voiding" },
	{ SIM_DECLARATION, "voiding", "voided" },
	{ SIM_DECLARATION, "voiding", "accepted" },
	{ SIM_PAYMENT, "", "created" },
	{ SIM_PAYMENT, "", "succeeded" }, /* of 0.00 */
	{ SIM_PAYMENT, "created", "sent" },
	{ SIM_PAYMENT, "sent", "succeeded" },
	{ SIM_PAYMENT, "sent", "refused" },
	{ SIM_PAYMENT, "sent", "unknown" },
	{ SIM_PAYMENT, "unknown", "sent" },
	{ SIM_PAYMENT, "unknown", "succeeded" },
	{ SIM_PAYMENT, "unknown", "refused" },
	{ SIM_PAYMENT, "refused", "unknown" },
	{ SIM_PAYMENT, "succeeded", "reversed" },
	{ SIM_VOUCHER, "", "issued" },
	{ SIM_VOUCHER, "issued", "voided" },
	{ SIM_VOUCHER, "issued", "paid" },
	{ SIM_VOUCHER, "issued", "expired" },
	{ SIM_CERTIFICATE, "", "issued" },
	{ SIM_CERTIFICATE, "issued", "delivered" },
	{ SIM_CERTIFICATE, "issued", "invalidated" },
	{ SIM_CERTIFICATE, "delivered", "invalidated" },
	{ SIM_MESSAGE, "", "queued" },
	{ SIM_MESSAGE, "queued", "sent" },
	{ SIM_MESSAGE, "sent", "queued" },
	{ SIM_MESSAGE, "sent", "done" },
	{ SIM_MESSAGE, "done", "sent" }, /* a late success is asked about */
	{ SIM_MESSAGE, "sent", "" },     /* refused by the counter, or a reversal by the bank */
	{ SIM_OP, "", "ready" },
	{ SIM_OP, "ready", "sent" },
	{ SIM_OP, "ready", "refused" }, /* taken back */
	{ SIM_OP, "sent", "ready" },
	{ SIM_OP, "sent", "unknown" },
	{ SIM_OP, "sent", "done" },
	{ SIM_OP, "sent", "refused" },
	{ SIM_OP, "unknown", "done" },
	{ SIM_OP, "unknown", "refused" },
};

int
sim_watch_allows(enum sim_machine m, const char *from, const char *to)
{
	size_t i;

	for (i = 0; i < ARRAY_LEN(allowed); i++) {
		if (allowed[i].machine == m && strcmp(allowed[i].from, from) == 0 &&
		    strcmp(allowed[i].to, to) == 0) {
			return 1;
		}
	}
	return 0;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Answers of the command line. */
#include "report.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "shebao/i18n.h"
#include "shebao/wire.h"

int
report_error(const char *program, const struct err *err)
{
	const struct err_info *info = err_info(err->code);
	char number[16] = "";

	fflush(stdout);
	if (info->number != 0) {
		snprintf(number, sizeof(number), "[%d]", info->number);
		/* Texts of the service may carry the number in the manual's wording already. */
		if (strstr(err->text, number) != NULL) {
			number[0] = '\0';
		}
	}
	fprintf(stderr, "%s: %s%s\n", program, number, err->text);
	if (info->advice[0] != '\0') {
		fprintf(stderr, "%s: %s\n", program, i18n_text(info->advice));
	}
	return info->exit_status;
}

void
report_json(const struct record_type *type, const void *record)
{
	struct buf out = { 0 };

	wire_encode(type, record, &out);
	printf("%s\n", buf_text(&out));
	buf_release(&out);
}

void
report_json_list(const struct record_type *type, const void *records, size_t count)
{
	struct buf out = { 0 };

	wire_encode_list(type, records, count, &out);
	fputs(buf_text(&out), stdout);
	buf_release(&out);
}

int
report_flush(struct err *err)
{
	if (fflush(stdout) != 0 || ferror(stdout)) {
		return err_set(err, ERR_LOCAL, _("无法写出结果：%s"), strerror(errno));
	}
	return 0;
}

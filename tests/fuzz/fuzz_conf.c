/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Foreign bytes as a configuration file: values keep to their bounds and are clean, or the refusal
 * is. */
#define _GNU_SOURCE /* memfd_create */
#include <assert.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "shebao/conf.h"
#include "shebao/mem.h"
#include "shebao/text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct settings {
	char before, name[17], between;
	int64_t number;
	int flag;
};

static const struct conf_key keys[] = {
	{ .name = "name", .type = CONF_TEXT, .offset = offsetof(struct settings, name), .size = 17 },
	{ .name = "number", .type = CONF_NUMBER, .offset = offsetof(struct settings, number), .min = -5, .max = 70 },
	{ .name = "flag", .type = CONF_BOOL, .offset = offsetof(struct settings, flag) },
};

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static int fd = -1;
	static char path[64];
	struct settings settings = { .before = 'b', .between = 'b' };
	struct err err = { 0 };
	ssize_t put;

	if (fd < 0) {
		fd = memfd_create("conf", 0);
		snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	}
	put = ftruncate(fd, 0) == 0 ? pwrite(fd, data, size, 0) : -1;
	assert(put == (ssize_t)size);
	if (conf_load(path, keys, ARRAY_LEN(keys), &settings, &err) != 0) {
		assert(err.code == ERR_USAGE && text_is_clean(err.text, strlen(err.text)));
	}
	assert(settings.before == 'b' && settings.between == 'b');
	assert(memchr(settings.name, '\0', sizeof(settings.name)) != NULL);
	assert(text_is_clean(settings.name, strlen(settings.name)));
	assert(settings.number >= -5 && settings.number <= 70);
	assert(settings.flag == 0 || settings.flag == 1);
	return 0;
}

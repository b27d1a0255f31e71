/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Configuration files: key = value lines by a table of keys. */
#include "shebao/conf.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include "shebao/i18n.h"
#include "shebao/mem.h"
#include "shebao/text.h"

static const struct conf_key *
find(const struct conf_key *keys, size_t count, const char *name)
{
	size_t i;

	for (i = 0; i < count; i++) {
		if (strcmp(keys[i].name, name) == 0) {
			return &keys[i];
		}
	}
	return NULL;
}

static int
parse_bool(const char *value)
{
	static const char *const words[] = { "no", "yes", "false", "true", "off", "on",
		"0", "1" };
	size_t i;

	for (i = 0; i < ARRAY_LEN(words); i++) {
		if (strcasecmp(words[i], value) == 0) {
			return (int)(i % 2);
		}
	}
	return -1;
}

static int
set_number(const char *where, const struct conf_key *key, const char *value, int64_t *out,
    struct err *err)
{
	char *end;
	long n;

	errno = 0;
	n = strtol(value, &end, 10);
	if (*value == '\0' || *end != '\0' || errno != 0 || n < key->min ||
	    n > key->max) {
		return err_set(err, ERR_USAGE,
		    _("%s：%s 的值“%s”无效，应为 %ld 到 %ld 的整数"), where, key->name,
		    value, key->min, key->max);
	}
	*out = n;
	return 0;
}

static int
set_text(const char *where, const struct conf_key *key, const char *value, char *out,
    struct err *err)
{
	const char *expected;

	if (!text_is_clean(value, strlen(value)) || strlen(value) >= key->size) {
		return err_set(err, ERR_USAGE, _("%s：%s 的值无效，应为不超过 %zu 字节的文本"),
		    where, key->name, key->size - 1);
	}
	expected = key->expected != NULL ? key->expected(value) : NULL;
	if (expected != NULL) {
		return err_set(err, ERR_USAGE, _("%s：%s 的值“%s”无效，应为%s"), where, key->name,
		    value, i18n_text(expected));
	}
	mem_copy_text(out, key->size, value);
	return 0;
}

int
conf_set(const char *where, const char *name, const char *value,
    const struct conf_key *keys, size_t count, void *settings, struct err *err)
{
	const struct conf_key *key = find(keys, count, name);
	char *at;
	int yes;

	if (key == NULL) {
		return err_set(err, ERR_USAGE, _("%s：没有名为“%s”的设置，请核对拼写或删去"), where, name);
	}
	at = (char *)settings + key->offset;
	switch (key->type) {
	case CONF_TEXT:
		return set_text(where, key, value, at, err);
	case CONF_NUMBER:
		return set_number(where, key, value, (int64_t *)(void *)at, err);
	case CONF_BOOL:
		yes = parse_bool(value);
		if (yes < 0) {
			return err_set(err, ERR_USAGE,
			    _("%s：%s 的值“%s”无效，应为 yes 或 no"), where, name, value);
		}
		*(int *)(void *)at = yes;
		return 0;
	}
	return -1;
}

static int
set_line(const char *where, char *line, const struct conf_key *keys, size_t count,
    void *settings, struct err *err)
{
	char *equals;

	line[strcspn(line, "\r\n")] = '\0';
	text_trim(line);
	if (line[0] == '\0' || line[0] == '#') {
		return 0;
	}
	equals = strchr(line, '=');
	if (equals == NULL) {
		return err_set(err, ERR_USAGE, _("%s：“%s”不是“名称 = 值”"), where, line);
	}
	*equals = '\0';
	text_trim(line);
	text_trim(equals + 1);
	return conf_set(where, line, equals + 1, keys, count, settings, err);
}

/* A pipe laid where the settings are looked for would be waited for without end. */
static FILE *
open_settings(const char *path)
{
	int fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	struct stat st;

	if (fd < 0) {
		return NULL;
	}
	if (fstat(fd, &st) != 0 || S_ISFIFO(st.st_mode)) {
		close(fd);
		errno = EINVAL;
		return NULL;
	}
	return fdopen(fd, "r");
}

int
conf_load(const char *path, const struct conf_key *keys, size_t count, void *settings,
    struct err *err)
{
	char line[4096], where[4200];
	FILE *file = open_settings(path);
	int rc = 0, number = 0;

	if (file == NULL) {
		return errno == ENOENT || errno == ENOTDIR
		    ? 0
		    : err_set(
			  err, ERR_USAGE, _("无法读取 %s：%s"), path, strerror(errno));
	}
	while (rc == 0 && fgets(line, sizeof(line), file) != NULL) {
		snprintf(where, sizeof(where), "%s:%d", path, ++number);
		if (strchr(line, '\n') == NULL && !feof(file)) {
			rc = err_set(err, ERR_USAGE, _("%s：一行过长"), where);
		} else {
			rc = set_line(where, line, keys, count, settings, err);
		}
	}
	if (rc == 0 && ferror(file)) {
		rc = err_set(err, ERR_USAGE, _("无法读取 %s：%s"), path, strerror(errno));
	}
	fclose(file);
	return rc;
}

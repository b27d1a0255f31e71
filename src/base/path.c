/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Names of files while they are typed. */
#include "shebao/path.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "shebao/mem.h"
#include "shebao/text.h"

#define NAMES_MAX 10000

struct names {
	char **items;
	size_t count;
};

static int
compare(const void *left, const void *right)
{
	return strcmp(*(char *const *)left, *(char *const *)right);
}

static void
collect(const char *folder, const char *begin, struct names *names)
{
	size_t n = strlen(begin);
	DIR *dir = opendir(folder);
	const struct dirent *entry;

	while (dir != NULL && names->count < NAMES_MAX && (entry = readdir(dir)) != NULL) {
		const char *name = entry->d_name;

		if (strncmp(name, begin, n) != 0 || (name[0] == '.' && begin[0] != '.') ||
		    strcmp(name, ".") == 0 || strcmp(name, "..") == 0 ||
		    !text_is_clean(name, strlen(name))) {
			continue;
		}
		names->items = mem_resize(names->items, names->count + 1, sizeof(char *));
		names->items[names->count++] = mem_dup(name);
	}
	if (dir != NULL) {
		closedir(dir);
	}
	if (names->count > 0) {
		qsort(names->items, names->count, sizeof(char *), compare);
	}
}

/* Of sorted names the first and the last differ most. Never ends within a character. */
static size_t
common_length(const struct names *names)
{
	const char *first = names->items[0], *last = names->items[names->count - 1];
	size_t n = 0;

	while (first[n] != '\0' && first[n] == last[n]) {
		n++;
	}
	while (n > 0 && ((unsigned char)first[n] & 0xC0) == 0x80) {
		n--;
	}
	return n;
}

static void
list(const struct names *names, struct buf *out)
{
	size_t i;

	for (i = 0; i < names->count && i < PATH_NAMES_MAX; i++) {
		buf_printf(out, "%s%s", i > 0 ? "  " : "", names->items[i]);
	}
	if (names->count > PATH_NAMES_MAX) {
		buf_puts(out, "  …");
	}
}

static int
is_folder(const char *path)
{
	struct stat found;

	return stat(path, &found) == 0 && S_ISDIR(found.st_mode);
}

size_t
path_complete(char *path, size_t size, struct buf *names_out)
{
	const char *slash = strrchr(path, '/');
	size_t folder_len = slash != NULL ? (size_t)(slash - path) + 1 : 0, n, count;
	char *folder = mem_printf("%.*s", (int)folder_len, path);
	struct names names = { 0 };
	size_t i;

	collect(folder_len > 0 ? folder : ".", path + folder_len, &names);
	count = names.count;
	n = count > 0 ? common_length(&names) : 0;
	if (n > strlen(path + folder_len) && folder_len + n < size) {
		memcpy(path + folder_len, names.items[0], n);
		path[folder_len + n] = '\0';
	}
	n = strlen(path);
	if (count == 1 && n + 1 < size && is_folder(path)) {
		memcpy(path + n, "/", 2);
	}
	if (names_out != NULL) {
		list(&names, names_out);
	}
	for (i = 0; i < count; i++) {
		free(names.items[i]);
	}
	free(names.items);
	free(folder);
	return count;
}

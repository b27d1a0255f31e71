/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "shebao/conf.h"

#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include "shebao/file.h"
#include "shebao/hex.h"
#include "shebao/mem.h"
#include "unit/unit.h"

struct settings {
	char name[8];
	int64_t count;
	int flag;
};

static const char *
expected_name(const char *value)
{
	return value[0] != '-' ? NULL : "一个名字";
}

static const struct conf_key keys[] = {
	{ "name", CONF_TEXT, offsetof(struct settings, name), 8, 0, 0, "", expected_name },
	{ "count", CONF_NUMBER, offsetof(struct settings, count), 0, -5, 100, "", NULL },
	{ "flag", CONF_BOOL, offsetof(struct settings, flag), 0, 0, 0, "", NULL },
};

static int
load(const char *content, struct settings *s, struct err *err)
{
	char path[] = "/tmp/test_conf.XXXXXX";
	int fd = mkstemp(path), rc;

	ck_assert_int_eq(write(fd, content, strlen(content)), (int)strlen(content));
	close(fd);
	rc = conf_load(path, keys, ARRAY_LEN(keys), s, err);
	unlink(path);
	return rc;
}

START_TEST(lines_fill_the_settings)
{
	struct settings s = { .name = "old" };
	struct err err = { 0 };

	ck_assert_int_eq(
	    load("# comment\n\n name = 贵州 \ncount=-5\r\nflag = On", &s, &err), 0);
	ck_assert_str_eq(s.name, "贵州");
	ck_assert_int_eq(s.count, -5);
	ck_assert_int_eq(s.flag, 1);
	ck_assert_int_eq(conf_load("/nonexistent/x", keys, ARRAY_LEN(keys), &s, &err), 0);
}
END_TEST

START_TEST(every_mistake_names_the_line)
{
	static const char *const bad[] = { "x = 1", "name", "name = 12345678",
		"count = 101", "count = 1x", "count =", "count = 99999999999999999999",
		"flag = maybe", "name = \x1B[0m",
		"name = -1" };
	size_t i;

	for (i = 0; i < ARRAY_LEN(bad); i++) {
		struct settings s = { 0 };
		struct err err = { 0 };
		char *content = mem_printf("\n%s\n", bad[i]);

		ck_assert_int_eq(load(content, &s, &err), -1);
		ck_assert_int_eq(err.code, ERR_USAGE);
		ck_assert(strstr(err.text, ":2：") != NULL);
		free(content);
	}
}
END_TEST

START_TEST(hexadecimal_is_exact)
{
	unsigned char bytes[3] = { 0x00, 0xAB, 0xFF }, back[3];
	char text[7];

	hex_encode(text, bytes, 3);
	ck_assert_str_eq(text, "00abff");
	ck_assert_int_eq(hex_decode(back, 3, "00ABfF"), 0);
	ck_assert_mem_eq(back, bytes, 3);
	ck_assert_int_eq(hex_decode(back, 3, "00abf"), -1);
	ck_assert_int_eq(hex_decode(back, 3, "00abfff"), -1);
	ck_assert_int_eq(hex_decode(back, 3, "00abfg"), -1);
}
END_TEST

START_TEST(base64_follows_the_vectors_of_rfc_4648)
{
	static const char *const vectors[][2] = { { "", "" }, { "f", "Zg==" },
		{ "fo", "Zm8=" }, { "foo", "Zm9v" }, { "foob", "Zm9vYg==" },
		{ "fooba", "Zm9vYmE=" }, { "foobar", "Zm9vYmFy" } };
	static const char *const bad[] = { "Z",
		"Zg=", "Zh==", "Zm9=", "Zg==Zg==", "Zm9v\n", "=Zg=", "Z===", "Zm 9" };
	struct err err = { 0 };
	size_t i;

	for (i = 0; i < ARRAY_LEN(vectors); i++) {
		struct buf b = { 0 };

		hex_base64_encode(&b, vectors[i][0], strlen(vectors[i][0]));
		ck_assert_str_eq(buf_text(&b), vectors[i][1]);
		buf_clear(&b);
		ck_assert_int_eq(hex_base64_decode(&b, vectors[i][1], &err), 0);
		ck_assert_str_eq(buf_text(&b), vectors[i][0]);
		buf_release(&b);
	}
	for (i = 0; i < ARRAY_LEN(bad); i++) {
		struct buf b = { 0 };

		ck_assert_int_eq(hex_base64_decode(&b, bad[i], &err), -1);
		buf_release(&b);
	}
}
END_TEST

START_TEST(a_line_too_long_and_a_folder_are_errors)
{
	struct settings s = { 0 };
	struct err err = { 0 };
	struct buf b = { 0 };
	int i;

	buf_puts(&b, "#");
	for (i = 0; i < 4094; i++) {
		buf_puts(&b, "x");
	}
	buf_puts(&b, "count = 7\n");
	ck_assert_int_eq(load(b.data, &s, &err), -1);
	ck_assert_int_eq(s.count, 0);
	err_clear(&err);
	ck_assert_int_eq(conf_load("/tmp", keys, ARRAY_LEN(keys), &s, &err), -1);
	buf_release(&b);
}
END_TEST

START_TEST(a_buf_grows_and_is_handed_over)
{
	struct buf b = { 0 };
	char *s;
	int i;

	ck_assert_str_eq(buf_text(&b), "");
	for (i = 0; i < 1000; i++) {
		buf_printf(&b, "%03d", i);
	}
	ck_assert_uint_eq(b.len, 3000);
	ck_assert_int_eq(strncmp(b.data + 2997, "999", 4), 0);
	s = buf_detach(&b);
	ck_assert_uint_eq(b.len, 0);
	free(s);
	s = buf_detach(&b);
	ck_assert_str_eq(s, "");
	free(s);
}
END_TEST

UNIT_MAIN("conf", lines_fill_the_settings, every_mistake_names_the_line,
    a_line_too_long_and_a_folder_are_errors, hexadecimal_is_exact,
    base64_follows_the_vectors_of_rfc_4648, a_buf_grows_and_is_handed_over)

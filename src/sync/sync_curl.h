/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SHEBAO_SYNC_SYNC_CURL_H
#define SHEBAO_SYNC_SYNC_CURL_H

#include <curl/curl.h>

/*
 * libcurl, loaded with the first call: it brings thirty libraries, whose relocation takes longer
 * than all else until the first screen stands. Its functions are called by their own names.
 */
#define SYNC_CURL_FUNCTIONS(X)                                                           \
	X(curl_easy_cleanup)                                                             \
	X(curl_easy_getinfo)                                                             \
	X(curl_easy_init)                                                                \
	X(curl_easy_pause)                                                               \
	X(curl_easy_setopt)                                                              \
	X(curl_easy_strerror)                                                            \
	X(curl_global_init_mem)                                                          \
	X(curl_multi_add_handle)                                                         \
	X(curl_multi_cleanup)                                                            \
	X(curl_multi_info_read)                                                          \
	X(curl_multi_init)                                                               \
	X(curl_multi_remove_handle)                                                      \
	X(curl_multi_setopt)                                                             \
	X(curl_multi_socket_action)

#define SYNC_CURL_MEMBER(name) __typeof__(name) *f_##name;
struct sync_curl {
	SYNC_CURL_FUNCTIONS(SYNC_CURL_MEMBER)
};
#undef SYNC_CURL_MEMBER

extern struct sync_curl sync_curl;

/* Once; without the library there is no way to the service, and the program ends. */
void sync_curl_load(void);

#ifndef SYNC_CURL_TABLE
/* curl.h has macros of these that check types; they end in the functions. */
#undef curl_easy_getinfo
#undef curl_easy_setopt
#undef curl_multi_setopt
#define curl_easy_cleanup sync_curl.f_curl_easy_cleanup
#define curl_easy_getinfo sync_curl.f_curl_easy_getinfo
#define curl_easy_init sync_curl.f_curl_easy_init
#define curl_easy_pause sync_curl.f_curl_easy_pause
#define curl_easy_setopt sync_curl.f_curl_easy_setopt
#define curl_easy_strerror sync_curl.f_curl_easy_strerror
#define curl_global_init_mem sync_curl.f_curl_global_init_mem
#define curl_multi_add_handle sync_curl.f_curl_multi_add_handle
#define curl_multi_cleanup sync_curl.f_curl_multi_cleanup
#define curl_multi_info_read sync_curl.f_curl_multi_info_read
#define curl_multi_init sync_curl.f_curl_multi_init
#define curl_multi_remove_handle sync_curl.f_curl_multi_remove_handle
#define curl_multi_setopt sync_curl.f_curl_multi_setopt
#define curl_multi_socket_action sync_curl.f_curl_multi_socket_action
#endif

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the service keeps within reach once it listens and its books are open. */
#include "daemon_confine.h"

#include <stdlib.h>
#include <string.h>

#include "shebao/i18n.h"
#include "shebao/log.h"
#include "shebao/mem.h"
#include "shebao/sandbox.h"

#define PATHS_MAX 96

static const char *const system_paths[] = { "/usr/lib", "/usr/lib64", "/usr/local/lib", "/lib",
	"/lib64", "/usr/share", "/usr/local/share", "/etc/fonts", "/var/cache/fontconfig", "/etc/ssl",
	"/etc/ca-certificates", "/etc/pki", "/etc/gnutls", "/etc/ld.so.cache", "/etc/resolv.conf",
	"/run/systemd/resolve", "/etc/nsswitch.conf", "/etc/host.conf", "/etc/hosts", "/etc/gai.conf",
	"/etc/services", "/etc/localtime", "/etc/locale.alias", "/dev/urandom", "/dev/zero",
#if defined(__SANITIZE_ADDRESS__)
	"/proc", "/usr/bin", /* what leaks is looked for there */
#endif
};

struct reach {
	struct sandbox_path paths[PATHS_MAX];
	char *owned[PATHS_MAX];
	size_t count;
	unsigned flags;
};

/* Takes the path over. */
static void
add(struct reach *r, char *path, unsigned access)
{
	if (r->count < PATHS_MAX && path != NULL && path[0] != '\0' && strcmp(path, "/") != 0) {
		r->owned[r->count] = path;
		r->paths[r->count++] = (struct sandbox_path){ path, access };
	} else {
		free(path);
	}
}

static void
add_folder_of(struct reach *r, const char *path, size_t n, unsigned access)
{
	while (n > 0 && path[n - 1] != '/') {
		n--;
	}
	add(r, n > 1 ? mem_printf("%.*s", (int)n - 1, path) : mem_dup("."), access);
}

/* What is read again is often replaced, and often a link to what is replaced. */
static void
add_reread(struct reach *r, const char *path)
{
	char *real = path[0] != '\0' ? realpath(path, NULL) : NULL;

	if (real != NULL) {
		add_folder_of(r, path, strlen(path), SANDBOX_READ);
		add_folder_of(r, real, strlen(real), SANDBOX_READ);
	}
	free(real);
}

/* A socket is removed from its folder at the end. */
static void
add_sockets(struct reach *r, const char *listen)
{
	const char *at = listen;

	while (*at != '\0') {
		size_t n = strcspn(at, " \t");

		if (n > 5 && strncmp(at, "unix:", 5) == 0) {
			add_folder_of(r, at + 5, n - 5, SANDBOX_WRITE);
		}
		at += n + strspn(at + n, " \t");
	}
}

/* A database of PostgreSQL may have several hosts, ports, folders of sockets, named in several ways. */
static void
add_database(struct reach *r, const char *url)
{
	const char *home = getenv("HOME");

	if (url[0] == '\0') {
		return;
	}
	if (strncmp(url, "sqlite:", 7) == 0) {
		add_folder_of(r, url + 7, strlen(url + 7), SANDBOX_WRITE);
		return;
	}
	r->flags |= SANDBOX_NETWORK | SANDBOX_LOCAL | SANDBOX_LOOKUP | SANDBOX_ANY_PORT;
	add(r, home != NULL ? mem_printf("%s/.postgresql", home) : NULL, SANDBOX_READ);
	add(r, home != NULL ? mem_printf("%s/.pgpass", home) : NULL, SANDBOX_READ);
	add(r, getenv("PGPASSFILE") != NULL ? mem_dup(getenv("PGPASSFILE")) : NULL, SANDBOX_READ);
}

static void
tell(const struct sandbox_state *state)
{
	struct buf words = { 0 };

	sandbox_describe(state, &words);
	log_line(state->level == SANDBOX_WHOLE ? LOG_INFO : LOG_WARNING, "sandbox: %s",
	    buf_text(&words));
	buf_release(&words);
}

void
daemon_confine(const struct daemon_settings *settings)
{
	struct reach *r = mem_alloc(sizeof(*r));
	struct sandbox_rules rules = { .paths = r->paths };
	size_t i;

	r->flags = SANDBOX_SERVE;
	for (i = 0; i < ARRAY_LEN(system_paths); i++) {
		add(r, mem_dup(system_paths[i]), SANDBOX_READ);
	}
	add(r, mem_dup(settings->state), SANDBOX_WRITE);
	add_reread(r, settings->config);
	add_reread(r, settings->tls_cert);
	add_reread(r, settings->tls_key);
	add(r, mem_dup("/dev/null"), SANDBOX_WRITE);
	add(r, i18n_folder(), SANDBOX_READ);
	add_sockets(r, settings->listen);
	add_database(r, settings->database);
	if (getenv("NOTIFY_SOCKET") != NULL) {
		r->flags |= SANDBOX_LOCAL;
	}
	rules.path_count = r->count;
	rules.flags = r->flags;
	sandbox_enter(&rules);
	tell(sandbox_state());
	for (i = 0; i < r->count; i++) {
		free(r->owned[i]);
	}
	free(r);
}

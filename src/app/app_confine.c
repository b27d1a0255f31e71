/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the client keeps within reach once it is open: its own files, its terminal, its service. */
#include "shebao/app_confine.h"

#include "app_private.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "shebao/file.h"
#include "shebao/i18n.h"
#include "shebao/mem.h"
#include "shebao/sandbox.h"

#define PATHS_MAX 128

/* Folders of the system that libraries read later: libcurl and its friends are loaded with the
 * first call. Not /etc as a whole: who else works here is nobody's business. */
static const char *const system_paths[] = { "/usr/lib", "/usr/lib64", "/usr/local/lib",
	"/usr/share/locale", "/usr/local/share/locale", "/usr/share/zoneinfo", "/usr/share/i18n",
	"/usr/share/terminfo", "/lib", "/lib64", "/etc/terminfo", "/etc/ssl",
	"/etc/ca-certificates", "/usr/share/ca-certificates", "/usr/local/share/ca-certificates",
	"/etc/pki", "/etc/ld.so.cache", "/etc/resolv.conf", "/run/systemd/resolve",
	"/etc/nsswitch.conf", "/etc/host.conf", "/etc/hosts", "/etc/gai.conf", "/etc/services",
	"/etc/localtime", "/etc/locale.alias", "/etc/shebao", "/dev/urandom", "/dev/zero" };

static const char *const devices[] = { "/dev/null", "/dev/tty" };

/* Besides those for the broker: what CUPS reads and where it listens. */
static const char *const printing_paths[] = { "/etc", "/usr", "/run", "/var/run", "/proc/self" };

#if defined(__SANITIZE_ADDRESS__)
/* What leaks is looked for there. */
static const char *const checker_paths[] = { "/proc", "/usr/bin" };
#endif

struct reach {
	struct sandbox_path paths[PATHS_MAX];
	size_t count;
	char *owned[PATHS_MAX];
	size_t owned_count;
	uint16_t port;
};

static void
add(struct reach *r, const char *path, unsigned access)
{
	/* The root would be everything. */
	if (r->count < PATHS_MAX && path != NULL && path[0] == '/' && path[1] != '\0') {
		r->paths[r->count++] = (struct sandbox_path){ path, access };
	}
}

/* Takes the path over. */
static void
add_owned(struct reach *r, char *path, unsigned access)
{
	if (path != NULL && r->owned_count < PATHS_MAX) {
		r->owned[r->owned_count++] = path;
		add(r, path, access);
	} else {
		free(path);
	}
}

static void
add_all(struct reach *r, const char *const *paths, size_t count, unsigned access)
{
	size_t i;

	for (i = 0; i < count; i++) {
		add(r, paths[i], access);
	}
}

static char *
working_folder(void)
{
	char folder[PATH_MAX];

	return getcwd(folder, sizeof(folder)) != NULL ? mem_dup(folder) : NULL;
}

/* Where documents and exports may go: the settings' folders, or else the user's own. */
static void
add_saving(struct reach *r, const struct app *app)
{
	const struct app_settings *settings = &app->settings;
	const char *at = settings->allowed_folders;

	if (settings->export_folder[0] != '\0') {
		/* Made by the first document; only what is there can be within reach. */
		(void)!file_make_folder(settings->export_folder, NULL);
	}
	add(r, settings->export_folder, SANDBOX_WRITE);
	if (at[0] == '\0') {
		add(r, getenv("HOME"), SANDBOX_WRITE);
		add_owned(r, working_folder(), SANDBOX_WRITE);
		return;
	}
	while (*at != '\0') {
		size_t n = strcspn(at, ":");

		if (n > 0) {
			add_owned(r, mem_printf("%.*s", (int)n, at), SANDBOX_WRITE);
		}
		at += n + (at[n] == ':');
	}
}

static void
add_own(struct reach *r, const struct app *app, const struct app_files *files)
{
	const struct app_settings *settings = &app->settings;
	size_t i;

	add(r, app->home, SANDBOX_WRITE);
	add(r, settings->ca_file, SANDBOX_READ);
	add(r, settings->client_cert, SANDBOX_READ);
	add(r, settings->client_key, SANDBOX_READ);
	add(r, settings->office_certificate, SANDBOX_READ);
	add_owned(r, i18n_folder(), SANDBOX_READ);
	add_saving(r, app);
	for (i = 0; files != NULL && i < files->read_count; i++) {
		/* What a descriptor's name leads to is found when the rule is made. */
		add_owned(r,
		    files->read[i][0] == '/' ? mem_dup(files->read[i]) : realpath(files->read[i], NULL),
		    SANDBOX_READ);
	}
	for (i = 0; files != NULL && i < files->saved_count; i++) {
		add_owned(r, app_real_folder(files->saved[i]),
		    settings->allowed_folders[0] == '\0' ? SANDBOX_WRITE : SANDBOX_READ);
	}
}

/* The service's port and whether its name must be looked up. */
static unsigned
read_server(const char *server, uint16_t *port)
{
	const char *host = strstr(server, "://"), *end;
	int is_secure = strncasecmp(server, "https:", 6) == 0;
	unsigned flags = SANDBOX_NETWORK | SANDBOX_LOOKUP;
	size_t n;

	if (strncmp(server, "http+unix:", 10) == 0 || host == NULL) {
		return SANDBOX_LOCAL;
	}
	host += 3;
	end = host[0] == '[' ? strchr(host, ']') : host;
	n = strcspn(end != NULL ? end : host, ":/");
	end = (end != NULL ? end : host) + n;
	*port = (uint16_t)(*end == ':' ? strtoul(end + 1, NULL, 10) : is_secure ? 443 : 80);
	/* libcurl itself knows where localhost is. */
	if (strspn(host, "0123456789.") == (size_t)(end - host) ||
	    strncasecmp(host, "localhost", (size_t)(end - host)) == 0) {
		flags &= ~(unsigned)SANDBOX_LOOKUP;
	}
	return flags;
}

/* The broker reads what may be printed or sent, and executes one program. */
static int
start_broker(struct app *app, const struct reach *own, struct err *err)
{
	struct reach r = *own;
	const char *program = app_zmodem_program(app);
	struct sandbox_rules rules = { .paths = r.paths,
		.flags = SANDBOX_CHILDREN | SANDBOX_LOCAL | SANDBOX_NETWORK | SANDBOX_LOOKUP |
		    SANDBOX_ANY_PORT };
	size_t i;

	for (i = 0; i < r.count; i++) {
		r.paths[i].access = SANDBOX_READ;
	}
	add_all(&r, printing_paths, ARRAY_LEN(printing_paths), SANDBOX_READ);
	add(&r, getenv("HOME"), SANDBOX_READ); /* ~/.cups */
	add_all(&r, devices, ARRAY_LEN(devices), SANDBOX_WRITE);
	if (program[0] == '/') {
		add(&r, program, SANDBOX_RUN);
		add(&r, "/lib", SANDBOX_RUN); /* what starts programs: ld.so */
		add(&r, "/lib64", SANDBOX_RUN);
	}
	rules.path_count = r.count;
	return print_broker_start(app->settings.sandbox ? &rules : NULL, program, err);
}

int
app_confine(struct app *app, const struct app_files *files, struct err *err)
{
	struct reach *r = mem_alloc(sizeof(*r));
	struct sandbox_rules rules = { .paths = r->paths, .ports = &r->port };
	int rc = 0;
	size_t i;

	add_all(r, system_paths, ARRAY_LEN(system_paths), SANDBOX_READ);
#if defined(__SANITIZE_ADDRESS__)
	add_all(r, checker_paths, ARRAY_LEN(checker_paths), SANDBOX_READ);
#endif
	add_own(r, app, files);
	if (files == NULL || files->prints) {
		rc = start_broker(app, r, err);
	}
	add_all(r, devices, ARRAY_LEN(devices), SANDBOX_WRITE);
	rules.flags = read_server(app->settings.server, &r->port);
	rules.path_count = r->count;
	rules.port_count = r->port != 0;
	if (rc == 0 && app->settings.sandbox) {
		sandbox_enter(&rules);
	}
	for (i = 0; i < r->owned_count; i++) {
		free(r->owned[i]);
	}
	free(r);
	return rc;
}

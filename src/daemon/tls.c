/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The certificate of the moment, for each handshake. */
#include "tls.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include <gnutls/abstract.h>
#include <gnutls/gnutls.h>

#include "shebao/buf.h"
#include "shebao/crypto.h"
#include "shebao/file.h"
#include "shebao/i18n.h"
#include "shebao/mem.h"

#define PEM_MAX ((size_t)1 << 20)
#define CHAIN_MAX 16

struct identity {
	struct identity *older;
	gnutls_pcert_st chain[CHAIN_MAX];
	unsigned count;
	gnutls_privkey_t key;
};

static _Atomic(struct identity *) current;
static atomic_int is_demanded;

static void
free_identity(struct identity *identity)
{
	while (identity->count > 0) {
		gnutls_pcert_deinit(&identity->chain[--identity->count]);
	}
	gnutls_privkey_deinit(identity->key);
	free(identity);
}

/* The library alone knows whether a key is that of a certificate. */
static int
check_pair(const gnutls_datum_t *cert, const gnutls_datum_t *key)
{
	gnutls_certificate_credentials_t both;
	int rc = gnutls_certificate_allocate_credentials(&both);

	if (rc == 0) {
		rc = gnutls_certificate_set_x509_key_mem(both, cert, key, GNUTLS_X509_FMT_PEM);
		gnutls_certificate_free_credentials(both);
	}
	return rc;
}

static int
import(struct identity *identity, const gnutls_datum_t *cert, const gnutls_datum_t *key)
{
	unsigned n = CHAIN_MAX;
	int rc = check_pair(cert, key);

	if (rc >= 0) {
		rc = gnutls_pcert_list_import_x509_raw(
		    identity->chain, &n, cert, GNUTLS_X509_FMT_PEM, 0);
		identity->count = rc >= 0 ? n : 0;
	}
	if (rc >= 0) {
		rc = gnutls_privkey_init(&identity->key);
	}
	return rc < 0 ? rc
		      : gnutls_privkey_import_x509_raw(
			    identity->key, key, GNUTLS_X509_FMT_PEM, NULL, 0);
}

int
tls_load(const char *cert_path, const char *key_path, struct err *err)
{
	struct buf cert = { 0 }, key = { 0 };
	struct identity *identity = NULL;
	int rc, result = -1;

	if (file_load(cert_path, PEM_MAX, &cert, err) != 0) {
		err_wrap(err, "tls-cert");
	} else if (file_load(key_path, PEM_MAX, &key, err) != 0) {
		err_wrap(err, "tls-key");
	} else {
		const gnutls_datum_t c = { (unsigned char *)cert.data, (unsigned)cert.len };
		const gnutls_datum_t k = { (unsigned char *)key.data, (unsigned)key.len };

		identity = mem_alloc(sizeof(*identity));
		rc = import(identity, &c, &k);
		result = rc >= 0 ? 0
				 : err_set(err, ERR_LOCAL, _("证书%s和私钥%s不能使用：%s"), cert_path,
				       key_path, gnutls_strerror(rc));
	}
	if (result == 0) {
		identity->older = atomic_load(&current);
		atomic_store(&current, identity);
	} else if (identity != NULL) {
		free_identity(identity);
	}
	crypto_wipe(key.data, key.len);
	buf_release(&key);
	buf_release(&cert);
	return result;
}

int
tls_demand(const char *pem, const char *path, struct err *err)
{
	gnutls_datum_t text = { (unsigned char *)(uintptr_t)pem, (unsigned)strlen(pem) };
	gnutls_certificate_credentials_t trust;
	int count = gnutls_certificate_allocate_credentials(&trust);

	if (count == 0) {
		count = gnutls_certificate_set_x509_trust_mem(trust, &text, GNUTLS_X509_FMT_PEM);
		gnutls_certificate_free_credentials(trust);
	}
	if (count <= 0) {
		return err_set(err, ERR_LOCAL, _("%s不是证书文件"), path);
	}
	atomic_store(&is_demanded, 1);
	return 0;
}

/* The library asks for a certificate and takes none for an answer, too: this is where its
 * handshakes can be told otherwise, before the question is sent. */
static void
demand(gnutls_session_t session)
{
	static char purpose[] = GNUTLS_KP_TLS_WWW_CLIENT;
	static gnutls_typed_vdata_st wanted = { GNUTLS_DT_KEY_PURPOSE_OID,
		(unsigned char *)purpose, sizeof(purpose) - 1 };

	gnutls_certificate_server_set_request(session, GNUTLS_CERT_REQUIRE);
	gnutls_session_set_verify_cert2(session, &wanted, 1, 0);
}

static int
/* NOLINTNEXTLINE(readability-function-size): the library's parameters */
show(gnutls_session_t session, const gnutls_datum_t *authorities, int authority_count,
    const gnutls_pk_algorithm_t *algorithms, int algorithm_count, gnutls_pcert_st **chain,
    unsigned *count, gnutls_privkey_t *key)
{
	struct identity *identity = atomic_load(&current);

	(void)authorities;
	(void)authority_count;
	(void)algorithms;
	(void)algorithm_count;
	if (identity == NULL) {
		return -1;
	}
	if (atomic_load(&is_demanded)) {
		demand(session);
	}
	*chain = identity->chain;
	*count = identity->count;
	*key = identity->key;
	return 0;
}

gnutls_certificate_retrieve_function2 *
tls_callback(void)
{
	return show;
}

void
tls_release(void)
{
	struct identity *identity = atomic_exchange(&current, NULL), *older;

	for (; identity != NULL; identity = older) {
		older = identity->older;
		free_identity(identity);
	}
}

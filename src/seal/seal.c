/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The seal folder: keys and certificates of a tax office, read and checked. */
#include "seal_private.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "seal_cert.h"
#include "seal_keeper.h"
#include "shebao/file.h"
#include "shebao/i18n.h"
#include "shebao/mem.h"

static char *
path_in(const char *folder, const char *name)
{
	return mem_printf("%s/%s", folder, name);
}

/* A key that somebody else could have read or replaced seals nothing. */
static int
check_private(const char *path, struct err *err)
{
	struct stat st;

	if (lstat(path, &st) != 0) {
		return err_set(err, ERR_LOCAL, _("无法读取 %s：%s。请核对签章所在的文件夹"), path,
		    strerror(errno));
	}
	if (!S_ISREG(st.st_mode) || st.st_uid != geteuid() || (st.st_mode & 077) != 0) {
		return err_set(err, ERR_LOCAL,
		    _("%s 必须是仅本用户可读写的普通文件（chmod 600）"), path);
	}
	return 0;
}

static int
load_certificates(const char *folder, const char *name, struct seal *seal,
    STACK_OF(X509) **out, struct err *err)
{
	char *path = path_in(folder, name);
	struct buf pem = { 0 };
	int rc = -1;

	if (file_load(path, SEAL_PEM_MAX, &pem, err) == 0) {
		*out = seal_cert_read_all(buf_text(&pem), err);
		if (*out == NULL) {
			err_wrap(err, "%s", path);
		} else {
			buf_put(&seal->certificates_pem, pem.data, pem.len);
			rc = 0;
		}
	}
	buf_release(&pem);
	free(path);
	return rc;
}

static int
load_certificate(
    const char *folder, const char *name, struct seal *seal, X509 **out, struct err *err)
{
	STACK_OF(X509) *list = NULL;

	if (load_certificates(folder, name, seal, &list, err) != 0) {
		return -1;
	}
	*out = sk_X509_shift(list);
	sk_X509_pop_free(list, X509_free);
	return 0;
}

static int
load_key(const char *folder, const char *name, EVP_PKEY **out, struct err *err)
{
	char *path = path_in(folder, name);
	struct buf pem = { 0 };
	int rc = -1;

	if (check_private(path, err) == 0 && file_load(path, SEAL_PEM_MAX, &pem, err) == 0) {
		*out = seal_cert_read_key(buf_text(&pem), err);
		if (*out == NULL) {
			err_wrap(err, "%s", path);
		} else {
			rc = 0;
		}
	}
	if (pem.data != NULL) {
		OPENSSL_cleanse(pem.data, pem.len);
	}
	buf_release(&pem);
	free(path);
	return rc;
}

static int
check_pairs(struct seal *seal, const char *folder, struct err *err)
{
	if (X509_check_private_key(seal->cert, seal->key) != 1 ||
	    X509_check_private_key(seal->code_cert, seal->code_key) != 1) {
		return seal_cert_fail(err, ERR_LOCAL, _("签章密钥与证书不配套"));
	}
	seal->algorithm = seal_algorithm_of(seal->key);
	if (seal->algorithm == NULL || EVP_PKEY_get_base_id(seal->code_key) != EVP_PKEY_ED25519) {
		return err_set(err, ERR_LOCAL,
		    _("%s 的密钥种类不受支持：签章用 RSA 2048 位以上，凭证码用 Ed25519"), folder);
	}
	seal_cert_name(X509_get_subject_name(seal->cert), seal->office, sizeof(seal->office));
	return 0;
}

int
seal_open(const char *folder, struct seal **out, struct err *err)
{
	struct seal *seal = mem_alloc(sizeof(*seal));

	if (load_key(folder, "seal.key", &seal->key, err) != 0 ||
	    load_certificate(folder, "seal.pem", seal, &seal->cert, err) != 0 ||
	    load_key(folder, "code.key", &seal->code_key, err) != 0 ||
	    load_certificate(folder, "code.pem", seal, &seal->code_cert, err) != 0 ||
	    load_certificates(folder, "ca.pem", seal, &seal->above, err) != 0 ||
	    check_pairs(seal, folder, err) != 0) {
		seal_close(seal);
		return -1;
	}
	*out = seal;
	return 0;
}

int
seal_open_apart(
    const char *folder, const char *office, int64_t now, struct seal **out, struct err *err)
{
	struct seal *seal = mem_alloc(sizeof(*seal));

	if (seal_keeper_start(seal, folder, office, now, err) != 0 ||
	    load_certificate(folder, "seal.pem", seal, &seal->cert, err) != 0 ||
	    load_certificate(folder, "code.pem", seal, &seal->code_cert, err) != 0 ||
	    load_certificates(folder, "ca.pem", seal, &seal->above, err) != 0) {
		seal_close(seal);
		return -1;
	}
	seal->algorithm = seal_algorithm_of(X509_get0_pubkey(seal->cert));
	seal_cert_name(X509_get_subject_name(seal->cert), seal->office, sizeof(seal->office));
	*out = seal;
	return 0;
}

void
seal_close(struct seal *seal)
{
	if (seal == NULL) {
		return;
	}
	if (seal->is_apart) {
		seal_keeper_stop(seal);
	}
	EVP_PKEY_free(seal->key);
	X509_free(seal->cert);
	sk_X509_pop_free(seal->above, X509_free);
	EVP_PKEY_free(seal->code_key);
	X509_free(seal->code_cert);
	buf_release(&seal->certificates_pem);
	free(seal);
}

const char *
seal_office(const struct seal *seal)
{
	return seal->office;
}

const char *
seal_certificates_pem(const struct seal *seal)
{
	return buf_text(&seal->certificates_pem);
}

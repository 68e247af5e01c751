#include "io/cert.h"

#include <openssl/x509v3.h>

bool cert_names_hosts(X509_STORE_CTX *store)
{
    X509 *cert = X509_STORE_CTX_get_current_cert(store);
    GENERAL_NAMES *names = cert ? X509_get_ext_d2i(cert, NID_subject_alt_name, NULL, NULL) : NULL;
    bool found = false;
    for (int i = 0; i < sk_GENERAL_NAME_num(names) && !found; i++) { /* NULL has -1 of them */
        int type = sk_GENERAL_NAME_value(names, i)->type;
        found = type == GEN_DNS || type == GEN_IPADD;
    }
    GENERAL_NAMES_free(names); /* accepts NULL */
    if (!found)
        X509_STORE_CTX_set_error(store, X509_V_ERR_HOSTNAME_MISMATCH);
    return found;
}

/* Depth 0 is the server's own. */
static int on_verify(int good, X509_STORE_CTX *store)
{
    if (!good || X509_STORE_CTX_get_error_depth(store) != 0)
        return good;
    return cert_names_hosts(store);
}

void cert_want_names(SSL_CTX *context)
{
    SSL_CTX_set_verify(context, SSL_CTX_get_verify_mode(context), on_verify);
}

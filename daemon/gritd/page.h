/* page.h: the manager's page: signing in, its figures, its files.
 * Layer: gritd. */
#pragma once
#include "gritd/daemon.h"

/* What the page keeps between requests. Owns: free with page_close(). */
struct page;

struct page *page_open(void);
void page_close(struct page *page); /* accepts NULL */

/* The chat's port, in front of which links are put into the messages that ask for one. */
const struct chat_port *page_port(struct daemon *daemon, const struct chat_port *inner);

void http_page(struct daemon *daemon, struct httpd_request *request);        /* GET / */
void http_page_asset(struct daemon *daemon, struct httpd_request *request);  /* GET /page/... */
void http_page_data(struct daemon *daemon, struct httpd_request *request);   /* GET /page/data */
void http_page_csv(struct daemon *daemon, struct httpd_request *request);    /* GET /page/csv */
void http_sign_in_ask(struct daemon *daemon, struct httpd_request *request); /* GET /sign-in */
void http_sign_in(struct daemon *daemon, struct httpd_request *request);     /* POST /sign-in */
void http_sign_out(struct daemon *daemon, struct httpd_request *request);    /* POST /sign-out */

/* After a reload: frees the book, now or when nothing reads it any more. */
void page_free_book(struct page *page, struct book *book);

/* --- between page.c, page_sign.c and page_view.c --- */

/* Text of somebody's own, with the headers that guard it and one more, or NULL. */
void page_reply(struct httpd_request *request, unsigned status, const char *type, const char *body,
                const struct httpd_header *more);

struct sessions *page_sessions_new(void); /* with the system's random numbers */
struct sessions *page_sessions(const struct page *page);

/* Who is signed in by the request's cookie and still a manager. */
struct session;
bool page_signed_in(const struct daemon *daemon, const struct httpd_request *request,
                    struct session *ret);

/* One of the embedded HTML files; each @NAME@ in it gives way to its value. With a cookie or NULL.
 */
struct page_value {
    const char *name, *value;
};
void page_html(struct httpd_request *request, unsigned status, const char *asset,
               const struct page_value *values, size_t count, const char *cookie);

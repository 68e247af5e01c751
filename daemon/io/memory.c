#include "io/memory.h"

#include <jansson.h>
#include <libwebsockets.h>
#include <link.h>
#include <malloc.h>
#include <openssl/crypto.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include <uv.h>

#include "base/alloc.h"

/* Code is mapped from its file and never written, so dropping its pages loses nothing. */
static int drop_code(struct dl_phdr_info *info, size_t size, void *user)
{
    uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE);
    (void)size, (void)user;
    for (int i = 0; i < info->dlpi_phnum; i++) {
        const ElfW(Phdr) *part = &info->dlpi_phdr[i];
        if (part->p_type != PT_LOAD || (part->p_flags & PF_W))
            continue;
        uintptr_t from = (info->dlpi_addr + part->p_vaddr + page - 1) & ~(page - 1);
        uintptr_t to = (info->dlpi_addr + part->p_vaddr + part->p_memsz) & ~(page - 1);
        if (from < to)
            (void)madvise((void *)from, to - from, MADV_DONTNEED); /* only a wish */
    }
    return 0;
}

void memory_trim(void)
{
    (void)malloc_trim(0); /* whether it found any makes no difference */
    (void)dl_iterate_phdr(drop_code, NULL);
}

void memory_in_large_pages(void)
{
    const int room = 1 << 30, mapped_from = 32 << 20; /* the most that malloc keeps on its heap */
    const uintptr_t page = 2 << 20;
    (void)mallopt(M_MMAP_THRESHOLD, mapped_from);
    (void)mallopt(M_TRIM_THRESHOLD, room);
    (void)mallopt(M_TOP_PAD, room); /* addresses, no memory; less where a limit forbids it */
    void *one = malloc((size_t)mapped_from / 2);
    uintptr_t from = ((uintptr_t)one + page - 1) & ~(page - 1);
    uintptr_t to = (uintptr_t)sbrk(0) & ~(page - 1);
    free(one);
    if (one && from < to)
        (void)madvise((void *)from, to - from, MADV_HUGEPAGE); /* only a wish */
}

void *memory_realloc(void *old, size_t size)
{
    if (size)
        return xrealloc(old, size, 1);
    free(old);
    return NULL;
}

static void *openssl_malloc(size_t size, const char *file, int line)
{
    (void)file, (void)line;
    return memory_realloc(NULL, size);
}

static void *openssl_realloc(void *old, size_t size, const char *file, int line)
{
    (void)file, (void)line;
    return memory_realloc(old, size);
}

static void openssl_free(void *old, const char *file, int line)
{
    (void)file, (void)line;
    free(old);
}

static void *lws_memory(void *old, size_t size, const char *reason)
{
    (void)reason;
    return memory_realloc(old, size);
}

/* OpenSSL 3.0 takes a lock that it could not make, libwebsockets 4.1 asserts on the way out: seen
 * with each allocation of a start failed in turn. */
void memory_begin(void)
{
    json_set_alloc_funcs(xmalloc, free);
    (void)CRYPTO_set_mem_functions(openssl_malloc, openssl_realloc, openssl_free); /* is first */
    (void)uv_replace_allocator(xmalloc, memory_realloc, xcalloc, free); /* all are given */
    lws_set_allocator(lws_memory);
}

void memory_end(const char *line, int exit_code)
{
    ssize_t done = write(STDERR_FILENO, line, strlen(line));
    (void)done; /* a closed stderr is the caller's choice */
    _exit(exit_code);
}

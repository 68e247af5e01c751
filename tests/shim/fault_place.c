/* fault_place.c: where a call comes from. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <unwind.h>

#include "fault.h"

enum { DEEP = 6 };

struct chain {
    uint64_t hash;
    int deep;
};

/* Where libraries lie changes from run to run, where a call is in its library does not. */
static _Unwind_Reason_Code add(struct _Unwind_Context *context, void *user)
{
    struct chain *chain = user;
    uintptr_t at = _Unwind_GetIP(context);
    struct dl_find_object found, ours;
    if (_dl_find_object((void *)at, &found) == 0) {
        if (_dl_find_object((void *)add, &ours) == 0 && found.dlfo_map_start == ours.dlfo_map_start)
            return _URC_NO_REASON; /* the way through this library */
        at -= (uintptr_t)found.dlfo_map_start;
    }
    chain->hash = (chain->hash ^ at) * 0x100000001b3U;
    chain->hash ^= chain->hash >> 29;
    return ++chain->deep < DEEP ? _URC_NO_REASON : _URC_END_OF_STACK;
}

int64_t place_of_call(void)
{
    struct chain chain = {.hash = 0xcbf29ce484222325U};
    (void)_Unwind_Backtrace(add, &chain); /* how far it came is what there is */
    return (int64_t)(chain.hash >> 1 | 1);
}

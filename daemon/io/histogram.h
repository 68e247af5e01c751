/* histogram.h: how long things took, in fixed classes; any thread may add.
 * Layer: io. Source: Prometheus text format 0.0.4, histograms. */
#pragma once
#include <stdatomic.h>
#include <stdint.h>

#define HISTOGRAM_BOUNDS_US                                                                        \
    {                                                                                              \
        1000, 2500, 5000, 10000, 25000, 50000, 100000, 250000, 500000, 1000000, 2500000, 5000000,  \
            10000000                                                                               \
    }
enum { HISTOGRAM_CLASSES = 13 }; /* and one for what took longer */

struct histogram {
    _Atomic uint64_t counts[HISTOGRAM_CLASSES + 1]; /* of each class alone */
    _Atomic uint64_t sum_us;
};

static inline void histogram_add(struct histogram *histogram, uint64_t ns)
{
    static const uint64_t bounds[HISTOGRAM_CLASSES] = HISTOGRAM_BOUNDS_US;
    uint64_t us = ns / 1000;
    int class = 0;
    while (class < HISTOGRAM_CLASSES && us > bounds[class])
        class ++;
    atomic_fetch_add_explicit(&histogram->counts[class], 1, memory_order_relaxed);
    atomic_fetch_add_explicit(&histogram->sum_us, us, memory_order_relaxed);
}

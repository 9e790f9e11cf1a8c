// The loops of shared/science/loops.ts, which says what they compute, to the last rounding: the operations and their order are the same here, several
// numbers abreast. Compiled for AVX2 and FMA like products.c.
#ifndef GROKSCOPE_LOOPS_H
#define GROKSCOPE_LOOPS_H

#include <stdint.h>

typedef struct {
  float keep, coupled, towards, hold2, towards2, correction2, epsilon, minus_rate;
} AdamRates;

/// shared/science/adam-step.ts.
void step_adam(const AdamRates *rates, int64_t n, float *weights, const float *gradient, float *first_moment, float *second_moment,
               float *updates);

/// shared/science/dot-products.ts: products[i] = update . others[i], for up to MOST_OTHERS of them at a time.
enum { MOST_OTHERS = 64 };
void dot_products(int64_t n, const float *update, int64_t count, const float *const *others, double *products);

/// shared/science/panels.ts: panels of four vectors; `lower` leaves out tiles wholly above the diagonal.
void add_products(double *target, int64_t stride, const double *left, int64_t rows, const double *right, int64_t columns,
                  int64_t length, double scale, int lower);

#endif

#include "loops.h"
#include <immintrin.h>
#include <math.h>

static int64_t least(int64_t a, int64_t b) {
  return a < b ? a : b;
}

/// One rounding to float32 of what is a sum of float64 there: a product of two float32 is exact in float64.
static inline float rounded_sum(float a, float b, float c) {
  return (float)((double)a * (double)b + (double)c);
}

void step_adam(const AdamRates *rates, int64_t n, float *restrict weights, const float *restrict gradient,
               float *restrict first_moment, float *restrict second_moment, float *restrict updates) {
  const AdamRates r = *rates;
  for (int64_t i = 0; i < n; i++) {
    const float before = weights[i];
    const float w = r.keep * before;
    const float g = rounded_sum(r.coupled, w, gradient[i]);
    const float held = first_moment[i];
    const float m = rounded_sum(r.towards, g - held, held);
    const float v = rounded_sum(r.towards2 * g, g, r.hold2 * second_moment[i]);
    const float denominator = sqrtf(v) / r.correction2 + r.epsilon;
    const float after = w + r.minus_rate * m / denominator;
    first_moment[i] = m;
    second_moment[i] = v;
    weights[i] = after;
    updates[i] = after - before;
  }
}

/// Of `update`, how much is summed before it is added to the products.
enum { CHUNK = 4096 };
enum { LANES = 4 };

/// Four numbers of four vectors each, turned: column p is number p of all four.
static inline void turned(const float *const *x, int64_t p, __m128 column[4]) {
  column[0] = _mm_loadu_ps(x[0] + p);
  column[1] = _mm_loadu_ps(x[1] + p);
  column[2] = _mm_loadu_ps(x[2] + p);
  column[3] = _mm_loadu_ps(x[3] + p);
  _MM_TRANSPOSE4_PS(column[0], column[1], column[2], column[3]);
}

/// update . x[0..3], each in its own lane and in the order of its numbers. The products are exact, so that a fused sum is the plain one.
static __m256d dot_four(const float *update, const float *const *x, int64_t from, int64_t to) {
  __m256d sums = _mm256_setzero_pd();
  int64_t p = from;
  for (; p + 4 <= to; p += 4) {
    __m128 column[4];
    turned(x, p, column);
    for (int64_t k = 0; k < 4; k++)
      sums = _mm256_fmadd_pd(_mm256_set1_pd(update[p + k]), _mm256_cvtps_pd(column[k]), sums);
  }
  for (; p < to; p++) {
    const __m256d row = _mm256_set_pd(x[3][p], x[2][p], x[1][p], x[0][p]);
    sums = _mm256_fmadd_pd(_mm256_set1_pd(update[p]), row, sums);
  }
  return sums;
}

void dot_products(int64_t n, const float *update, int64_t count, const float *const *others, double *products) {
  for (int64_t i = 0; i < count; i++) products[i] = 0;
  for (int64_t from = 0; from < n; from += CHUNK) {
    const int64_t to = least(from + CHUNK, n);
    for (int64_t i = 0; i < count; i += LANES) {
      const float *four[LANES];
      // The last group may be short.
      for (int64_t lane = 0; lane < LANES; lane++) four[lane] = others[i + lane < count ? i + lane : i];
      double sums[LANES];
      _mm256_storeu_pd(sums, dot_four(update, four, from, to));
      for (int64_t lane = 0; lane < LANES && i + lane < count; lane++) products[i + lane] += sums[lane];
    }
  }
}

/// Right panels that stay in the second cache together.
enum { PANELS_IN_CACHE = 64 };

/// One or two panels of the left side against one of the right: sums of products, both rounded, in the order of the numbers.
static inline void panel_tile(const double *a, const double *a1, const double *b, int64_t length, __m256d sums[8]) {
  for (int64_t i = 0; i < 8; i++) sums[i] = _mm256_setzero_pd();
  __m256d s0 = sums[0], s1 = s0, s2 = s0, s3 = s0, t0 = s0, t1 = s0, t2 = s0, t3 = s0;
  for (int64_t p = 0; p < length; p++, a += LANES, a1 += LANES, b += LANES) {
    const __m256d y = _mm256_loadu_pd(b);
#define STEP(sum, x) sum = _mm256_add_pd(sum, _mm256_mul_pd(_mm256_broadcast_sd(x), y));
    STEP(s0, a) STEP(s1, a + 1) STEP(s2, a + 2) STEP(s3, a + 3)
    STEP(t0, a1) STEP(t1, a1 + 1) STEP(t2, a1 + 2) STEP(t3, a1 + 3)
#undef STEP
  }
  sums[0] = s0, sums[1] = s1, sums[2] = s2, sums[3] = s3, sums[4] = t0, sums[5] = t1, sums[6] = t2, sums[7] = t3;
}

static void add_tile(double *at, int64_t stride, const __m256d *sums, double scale, int64_t height, int64_t width) {
  for (int64_t i = 0; i < height; i++, at += stride) {
    double row[LANES];
    _mm256_storeu_pd(row, sums[i]);
    for (int64_t j = 0; j < width; j++) at[j] += scale * row[j];
  }
}

void add_products(double *target, int64_t stride, const double *left, int64_t rows, const double *right, int64_t columns,
                  int64_t length, double scale, int lower) {
  const int64_t left_panels = (rows + LANES - 1) / LANES, right_panels = (columns + LANES - 1) / LANES;
  const int64_t panel = LANES * length;
  for (int64_t first = 0; first < right_panels; first += PANELS_IN_CACHE) {
    const int64_t last = least(first + PANELS_IN_CACHE, right_panels);
    for (int64_t i = lower ? first : 0; i < left_panels; i += 2) {
      const int has_second = i + 1 < left_panels;
      const double *a = left + i * panel, *a1 = has_second ? a + panel : a;
      // The second panel's diagonal tile is one further.
      const int64_t end = lower ? least(last, i + 1 + has_second) : last;
      for (int64_t j = first; j < end; j++) {
        __m256d sums[8];
        panel_tile(a, a1, right + j * panel, length, sums);
        double *at = target + i * LANES * stride + j * LANES;
        const int64_t width = least(LANES, columns - j * LANES);
        if (!lower || j <= i) add_tile(at, stride, sums, scale, least(LANES, rows - i * LANES), width);
        if (has_second)
          add_tile(at + LANES * stride, stride, sums + 4, scale, least(LANES, rows - (i + 1) * LANES), width);
      }
    }
  }
}

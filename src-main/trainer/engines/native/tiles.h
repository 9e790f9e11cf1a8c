// A tile of 6 x 16 float32 (6 x 8 float64): twelve sums in 256-bit registers, two neighbouring panels of the right side, one number of the left
// broadcast at a time. Sums run over `depth` in order, one fused multiply-add each, as in ../wasm/kernels/tile.ts: the same bits.
#ifndef GROKSCOPE_TILES_H
#define GROKSCOPE_TILES_H

#include <immintrin.h>
#include <stdint.h>

// What becomes of a tile's sums; ../wasm/kernels/tile.ts has the same.
enum { STORE, ADD, SUBTRACT, MULTIPLY };

#define EACH_ROW(do_row) do_row(0) do_row(1) do_row(2) do_row(3) do_row(4) do_row(5)

static inline __m256 finished32(const float *c, __m256 sum, int how) {
  if (how == ADD) return _mm256_add_ps(_mm256_loadu_ps(c), sum);
  if (how == MULTIPLY) return _mm256_mul_ps(_mm256_loadu_ps(c), sum);
  return sum;
}

static inline __m256d finished64(const double *c, __m256d sum, int how) {
  if (how == ADD) return _mm256_add_pd(_mm256_loadu_pd(c), sum);
  if (how == SUBTRACT) return _mm256_sub_pd(_mm256_loadu_pd(c), sum);
  return sum;
}

/// c[i, j] = or += or *= sum_p a[p, i] b[p, j] for two panels at once; a [depth, 6], b and b1 [depth, 8], c and c1 [6, 8].
static inline void pair32(int64_t depth, const float *a, const float *b, const float *b1, float *c, float *c1, int how) {
#define ZERO(i) __m256 s##i = _mm256_setzero_ps(), t##i = s##i;
  EACH_ROW(ZERO)
#undef ZERO
  for (int64_t p = 0; p < depth; p++, a += 6, b += 8, b1 += 8) {
    const __m256 y = _mm256_loadu_ps(b), y1 = _mm256_loadu_ps(b1);
    __m256 x;
#define STEP(i) x = _mm256_broadcast_ss(a + i), s##i = _mm256_fmadd_ps(x, y, s##i), t##i = _mm256_fmadd_ps(x, y1, t##i);
    EACH_ROW(STEP)
#undef STEP
  }
#define FINISH(i) \
  _mm256_storeu_ps(c + 8 * i, finished32(c + 8 * i, s##i, how)); \
  _mm256_storeu_ps(c1 + 8 * i, finished32(c1 + 8 * i, t##i, how));
  EACH_ROW(FINISH)
#undef FINISH
}

/// The same for the last of an odd number of panels.
static inline void single32(int64_t depth, const float *a, const float *b, float *c, int how) {
#define ZERO(i) __m256 s##i = _mm256_setzero_ps();
  EACH_ROW(ZERO)
#undef ZERO
  for (int64_t p = 0; p < depth; p++, a += 6, b += 8) {
    const __m256 y = _mm256_loadu_ps(b);
#define STEP(i) s##i = _mm256_fmadd_ps(_mm256_broadcast_ss(a + i), y, s##i);
    EACH_ROW(STEP)
#undef STEP
  }
#define FINISH(i) _mm256_storeu_ps(c + 8 * i, finished32(c + 8 * i, s##i, how));
  EACH_ROW(FINISH)
#undef FINISH
}

/// Two panels of 4 columns, float64; `stride` numbers from one row of c, which is 8 wide, to the next.
static inline void pair64(int64_t depth, const double *a, const double *b, const double *b1, double *c, int64_t stride, int how) {
#define ZERO(i) __m256d s##i = _mm256_setzero_pd(), t##i = s##i;
  EACH_ROW(ZERO)
#undef ZERO
  for (int64_t p = 0; p < depth; p++, a += 6, b += 4, b1 += 4) {
    const __m256d y = _mm256_loadu_pd(b), y1 = _mm256_loadu_pd(b1);
    __m256d x;
#define STEP(i) x = _mm256_broadcast_sd(a + i), s##i = _mm256_fmadd_pd(x, y, s##i), t##i = _mm256_fmadd_pd(x, y1, t##i);
    EACH_ROW(STEP)
#undef STEP
  }
#define FINISH(i) \
  _mm256_storeu_pd(c + i * stride, finished64(c + i * stride, s##i, how)); \
  _mm256_storeu_pd(c + i * stride + 4, finished64(c + i * stride + 4, t##i, how));
  EACH_ROW(FINISH)
#undef FINISH
}

/// One panel of 4 columns, float64.
static inline void single64(int64_t depth, const double *a, const double *b, double *c, int64_t stride, int how) {
#define ZERO(i) __m256d s##i = _mm256_setzero_pd();
  EACH_ROW(ZERO)
#undef ZERO
  for (int64_t p = 0; p < depth; p++, a += 6, b += 4) {
    const __m256d y = _mm256_loadu_pd(b);
#define STEP(i) s##i = _mm256_fmadd_pd(_mm256_broadcast_sd(a + i), y, s##i);
    EACH_ROW(STEP)
#undef STEP
  }
#define FINISH(i) _mm256_storeu_pd(c + i * stride, finished64(c + i * stride, s##i, how));
  EACH_ROW(FINISH)
#undef FINISH
}

#endif

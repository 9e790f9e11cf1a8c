// The products of ../wasm/kernels/products.ts, which documents them, with vectors twice as wide. Compiled for AVX2 and FMA: addon.c looks whether
// the processor has them before it offers them.
#ifndef GROKSCOPE_PRODUCTS_H
#define GROKSCOPE_PRODUCTS_H

#include <stdint.h>

/// Units of a block of the Gram's rows.
#define GRAM_UNITS 96

void forward_tiles(int64_t units, const char *V, int64_t panel_bytes, int64_t class_panels, const char *hidden, int64_t groups,
                   char *out, int how);
void backward_tiles(int64_t rows, int64_t classes, int64_t class_panels, int64_t panels, const char *by_class, int64_t class_bytes,
                    const char *by_row, const char *VT, const char *features, char *slopes, char *dV, int how);
void gram_tiles(int64_t depth, const char *left, int64_t unit, const char *features, int64_t panel_bytes, int64_t first_panel,
                int64_t panels, char *block, int how);
void product64(char *C, int64_t n, const char *left, int64_t rows, const char *right, int64_t columns, int64_t depth, int how,
               int lower);

#endif

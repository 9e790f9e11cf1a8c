#include "products.h"
#include "tiles.h"

/// Bytes of a left panel's row of 6 and of a right panel's row of 8 float32, and of a tile of 6 x 8.
enum { LEFT_ROW = 24, RIGHT_ROW = 32, TILE = 192 };
/// Columns of C that stay in the second cache together.
enum { COLUMNS_AT_ONCE = 256 };

static int64_t least(int64_t a, int64_t b) {
  return a < b ? a : b;
}

/// One left panel against one right panel or, where there is a neighbour, two; bytes from the first of them, and of its tile, to the second.
static inline void tiles32(int64_t depth, const char *a, const char *b, int64_t next_b, char *c, int64_t next_c, int is_pair, int how) {
  if (is_pair)
    pair32(depth, (const float *)a, (const float *)b, (const float *)(b + next_b), (float *)c, (float *)(c + next_c), how);
  else single32(depth, (const float *)a, (const float *)b, (float *)c, how);
}

void forward_tiles(int64_t units, const char *V, int64_t panel_bytes, int64_t class_panels, const char *hidden, int64_t groups,
                   char *out, int how) {
  const int64_t hidden_bytes = units * RIGHT_ROW, out_bytes = class_panels * TILE;
  for (int64_t group = 0; group < groups; group += 2) {
    const char *b = hidden + group * hidden_bytes;
    char *c = out + group * out_bytes;
    for (int64_t p = 0; p < class_panels; p++)
      tiles32(units, V + p * panel_bytes, b, hidden_bytes, c + p * TILE, out_bytes, group + 1 < groups, how);
  }
}

void backward_tiles(int64_t rows, int64_t classes, int64_t class_panels, int64_t panels, const char *by_class, int64_t class_bytes,
                    const char *by_row, const char *VT, const char *features, char *slopes, char *dV, int how) {
  const int64_t row_bytes = rows * RIGHT_ROW, class_rows = classes * RIGHT_ROW, dV_bytes = class_panels * TILE;
  for (int64_t panel = 0; panel < panels; panel += 2) {
    const int is_pair = panel + 1 < panels;
    for (int64_t p = 0; p < class_panels; p++)
      tiles32(rows, by_class + p * class_bytes, features + panel * row_bytes, row_bytes, dV + panel * dV_bytes + p * TILE, dV_bytes,
              is_pair, how);
    for (int64_t i = 0; i < rows; i += 6)
      tiles32(classes, by_row + i / 6 * classes * LEFT_ROW, VT + panel * class_rows, class_rows,
              slopes + panel * row_bytes + i * RIGHT_ROW, row_bytes, is_pair, MULTIPLY);
  }
}

void gram_tiles(int64_t depth, const char *left, int64_t unit, const char *features, int64_t panel_bytes, int64_t first_panel,
                int64_t panels, char *block, int how) {
  const int64_t block_bytes = GRAM_UNITS * RIGHT_ROW;
  for (int64_t panel = first_panel; panel < panels; panel += 2) {
    const int is_pair = panel + 1 < panels;
    const int64_t last = least(GRAM_UNITS, (panel + is_pair + 1) * 8 - unit);
    for (int64_t i = 0; i < last; i += 6)
      tiles32(depth, left + i * depth * 4, features + panel * panel_bytes, panel_bytes, block + panel * block_bytes + i * RIGHT_ROW,
              block_bytes, is_pair, how);
  }
}

static void merge_edge(const double *tile, double *c, int64_t stride, int64_t height, int64_t width, int how) {
  for (int64_t i = 0; i < height; i++, c += stride, tile += 8)
    for (int64_t j = 0; j < width; j++) c[j] = how == STORE ? tile[j] : how == ADD ? c[j] + tile[j] : c[j] - tile[j];
}

void product64(char *C, int64_t n, const char *left, int64_t rows, const char *right, int64_t columns, int64_t depth, int how,
               int lower) {
  for (int64_t start = 0; start < columns; start += COLUMNS_AT_ONCE) {
    const int64_t end = least(columns, start + COLUMNS_AT_ONCE);
    for (int64_t i = lower ? start / 6 * 6 : 0; i < rows; i += 6) {
      const double *a = (const double *)left + i * depth;
      const int64_t last = lower ? least(end, i + 6) : end;
      for (int64_t j = start; j < last; j += 8) {
        const double *b = (const double *)right + j * depth, *b1 = b + 4 * depth;
        double *c = (double *)C + i * n + j;
        const int is_pair = j + 4 < last;
        const int64_t width = is_pair ? 8 : 4;
        if (i + 6 <= rows && j + width <= columns) {
          if (is_pair) pair64(depth, a, b, b1, c, n, how);
          else single64(depth, a, b, c, n, how);
        } else {
          double tile[6 * 8];
          if (is_pair) pair64(depth, a, b, b1, tile, 8, STORE);
          else single64(depth, a, b, tile, 8, STORE);
          merge_edge(tile, c, n, least(6, rows - i), least(width, columns - j), how);
        }
      }
    }
  }
}

// Offers the products to Node, on the memory of a WebAssembly instance: each takes that memory's buffer and then what its twin in
// ../wasm/kernels/products.ts takes, addresses as offsets. An operand that does not lie in the memory is an error, not a crash.
#define NAPI_VERSION 8
#include <node_api.h>
#include <stdbool.h>
#include <stdlib.h>
#include "products.h"

enum { MOST_ARGUMENTS = 13 };

typedef struct {
  napi_env env;
  char *memory;
  size_t bytes;
  /// What follows the buffer.
  int64_t number[MOST_ARGUMENTS];
  bool is_good;
} Call;

static Call read_call(napi_env env, napi_callback_info info, size_t numbers) {
  Call call = {.env = env, .is_good = false};
  napi_value arguments[MOST_ARGUMENTS];
  size_t count = MOST_ARGUMENTS;
  bool is_buffer = false;
  if (napi_get_cb_info(env, info, &count, arguments, NULL, NULL) != napi_ok || count != numbers + 1 ||
      napi_is_arraybuffer(env, arguments[0], &is_buffer) != napi_ok || !is_buffer) {
    napi_throw_type_error(env, NULL, "a product takes the kernels' memory and its own numbers");
    return call;
  }
  napi_get_arraybuffer_info(env, arguments[0], (void **)&call.memory, &call.bytes);
  for (size_t i = 0; i < numbers; i++) {
    if (napi_get_value_int64(env, arguments[i + 1], &call.number[i]) != napi_ok || call.number[i] < 0) {
      napi_throw_type_error(env, NULL, "a product takes numbers that are not negative");
      return call;
    }
  }
  call.is_good = true;
  return call;
}

/// The operand of so many bytes at an offset. Numbers are at most 2^53 and shapes far smaller, so that no product of two overflows.
static char *operand(Call *call, int64_t offset, int64_t bytes) {
  if (bytes >= 0 && offset <= (int64_t)call->bytes && bytes <= (int64_t)call->bytes - offset) return call->memory + offset;
  if (call->is_good) napi_throw_range_error(call->env, NULL, "an operand of a product reaches over the end of the kernels' memory");
  call->is_good = false;
  return NULL;
}

/// Bytes up to the end of the last of `count` things, `stride` bytes from one to the next.
static int64_t strided(int64_t count, int64_t stride, int64_t last) {
  return count == 0 ? 0 : (count - 1) * stride + last;
}

static int64_t up_to(int64_t count, int64_t multiple) {
  return (count + multiple - 1) / multiple * multiple;
}

static napi_value forward_call(napi_env env, napi_callback_info info) {
  Call call = read_call(env, info, 8);
  if (!call.is_good) return NULL;
  const int64_t units = call.number[0], panel_bytes = call.number[2], class_panels = call.number[3], groups = call.number[5];
  const char *V = operand(&call, call.number[1], strided(class_panels, panel_bytes, units * 24));
  const char *hidden = operand(&call, call.number[4], groups * units * 32);
  char *out = operand(&call, call.number[6], groups * class_panels * 192);
  if (call.is_good) forward_tiles(units, V, panel_bytes, class_panels, hidden, groups, out, (int)call.number[7]);
  return NULL;
}

static napi_value backward_call(napi_env env, napi_callback_info info) {
  Call call = read_call(env, info, 12);
  if (!call.is_good) return NULL;
  const int64_t rows = call.number[0], classes = call.number[1], class_panels = call.number[2], panels = call.number[3];
  const int64_t class_bytes = call.number[5], row_bytes = rows * 32;
  const char *by_class = operand(&call, call.number[4], strided(class_panels, class_bytes, rows * 24));
  const char *by_row = operand(&call, call.number[6], up_to(rows, 6) * classes * 4);
  const char *VT = operand(&call, call.number[7], panels * classes * 32);
  const char *features = operand(&call, call.number[8], panels * row_bytes);
  char *slopes = operand(&call, call.number[9], panels == 0 ? 0 : (panels - 1) * row_bytes + up_to(rows, 6) * 32);
  char *dV = operand(&call, call.number[10], panels * class_panels * 192);
  if (call.is_good)
    backward_tiles(rows, classes, class_panels, panels, by_class, class_bytes, by_row, VT, features, slopes, dV, (int)call.number[11]);
  return NULL;
}

static napi_value gram_call(napi_env env, napi_callback_info info) {
  Call call = read_call(env, info, 9);
  if (!call.is_good) return NULL;
  const int64_t depth = call.number[0], panel_bytes = call.number[4], panels = call.number[6];
  const char *left = operand(&call, call.number[1], GRAM_UNITS * depth * 4);
  const char *features = operand(&call, call.number[3], strided(panels, panel_bytes, depth * 32));
  char *block = operand(&call, call.number[7], panels * GRAM_UNITS * 32);
  if (call.is_good)
    gram_tiles(depth, left, call.number[2], features, panel_bytes, call.number[5], panels, block, (int)call.number[8]);
  return NULL;
}

/// The last argument of its twin, a tile for the edges, is on the stack here.
static napi_value product64_call(napi_env env, napi_callback_info info) {
  Call call = read_call(env, info, 10);
  if (!call.is_good) return NULL;
  const int64_t n = call.number[1], rows = call.number[3], columns = call.number[5], depth = call.number[6];
  char *C = operand(&call, call.number[0], strided(rows, n * 8, columns * 8));
  const char *left = operand(&call, call.number[2], up_to(rows, 6) * depth * 8);
  const char *right = operand(&call, call.number[4], up_to(columns, 4) * depth * 8);
  if (call.is_good)
    product64(C, n, left, rows, right, columns, depth, (int)call.number[7], (int)call.number[8]);
  return NULL;
}

static bool has_wide_vectors(void) {
  __builtin_cpu_init();
  return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
}

static void offer(napi_env env, napi_value exports, const char *name, napi_callback function) {
  napi_value value;
  if (napi_create_function(env, name, NAPI_AUTO_LENGTH, function, NULL, &value) == napi_ok)
    napi_set_named_property(env, exports, name, value);
}

NAPI_MODULE_INIT() {
  if (!has_wide_vectors()) {
    napi_throw_error(env, NULL, "this processor lacks AVX2 or FMA");
    return NULL;
  }
  offer(env, exports, "forwardTiles", forward_call);
  offer(env, exports, "backwardTiles", backward_call);
  offer(env, exports, "gramTiles", gram_call);
  offer(env, exports, "product64", product64_call);
  return exports;
}

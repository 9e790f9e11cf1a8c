// Offers the products and the loops to Node. A product works on the memory of a WebAssembly instance: it takes that memory's buffer and then what its
// twin in ../wasm/kernels/products.ts takes, addresses as offsets. A loop takes typed arrays, and numbers, flat. What does not lie in its memory is an
// error, not a crash.
#define NAPI_VERSION 8
#include <node_api.h>
#include <stdbool.h>
#include <stdlib.h>
#include "loops.h"
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

/// The arguments of a loop. @returns whether there are so many
static bool read_arguments(napi_env env, napi_callback_info info, size_t wanted, napi_value *arguments) {
  size_t count = wanted;
  if (napi_get_cb_info(env, info, &count, arguments, NULL, NULL) == napi_ok && count == wanted) return true;
  napi_throw_type_error(env, NULL, "a loop takes its arrays and numbers, all of them");
  return false;
}

/// The numbers of a typed array of this type, and how many; NULL and an error for anything else.
static void *numbers(napi_env env, napi_value value, napi_typedarray_type wanted, size_t *length) {
  bool is_array = false;
  napi_typedarray_type type;
  void *data = NULL;
  if (napi_is_typedarray(env, value, &is_array) == napi_ok && is_array &&
      napi_get_typedarray_info(env, value, &type, length, &data, NULL, NULL) == napi_ok && type == wanted)
    return data;
  napi_throw_type_error(env, NULL, "a loop takes Float32Array for layers and Float64Array for products");
  *length = 0;
  return NULL;
}

static bool is_throwing(napi_env env) {
  bool is_pending = false;
  return napi_is_exception_pending(env, &is_pending) != napi_ok || is_pending;
}

static void throw_lengths(napi_env env) {
  napi_throw_range_error(env, NULL, "arrays of a loop do not fit each other");
}

/// rates [8] float64, weights, gradient, first and second moment, updates.
static napi_value adam_call(napi_env env, napi_callback_info info) {
  napi_value arguments[6];
  if (!read_arguments(env, info, 6, arguments)) return NULL;
  size_t rate_count, length[5];
  const double *rates = numbers(env, arguments[0], napi_float64_array, &rate_count);
  float *layer[5];
  for (size_t i = 0; i < 5; i++) {
    layer[i] = numbers(env, arguments[i + 1], napi_float32_array, &length[i]);
    if (is_throwing(env)) return NULL;
    if (length[i] != length[0] || rate_count != 8) {
      throw_lengths(env);
      return NULL;
    }
  }
  const AdamRates r = {(float)rates[0], (float)rates[1], (float)rates[2], (float)rates[3],
                       (float)rates[4], (float)rates[5], (float)rates[6], (float)rates[7]};
  step_adam(&r, (int64_t)length[0], layer[0], layer[1], layer[2], layer[3], layer[4]);
  return NULL;
}

/// update, others (an array of layers), products [others] float64.
static napi_value dots_call(napi_env env, napi_callback_info info) {
  napi_value arguments[3];
  if (!read_arguments(env, info, 3, arguments)) return NULL;
  size_t length, product_count;
  uint32_t count = 0;
  const float *update = numbers(env, arguments[0], napi_float32_array, &length);
  double *products = numbers(env, arguments[2], napi_float64_array, &product_count);
  if (is_throwing(env)) return NULL;
  const float *others[MOST_OTHERS];
  if (napi_get_array_length(env, arguments[1], &count) != napi_ok || count > MOST_OTHERS || product_count != count) {
    throw_lengths(env);
    return NULL;
  }
  for (uint32_t i = 0; i < count; i++) {
    napi_value other;
    size_t other_length;
    napi_get_element(env, arguments[1], i, &other);
    others[i] = numbers(env, other, napi_float32_array, &other_length);
    if (is_throwing(env)) return NULL;
    if (other_length != length) {
      throw_lengths(env);
      return NULL;
    }
  }
  dot_products((int64_t)length, update, count, others, products);
  return NULL;
}

/// target, left, right float64; then offset, stride, rows, columns, length, scale, lower.
static napi_value panels_call(napi_env env, napi_callback_info info) {
  napi_value arguments[10];
  if (!read_arguments(env, info, 10, arguments)) return NULL;
  size_t target_length, left_length, right_length;
  double *target = numbers(env, arguments[0], napi_float64_array, &target_length);
  const double *left = numbers(env, arguments[1], napi_float64_array, &left_length);
  const double *right = numbers(env, arguments[2], napi_float64_array, &right_length);
  if (is_throwing(env)) return NULL;
  double number[7];
  for (size_t i = 0; i < 7; i++) {
    if (napi_get_value_double(env, arguments[i + 3], &number[i]) != napi_ok) {
      throw_lengths(env);
      return NULL;
    }
  }
  const int64_t offset = (int64_t)number[0], stride = (int64_t)number[1], rows = (int64_t)number[2], columns = (int64_t)number[3];
  const int64_t length = (int64_t)number[4];
  const bool is_good = offset >= 0 && stride >= columns && rows >= 0 && columns >= 0 && length >= 0 &&
                       (rows == 0 || offset + strided(rows, stride, columns) <= (int64_t)target_length) &&
                       up_to(rows, 4) * length <= (int64_t)left_length && up_to(columns, 4) * length <= (int64_t)right_length;
  if (!is_good) {
    throw_lengths(env);
    return NULL;
  }
  add_products(target + offset, stride, left, rows, right, columns, length, number[5], number[6] != 0);
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
  offer(env, exports, "stepAdam", adam_call);
  offer(env, exports, "dotProducts", dots_call);
  offer(env, exports, "addProducts", panels_call);
  return exports;
}

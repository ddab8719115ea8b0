/* How does a library written in C offer a kernel to normproof?
 *
 * It exports normproof_kernels(), which returns a table; here with one kernel:
 *   y = gamma (x − running_mean)/√(running_var + eps) + beta,   all operands f32, any strides, y may be x.
 * The arithmetic is in double and each y is rounded once. */
#include <math.h>
#include <stddef.h>

#include "impl/kernel.h"

static int is_float(const normproof_vector* v) { return v->data == NULL || v->dtype == NORMPROOF_F32; }

static double value_or(double otherwise, const normproof_vector* v, int64_t channel) {
  return v->data == NULL ? otherwise : ((const float*)v->data)[channel];
}

static normproof_status check(const normproof_call* call) {
  /* `size` comes first: a caller of another version may have fewer fields. */
  if (call->size < sizeof(normproof_call) || call->op != NORMPROOF_BN_INFER) return NORMPROOF_BAD_ARGUMENT;
  if (!(call->eps >= 0)) return NORMPROOF_BAD_ARGUMENT; /* NaN too */
  if (call->running_mean.data == NULL || call->running_var.data == NULL) return NORMPROOF_BAD_ARGUMENT;
  if (call->x.dtype != NORMPROOF_F32 || call->y.dtype != NORMPROOF_F32) return NORMPROOF_UNSUPPORTED;
  if (!is_float(&call->gamma) || !is_float(&call->beta)) return NORMPROOF_UNSUPPORTED;
  if (!is_float(&call->running_mean) || !is_float(&call->running_var)) return NORMPROOF_UNSUPPORTED;
  return NORMPROOF_OK;
}

static void normalize_channel(const normproof_call* call, int64_t c) {
  const normproof_tensor *x = &call->x, *y = &call->y;
  const float* from = (const float*)x->data + c * x->channel_stride;
  float* to = (float*)y->data + c * y->channel_stride;
  const double mean = value_or(0, &call->running_mean, c);
  const double inv_std = 1 / sqrt(value_or(0, &call->running_var, c) + call->eps);
  const double gamma = value_or(1, &call->gamma, c), beta = value_or(0, &call->beta, c);
  int64_t b, s;
  for (b = 0; b < x->batch; ++b) {
    for (s = 0; s < x->spatial; ++s) {
      const double x_hat = (from[b * x->batch_stride + s * x->spatial_stride] - mean) * inv_std;
      to[b * y->batch_stride + s * y->spatial_stride] = (float)(gamma * x_hat + beta);
    }
  }
}

static normproof_status run(const normproof_call* call) {
  const normproof_status status = check(call);
  int64_t c;
  if (status != NORMPROOF_OK || call->x.batch * call->x.spatial == 0) return status;
  for (c = 0; c < call->x.channels; ++c) normalize_channel(call, c);
  return NORMPROOF_OK;
}

static const normproof_kernel kernels[] = {{sizeof(normproof_kernel), "batch_norm_infer_example",
                                            "batch norm with given statistics, an example in C", NORMPROOF_BN_INFER,
                                            1u << NORMPROOF_F32,
                                            NORMPROOF_ANY_STRIDES | NORMPROOF_IN_PLACE | NORMPROOF_DETERMINISTIC, run}};

static const normproof_library library = {NORMPROOF_ABI_VERSION, sizeof kernels / sizeof kernels[0], kernels};

const normproof_library* normproof_kernels(uint32_t abi_version) {
  return abi_version == NORMPROOF_ABI_VERSION ? &library : NULL;
}

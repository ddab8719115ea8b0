/* Is a variance that is a difference of large numbers found out, and let pass where it is accepted? */
#include "tests/conformance_libraries/plain_kernels.h"

/* All in the format of x: Σ x² / m − mean². */
static void statistics(const normproof_call* call, int64_t c, double* mean, double* variance) {
  const double m = (double)(call->x.batch * call->x.spatial);
  float sum32 = 0, squares32 = 0;
  double sum = 0, squares = 0;
  for (int64_t b = 0; b < call->x.batch; ++b)
    for (int64_t s = 0; s < call->x.spatial; ++s) {
      const double x = read_number(call->x.data, call->x.dtype, element(&call->x, b, c, s));
      sum += x;
      squares += x * x;
      sum32 += (float)x;
      squares32 += (float)x * (float)x;
    }
  if (call->x.dtype == NORMPROOF_F32) {
    *mean = sum32 / (float)m;
    *variance = (float)(squares32 / (float)m) - (float)*mean * (float)*mean;
  } else {
    *mean = sum / m;
    *variance = squares / m - *mean * *mean;
  }
  if (*variance < 0) *variance = 0;
}

static void update(const normproof_vector* running, int64_t c, double momentum, double value) {
  if (running->data == NULL) return;
  write_number(running->data, running->dtype, c, (1 - momentum) * channel_value(running, c, 0) + momentum * value);
}

static normproof_status run(const normproof_call* call) {
  const int64_t m = call->x.batch * call->x.spatial;
  if (makes_no_sense(call)) return NORMPROOF_BAD_ARGUMENT;
  if (m == 0) return NORMPROOF_OK;
  for (int64_t c = 0; c < call->x.channels; ++c) {
    double mean = 0, variance = 0;
    statistics(call, c, &mean, &variance);
    const double inv_std = 1 / sqrt(variance + call->eps);
    write_channel(call, c, mean, inv_std);
    if (call->saved_mean.data != NULL) write_number(call->saved_mean.data, call->saved_mean.dtype, c, mean);
    if (call->saved_mean_low.data != NULL) write_number(call->saved_mean_low.data, call->saved_mean_low.dtype, c, 0);
    if (call->saved_inv_std.data != NULL) write_number(call->saved_inv_std.data, call->saved_inv_std.dtype, c, inv_std);
    const int unbiased = call->running_variance == NORMPROOF_VAR_UNBIASED;
    if (unbiased && m == 1) continue;
    update(&call->running_mean, c, call->momentum, mean);
    update(&call->running_var, c, call->momentum, unbiased ? variance * (double)m / (double)(m - 1) : variance);
  }
  return NORMPROOF_OK;
}

ONE_KERNEL("batch_norm_train_one_pass", "the variance is the mean square minus the squared mean", NORMPROOF_BN_TRAIN,
           NORMPROOF_ANY_STRIDES | NORMPROOF_DETERMINISTIC, run)

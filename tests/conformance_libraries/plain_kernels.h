/* Which plain kernels are the libraries of these tests made from? Batch norm as it is defined, in C99, element by
 * element.
 *
 * What a library does wrong stands in its own file. Everything here is static: a file that includes it is a whole
 * library. */
#ifndef NORMPROOF_TESTS_PLAIN_KERNELS_H
#define NORMPROOF_TESTS_PLAIN_KERNELS_H

#include <math.h>
#include <stddef.h>

#include "impl/kernel.h"

static inline double read_number(const void* data, int32_t dtype, int64_t at) {
  return dtype == NORMPROOF_F32 ? (double)((const float*)data)[at] : ((const double*)data)[at];
}

static inline void write_number(void* data, int32_t dtype, int64_t at, double value) {
  if (dtype == NORMPROOF_F32)
    ((float*)data)[at] = (float)value;
  else
    ((double*)data)[at] = value;
}

static inline int64_t element(const normproof_tensor* t, int64_t b, int64_t c, int64_t s) {
  return b * t->batch_stride + c * t->channel_stride + s * t->spatial_stride;
}

/* An absent vector has the value `otherwise` in every channel. */
static inline double channel_value(const normproof_vector* v, int64_t c, double otherwise) {
  return v->data == NULL ? otherwise : read_number(v->data, v->dtype, c);
}

static inline int makes_no_sense(const normproof_call* call) {
  return call->size < sizeof(normproof_call) || !(call->eps >= 0);
}

static inline void write_channel(const normproof_call* call, int64_t c, double mean, double inv_std) {
  const double gamma = channel_value(&call->gamma, c, 1);
  const double beta = channel_value(&call->beta, c, 0);
  for (int64_t b = 0; b < call->x.batch; ++b)
    for (int64_t s = 0; s < call->x.spatial; ++s) {
      const double x = read_number(call->x.data, call->x.dtype, element(&call->x, b, c, s));
      write_number(call->y.data, call->y.dtype, element(&call->y, b, c, s), gamma * ((x - mean) * inv_std) + beta);
    }
}

/* NORMPROOF_BN_INFER. */
static inline normproof_status infer(const normproof_call* call) {
  if (makes_no_sense(call) || call->running_mean.data == NULL || call->running_var.data == NULL)
    return NORMPROOF_BAD_ARGUMENT;
  for (int64_t c = 0; c < call->x.channels; ++c)
    write_channel(call, c, channel_value(&call->running_mean, c, 0),
                  1 / sqrt(channel_value(&call->running_var, c, 1) + call->eps));
  return NORMPROOF_OK;
}

/* A table of one kernel of version 1. */
#define ONE_KERNEL(kernel_name, kernel_summary, kernel_op, kernel_flags, kernel_run) \
  static const normproof_kernel only = {sizeof(normproof_kernel),                    \
                                        kernel_name,                                 \
                                        kernel_summary,                              \
                                        kernel_op,                                   \
                                        1u << NORMPROOF_F32 | 1u << NORMPROOF_F64,   \
                                        kernel_flags,                                \
                                        kernel_run};                                 \
  const normproof_library* normproof_kernels(uint32_t abi_version) {                 \
    static const normproof_library table = {NORMPROOF_ABI_VERSION, 1, &only};        \
    return abi_version == NORMPROOF_ABI_VERSION ? &table : NULL;                     \
  }

#endif

// Does a call make sense, and can a built-in kernel do it? Asked before anything is written.
//
// BAD_ARGUMENT  a `size` smaller than this header's; another operation; eps negative or NaN; an unknown
//               running_variance; an operand absent that the operation needs; counts that are negative, or that differ
//               from one operand to another
// UNSUPPORTED   a dtype that is not f32 or f64; a negative stride over an extent of more than 1
//
// A tensor without elements needs no memory, and without channels no vector does.
#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "impl/kernel.h"

namespace normproof::kernels {

// The table of impl/kernel.h, a letter for each operation in the order of normproof_op: r it needs the operand, o it
// may be absent, - the operation does not look at it.
struct TensorUse {
  normproof_tensor normproof_call::*operand;
  std::string_view by_operation;
};
inline constexpr TensorUse tensor_uses[] = {
    {&normproof_call::x, "rrrrrrr"},
    {&normproof_call::y, "rr--rr-"},
    {&normproof_call::dy, "--rr--r"},
    {&normproof_call::dx, "--oo--o"},
};

struct VectorUse {
  normproof_vector normproof_call::*operand;
  std::string_view by_operation;
};
inline constexpr VectorUse vector_uses[] = {
    {&normproof_call::gamma, "ooooooo"},         {&normproof_call::beta, "oo--oo-"},
    {&normproof_call::running_mean, "or-r---"},  {&normproof_call::running_var, "or-r---"},
    {&normproof_call::saved_mean, "o-r----"},    {&normproof_call::saved_mean_low, "o-o----"},
    {&normproof_call::saved_inv_std, "o-r----"}, {&normproof_call::fn_mean, "----rrr"},
    {&normproof_call::fn_mean_low, "----ooo"},   {&normproof_call::fn_square, "----rrr"},
    {&normproof_call::dgamma, "--oo--o"},        {&normproof_call::dbeta, "--oo--o"},
};

inline char use_of(std::string_view by_operation, normproof_op op) {
  return by_operation[static_cast<std::size_t>(op - NORMPROOF_BN_TRAIN)];
}

inline bool has_elements(const normproof_tensor& t) { return t.batch > 0 && t.channels > 0 && t.spatial > 0; }

inline bool counts_are_sound(const normproof_tensor& t, const normproof_tensor& x) {
  return t.batch >= 0 && t.channels >= 0 && t.spatial >= 0 && t.batch == x.batch && t.channels == x.channels &&
         t.spatial == x.spatial;
}

inline bool makes_sense(const normproof_tensor& t, char use, const normproof_tensor& x) {
  if (use == '-') return true;
  if (t.data == nullptr && use == 'o') return true;
  return counts_are_sound(t, x) && (t.data != nullptr || !has_elements(t));
}

inline bool makes_sense(const normproof_vector& v, char use, std::int64_t channels) {
  if (use == '-') return true;
  if (v.data == nullptr) return use == 'o' || channels == 0;
  return v.length == channels;
}

inline bool is_supported(std::int32_t dtype) { return dtype == NORMPROOF_F32 || dtype == NORMPROOF_F64; }

inline bool is_supported(const normproof_tensor& t) {
  const auto has_sound_stride = [](std::int64_t extent, std::int64_t stride) { return extent <= 1 || stride >= 0; };
  return is_supported(t.dtype) && has_sound_stride(t.batch, t.batch_stride) &&
         has_sound_stride(t.channels, t.channel_stride) && has_sound_stride(t.spatial, t.spatial_stride);
}

inline bool scalars_make_sense(const normproof_call& call) {
  const bool knows_variance_kind =
      call.running_variance == NORMPROOF_VAR_BIASED || call.running_variance == NORMPROOF_VAR_UNBIASED;
  return call.eps >= 0 && knows_variance_kind;  // a NaN is not ≥ 0
}

// OK where the kernel is to go on.
inline normproof_status check_arguments(const normproof_call* call, normproof_op op) {
  if (call == nullptr || call->size < sizeof(normproof_call) || call->op != op) return NORMPROOF_BAD_ARGUMENT;
  if (!scalars_make_sense(*call)) return NORMPROOF_BAD_ARGUMENT;
  bool supported = true;
  for (const auto& [operand, by_operation] : tensor_uses) {
    const normproof_tensor& tensor = call->*operand;
    const char use = use_of(by_operation, op);
    if (!makes_sense(tensor, use, call->x)) return NORMPROOF_BAD_ARGUMENT;
    if (use != '-' && tensor.data != nullptr) supported = supported && is_supported(tensor);
  }
  for (const auto& [operand, by_operation] : vector_uses) {
    const normproof_vector& vector = call->*operand;
    const char use = use_of(by_operation, op);
    if (!makes_sense(vector, use, call->x.channels)) return NORMPROOF_BAD_ARGUMENT;
    if (use != '-' && vector.data != nullptr) supported = supported && is_supported(vector.dtype);
  }
  return supported ? NORMPROOF_OK : NORMPROOF_UNSUPPORTED;
}

}  // namespace normproof::kernels

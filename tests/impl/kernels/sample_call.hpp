// How does a test call a built-in kernel? A call that owns the memory of its operands.
//
// Every operand of the operation is there, dense N×C×spatial, f64 (f32 for a kernel without) and 0 but for gamma and
// the variances, which are 1, and the outputs, which hold `untouched`. Values are listed sample by sample, in each
// sample channel by channel.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <stdexcept>
#include <string>
#include <vector>

#include "impl/kernel.h"
#include "impl/kernels/builtin.hpp"
#include "impl/kernels/strided.hpp"

namespace normproof::tests {

using Values = std::vector<double>;

inline constexpr double untouched = -77;

inline std::vector<const normproof_kernel*> builtin_kernels() {
  const normproof_library* library = kernels::builtin_library();
  std::vector<const normproof_kernel*> all;
  for (std::uint32_t i = 0; i < library->count; ++i) all.push_back(library->kernels + i);
  return all;
}

inline const normproof_kernel& kernel_named(const std::string& name) {
  for (const normproof_kernel* kernel : builtin_kernels())
    if (kernel->name == name) return *kernel;
  throw std::invalid_argument("no built-in kernel is called " + name);
}

using TensorOperand = normproof_tensor normproof_call::*;
using VectorOperand = normproof_vector normproof_call::*;

inline constexpr std::array<TensorOperand, 4> all_tensors = {&normproof_call::x, &normproof_call::y,
                                                             &normproof_call::dy, &normproof_call::dx};
inline constexpr std::array<VectorOperand, 12> all_vectors = {
    &normproof_call::gamma,         &normproof_call::beta,       &normproof_call::running_mean,
    &normproof_call::running_var,   &normproof_call::saved_mean, &normproof_call::saved_mean_low,
    &normproof_call::saved_inv_std, &normproof_call::fn_mean,    &normproof_call::fn_mean_low,
    &normproof_call::fn_square,     &normproof_call::dgamma,     &normproof_call::dbeta};

inline normproof_dtype widest_dtype(const normproof_kernel& kernel) {
  return (kernel.dtypes >> NORMPROOF_F64 & 1u) != 0 ? NORMPROOF_F64 : NORMPROOF_F32;
}

class SampleCall {
 public:
  SampleCall(const normproof_kernel& kernel, std::int64_t batch, std::int64_t channels, std::int64_t spatial)
      : SampleCall(kernel, batch, channels, spatial, widest_dtype(kernel)) {}
  SampleCall(const normproof_kernel& kernel, std::int64_t batch, std::int64_t channels, std::int64_t spatial,
             normproof_dtype dtype)
      : kernel_(kernel) {
    call.size = sizeof call;
    call.op = kernel.op;
    call.eps = 1e-5;
    call.momentum = 0.125;
    call.running_variance = NORMPROOF_VAR_BIASED;
    call.threads = 1;
    for (std::size_t i = 0; i < all_tensors.size(); ++i) {
      const std::int64_t per_sample = channels * spatial;
      call.*
          all_tensors[i] = {memory_for(i, batch * per_sample), dtype, batch, channels, spatial, per_sample, spatial, 1};
    }
    for (std::size_t i = 0; i < all_vectors.size(); ++i) {
      call.*all_vectors[i] = {memory_for(all_tensors.size() + i, channels), dtype, channels};
    }
    const auto fill = [&](auto operand, double value) { set(operand, Values(values(operand).size(), value)); };
    for (const VectorOperand one : {&normproof_call::gamma, &normproof_call::running_var,
                                    &normproof_call::saved_inv_std, &normproof_call::fn_square}) {
      fill(one, 1);
    }
    for (const TensorOperand output : {&normproof_call::y, &normproof_call::dx}) fill(output, untouched);
    for (const VectorOperand output : {&normproof_call::dgamma, &normproof_call::dbeta}) fill(output, untouched);
  }
  SampleCall(const SampleCall&) = delete;  // the call points into it
  SampleCall& operator=(const SampleCall&) = delete;

  normproof_status run() { return kernel_.run(&call); }

  // For operands of another type or layout: room for `elements` of any type, all bits 0.
  void* new_memory(std::int64_t elements) {
    extra_.emplace_back(static_cast<std::size_t>(elements) + 1, 0.0);
    return extra_.back().data();
  }
  void set_dtype(VectorOperand operand, normproof_dtype dtype) {
    (call.*operand).dtype = dtype;
    (call.*operand).data = new_memory((call.*operand).length);
  }
  void remove(VectorOperand operand) { (call.*operand).data = nullptr; }
  void remove(TensorOperand operand) { (call.*operand).data = nullptr; }

  void set(TensorOperand operand, const Values& values) {
    const normproof_tensor& t = call.*operand;
    std::size_t next = 0;
    each_element(t, [&](std::int64_t index) { kernels::store(t.data, t.dtype, index, values.at(next++)); });
  }
  void set(VectorOperand operand, const Values& values) {
    const normproof_vector& v = call.*operand;
    for (std::int64_t i = 0; i < v.length; ++i) {
      kernels::store(v.data, v.dtype, i, values.at(static_cast<std::size_t>(i)));
    }
  }
  Values values(TensorOperand operand) const {
    const normproof_tensor& t = call.*operand;
    Values all;
    each_element(t, [&](std::int64_t index) { all.push_back(kernels::load(t.data, t.dtype, index)); });
    return all;
  }
  Values values(VectorOperand operand) const {
    const normproof_vector& v = call.*operand;
    Values all;
    for (std::int64_t i = 0; i < v.length; ++i) all.push_back(kernels::load(v.data, v.dtype, i));
    return all;
  }

  // Everything that the operands hold, to see whether a call wrote anything.
  const std::array<Values, all_tensors.size() + all_vectors.size()>& memory() const { return memory_; }

  normproof_call call = {};

 private:
  template <class Visit>
  static void each_element(const normproof_tensor& t, Visit visit) {
    for (std::int64_t b = 0; b < t.batch; ++b)
      for (std::int64_t c = 0; c < t.channels; ++c)
        for (std::int64_t s = 0; s < t.spatial; ++s) {
          visit(b * t.batch_stride + c * t.channel_stride + s * t.spatial_stride);
        }
  }

  // Doubles, of which f32 operands use the half. One more than needed, so that no memory is ever null.
  double* memory_for(std::size_t operand, std::int64_t elements) {
    memory_[operand].assign(static_cast<std::size_t>(elements) + 1, 0.0);
    return memory_[operand].data();
  }

  const normproof_kernel& kernel_;
  std::array<Values, all_tensors.size() + all_vectors.size()> memory_;
  std::vector<Values> extra_;
};

}  // namespace normproof::tests

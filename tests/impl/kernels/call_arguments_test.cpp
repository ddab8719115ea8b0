// Do the built-in kernels refuse what makes no sense, with nothing written, and accept what may be left out?
#include "impl/kernels/call_arguments.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <limits>
#include <map>
#include <string>

#include "tests/impl/kernels/sample_call.hpp"

namespace normproof::tests {
namespace {

// One call for each built-in kernel, changed by `change`; the status must be `expected`, and no memory changed.
void every_kernel_refuses(normproof_status expected, const std::function<void(SampleCall&)>& change) {
  for (const normproof_kernel* kernel : builtin_kernels()) {
    SampleCall sample(*kernel, 2, 3, 4);
    change(sample);
    const auto before = sample.memory();
    EXPECT_EQ(sample.run(), expected) << kernel->name;
    EXPECT_EQ(sample.memory(), before) << kernel->name;
  }
}

TEST(EveryBuiltinKernel, accepts_the_sample_that_the_other_tests_spoil) {
  for (const normproof_kernel* kernel : builtin_kernels()) {
    SampleCall sample(*kernel, 2, 3, 4);
    EXPECT_EQ(sample.run(), NORMPROOF_OK) << kernel->name;
  }
}

TEST(EveryBuiltinKernel, refuses_a_negative_eps) {
  every_kernel_refuses(NORMPROOF_BAD_ARGUMENT, [](SampleCall& sample) { sample.call.eps = -1e-5; });
}

TEST(EveryBuiltinKernel, refuses_an_eps_that_is_no_number) {
  every_kernel_refuses(NORMPROOF_BAD_ARGUMENT, [](SampleCall& sample) { sample.call.eps = std::nan(""); });
}

TEST(EveryBuiltinKernel, refuses_a_call_of_a_smaller_size) {
  every_kernel_refuses(NORMPROOF_BAD_ARGUMENT, [](SampleCall& sample) { --sample.call.size; });
  every_kernel_refuses(NORMPROOF_BAD_ARGUMENT, [](SampleCall& sample) { sample.call.size = 0; });
}

TEST(EveryBuiltinKernel, accepts_a_call_of_a_larger_size) {
  for (const normproof_kernel* kernel : builtin_kernels()) {
    SampleCall sample(*kernel, 2, 3, 4);
    sample.call.size += 64;
    EXPECT_EQ(sample.run(), NORMPROOF_OK) << kernel->name;
  }
}

TEST(EveryBuiltinKernel, refuses_no_call_at_all) {
  for (const normproof_kernel* kernel : builtin_kernels()) EXPECT_EQ(kernel->run(nullptr), NORMPROOF_BAD_ARGUMENT);
}

TEST(EveryBuiltinKernel, refuses_another_operation) {
  every_kernel_refuses(NORMPROOF_BAD_ARGUMENT,
                       [](SampleCall& sample) { sample.call.op = sample.call.op % NORMPROOF_FN_BACKWARD + 1; });
}

TEST(EveryBuiltinKernel, refuses_a_variance_kind_that_it_does_not_know) {
  every_kernel_refuses(NORMPROOF_BAD_ARGUMENT, [](SampleCall& sample) { sample.call.running_variance = 2; });
}

TEST(EveryBuiltinKernel, refuses_negative_counts) {
  every_kernel_refuses(NORMPROOF_BAD_ARGUMENT, [](SampleCall& sample) {
    for (const TensorOperand t : all_tensors) (sample.call.*t).batch = -2;
  });
}

TEST(EveryBuiltinKernel, refuses_tensors_of_different_shapes) {
  every_kernel_refuses(NORMPROOF_BAD_ARGUMENT, [](SampleCall& sample) { sample.call.x.spatial = 3; });
}

TEST(EveryBuiltinKernel, refuses_vectors_of_another_length_than_the_channels) {
  every_kernel_refuses(NORMPROOF_BAD_ARGUMENT, [](SampleCall& sample) { sample.call.gamma.length = 2; });
}

TEST(EveryBuiltinKernel, says_unsupported_to_a_type_that_it_does_not_have) {
  for (const normproof_dtype reserved : {NORMPROOF_BF16, NORMPROOF_F16}) {
    every_kernel_refuses(NORMPROOF_UNSUPPORTED, [&](SampleCall& sample) { sample.call.x.dtype = reserved; });
    every_kernel_refuses(NORMPROOF_UNSUPPORTED, [&](SampleCall& sample) { sample.call.gamma.dtype = reserved; });
  }
}

TEST(EveryBuiltinKernel, says_unsupported_to_a_negative_stride) {
  every_kernel_refuses(NORMPROOF_UNSUPPORTED, [](SampleCall& sample) { sample.call.x.channel_stride = -1; });
}

TEST(EveryBuiltinKernel, takes_no_meaning_from_a_stride_over_one_element) {
  for (const normproof_kernel* kernel : builtin_kernels()) {
    SampleCall sample(*kernel, 3, 2, 1);
    for (const TensorOperand t : all_tensors) (sample.call.*t).spatial_stride = -1000000;
    EXPECT_EQ(sample.run(), NORMPROOF_OK) << kernel->name;
  }
}

// Which operands an operation needs stands in the table of impl/kernel.h; here it is written a second time.
TEST(EveryBuiltinKernel, refuses_a_call_without_an_operand_that_it_needs) {
  struct Needed {
    std::vector<TensorOperand> tensors;
    std::vector<VectorOperand> vectors;
  };
  using C = normproof_call;
  const std::map<int, Needed> by_operation = {
      {NORMPROOF_BN_TRAIN, {{&C::x, &C::y}, {}}},
      {NORMPROOF_BN_INFER, {{&C::x, &C::y}, {&C::running_mean, &C::running_var}}},
      {NORMPROOF_BN_TRAIN_BACKWARD, {{&C::x, &C::dy}, {&C::saved_mean, &C::saved_inv_std}}},
      {NORMPROOF_BN_INFER_BACKWARD, {{&C::x, &C::dy}, {&C::running_mean, &C::running_var}}},
      {NORMPROOF_FN_TRAIN, {{&C::x, &C::y}, {&C::fn_mean, &C::fn_square}}},
      {NORMPROOF_FN_INFER, {{&C::x, &C::y}, {&C::fn_mean, &C::fn_square}}},
      {NORMPROOF_FN_BACKWARD, {{&C::x, &C::dy}, {&C::fn_mean, &C::fn_square}}},
  };
  const auto expect_refusal_without = [](const std::string& name, auto operand) {
    SampleCall sample(kernel_named(name), 2, 3, 4);
    sample.remove(operand);
    const auto before = sample.memory();
    EXPECT_EQ(sample.run(), NORMPROOF_BAD_ARGUMENT) << name;
    EXPECT_EQ(sample.memory(), before) << name;
  };
  for (const normproof_kernel* kernel : builtin_kernels()) {
    const Needed& needed = by_operation.at(kernel->op);
    for (const TensorOperand t : needed.tensors) expect_refusal_without(kernel->name, t);
    for (const VectorOperand v : needed.vectors) expect_refusal_without(kernel->name, v);
  }
}

TEST(EveryBuiltinKernel, does_without_every_operand_that_may_be_absent) {
  for (const normproof_kernel* kernel : builtin_kernels()) {
    const auto op = static_cast<normproof_op>(kernel->op);
    SampleCall sample(*kernel, 2, 3, 4);
    for (const auto& [operand, by_operation] : kernels::tensor_uses)
      if (kernels::use_of(by_operation, op) != 'r') sample.remove(operand);
    for (const auto& [operand, by_operation] : kernels::vector_uses)
      if (kernels::use_of(by_operation, op) != 'r') sample.remove(operand);
    EXPECT_EQ(sample.run(), NORMPROOF_OK) << kernel->name;
  }
}

TEST(EveryBuiltinKernel, writes_nothing_but_its_outputs) {
  for (const normproof_kernel* kernel : builtin_kernels()) {
    const auto op = static_cast<normproof_op>(kernel->op);
    const bool trains = op == NORMPROOF_BN_TRAIN, updates = op == NORMPROOF_FN_TRAIN;
    using C = normproof_call;
    SampleCall sample(*kernel, 2, 3, 4);
    sample.set(&C::x, Values(24, 5));
    sample.set(&C::dy, Values(24, 2));
    SampleCall before(*kernel, 2, 3, 4);
    before.set(&C::x, Values(24, 5));
    before.set(&C::dy, Values(24, 2));
    ASSERT_EQ(sample.run(), NORMPROOF_OK);
    const auto kept = [&](auto operand) { return sample.values(operand) == before.values(operand); };
    const bool backward = !kept(&C::dx);
    EXPECT_EQ(kept(&C::y), backward) << kernel->name;
    EXPECT_TRUE(kept(&C::x) && kept(&C::dy) && kept(&C::gamma) && kept(&C::beta)) << kernel->name;
    EXPECT_EQ(kept(&C::dgamma), !backward) << kernel->name;
    EXPECT_EQ(kept(&C::dbeta), !backward) << kernel->name;
    EXPECT_EQ(kept(&C::running_mean), !trains) << kernel->name;
    EXPECT_EQ(kept(&C::saved_mean), !trains) << kernel->name;
    EXPECT_EQ(kept(&C::saved_inv_std), !trains) << kernel->name;
    EXPECT_EQ(kept(&C::fn_mean), !updates) << kernel->name;
    EXPECT_EQ(kept(&C::fn_square), !updates) << kernel->name;
  }
}

TEST(EveryBuiltinKernel, accepts_a_batch_of_nothing) {
  for (const normproof_kernel* kernel : builtin_kernels()) {
    for (const auto& [batch, channels, spatial] : {std::array{0, 3, 4}, std::array{2, 3, 0}, std::array{2, 0, 4}}) {
      SampleCall sample(*kernel, batch, channels, spatial);
      for (const TensorOperand t : all_tensors) sample.remove(t);
      if (channels == 0)
        for (const VectorOperand v : all_vectors) sample.remove(v);
      EXPECT_EQ(sample.run(), NORMPROOF_OK) << kernel->name;
    }
  }
}

}  // namespace
}  // namespace normproof::tests

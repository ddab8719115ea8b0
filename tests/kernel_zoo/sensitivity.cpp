// How small an error does each check catch? Prints the table as Markdown: docs/sensitivity.md is made by it.
//
// Call      sensitivity [CHECK], at quick effort.
// Planted   The built-in kernel in double of each operation, right but for one number: of every call one output in f32
//           is drawn, of it one number that is finite and not 0, and that is multiplied by 1 + 2^j u, u = 2^-24. What
//           is drawn depends on the seed and on the call alone, so that the kernel is deterministic.
// Figure    The smallest 2^j, in units of u, at which the check has a finding with each of `seeds` seeds. If it missed
//           such an error in one run of a hundred or more, all of them would find it with a probability of at most
//           0.99^299 = 0.0495: so it catches the error with 99 %, at a confidence of 95 %. Smaller errors are tried
//           first; at the first seed that misses, the next larger one is.
#include <array>
#include <bit>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <iostream>
#include <vector>

#include "impl/kernels/builtin.hpp"
#include "proofs_checks/conformance/case_maker.hpp"
#include "proofs_checks/inputs/random_stream.hpp"
#include "tests/kernel_zoo/zoo_runs.hpp"

namespace normproof::zoo {
namespace {

constexpr std::uint64_t seeds = 299;
constexpr int largest_exponent = 23;  // an error of one half

// ---- the kernels that are wrong in one number

struct Planted {
  const normproof_kernel* honest = nullptr;
  std::uint64_t seed = 0;
  double relative_error = 0;
};
Planted planted;  // of a kernel `run` knows nothing but its call

// The numbers of one output.
struct Output {
  float* data;
  std::array<std::int64_t, 3> extents, strides;
  std::int64_t size() const { return extents[0] * extents[1] * extents[2]; }
  float& at(std::int64_t i) const {
    const std::int64_t spatial = i % extents[2], rest = i / extents[2];
    return data[rest / extents[1] * strides[0] + rest % extents[1] * strides[1] + spatial * strides[2]];
  }
};

void add(std::vector<Output>& outputs, const normproof_tensor& of) {
  if (of.data == nullptr || of.dtype != NORMPROOF_F32 || of.batch * of.channels * of.spatial == 0) return;
  outputs.push_back({static_cast<float*>(of.data),
                     {of.batch, of.channels, of.spatial},
                     {of.batch_stride, of.channel_stride, of.spatial_stride}});
}

void add(std::vector<Output>& outputs, const normproof_vector& of) {
  if (of.data == nullptr || of.dtype != NORMPROOF_F32 || of.length == 0) return;
  outputs.push_back({static_cast<float*>(of.data), {1, 1, of.length}, {0, 0, 1}});
}

std::vector<Output> outputs_of(const normproof_call& call) {
  std::vector<Output> outputs;
  const bool backward = conformance::is_backward(static_cast<normproof_op>(call.op));
  add(outputs, backward ? call.dx : call.y);
  if (backward) {
    add(outputs, call.dgamma);
    add(outputs, call.dbeta);
  }
  if (call.op == NORMPROOF_BN_TRAIN)
    for (const normproof_vector* of : {&call.running_mean, &call.running_var, &call.saved_mean, &call.saved_inv_std})
      add(outputs, *of);
  if (call.op == NORMPROOF_FN_TRAIN)
    for (const normproof_vector* of : {&call.fn_mean, &call.fn_square}) add(outputs, *of);
  return outputs;
}

// The same for the same call, wherever its operands lie.
std::uint64_t mark_of(const normproof_call& call) {
  double first = 0;
  if (call.x.batch * call.x.channels * call.x.spatial > 0) {
    first = call.x.dtype == NORMPROOF_F32 ? *static_cast<const float*>(call.x.data)
                                          : *static_cast<const double*>(call.x.data);
  }
  std::uint64_t mark = planted.seed;
  for (const std::uint64_t part :
       {static_cast<std::uint64_t>(call.x.batch), static_cast<std::uint64_t>(call.x.channels),
        static_cast<std::uint64_t>(call.x.spatial), std::bit_cast<std::uint64_t>(first)}) {
    constexpr std::uint64_t odd = 0x9e3779b97f4a7c15;  // 2^64 over the golden ratio
    mark = (std::rotl(mark, 23) ^ part) * odd;
  }
  return mark;
}

normproof_status run_planted(const normproof_call* call) {
  const std::uint64_t mark = mark_of(*call);  // before an output takes the place of x
  const normproof_status status = planted.honest->run(call);
  if (status != NORMPROOF_OK) return status;
  const std::vector<Output> outputs = outputs_of(*call);
  if (outputs.empty()) return status;
  inputs::RandomStream stream(mark, "planted");
  constexpr int most_tries = 16;
  for (int i = 0; i < most_tries; ++i) {
    const Output& output = outputs[stream.below(outputs.size())];
    float& number = output.at(static_cast<std::int64_t>(stream.below(static_cast<std::uint64_t>(output.size()))));
    if (!std::isfinite(number) || number == 0) continue;
    number = static_cast<float>(number * (1 + planted.relative_error));
    break;
  }
  return status;
}

// ---- what a check catches

bool catches(CaseRunner& runner, const std::string& check, const normproof_kernel& kernel, double error) {
  planted.relative_error = error;
  for (planted.seed = 0; planted.seed < seeds; ++planted.seed) {
    const std::vector<Case> cases = cases_of(check, kernel, {evidence::Effort::quick, planted.seed});
    if (!first_caught(runner, kernel.name, cases, [](const Finding&) { return true; })) return false;
  }
  return true;
}

std::string figure(CaseRunner& runner, const std::string& check, const normproof_kernel& kernel) {
  if (cases_of(check, kernel, {evidence::Effort::quick, 0}).empty()) return "";
  for (int exponent = 0; exponent <= largest_exponent; ++exponent)
    if (catches(runner, check, kernel, std::ldexp(1, exponent - 24))) return std::to_string(1L << exponent);
  return "–";
}

void print(std::string_view only) {
  const normproof_library* builtin = kernels::builtin_library();
  std::vector<normproof_kernel> kernels(builtin->kernels, builtin->kernels + builtin->count);
  // One of each operation.
  const auto is_in_double = [](const normproof_kernel& kernel) { return (kernel.dtypes & (1u << NORMPROOF_F64)) != 0; };
  std::cout << "| check |";
  for (const normproof_kernel& kernel : kernels)
    if (is_in_double(kernel)) std::cout << " " << conformance::word(static_cast<normproof_op>(kernel.op)) << " |";
  std::cout << "\n|---|";
  for (const normproof_kernel& kernel : kernels)
    if (is_in_double(kernel)) std::cout << "---|";
  std::cout << "\n";
  for (const conformance::NamedCheck& check : conformance::check_catalogue()) {
    if (!only.empty() && only != check.id) continue;
    std::cout << "| " << check.id << " |";
    for (std::size_t i = 0; i < kernels.size(); ++i) {
      if (!is_in_double(kernels[i])) continue;
      planted.honest = builtin->kernels + i;
      kernels[i].run = run_planted;
      // forward_backward calls the library's bn_train too: that one is right.
      std::vector<const normproof_kernel*> library = {&kernels[i]};
      for (std::size_t k = 0; k < builtin->count; ++k)
        if (k != i) library.push_back(builtin->kernels + k);
      const auto runner = conformance::in_this_process(library)();
      std::cout << " " << figure(*runner, check.id, kernels[i]) << " |" << std::flush;
    }
    std::cout << "\n";
  }
}

}  // namespace
}  // namespace normproof::zoo

int main(int argc, char** argv) {
  if (argc > 2) {
    std::cerr << "sensitivity [CHECK]\n";
    return 2;
  }
  normproof::zoo::print(argc == 2 ? argv[1] : "");
}

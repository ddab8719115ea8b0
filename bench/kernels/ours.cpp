// How are our kernels called? Through the C interface, as by everybody; and the plain ones, in double, likewise.
#include <memory>
#include <stdexcept>
#include <string_view>

#include "bench/kernels/contender.hpp"
#include "impl/kernel.h"
#include "impl/kernels/builtin.hpp"
#include "impl/kernels/vector/dispatch.hpp"
#include "impl/kernels/vector/plan.hpp"

namespace normproof::bench {
namespace {

const normproof_kernel& kernel(std::string_view name) {
  const normproof_library& library = *kernels::builtin_library();
  for (std::uint32_t k = 0; k < library.count; ++k)
    if (library.kernels[k].name == name) return library.kernels[k];
  throw std::runtime_error("no kernel " + std::string(name));
}

struct Names {
  const char *fast, *plain;
};
Names names_of(Operation operation) {
  switch (operation) {
    case Operation::forward: return {"batch_norm_train_shifted", "batch_norm_train_two_pass"};
    case Operation::inference: return {"batch_norm_infer_vectorized", "batch_norm_infer_plain"};
    case Operation::backward: return {"batch_norm_train_backward_vectorized", "batch_norm_train_backward_two_pass"};
    case Operation::full_norm_forward: return {"full_norm_train_vectorized", "full_norm_train_plain"};
    case Operation::full_norm_backward: return {"full_norm_backward_vectorized", "full_norm_backward_plain"};
  }
  return {};
}

// The call, and what it writes besides its result.
struct Prepared {
  normproof_call call = {};
  std::vector<float> saved_mean, saved_mean_low, saved_inv_std, dgamma, dbeta;
  std::vector<double> fn_mean, fn_mean_low, fn_square;
};

normproof_vector in(std::vector<float>& values) {
  return {values.data(), NORMPROOF_F32, static_cast<std::int64_t>(values.size())};
}
normproof_vector in(std::vector<double>& values) {
  return {values.data(), NORMPROOF_F64, static_cast<std::int64_t>(values.size())};
}

std::shared_ptr<Prepared> prepare(Problem& problem, Block block, int threads) {
  const Shape& shape = problem.shape;
  const auto prepared = std::make_shared<Prepared>();
  normproof_call& call = prepared->call;
  const auto tensor = [&](float* data) {
    const bool last = block > 1;
    const std::int64_t channels = shape.channels, spatial = shape.spatial();
    return normproof_tensor{data,    NORMPROOF_F32,      shape.batch,        channels,
                            spatial, channels * spatial, last ? 1 : spatial, last ? channels : 1};
  };
  const auto channels = static_cast<std::size_t>(shape.channels);
  const auto place = [&](std::vector<float>& values) {
    values.resize(channels);
    return in(values);
  };
  call.size = sizeof call;
  call.eps = Problem::eps;
  call.momentum = Problem::momentum;
  call.threads = threads;
  call.x = tensor(problem.x(block));
  call.gamma = in(problem.gamma);
  const bool backward = is_backward(problem.operation);
  if (!backward) {
    call.y = tensor(problem.result(block));
    call.beta = in(problem.beta);
  } else {
    call.dy = tensor(problem.dy(block));
    call.dx = tensor(problem.result(block));
    call.dgamma = place(prepared->dgamma);
    call.dbeta = place(prepared->dbeta);
  }
  switch (problem.operation) {
    case Operation::forward:
      call.op = NORMPROOF_BN_TRAIN;
      call.saved_mean = place(prepared->saved_mean);
      call.saved_mean_low = place(prepared->saved_mean_low);
      call.saved_inv_std = place(prepared->saved_inv_std);
      break;
    case Operation::inference:
      call.op = NORMPROOF_BN_INFER;
      call.running_mean = in(problem.mean);
      call.running_var = in(problem.variance);
      break;
    case Operation::backward:
      call.op = NORMPROOF_BN_TRAIN_BACKWARD;
      call.saved_mean = in(problem.mean);
      call.saved_mean_low = in(problem.mean_low);
      call.saved_inv_std = in(problem.inv_std);
      break;
    case Operation::full_norm_forward:
    case Operation::full_norm_backward:
      call.op = backward ? NORMPROOF_FN_BACKWARD : NORMPROOF_FN_TRAIN;
      prepared->fn_mean = problem.exact_mean;
      prepared->fn_mean_low.assign(channels, 0);
      for (std::size_t c = 0; c < channels; ++c)
        prepared->fn_square.push_back(problem.exact_variance[c] + problem.exact_mean[c] * problem.exact_mean[c]);
      call.fn_mean = in(prepared->fn_mean);
      call.fn_mean_low = in(prepared->fn_mean_low);
      call.fn_square = in(prepared->fn_square);
      break;
  }
  return prepared;
}

Contender contender(Contender::Kind kind, const std::string& name, const char* kernel_name, Problem& problem,
                    Block block, int threads) {
  const auto prepared = prepare(problem, block, threads);
  const auto run = kernel(kernel_name).run;
  return {.name = name,
          .kind = kind,
          .run =
              [prepared, run, kernel_name] {
                if (run(&prepared->call) != NORMPROOF_OK)
                  throw std::runtime_error(std::string(kernel_name) + " failed");
              },
          .outputs =
              [prepared, &problem, block] {
                return Outputs{problem.in_planes(problem.result(block), block), prepared->dgamma, prepared->dbeta};
              }};
}

void add(Problem& problem, int threads, Contenders& contenders) {
  const Names names = names_of(problem.operation);
  using Kind = Contender::Kind;
  if (threads == 1) contenders.push_back(contender(Kind::reference, "reference", names.plain, problem, 1, 1));
  const Block last = problem.shape.channels;
  if (problem.shape.is_matrix()) {
    contenders.push_back(contender(Kind::ours, "ours:nc", names.fast, problem, last, threads));
    return;
  }
  contenders.push_back(contender(Kind::ours, "ours:nchw", names.fast, problem, 1, threads));
  contenders.push_back(contender(Kind::ours, "ours:nhwc", names.fast, problem, last, threads));
}

}  // namespace

Source ours() {
  const std::string target = kernels::vector::vector_target_in_use().name;
  const std::string cache = std::to_string(kernels::vector::cache_sizes().second_level / 1024);
  return {"normproof", NORMPROOF_VERSION " (" + target + ", second-level cache " + cache + " KiB)", add, nullptr};
}

}  // namespace normproof::bench

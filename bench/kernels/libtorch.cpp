// How is libtorch called? native_batch_norm and its backward, which at::batch_norm comes to, on contiguous tensors,
// channels_last ones and matrices.
//
// libtorch 1.13 cannot write to memory that is given (its out variants have no CPU code): it allocates y or dx in every
// call. The main program keeps the system from taking that memory back, so that it costs no page faults.
#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <torch/csrc/api/include/torch/version.h>

#include <array>
#include <memory>

#include "bench/kernels/contender.hpp"

namespace normproof::bench {
namespace {

struct Prepared {
  at::Tensor x, dy, gamma, beta, mean, variance, inv_std;
  at::Tensor result, first, second;  // y or dx; saved statistics or the gradients
};

at::Tensor tensor(const Shape& s, float* data, bool channels_last) {
  if (s.is_matrix()) return at::from_blob(data, {s.batch, s.channels}, at::kFloat);
  const std::int64_t c = s.channels, h = s.height, w = s.width;
  if (!channels_last) return at::from_blob(data, {s.batch, c, h, w}, at::kFloat);
  return at::from_blob(data, {s.batch, c, h, w}, {c * h * w, 1, w * c, c}, at::kFloat);
}
at::Tensor vector(std::vector<float>& values) {
  return at::from_blob(values.data(), {static_cast<std::int64_t>(values.size())}, at::kFloat);
}
std::vector<float> values_of(const at::Tensor& v) { return {v.data_ptr<float>(), v.data_ptr<float>() + v.numel()}; }

void run(Operation operation, Prepared& p) {
  const c10::InferenceMode no_gradients;
  p.result.reset();
  if (operation == Operation::backward) {
    std::tie(p.result, p.first, p.second) = at::native_batch_norm_backward(
        p.dy, p.x, p.gamma, {}, {}, p.mean, p.inv_std, true, Problem::eps, {true, true, true});
    return;
  }
  const bool training = operation == Operation::forward;
  const auto given = [&](const at::Tensor& v) { return training ? c10::optional<at::Tensor>() : v; };
  std::tie(p.result, p.first, p.second) = at::native_batch_norm(p.x, p.gamma, p.beta, given(p.mean), given(p.variance),
                                                                training, Problem::momentum, Problem::eps);
}

void add(Problem& problem, int, Contenders& contenders) {
  const Operation operation = problem.operation;
  if (operation == Operation::full_norm_forward || operation == Operation::full_norm_backward) return;
  const Shape& shape = problem.shape;
  for (const bool channels_last : {false, true}) {
    if (shape.is_matrix() && channels_last) continue;
    const Block block = channels_last ? shape.channels : 1;
    const auto prepared = std::make_shared<Prepared>();
    prepared->x = tensor(shape, problem.x(block), channels_last);
    if (is_backward(operation)) prepared->dy = tensor(shape, problem.dy(block), channels_last);
    prepared->gamma = vector(problem.gamma);
    prepared->beta = vector(problem.beta);
    prepared->mean = vector(problem.mean);
    prepared->variance = vector(problem.variance);
    prepared->inv_std = vector(problem.inv_std);
    const std::string layout = shape.is_matrix() ? "nc" : channels_last ? "nhwc" : "nchw";
    contenders.push_back({.name = "libtorch:" + layout,
                          .kind = Contender::Kind::peer,
                          .run = [prepared, operation] { run(operation, *prepared); },
                          .outputs =
                              [prepared, operation] {
                                Outputs written;
                                written.elements = values_of(prepared->result.contiguous());
                                if (!is_backward(operation)) return written;
                                written.dgamma = values_of(prepared->first);
                                written.dbeta = values_of(prepared->second);
                                return written;
                              }});
  }
}

}  // namespace

Source libtorch() {
  return {"libtorch", TORCH_VERSION " (" NORMPROOF_BENCH_LIBTORCH ")", add,
          [](int threads) { at::set_num_threads(threads); }};
}

}  // namespace normproof::bench

// Which fault? A path for a batch of one takes the saved statistics at the spatial index (FC25).
#include "tests/kernel_zoo/zoo_kernel.hpp"

namespace normproof::zoo::faulty {
namespace {

// The path for one sample. The index is kept inside the vectors, so that it shows as wrong values.
void one_sample(const normproof_call& call, std::int64_t c) {
  Sum dbeta, dgamma;
  const auto of_place = [&](std::int64_t s) {
    return saved_statistics(call, s % call.x.channels);  // fault: the statistics belong to c
  };
  each_place(call.x, [&](auto b, auto s) {
    dbeta.add(get(call.dy, b, c, s));
    dgamma.add(get(call.dy, b, c, s) * x_hat_of(get(call.x, b, c, s), of_place(s)));
  });
  const GradientSums sums = {dbeta.value(), dgamma.value()};
  const double gamma = get(call.gamma, c, 1), m = static_cast<double>(call.x.spatial);
  if (call.dx.data != nullptr) {
    each_place(call.x, [&](auto b, auto s) {
      const double x_hat = x_hat_of(get(call.x, b, c, s), of_place(s));
      const double dy = get(call.dy, b, c, s);
      set(call.dx, b, c, s, BackwardSteps::input_gradient(dy, x_hat, gamma, of_place(s), sums, m));
    });
  }
  BackwardSteps::write_parameter_gradients(call, c, sums);
}

normproof_status run(const normproof_call* call) {
  if (const normproof_status status = BackwardSteps::check(call); status != NORMPROOF_OK) return status;
  if (call->x.batch != 1) return backward<BackwardSteps>(call);
  for (std::int64_t c = 0; c < call->x.channels; ++c) one_sample(*call, c);
  return NORMPROOF_OK;
}

}  // namespace

FaultyKernel backward_single_sample_wrong_index() {
  return {declare("backward_single_sample_wrong_index", "batch of one: saved statistics by the wrong index",
                  NORMPROOF_BN_TRAIN_BACKWARD, &run),
          "FC25",
          "with one sample the statistics are taken at s, not at c",
          {"few_values", "block_sizes", "layouts", "limits"},
          FindingKind::value};
}

}  // namespace normproof::zoo::faulty

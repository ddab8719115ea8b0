// Honest training: each thread sums a share of every channel; shares are merged in their order.
#include <new>
#include <vector>

#include "tests/kernel_zoo/chunks.hpp"
#include "tests/kernel_zoo/zoo_kernel.hpp"

namespace normproof::zoo::honest {
namespace {

// Σ term(n) over a channel. There are as many parts as threads: another number of threads, other roundings.
template <class Term>
double threaded_sum(std::int64_t count, int threads, Term term) {
  const std::int64_t chunks = std::clamp<std::int64_t>(threads, 1, count);
  std::vector<double> parts(static_cast<std::size_t>(chunks));
  for_each_chunk(chunks, threads, [&](std::int64_t chunk) {
    Sum sum;
    const std::int64_t last = start_of(chunk + 1, chunks, count);
    for (std::int64_t n = start_of(chunk, chunks, count); n < last; ++n) sum.add(term(n));
    parts[static_cast<std::size_t>(chunk)] = sum.value();
  });
  double sum = 0;
  for (const double part : parts) sum += part;
  return sum;
}

void train_one(const normproof_call& call, std::int64_t c) {
  const Channel x{call.x, c};
  const double m = static_cast<double>(x.count());
  const double mean = threaded_sum(x.count(), call.threads, [&](std::int64_t n) { return x[n]; }) / m;
  const double variance =
      threaded_sum(x.count(), call.threads, [&](std::int64_t n) { return (x[n] - mean) * (x[n] - mean); }) / m;
  const double inv_std = TrainSteps::inv_std(variance, call.eps);
  each_place(call.x, [&](auto b, auto s) {
    const double value = get(call.x, b, c, s);
    set(call.y, b, c, s, TrainSteps::output(value, mean, inv_std, get(call.gamma, c, 1), get(call.beta, c)));
  });
  if (TrainSteps::updates_running(call, x.count())) {
    set(call.running_mean, c, TrainSteps::new_running_mean(call, get(call.running_mean, c), mean));
    set(call.running_var, c, TrainSteps::new_running_var(call, get(call.running_var, c), variance, x.count()));
  }
  TrainSteps::save(call, c, mean, inv_std);
}

normproof_status run(const normproof_call* call) try {
  if (const normproof_status status = TrainSteps::check(call); status != NORMPROOF_OK) return status;
  if (call->x.batch * call->x.spatial == 0) return NORMPROOF_OK;
  for (std::int64_t c = 0; c < call->x.channels; ++c) train_one(*call, c);
  return NORMPROOF_OK;
} catch (const std::bad_alloc&) {
  return NORMPROOF_FAILED;
}

}  // namespace

normproof_kernel train_threads_over_samples() {
  return declare("train_threads_over_samples", "per-thread sums in double, merged in fixed order", NORMPROOF_BN_TRAIN,
                 &run, f32_and_f64, NORMPROOF_ANY_STRIDES | NORMPROOF_IN_PLACE);
}

}  // namespace normproof::zoo::honest

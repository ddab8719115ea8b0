// Honest training: sums in double in an order that differs from call to call, as threads with one atomic sum have it.
//
// For f32 alone: in f64 one long chain of sums is a fault. It promises no bits.
#include "tests/kernel_zoo/any_order.hpp"
#include "tests/kernel_zoo/zoo_kernel.hpp"

namespace normproof::zoo::honest {
namespace {

template <class Term>
double mean_in_any_order(const Channel& x, Term term) {
  const std::int64_t count = x.count(), first = first_in_this_call(count);
  double sum = 0;
  for (std::int64_t n = 0; n < count; ++n) sum += term(x[(first + n) % count]);
  return sum / static_cast<double>(count);
}

struct Steps : TrainSteps {
  static double mean(const Channel& x) {
    return mean_in_any_order(x, [](double value) { return value; });
  }
  static double variance(const Channel& x, double mean) {
    return mean_in_any_order(x, [mean](double value) { return (value - mean) * (value - mean); });
  }
};

}  // namespace

normproof_kernel train_any_order() {
  return declare("train_any_order", "two passes in double, in any order", NORMPROOF_BN_TRAIN, &train<Steps>, f32_only,
                 NORMPROOF_ANY_STRIDES | NORMPROOF_IN_PLACE);
}

}  // namespace normproof::zoo::honest

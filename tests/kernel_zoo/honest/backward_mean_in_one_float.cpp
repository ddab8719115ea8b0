// Honest backward pass: the two parts of the mean are added and rounded to one float.
//
// The mean is then off by u·|mean| at most, which a bound that knows the condition of the data allows.
#include "tests/kernel_zoo/zoo_kernel.hpp"

namespace normproof::zoo::honest {
namespace {

struct Steps : BackwardSteps {
  static Statistics statistics(const normproof_call& call, std::int64_t c) {
    const Statistics of = saved_statistics(call, c);
    return {static_cast<double>(static_cast<float>(of.mean + of.mean_low)), 0, of.inv_std, true};
  }
};

}  // namespace

normproof_kernel backward_mean_in_one_float() {
  return declare("backward_mean_in_one_float", "the mean is rounded to one float", NORMPROOF_BN_TRAIN_BACKWARD,
                 &backward<Steps>, f32_only);
}

}  // namespace normproof::zoo::honest

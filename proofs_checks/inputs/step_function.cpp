// How is a step function after batch norm differentiated?
#include "proofs_checks/inputs/step_function.hpp"

#include "impl/reference/deep_batch_norm.hpp"
#include "proofs_checks/inputs/adapters.hpp"

namespace normproof::inputs {

Side derivative_of_step() {
  return derivative_along(
      Witness::reference, "the derivative along v of ⟨dy, φ(BN(x))⟩, φ(u) = 1 for u > 0, else 0", "x", "v",
      [](const auto& in) {
        using T = std::decay_t<decltype(in("x")(0))>;
        const std::vector<T> h_hat = reference::deep_normalized<T>(row_major(in("x")), {in.sizes.batch, 1});
        T sum = T(0);
        for (std::size_t i = 0; i < h_hat.size(); ++i) sum += row_major(in("dy"))[i] * relu_slope(h_hat[i]);
        return sum;
      });
}

}  // namespace normproof::inputs

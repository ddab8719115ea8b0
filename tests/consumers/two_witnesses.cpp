// Do the two witnesses agree on one gradient, seen from somebody else's project?
//
// Batch of 2, one channel: x = (−1, 1), ε = 3, so σ² = 1 and s = √(σ² + ε) = 2. Every intermediate value is a short
// binary fraction: both computations are exact in double and must agree to the last bit.
#include <array>
#include <cstdio>
#include <span>

#include "impl/reference/batch_norm.hpp"
#include "theory/gradients/batch_norm_compact.hpp"
#include "theory/training_batch.hpp"

bool claims_are_there();

int main() {
  normproof::theory::TrainingBatch<double> batch;
  batch.x.resize(2, 1);
  batch.x << -1.0, 1.0;
  batch.dy.resize(2, 1);
  batch.dy << 1.0, 0.0;
  batch.gamma.resize(1);
  batch.gamma << 2.0;
  batch.beta.resize(1);
  batch.beta << 0.5;
  batch.eps = 3.0;
  const auto analytic = normproof::theory::compact_input_gradient(batch);

  const std::array<double, 2> x = {-1.0, 1.0}, dy = {1.0, 0.0};
  const std::array<double, 1> gamma = {2.0};
  std::array<double, 2> dx = {};
  std::array<double, 1> dgamma = {}, dbeta = {};
  normproof::reference::batch_norm_backward(std::span<const double>(x), std::span<const double>(dy),
                                            normproof::reference::Extents{2, 1}, std::span<const double>(gamma), 3.0,
                                            std::span<double>(dx), std::span<double>(dgamma), std::span<double>(dbeta));

  std::printf("theory %g %g, reference %g %g\n", analytic(0, 0), analytic(1, 0), dx[0], dx[1]);
  const bool agree = analytic(0, 0) == 0.375 && analytic(1, 0) == -0.375 && dx[0] == 0.375 && dx[1] == -0.375;
  return agree && claims_are_there() ? 0 : 1;
}

// What does one exact check of a gradient cost?
//
// One trial: at a random point modulo a 61-bit prime, the derivative of the reference forward pass along v, by dual
// numbers, against the closed form:  Σ g_i dy_i[v] = Σ (∂ℓ/∂x_i) v_i. One channel, which must agree to the last bit.
#include <benchmark/benchmark.h>

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "impl/reference/batch_norm.hpp"
#include "proofs_checks/inputs/random_stream.hpp"
#include "proofs_checks/numbers/dual.hpp"
#include "proofs_checks/numbers/prime_field.hpp"
#include "theory/gradients/batch_norm_compact.hpp"

namespace {

using normproof::inputs::RandomStream;
using normproof::numbers::Dual;
using normproof::numbers::PrimeField;
using Batch = normproof::theory::TrainingBatch<PrimeField>;

PrimeField random_element(RandomStream& random) { return PrimeField::from_residue(random.below(PrimeField::prime())); }

// A batch of one channel whose σ² + ε has a root in the field.
Batch random_batch(int size, RandomStream& random) {
  for (;;) {
    Batch b;
    b.x.resize(size, 1);
    b.dy.resize(size, 1);
    b.gamma.resize(1);
    b.beta.resize(1);
    for (int i = 0; i < size; ++i) {
      b.x(i, 0) = random_element(random);
      b.dy(i, 0) = random_element(random);
    }
    b.gamma(0) = random_element(random);
    b.beta(0) = random_element(random);
    b.eps = random_element(random);
    if ((normproof::theory::biased_variance(b.x)(0) + b.eps).is_residue()) return b;
  }
}

void exact_gradient_check(benchmark::State& state) {
  const int size = static_cast<int>(state.range(0));
  RandomStream random(7, "bench", "exact_gradient_check");
  const PrimeField::Scope field(normproof::numbers::prime_from_bits(random.next_uint64()), 0);
  const Batch b = random_batch(size, random);
  std::vector<Dual<PrimeField>> x, y(static_cast<std::size_t>(size));
  for (int i = 0; i < size; ++i) x.push_back({b.x(i, 0), random_element(random)});
  const std::vector<Dual<PrimeField>> gamma = {Dual<PrimeField>(b.gamma(0))}, beta = {Dual<PrimeField>(b.beta(0))};
  const Dual<PrimeField> eps(b.eps);

  for (auto _ : state) {
    normproof::reference::batch_norm_train(std::span<const Dual<PrimeField>>(x), normproof::reference::Extents{size, 1},
                                           std::span<const Dual<PrimeField>>(gamma),
                                           std::span<const Dual<PrimeField>>(beta), eps, std::span(y));
    const auto dx = normproof::theory::compact_input_gradient(b);
    PrimeField left, right;
    for (int i = 0; i < size; ++i) {
      const auto k = static_cast<std::size_t>(i);
      left += b.dy(i, 0) * y[k].tangent;
      right += dx(i, 0) * x[k].tangent;
    }
    if (!(left == right)) state.SkipWithError("the closed form is not the derivative");
  }
  state.SetItemsProcessed(state.iterations() * size);
}
BENCHMARK(exact_gradient_check)->RangeMultiplier(4)->Range(4, 1024);

}  // namespace

// What does one exact check of a gradient cost?
//
// One trial: at a random point modulo a 61-bit prime, the derivative of the reference forward pass along a random
// direction of x, γ and β at once, by dual numbers, against the closed forms:
//   Σ dy_ij y_ij[v] = Σ (∂ℓ/∂x_ij) v_ij + Σ (∂ℓ/∂γ_j) v_j + Σ (∂ℓ/∂β_j) v_j,
// which must agree to the last bit. Drawing the direction is part of it. The gradients depend on the point alone:
// one_direction computes them anew for every direction all the same, a check from scratch; further_directions keeps
// them.
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
using normproof::numbers::PrimeField;
using Dual = normproof::numbers::Dual<PrimeField>;
using Batch = normproof::theory::TrainingBatch<PrimeField>;

PrimeField random_element(RandomStream& random) { return PrimeField::from_residue(random.below(PrimeField::prime())); }

// A batch of which every channel's σ² + ε has a root in the field.
Batch random_batch(int batch, int channels, RandomStream& random) {
  Batch b;
  b.x.resize(batch, channels);
  b.dy.resize(batch, channels);
  b.gamma.resize(channels);
  b.beta.resize(channels);
  b.eps = random_element(random);
  for (int j = 0; j < channels; ++j) {
    b.gamma(j) = random_element(random);
    b.beta(j) = random_element(random);
    for (int i = 0; i < batch; ++i) b.dy(i, j) = random_element(random);
    do {
      for (int i = 0; i < batch; ++i) b.x(i, j) = random_element(random);
    } while (!(normproof::theory::biased_variance<PrimeField>(b.x.col(j))(0) + b.eps).is_residue());
  }
  return b;
}

struct Direction {
  std::vector<Dual> x, gamma, beta;  // the point, and where it moves
};

Direction random_direction(const Batch& b, RandomStream& random) {
  Direction along;
  for (int i = 0; i < b.batch(); ++i)
    for (int j = 0; j < b.channels(); ++j) along.x.push_back({b.x(i, j), random_element(random)});
  for (int j = 0; j < b.channels(); ++j) {
    along.gamma.push_back({b.gamma(j), random_element(random)});
    along.beta.push_back({b.beta(j), random_element(random)});
  }
  return along;
}

struct Gradients {
  normproof::theory::Matrix<PrimeField> x;
  normproof::theory::Vector<PrimeField> gamma, beta;
};

Gradients closed_forms(const Batch& b) {
  return {normproof::theory::compact_input_gradient(b), normproof::theory::gamma_gradient(b),
          normproof::theory::beta_gradient(b)};
}

bool agrees(const Batch& b, const Direction& along, const Gradients& gradients, std::vector<Dual>& y) {
  const normproof::reference::Extents extents{b.batch(), b.channels()};
  normproof::reference::batch_norm_train(std::span<const Dual>(along.x), extents, std::span<const Dual>(along.gamma),
                                         std::span<const Dual>(along.beta), Dual(b.eps), std::span(y));
  PrimeField left, right;
  std::size_t k = 0;
  for (int i = 0; i < b.batch(); ++i)
    for (int j = 0; j < b.channels(); ++j, ++k) {
      left += b.dy(i, j) * y[k].tangent;
      right += gradients.x(i, j) * along.x[k].tangent;
    }
  for (int j = 0; j < b.channels(); ++j) {
    right += gradients.gamma(j) * along.gamma[static_cast<std::size_t>(j)].tangent;
    right += gradients.beta(j) * along.beta[static_cast<std::size_t>(j)].tangent;
  }
  return left == right;
}

void check(benchmark::State& state, bool from_scratch) {
  RandomStream random(7, "bench", "exact_gradient_check");
  const PrimeField::Scope field(normproof::numbers::prime_from_bits(random.next_uint64()), 0);
  const Batch b = random_batch(static_cast<int>(state.range(0)), static_cast<int>(state.range(1)), random);
  Gradients gradients = closed_forms(b);
  std::vector<Dual> y(static_cast<std::size_t>(b.x.size()));
  for (auto _ : state) {
    const Direction along = random_direction(b, random);
    if (from_scratch) gradients = closed_forms(b);
    if (!agrees(b, along, gradients, y)) state.SkipWithError("the closed form is not the derivative");
  }
  state.SetItemsProcessed(state.iterations());  // directions
}

void one_direction(benchmark::State& state) { check(state, true); }
void further_directions(benchmark::State& state) { check(state, false); }
BENCHMARK(one_direction)->Args({64, 32})->Args({4, 1})->Args({64, 1})->Args({1024, 1})->Unit(benchmark::kMillisecond);
BENCHMARK(further_directions)->Args({64, 32})->Unit(benchmark::kMillisecond);

}  // namespace

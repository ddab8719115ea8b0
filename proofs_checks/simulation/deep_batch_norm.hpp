// How large are the gradients of a deep batch norm network at initialisation, layer by layer?
//
// What       A replica is impl/reference/deep_batch_norm.hpp's network with all widths n, W entries N(0, 1/n), and
//            ℓ = ⟨C, output⟩ with C Gaussian: upstream gradients are random. It gives ‖∂ℓ/∂h_l‖², l = 0 … L. The
//            entries of h₀ are independent N(0, 1).
// How        Normalization, φ and their backward pass are the reference's. Only the products with W are not computed
//            from n² numbers: what they are distributed like is drawn, exactly, for the finite width.
//              forward    batch norm sees the part of h orthogonal to 1 alone, B − 1 coordinates a unit. Given x,
//                         those of the n units of Wx are independent N(0, X Xᵀ/n), X the (B − 1) × n coordinates of x:
//                         C Ξ with C Cᵀ = X Xᵀ/n and Ξ of independent N(0, 1).
//              backward   Given Wx, W = Ξᵀ V/√n + W′(1 − VᵀV), V = C⁻¹X/√n (V Vᵀ = 1), W′ a fresh Gaussian matrix: a
//                         Gaussian vector's part in a known subspace and the rest are independent. So for the
//                         coordinates D of ∂ℓ/∂h_{l+1}, which depend on W through Wx alone, those of Wᵀ∂ℓ/∂h_{l+1} are
//                           D Ξᵀ V/√n + N − N Vᵀ V,   N of independent columns N(0, D Dᵀ/n).
//            The cost is n B² a layer and not n² B. A test compares with full matrices.
// Streams    Counter-based (inputs/random_block.hpp): a number depends on the seed, the ensemble's id, the replica and
//            its place in the replica's own order alone.
// Growth     An "octave" of growth.hpp is here a block of `block` layers: s_j is ‖∂ℓ/∂h_l‖² at l = L − margin −
//            j·block, j = 0 … 3, so that θ = block · log₂(factor per layer). The first and last `margin` layers are
//            left out: the input and C have another law than what follows.
#pragma once

#include <atomic>
#include <cstdint>
#include <string>
#include <vector>

#include "impl/reference/deep_batch_norm.hpp"
#include "proofs_checks/growth.hpp"

namespace normproof::simulation {

struct DeepEnsemble {
  std::string name;  // of φ: "linear", "relu", "squared_relu", "hermite_3"
  reference::Nonlinearity phi;
  int batch = 4, width = 512, depth = 20;
  bool skips = false;

  std::string id() const;
};

DeepEnsemble linear_network(int batch, int width, int depth, bool skips = false);
DeepEnsemble relu_network(int batch, int width, int depth, bool skips = false);
// φ(u) = max{u, 0}².
DeepEnsemble squared_relu_network(int batch, int width, int depth, bool skips = false);
// φ(u) = u³ − 3u.
DeepEnsemble hermite_network(int batch, int width, int depth, bool skips = false);

// ‖∂ℓ/∂h_l‖², l = 0 … depth, of each replica from the first on. Throws Interrupted.
std::vector<std::vector<double>> squared_gradients(const DeepEnsemble& ensemble, std::uint64_t seed,
                                                   std::uint64_t first_replica, std::size_t replicas,
                                                   const std::atomic<bool>* interrupted = nullptr);

// The same from full matrices W, by the reference's network: slow.
std::vector<double> squared_gradients_in_full(const DeepEnsemble& ensemble, std::uint64_t seed, std::uint64_t replica);

inline constexpr int margin = 4, block = 4, blocks = 3, measured_depth = 2 * margin + blocks * block;

// What the claims and the experiment state of width n: a layer's factor is within this many n-ths of that at infinite
// width. Chosen after a look at widths 256 … 1024 (what was seen there is within 4/n), so that it can be decided. That
// was a look at the experiment's replicas, which come before first_deciding_replica; layer_growth, by which claims are
// decided, begins there.
inline constexpr double stated_width_effect = 10;
inline constexpr std::uint64_t first_deciding_replica = std::uint64_t{1} << 20;

// Without what is stated of it. The depth is measured_depth.
GrowthPoint layer_growth(const DeepEnsemble& ensemble);
// The octaves of growth.hpp as they are: s_j is ‖∂ℓ/∂h_0‖²/‖∂ℓ/∂h_L‖² at depth L = 2^j, j = 1 … 4; the ensemble's own
// depth is not used.
GrowthPoint depth_growth(const DeepEnsemble& ensemble);
// θ for a factor per layer.
double theta_of_factor(double factor);

}  // namespace normproof::simulation

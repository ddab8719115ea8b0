// Does GDNP keep its two rates along a drawn run?
//
// What       z ~ N(u, S − uuᵀ), S = diag(1/4, 1/2, 1), u = Sv with v uniform in a cube where vᵀSv < 1; f = E log(1 +
//            e^{zᵀw̃}) by 57 nodes (theory/decoupling/gaussian_nodes.hpp); a normal start; T_d = 6 steps of the
//            direction, each with T_s = 8 halvings of a bracket that is doubled until ∂_γ f changes its sign. ζ = 1/4
//            ≥ φ″ L.
// Rates      with C = |c₁| at each step: ‖w_t‖_S²‖∇_w f‖²_{S⁻¹} ≤ (1 − μ/L)^(2t) C²γ²(ρ(w₀) − ρ*), an inequality for
//            every E φ′ and E φ″, so the quadrature costs nothing; and |∂_γ f| ≤ 2^(−T_s)(ζ/μ)|b − a| + the
//            quadrature's share.
#pragma once

#include "impl/reference/gdnp.hpp"
#include "proofs_checks/inputs/random_stream.hpp"

namespace normproof::simulation {

constexpr int gdnp_run_steps = 6, gdnp_run_halvings = 8;

struct GdnpRun {
  bool direction = true, length = true;      // did every step keep its bound?
  double first_excess = 0, last_excess = 0;  // ρ(w) − ρ* at the start and at the end

  bool kept_the_rate() const;  // ρ(w_T) − ρ* ≤ (1 − μ/L)^(2T) (ρ(w₀) − ρ*)
};

GdnpRun gdnp_run(inputs::RandomStream& stream, reference::StoppingRule rule);

}  // namespace normproof::simulation

// Does GDNP keep its two rates along a drawn run?
//
// What       z ~ N(u, S − uuᵀ), S = diag(1/4, 1/2, 1), u = Sv with v uniform in a cube where vᵀSv < 1; f = E log(1 +
//            e^{zᵀw̃}) by quadrature; a normal start, γ = 1; T_d = 6 steps, each of the direction and then of T_s = 8
//            halvings of a bracket of γ, from 0 to an end that is doubled until ∂_γ f changes its sign. ζ = 1/4 ≥ φ″ L.
// Rates      ‖w_t‖_S²‖∇_w f‖²_{S⁻¹} ≤ (1 − μ/L)^(2t) c₁²γ²(ρ(w₀) − ρ*), an inequality for every E φ′ and E φ″, so the
//            quadrature costs nothing; |c₁| ≤ Φ(1 − vᵀSv)^(−1/2), Φ = 1; and |∂_γ f| ≤ 2^(−T_s)(ζ/μ)|b − a|; the last
//            two up to the quadrature's proved error.
// Quadrature theory/decoupling/gaussian_nodes.hpp with at least 2|γ| nodes a unit, for zᵀw̃ has a deviation of at most
//            |γ|: its error is below 4e-7 at every γ. Where the length's bound is 1 or more, which
//            |∂_γ f| never is (a bracket beyond 256), the step tests nothing: `vacuous`. The run is
//            judged no further: with such lengths E φ′ soon leaves the range of double.
// γ = 0      Where the best length is below 1/256 of the bracket bisection returns its left end 0, by which the next
//            step of GDNP divides: `length_is_zero`, and the run ends.
// Replicas   `vacuous` ends the judging since a look at a replica by which the claim was then decided. The claim is now
//            decided by runs that were not drawn before: deciding_gdnp_run draws from a stream of its own, whose seed
//            is the replica's first number.
#pragma once

#include "impl/reference/gdnp.hpp"
#include "proofs_checks/inputs/random_stream.hpp"

namespace normproof::simulation {

constexpr int gdnp_run_steps = 6, gdnp_run_halvings = 8;

struct GdnpRun {
  bool direction = true, length = true;  // did every step that was judged keep its bound?
  bool length_is_zero = false, vacuous = false;
  double first_excess = 0, last_excess = 0;  // ρ(w) − ρ* at the start and at the end

  bool kept_both() const { return direction && length; }
  bool kept_the_rate() const;  // ρ(w_T) − ρ* ≤ (1 − μ/L)^(2T) (ρ(w₀) − ρ*)
};

GdnpRun gdnp_run(inputs::RandomStream& stream, reference::StoppingRule rule);
GdnpRun deciding_gdnp_run(inputs::RandomStream& replica, reference::StoppingRule rule);

}  // namespace normproof::simulation

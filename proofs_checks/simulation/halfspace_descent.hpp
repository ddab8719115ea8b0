// How do GDNP, gradient descent and accelerated gradient descent go on one halfspace problem?
//
// What       A HalfspaceProblem is f(w̃) = E log(1 + e^{zᵀw̃}), its u = E z, S = E zzᵀ, μ, L, the solution v of Sv = u,
//            and one function that gives f, ∇f, E φ′ and E φ″ at w̃: by quadrature for Gaussian z, by the mean over
//            samples otherwise. φ″ ≤ 1/4, so ζ = L/4.
// Methods    gdnp, gdnp_printed_h   impl/reference/gdnp.hpp; the length's bracket is doubled until ∂_γ f changes sign
//            gradient_descent       w̃ ← w̃ − ∇f/ζ
//            accelerated            Nesterov: y = w̃_k + (k/(k + 3))(w̃_k − w̃_{k−1}), w̃_{k+1} = y − ∇f(y)/ζ
// Counts     evaluations of the expectations; a record's own are not counted.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "impl/reference/gdnp.hpp"

namespace normproof::simulation {

struct HalfspaceValues {
  double objective = 0;
  reference::Expectations<double> expectations;
};

struct HalfspaceProblem {
  std::string name;
  std::vector<double> s, u, v;  // S row by row
  double smallest = 0, largest = 0;
  std::function<HalfspaceValues(const std::vector<double>&)> at;
};

enum class HalfspaceMethod { gdnp, gdnp_printed_h, gradient_descent, accelerated };

const char* word(HalfspaceMethod method);

struct HalfspaceRecord {
  double objective = 0, gradient_norm = 0;  // ‖∇f‖_{S⁻¹}
  double direction_excess = 0;              // ρ(w) − ρ*
  std::uint64_t evaluations = 0;
};

// Throws std::invalid_argument, with a sentence, where S is not positive definite: its smallest eigenvalue is not
// above what rounding makes of 0.
HalfspaceProblem halfspace_problem(
    std::string name, std::vector<double> s, std::vector<double> u,
    std::function<HalfspaceValues(const HalfspaceProblem&, const std::vector<double>&)> at);

// z ~ N(u, S − uuᵀ). Throws likewise where uᵀS⁻¹u ≥ 1.
HalfspaceProblem gaussian_halfspace(std::vector<double> s, std::vector<double> u);

// z one of the rows, each as likely as another.
HalfspaceProblem sampled_halfspace(std::string name, std::vector<double> rows, std::size_t features);

// Records at 0, 1, … steps. Throws Interrupted.
std::vector<HalfspaceRecord> run(const HalfspaceProblem& problem, HalfspaceMethod method, std::vector<double> start,
                                 int steps, const std::atomic<bool>* interrupted);

// What the quadrature of Gaussian problems may be off in E φ′ and E φ″, where zᵀw̃ has this standard deviation.
double gaussian_halfspace_error(double deviation);

}  // namespace normproof::simulation

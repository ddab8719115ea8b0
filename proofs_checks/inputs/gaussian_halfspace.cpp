// How is a polynomial's mean over points differentiated?
#include "proofs_checks/inputs/gaussian_halfspace.hpp"

namespace normproof::inputs {

Side derivative_over_points(bool three_points, const std::string& direction, std::string words) {
  return derivative_along(Witness::definition, std::move(words), "w", direction, [=](const auto& in) {
    return mean_over_points(in, three_points, [&](const auto& s) { return polynomial_at(in("c"), s, 0); });
  });
}

}  // namespace normproof::inputs

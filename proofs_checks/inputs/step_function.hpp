// What is the derivative of a batch norm layer whose nonlinearity is a step function?
//
// What       φ(u) = 1 for u > 0, else 0. Along v, of ⟨dy, φ(BN(x))⟩, x one channel, by dual numbers: off the step.
#pragma once

#include "proofs_checks/claim.hpp"

namespace normproof::inputs {

Side derivative_of_step();

}  // namespace normproof::inputs

// Which experiments are built?
#pragma once

#include "proofs_checks/cli/experiments.hpp"

namespace normproof::experiments {

// Where does Σγ_k E‖∂f‖² of LL19's Theorem 2 stay bounded, over all (γ, a) and problems?
cli::Experiment theorem2_map();

// How fast do the errors of LL19's Lemma 1 vanish, layer by layer, against what the lemma says?
cli::Experiment lemma1_rates();

// How fast do GDNP, gradient descent and accelerated gradient descent learn one halfspace?
cli::Experiment gdnp_convergence();
// By which factor does a layer of a deep batch norm network multiply the mean squared gradient at initialisation?
cli::Experiment gradient_explosion();

}  // namespace normproof::experiments

// Which hypotheses, and natural cases of near-misses, do claims about a batch share?
//
// What       Each imposes itself on free inputs x, dy, gamma, eps (the names of inputs/adapters.hpp), so that it holds
//            exactly on every number type. A hypothesis of one claim stands in its file.
#pragma once

#include <functional>
#include <string>

#include "proofs_checks/claim.hpp"

namespace normproof::inputs {

// What a hypothesis without a condition is made of: { id, sentence, impose }.
Hypothesis imposing(std::string id, std::string sentence, std::function<void(Inputs&)> impose);

// One that only says what a name stands for: there is nothing to drop.
Hypothesis defining(std::string id, std::string sentence, std::function<void(Inputs&)> impose);

Hypothesis eps_is_zero();
Hypothesis gamma_is_one();
Hypothesis batch_is_centred();                 // x := x − mean x, channel by channel
Hypothesis constant_channels();                // every sample of a channel := the first
Hypothesis upstream_is_centred();              // dy := dy − mean dy, channel by channel: dy ⟂ 1
Hypothesis upstream_is_orthogonal_to_x_hat();  // dy := dy − its component along x − mean x, channel by channel
Hypothesis s_is_one();     // x := c, −c, c, −c … and ε := 1 − c², so that s = 1 whatever c is (even batches)
Hypothesis one_sample();   // m = 1: of x and dy the first row alone, whatever batch they come from
Hypothesis one_feature();  // D = 1: of x, dy, gamma and beta the first column alone

}  // namespace normproof::inputs

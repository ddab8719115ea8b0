// Which experiments of the claim catalogue are there to come?
#pragma once

#include <vector>

#include "proofs_checks/report/catalogue_view.hpp"

namespace normproof::cli {

// None is built yet; `list --experiments` shows them as such.
std::vector<report::Experiment> experiments();

}  // namespace normproof::cli

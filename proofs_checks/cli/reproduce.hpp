// What does `normproof reproduce` do? It returns the exit status.
#pragma once

#include "proofs_checks/cli/options.hpp"
#include "proofs_checks/cli/program.hpp"

namespace normproof::cli {

int reproduce(const ReproduceOptions& options, const Program& program, const Streams& streams);

}  // namespace normproof::cli

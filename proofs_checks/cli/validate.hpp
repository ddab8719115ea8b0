// What do `normproof validate` and `normproof kernels` do? Each returns the exit status.
#pragma once

#include "proofs_checks/cli/options.hpp"
#include "proofs_checks/cli/program.hpp"

namespace normproof::cli {

int validate(const ValidateOptions& options, const Streams& streams);
int kernels(const KernelsOptions& options, const Streams& streams);

}  // namespace normproof::cli

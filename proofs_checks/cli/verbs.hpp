// What does each verb do? Every function returns the exit status.
#pragma once

#include "proofs_checks/cli/options.hpp"
#include "proofs_checks/cli/program.hpp"

namespace normproof::cli {

int verify(const VerifyOptions& options, const Program& program, const Streams& streams);
int record(const RecordOptions& options, const Program& program, const Streams& streams);
int list(const ListOptions& options, const Program& program, const Streams& streams);
int explain(const ExplainOptions& options, const Program& program, const Streams& streams);
int diff(const DiffOptions& options, const Streams& streams);
int recheck(const RecheckOptions& options, const Program& program, const Streams& streams);

}  // namespace normproof::cli

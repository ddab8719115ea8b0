// What does the program normproof do with its arguments?
//
// run() returns the exit status: 0 all is as recorded; 1 something differs; 2 the call or an input file was wrong (one
// line on err, nothing on out, nothing written); 130 interrupted. Of several ranks rank 0 alone speaks and reports, and
// its status is the run's; the others return 0 where nothing is wrong with the call.
#pragma once

#include <functional>
#include <iosfwd>
#include <memory>
#include <string>
#include <vector>

#include "proofs_checks/catalogue.hpp"
#include "proofs_checks/claim.hpp"
#include "proofs_checks/cli/experiments.hpp"
#include "proofs_checks/cli/ranks.hpp"
#include "proofs_checks/evidence/measurements.hpp"
#include "proofs_checks/evidence/settings.hpp"

namespace normproof::cli {

enum ExitStatus : int { exit_agrees = 0, exit_differs = 1, exit_wrong_call = 2, exit_interrupted = 130 };

struct Streams {
  std::ostream& out;
  std::ostream& err;
  bool colour = false;    // on out
  bool progress = false;  // on err
};

using Decide = std::function<ClaimReport(const std::string& id, const Claim&, const evidence::Settings&)>;

// What can be measured before a claim is decided: every thread and rank gets a share of it.
using MeasurementTasks = std::function<std::vector<evidence::MeasurementTask>(const std::string& id, const Claim&,
                                                                              const evidence::Settings&)>;

// What the program works on: tests bring claims, judgements and experiments of their own.
struct Program {
  std::vector<CatalogueEntry> catalogue;
  Decide decide;
  MeasurementTasks measurement_tasks = {};  // may be empty
  std::vector<Experiment> experiments = {};
  std::shared_ptr<Ranks> ranks = std::make_shared<OneProcess>();
};

// The arguments without the program's name.
int run(const std::vector<std::string>& arguments, const Program& program, const Streams& streams);

}  // namespace normproof::cli

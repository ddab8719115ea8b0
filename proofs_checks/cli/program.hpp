// What does the program normproof do with its arguments?
//
// run() returns the exit status: 0 all is as recorded; 1 something differs; 2 the call or an input file was wrong (one
// line on err, nothing on out, nothing written); 130 interrupted.
#pragma once

#include <functional>
#include <iosfwd>
#include <string>
#include <vector>

#include "proofs_checks/catalogue.hpp"
#include "proofs_checks/claim.hpp"
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

// What the program works on: tests bring claims and judgements of their own.
struct Program {
  std::vector<CatalogueEntry> catalogue;
  Decide decide;
};

// The arguments without the program's name.
int run(const std::vector<std::string>& arguments, const Program& program, const Streams& streams);

}  // namespace normproof::cli

// Where does the program normproof start?
#include <unistd.h>

#include <iostream>
#include <string>
#include <utility>
#include <vector>

#include "proofs_checks/catalogue.hpp"
#include "proofs_checks/cli/experiments.hpp"
#include "proofs_checks/cli/options.hpp"
#include "proofs_checks/cli/program.hpp"
#include "proofs_checks/cli/ranks.hpp"
#include "proofs_checks/cli/surroundings.hpp"
#include "proofs_checks/conformance/worker.hpp"
#include "proofs_checks/conformance/worker_protocol.hpp"
#include "proofs_checks/evidence/decide.hpp"
#include "proofs_checks/evidence/growth.hpp"
#include "proofs_checks/evidence/rounded.hpp"

int main(int count, char** words) {
  namespace cli = normproof::cli;
  const std::vector<std::string> arguments(words + (count > 0 ? 1 : 0), words + count);
  // A worker of validate (hidden): before anything else, for it must not take part in MPI.
  if (!arguments.empty() && arguments[0] == normproof::conformance::worker_verb)
    return normproof::conformance::work({arguments.begin() + 1, arguments.end()});
  const cli::Streams streams{std::cout, std::cerr, cli::shows_colour(STDOUT_FILENO),
                             cli::shows_progress(STDERR_FILENO)};
  try {
    const cli::Program program{normproof::catalogue(), normproof::evidence::decide,
                               [](const std::string&, const normproof::Claim& claim, const auto& settings) {
                                 auto tasks = normproof::evidence::measurement_tasks(claim, settings);
                                 for (auto& task : normproof::evidence::rounding_tasks(claim, settings))
                                   tasks.push_back(std::move(task));
                                 return tasks;
                               },
                               cli::experiments(), cli::launched_ranks()};
    return cli::run(arguments, program, streams);
  } catch (const cli::UsageError& error) {
    std::cerr << "normproof: " << error.what() << '\n';
    return cli::exit_wrong_call;
  }
}

// Where does the program start in a build without the claims, which can do nothing but judge kernels?
//
// Of the verbs of main.cpp's program it has validate and kernels, with the same options, output and exit status.
#include <unistd.h>

#include <exception>
#include <iostream>
#include <string>
#include <vector>

#include "proofs_checks/cli/options.hpp"
#include "proofs_checks/cli/program.hpp"
#include "proofs_checks/cli/surroundings.hpp"
#include "proofs_checks/cli/validate.hpp"
#include "proofs_checks/conformance/worker.hpp"
#include "proofs_checks/conformance/worker_protocol.hpp"
#include "proofs_checks/report/text.hpp"

namespace {

namespace cli = normproof::cli;

int run_verb(const std::vector<std::string>& arguments, const cli::Streams& streams) {
  const std::string verb = arguments.empty() ? "no verb" : arguments.front();
  const std::vector<std::string> rest(arguments.begin() + (arguments.empty() ? 0 : 1), arguments.end());
  if (verb == "validate") return cli::validate(cli::parse_validate(rest), streams);
  if (verb == "kernels") return cli::kernels(cli::parse_kernels(rest), streams);
  throw cli::UsageError("expected a verb (validate, kernels; the others are not in this build), found " + verb);
}

}  // namespace

int main(int count, char** words) {
  const std::vector<std::string> arguments(words + (count > 0 ? 1 : 0), words + count);
  if (!arguments.empty() && arguments[0] == normproof::conformance::worker_verb)
    return normproof::conformance::work({arguments.begin() + 1, arguments.end()});
  try {
    return run_verb(arguments,
                    {std::cout, std::cerr, cli::shows_colour(STDOUT_FILENO), cli::shows_progress(STDERR_FILENO)});
  } catch (const cli::HelpWanted& wanted) {
    std::cout << wanted.text;
    return cli::exit_agrees;
  } catch (const std::exception& error) {
    const std::string called = arguments.empty() ? "normproof" : "normproof " + arguments.front();
    std::cerr << normproof::report::one_line(called + ": " + error.what()) << '\n';
    return cli::exit_wrong_call;
  }
}

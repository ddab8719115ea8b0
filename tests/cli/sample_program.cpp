// Does the program keep its promises when it is started on several ranks, and when one of them dies? It is started by
// ranks_test.cpp, with the sample claims; NORMPROOF_SAMPLE_DIES=R:N kills rank R before its measurement number N.
#include <signal.h>
#include <unistd.h>

#include <atomic>
#include <cstdlib>
#include <iostream>
#include <memory>
#include <string>

#include "proofs_checks/cli/options.hpp"
#include "proofs_checks/cli/program.hpp"
#include "proofs_checks/cli/ranks.hpp"
#include "tests/cli/sample_claims.hpp"

int main(int count, char** words) {
  namespace cli = normproof::cli;
  const std::vector<std::string> arguments(words + 1, words + count);
  const char* dies = std::getenv("NORMPROOF_SAMPLE_DIES");
  try {
    const std::shared_ptr<cli::Ranks> ranks = cli::launched_ranks();
    std::atomic<int> made{0};
    const auto die = [&](const std::string&) {
      if (dies != nullptr && std::to_string(ranks->rank()) + ":" + std::to_string(++made) == dies)
        kill(getpid(), SIGKILL);
    };
    return cli::run(arguments, cli::sample_program(die, ranks), {std::cout, std::cerr});
  } catch (const cli::UsageError& error) {
    std::cerr << error.what() << '\n';
    return cli::exit_wrong_call;
  }
}

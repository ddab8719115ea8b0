// Where does the program normproof start?
#include <unistd.h>

#include <iostream>
#include <string>
#include <vector>

#include "proofs_checks/catalogue.hpp"
#include "proofs_checks/cli/program.hpp"
#include "proofs_checks/cli/surroundings.hpp"
#include "proofs_checks/evidence/decide.hpp"

int main(int count, char** words) {
  namespace cli = normproof::cli;
  const std::vector<std::string> arguments(words + (count > 0 ? 1 : 0), words + count);
  const cli::Streams streams{std::cout, std::cerr, cli::shows_colour(STDOUT_FILENO),
                             cli::shows_progress(STDERR_FILENO)};
  return cli::run(arguments, {normproof::catalogue(), normproof::evidence::decide}, streams);
}

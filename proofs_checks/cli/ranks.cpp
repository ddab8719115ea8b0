// Which processes share a run, and how do they meet?
#include "proofs_checks/cli/ranks.hpp"

#include <fmt/format.h>

#include <exception>

namespace normproof::cli {

void Ranks::together(const std::function<void()>& part) {
  std::exception_ptr failure;
  try {
    part();
  } catch (...) {
    failure = std::current_exception();
  }
  const int lowest = lowest_failing(failure != nullptr);
  if (lowest == size()) return;
  if (lowest != rank()) throw FailedElsewhere{};
  if (size() == 1) std::rethrow_exception(failure);
  try {
    std::rethrow_exception(failure);
  } catch (const std::exception& error) {
    throw FailedHere(rank() == 0 ? error.what() : fmt::format("rank {}: {}", rank(), error.what()));
  } catch (...) {
    throw FailedHere(fmt::format("rank {}: an exception without a message", rank()));
  }
}

}  // namespace normproof::cli

// On what machine, from which build and beside which ledger does the program run?
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "proofs_checks/ledger.hpp"

namespace normproof::cli {

std::string version();
std::string compiler();
std::string cpu();  // "unknown" where the system does not say

// How many threads each of so many ranks on this machine gets, where nobody said: all its processors are shared out,
// but no rank gets more than it is bound to.
int default_jobs(int ranks_on_this_machine);

// The ledger in the source tree where there is one, else the installed one; empty where neither exists.
std::optional<std::filesystem::path> own_ledger();

// The ledger that was asked for, else the program's own, else an empty one. Throws data::FileError.
Ledger ledger_to_compare(const std::optional<std::filesystem::path>& asked);

// Where record writes: the ledger that was asked for, else the program's own, else a new one in the source tree.
std::filesystem::path ledger_to_write(const std::optional<std::filesystem::path>& asked);

// Colours, and lines that write over themselves: on a terminal that can, unless NO_COLOR or TERM=dumb object.
bool shows_colour(int file_descriptor);
bool shows_progress(int file_descriptor);

}  // namespace normproof::cli

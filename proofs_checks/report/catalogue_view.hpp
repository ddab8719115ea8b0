// How does `list` show claims, from the claims themselves and the ledger, without deciding anything?
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "proofs_checks/claim.hpp"
#include "proofs_checks/ledger.hpp"

namespace normproof::report {

struct NamedClaim {
  std::string id;
  Claim claim;
};

std::string list_view(const std::vector<NamedClaim>& claims, const Ledger& ledger);

// A check of kernels.
struct ListedCheck {
  std::string id, title, why;
};

std::string list_view(const std::vector<ListedCheck>& checks);

// Schema normproof.list.v1. A part that was not asked for is left out: null.
std::string list_json(const std::vector<NamedClaim>* claims, const Ledger& ledger,
                      const std::vector<ListedCheck>* checks);

// The member "checks" of that schema.
nlohmann::ordered_json check_array(const std::vector<ListedCheck>& checks);

// The axes of a reading's id: "printed_san18__matched" → "printed_san18", "matched".
std::vector<std::string> axes(const std::string& reading);

}  // namespace normproof::report

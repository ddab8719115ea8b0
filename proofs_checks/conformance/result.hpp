// What came of one case?
#pragma once

#include <array>
#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

#include "proofs_checks/conformance/case.hpp"
#include "theory/rounding/stability_class.hpp"

namespace normproof::conformance {

// One thing that is wrong.
struct Finding {
  enum class Kind {
    value,             // an output beyond its bound
    nonfinite,         // not finite where it should be, or the other way round
    not_written,       // an output that was asked for still holds what was there before
    outside_write,     // memory that belongs to no output was written
    input_changed,     // also the description of the call itself: operand "call"
    status,            // the status returned does not fit the call
    bits,              // two calls that promise the same bits differ
    relation,          // an identity between calls does not hold within its bound
    environment,       // rounding mode, flush-to-zero or another setting of the processor was left changed
    too_many_threads,  // threads worked that the call does not allow
    crash,             // signal, exit, sanitizer
    timeout,
  };
  Kind kind = Kind::value;
  std::string operand;                      // "y"; empty where there is none
  std::string place;                        // "batch 0, channel 1, spatial 4"
  std::string words;                        // one line
  double expected = 0, got = 0, bound = 0;  // of value and relation
  // Of value, nonfinite and relation: the tightest class whose bound this element meets; absent where none does, or
  // nobody looked.
  std::optional<theory::StabilityClass> meets = {};
};
const char* word(Finding::Kind kind);

// How far one output is from what it should be, over one case.
struct OutputFigures {
  std::string output;
  std::int64_t compared = 0;
  double worst_over_bound = 0;  // error / bound of the class that conforms (`updating`, chains included)
  double worst_ulp = 0;         // error in units in the last place of the expected value
  std::string worst_place;
  double expected = 0, got = 0, bound = 0;  // at the worst place by worst_over_bound
  // The tightest class whose bound every element meets; absent where none does.
  std::optional<theory::StabilityClass> meets;
};

struct CaseResult {
  enum class Outcome { passed, failed, refused, not_run } outcome = Outcome::not_run;
  std::string why_not_run;
  std::vector<Finding> findings;  // at most eight; `failed` exactly where there is one
  std::vector<OutputFigures> outputs;
  double condition = 0;  // the largest κ = √(1 + mean²/variance) of a channel, ∞ where the variance is 0
  bool keeps_half_the_digits = true;  // the error of y (or dx) is at most √u · max(1, largest value)
  bool state_in_f32 = false;          // full normalization with μ or ν in f32: nothing above one_pass exists
  // Whether two calls gave the same bits, where the relation looked: "repeat", "threads", "permute_channels".
  std::vector<std::pair<std::string, bool>> same_bits;
  double seconds = 0;
};

nlohmann::json to_json(const CaseResult& result);
CaseResult case_result(const nlohmann::json& json);  // throws nlohmann::json::exception where it is no result

}  // namespace normproof::conformance

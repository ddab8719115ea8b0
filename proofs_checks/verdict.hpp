// What can be said of a reading of a claim, and on what evidence?
#pragma once

#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace normproof {

enum class Verdict { holds, refuted, inconclusive, not_checkable };

// Strongest first.
enum class Grade { exact, enumerated, certified, derived_bound, statistical, searched };

// Extents of the named dimensions of a claim's inputs.
struct Sizes {
  int batch = 1;     // m, b: rows
  int channels = 1;  // features, d
  int hidden = 1;    // units of a hidden layer
  int outputs = 1;   // units of the last layer
  int choice = 0;    // which assignment of the inputs that take finitely many values, from 0
  friend bool operator==(const Sizes&, const Sizes&) = default;
};

// One fact about a piece of evidence; the report prints it under its name. Names of times end in `seconds`.
using Detail = std::pair<std::string, std::variant<long, double, std::string>>;

struct Evidence {
  Grade grade = Grade::searched;
  bool supports = true;  // false: it speaks against the reading
  std::string method;    // one line: what was done
  long cases = 0;        // points at which both sides were really compared
  long degenerate = 0;   // points where both sides vanish identically: counted, never as compared
  long outside = 0;      // points outside the hypotheses or the domain, or on an undecided kink
  double error_probability = 0;
  double seconds = 0;
  std::vector<Detail> details;
};

// Inputs at which a reading fails, in exact fractions.
struct Counterexample {
  Sizes sizes;
  std::vector<std::pair<std::string, std::string>> inputs;  // name with indices from 1, value: {"x[1,2]", "-3/2"}
  std::string entry;        // which entry of the two sides; empty where they are scalars
  std::string left, right;  // their values there
  std::string relation;     // what should hold between them: "=" or "≤"
};

// What became of a reading without one of its hypotheses?
struct DroppedHypothesis {
  std::string id, sentence;                          // of the hypothesis
  std::string outcome;                               // "fails", "survives" or "undecided"
  std::string detail;                                // on what that rests, or why it is undecided
  std::vector<Counterexample> counterexamples = {};  // of "fails": one, the smallest found
  std::string certificate = {};                      // of it
};

struct ReadingReport {
  std::string id, statement;
  std::vector<std::string> hypotheses;
  std::string left_witness, left_words, right_witness, right_words, relation;
  bool algebraic_identity = false;
  Verdict verdict = Verdict::inconclusive;
  std::string recorded;         // the ledger's verdict; empty where it has none
  std::string recorded_effort;  // the effort at which it was recorded
  std::vector<Evidence> evidence;
  std::vector<Counterexample> counterexamples;         // at most one, the smallest found
  std::string certificate = {};                        // the text of the certificate file; empty where there is none
  std::vector<std::string> further_certificates = {};  // of a reading with several certified regions: the other files
  std::vector<DroppedHypothesis> dropped = {};         // of a reading that holds: one for each hypothesis
  std::string why;                                     // in plain words, for readers
  std::string trouble;                                 // why it is inconclusive, or which engines disagree
};

struct MutantReport {
  std::string id, reading, words, agrees_when;
  bool refuted = false;
  bool agreed = false;  // on its natural case
  long cases = 0;
  std::string trouble;
};

struct Source {
  std::string document;  // LL19, SAN18, LI23, WIKI, NOTE15, or "consequence"
  std::string locator;
};

struct ClaimReport {
  std::string id, title;
  std::vector<Source> sources;
  std::string notation, why;
  std::vector<ReadingReport> readings;
  std::vector<MutantReport> mutants;
  double seconds = 0;
  bool finished = true;      // false where the run was interrupted before it
  std::string trouble = {};  // what stopped the decision of the whole claim (an exception); empty where nothing did
};

const char* word(Verdict verdict);
const char* word(Grade grade);
std::string words(const Sizes& sizes);

}  // namespace normproof

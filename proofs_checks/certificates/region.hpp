// What does a file hold from which anybody can redo the proof of an inequality over a region, and when is it rejected?
//
// What       A RegionProof names the claim, the reading and its statement, gives the range of every input, the program
//            that computes both sides and the hypotheses, and a list of boxes. recheck() decides, from the file alone,
//              that the boxes cover the region (cover.hpp: exactly),
//              that on each of them right − left is at least its recorded margin ≥ 0 wherever hypotheses and domain
//              allow (program_over_box.hpp: enclosures of its own), or, where no margin is recorded, that the box lies
//              certainly outside of them.
//            Boxes may be split, or left out, or changed, as long as the list still covers and proves.
// Hypotheses `positive` lists results that must be > 0 for the hypotheses to hold, `nonnegative` such as must be ≥ 0.
// Numbers    Faces and margins are dyadic fractions in lowest terms, so that enclosures hold them exactly.
// Digest     Of all but the boxes.
// Limits     most_boxes boxes, and most_steps instructions run over boxes, once for each entry.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "proofs_checks/certificates/document.hpp"
#include "proofs_checks/certificates/program.hpp"

namespace normproof::certificates {

struct RegionProof : Heading {
  static constexpr const char* kind = "region";
  static constexpr std::size_t most_boxes = 10000, most_steps = 10'000'000;

  struct InputRange {
    std::string input, low, high;
    friend bool operator==(const InputRange&, const InputRange&) = default;
  };
  struct ProofBox {
    std::vector<std::pair<std::string, std::string>> faces;  // low and high of each input, in the inputs' order
    std::string margin;                                      // empty: set aside
  };

  std::string region, covers;
  std::vector<InputRange> inputs;
  std::vector<Instruction> program;
  std::vector<std::pair<std::size_t, std::size_t>> entries;  // left ≤ right for each: their instructions
  std::vector<std::size_t> positive, nonnegative;
  std::string digest;  // as the file has it
  std::vector<ProofBox> boxes;

  // Do both speak of the same inequality over the same region?
  bool proves_the_same_as(const RegionProof& other) const;
};

std::string to_json(const RegionProof& proof);    // with a fresh digest
RegionProof region_proof_from(const Json& json);  // throws Malformed
Recheck recheck(const RegionProof& proof);

}  // namespace normproof::certificates

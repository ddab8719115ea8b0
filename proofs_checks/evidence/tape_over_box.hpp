// Between which numbers do a tape's values and derivatives lie over a box of its variables?
//
// What       run() encloses every node that sides and hypotheses need, in 80 digits; nodes whose operands have no value
//            everywhere on the box (a divisor that may be 0) have none. slopes() encloses the derivatives of one
//            difference of nodes by the coordinates, in one sweep back over the tape.
// Assumes    See certified.hpp for roots of what may be negative. Conditions that may have either sign give the hull of
//            both branches, and no slopes.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "proofs_checks/evidence/certified.hpp"
#include "proofs_checks/numbers/interval.hpp"

namespace normproof::evidence {

class TapeOverBox {
 public:
  TapeOverBox(const RecordedReading& recorded, const std::vector<Coordinate>& coordinates);

  void run(std::span<const double> low, std::span<const double> high);

  // About the last run.
  bool outside_domain() const { return outside_; }  // no point of the box has values
  bool whole_domain() const { return !clipped_; }   // no root's argument may be negative
  bool known(numbers::NodeIndex node) const { return known_[node] != 0; }
  const numbers::Interval& value(numbers::NodeIndex node) const { return values_[node]; }
  // The first node that has no value though its operands have.
  std::optional<numbers::NodeIndex> obstacle() const { return obstacle_; }

  // Of right − left by each coordinate; false where there are none to use, and obstacle() then says at which node.
  bool slopes(numbers::NodeIndex left, numbers::NodeIndex right);
  const numbers::Interval& slope(std::size_t coordinate) const { return slopes_[coordinate]; }

  // Which coordinates does the node depend on?
  std::vector<char> reaches(numbers::NodeIndex node) const;

 private:
  bool enclose(numbers::NodeIndex k);
  bool spread(numbers::NodeIndex k);
  void contribute(numbers::NodeIndex to, const numbers::Interval& amount);

  const RecordedReading& recorded_;
  std::vector<std::size_t> coordinate_of_;  // of a variable of the tape
  std::vector<char> needed_, known_, has_adjoint_;
  std::vector<numbers::Interval> inputs_, values_, adjoints_, slopes_;
  std::optional<numbers::NodeIndex> obstacle_;
  bool outside_ = false, clipped_ = false;
  numbers::Interval first_, second_;  // for intermediate results
};

}  // namespace normproof::evidence

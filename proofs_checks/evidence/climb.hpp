// Uphill from a given point, where does a reading come closest to being violated?
//
// What       climb_by_gradient (SLSQP, L-BFGS), for at_most alone, climbs in plain double on a smooth stand-in for the
//            margin of one entry; climb_without_gradient (SBPLX) on the margin that a judge gives. The judge sees what
//            double takes for violated on the way, and where the climb ends.
// Source     Kraft, ACM TOMS 20 (1994) 262 (SLSQP); Nocedal, Math. Comp. 35 (1980) 773 (L-BFGS); Rowan, thesis,
//            University of Texas at Austin (1990) (Subplex); all by NLopt.
// Notation   l − r is written as a sum of terms ±t by opening the sums, differences and negations that it ends in; P is
//            the sum of those above 0 and −N of those below: l − r = P − N, and P > N exactly where the entry is
//            violated. Index 0 is for the start.
// Stand-ins  difference  (P − N)/(P₀ + N₀): a polynomial gap keeps its degree, so that a quadratic valley is one for
//                        the optimiser, too;
//            ratio       log(P/N): does not change if all is scaled, and is steep however small P is beside N;
//            roots       difference again, under the equations t = 0 for those terms of −N that are k t², k free of
//                        variables: Newton's steps towards a common zero of the squares, which do not mind how narrow
//                        or bent the valley is.
// Slopes     come from one reverse sweep (numbers/adjoint.hpp); steps are in units of the start's own magnitudes. On a
//            kink it is the slope of the branch taken, so readings with kinks need climbs without slopes besides.
// Too slow   A bent valley whose walls are a polynomial written out, not squares, and 10⁹ times steeper than its floor;
//            any bent valley in more than a dozen variables.
// Assumes    A climb depends on its arguments alone, and only says where to look: what is true there the judge decides.
// Why        The margin itself is flat, −1, where l < 0 < r, and follows the error bound where it is near 0. For equal,
//            |l − r| lies within the error bound, so its gradient is as much rounding as it is: no slope to follow.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <span>
#include <vector>

#include "proofs_checks/evidence/record.hpp"
#include "proofs_checks/numbers/adjoint.hpp"
#include "proofs_checks/numbers/tape.hpp"

namespace normproof::evidence {

enum class StandIn { difference, ratio, roots };

// What is climbed on at one size of an at_most reading. `recorded` must outlive it.
class Terrain {
 public:
  explicit Terrain(const RecordedReading& recorded);

  const std::vector<VariableInfo>& variables() const { return variables_; }
  bool smooth() const { return smooth_; }
  std::size_t entries() const { return left_.size(); }
  std::size_t conditions() const { return positive_.size() + nonnegative_.size(); }

  // Evaluates everything at the point; what follows is about this point. False where a side has no finite value.
  bool stand_at(std::span<const double> point);

  bool hypotheses_hold() const;
  numbers::NodeIndex condition(std::size_t k) const {
    return k < positive_.size() ? positive_[k] : nonnegative_[k - positive_.size()];
  }

  void look_at(std::size_t entry);
  // (P − N)/(P + N), in [−1, 1]; −1 where both are 0.
  double excess() const;
  double size() const;  // P + N
  double height(StandIn stand_in, double size_at_start) const;
  // The gradient of that height with respect to all variables; false where there is none.
  bool slope(StandIn stand_in, double size_at_start, std::vector<double>& gradient);
  // Of the terms ±k t², k free of variables, that keep the entry from being violated here: the nodes t.
  std::vector<numbers::NodeIndex> roots() const;
  double value(numbers::NodeIndex index) const { return values_[index]; }
  bool slope_of(numbers::NodeIndex index, std::vector<double>& gradient);

  static constexpr double steepest = 1e3;  // beyond every log of a ratio of doubles

 private:
  struct Term {
    numbers::NodeIndex node;
    double sign;
  };
  struct Parts {
    double above = 0, below = 0;
  };

  Parts parts() const;
  std::optional<numbers::NodeIndex> root_of(numbers::NodeIndex index) const;
  void keep_what_is_needed(const RecordedReading& recorded);
  void add_terms(numbers::NodeIndex side, double sign);

  const std::vector<VariableInfo>& variables_;
  numbers::Tape tape_;
  std::vector<numbers::NodeIndex> left_, right_, positive_, nonnegative_;
  std::vector<bool> varies_;  // with the variables
  bool smooth_ = true;
  std::vector<Term> terms_;
  std::vector<double> values_, adjoints_;
  std::vector<numbers::Seed> seeds_;
};

// Who decides about the points of a climb.
struct ClimbJudge {
  std::function<bool()> stopped;  // no more points are wanted
  // The margin of a point. `last`: the climb ends here.
  std::function<double(const std::vector<double>& point, bool last)> margin;
};

struct Climb {
  bool begun = false;   // there were variables to move and, by gradient, values to stand on
  bool higher = false;  // by gradient: it came higher than its start
  int evaluations = 0;
};

// On the given entry, or on the tightest one at the start. Restarts from where an ascent ended while that helps: an
// optimiser that has lost its way or met its own tolerance goes on with a fresh unit of height.
Climb climb_by_gradient(Terrain& terrain, const std::vector<double>& start, std::optional<std::size_t> entry,
                        StandIn stand_in, int evaluations, const ClimbJudge& judge);

Climb climb_without_gradient(const std::vector<VariableInfo>& variables, const std::vector<double>& start,
                             int evaluations, const ClimbJudge& judge);

}  // namespace normproof::evidence

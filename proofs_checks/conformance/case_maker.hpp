// How does a check put its cases together?
//
// What       A CaseMaker collects the cases of one check for one kernel and one data type: it gives each case its seed,
//            drops doubles, repeats cases with other seeds at higher effort, and thins out the data types after the
//            first one, whose faults are mostly those of the first.
// Seeds      A function of the plan's seed and of what the case is (its text), never of the order of making: a case
//            keeps its seed when others come or go.
// Why        A check then states shapes and values alone, and its cases can be counted before any is run.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "proofs_checks/conformance/check.hpp"

namespace normproof::conformance {

struct Shape {
  std::int64_t batch = 1, channels = 1, spatial = 1;
};

bool is_forward(normproof_op op);   // it writes y
bool is_backward(normproof_op op);  // it reads dy
bool uses(normproof_op op, OperandId id);
std::vector<OperandId> operands_in_use(normproof_op op);
std::vector<OperandId> tensors_in_use(normproof_op op);
std::vector<OperandId> optional_operands(normproof_op op);

Values recipe(std::string name, std::vector<double> parameters = {});
Values planted(Values values, std::int64_t channel, Plant::Position position, double value);

// The statistics that the operation is given are those of x, whatever x is: without it an inference is far from its
// data.
void give_statistics_of_x(Case& made);
Layout layout_of(std::string order, std::int64_t gap = 1, std::int64_t pad = 0, char far = '-');
void lay_out(Case& made, const Layout& layout);  // every tensor
void lay_out(Case& made, const std::string& order);

// Values by which a lost element or a wrong weight shows however many there are, in turn: those of the plain case; a
// ramp, whose parts have different means; and one value at the end of each channel, of x and of dy, that outweighs what
// rounding may do to a sum of m values (16 √m standard deviations against 8 √m roundings). The bounds of long sums of
// like values are wider than one of them.
void weigh_elements(Case& made, std::size_t turn);

// The ways to have m values in a channel: all samples, all spatial, and both where m is no prime.
std::vector<Shape> splits(std::int64_t per_channel, std::int64_t channels);

// The i-th of a list, over and over again. Lists whose lengths have no common factor meet in every combination.
template <class List>
const auto& cycle(const List& list, std::size_t i) {
  return list[i % list.size()];
}

class CaseMaker {
 public:
  CaseMaker(std::string_view check, const Declared& kernel, const Plan& plan);

  const Declared& kernel() const { return kernel_; }
  normproof_op op() const { return kernel_.op; }
  normproof_dtype dtype() const { return dtype_; }
  bool is_first_type() const { return dtype_ == kernel_.dtypes.front(); }  // of those that the kernel takes
  bool wide() const { return plan_.effort != evidence::Effort::quick; }    // standard effort or more
  bool deep() const { return plan_.effort == evidence::Effort::deep; }
  std::uint64_t seed() const { return plan_.seed; }  // for a check that draws what it tries; cases get theirs anyway
  // How many of a list to take.
  std::size_t by_effort(std::size_t quick, std::size_t standard, std::size_t deep) const;

  Case plain(const Shape& shape) const;  // plain_case of the kernel's operation and of dtype()

  void add(const Case& made);        // in several seeds where the effort allows
  void add_dense(const Case& made);  // as N×C×spatial and as N×spatial×C
  void add_once(const Case& made);   // one seed, and never thinned out: nothing in it is random, or it is costly

  // From here on cases are of this type; made_by() does this for each type that the kernel takes.
  void start(normproof_dtype dtype);
  std::vector<Case> made() && { return std::move(cases_); }

 private:
  void keep(Case made, std::uint64_t times, std::uint64_t one_in_so_many);

  std::string check_;
  const Declared& kernel_;
  const Plan plan_;
  normproof_dtype dtype_ = NORMPROOF_F32;
  std::vector<Case> cases_;
  std::unordered_set<std::uint64_t> seen_;  // hashes of their texts
};

// Check::cases: make() called for each type.
std::function<std::vector<Case>(const Declared&, const Plan&)> made_by(std::string check, void (*make)(CaseMaker&));

// Check::not_applicable where a check is for some operations only: `why` for the others, empty for those.
std::function<std::string(const Declared&)> only_for(std::vector<normproof_op> ops, std::string why);

}  // namespace normproof::conformance

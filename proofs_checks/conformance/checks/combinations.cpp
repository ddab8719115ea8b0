// Do choices that are right one by one go together?
//
// Tried      shape, layout, threads, each optional operand, eps, momentum, kind of variance, types, place in memory,
//            values and gamma at once, drawn so that their levels meet two by two (a covering array of strength two,
//            built greedily): most pairs of levels at quick effort, more of them with more. Another seed, other calls.
// Causes     a path for long channels, for strides or for threads that forgets an absent gamma, another eps, the other
//            kind of variance: each path was tested with the defaults, each parameter on the main path
#include <algorithm>
#include <array>
#include <functional>
#include <optional>
#include <utility>

#include "proofs_checks/conformance/case_maker.hpp"
#include "proofs_checks/inputs/random_stream.hpp"

namespace normproof::conformance::checks {
namespace {

// What a call has of one kind; the levels change a case. A level that stands there twice is had more often.
using Factor = std::vector<std::function<void(Case&)>>;

constexpr std::array<Shape, 19> shapes = {{{2, 3, 5},
                                           {1, 5, 1},
                                           {4, 17, 1},
                                           {3, 33, 16},
                                           {1, 3, 257},
                                           {259, 5, 1},
                                           {2, 300, 3},
                                           {64, 2, 64},
                                           {9, 3, 260},
                                           {17, 2, 130},
                                           {101, 7, 5},
                                           {64, 96, 1},
                                           {1, 1, 8195},
                                           {8195, 1, 1},
                                           {1, 1, 16400},
                                           {70, 1, 71},
                                           {2, 160, 17},
                                           {8, 32, 33},
                                           {2, 64, 64}}};
constexpr std::array<Shape, 5> more_shapes = {{{32, 65, 25}, {5, 1025, 5}, {2, 160, 49}, {3, 3, 12289}, {2, 1001, 17}}};

Factor of_shapes(const CaseMaker& maker) {
  std::vector<Shape> chosen(shapes.begin(), shapes.end());
  if (maker.wide()) chosen.insert(chosen.end(), more_shapes.begin(), more_shapes.end());
  Factor factor;
  for (const Shape& shape : chosen)
    factor.push_back([shape](Case& made) {
      made.batch = shape.batch;
      made.channels = shape.channels;
      made.spatial = shape.spatial;
    });
  return factor;
}

Factor of_layouts(const CaseMaker& maker) {
  Factor factor;
  for (const char* order : {"bcs", "bsc"}) factor.push_back([order](Case& made) { lay_out(made, order); });
  if (!maker.kernel().any_strides) return factor;
  factor.push_back([](Case& made) { lay_out(made, layout_of("csb")); });
  factor.push_back([](Case& made) { lay_out(made, layout_of("bcs", 2, 3)); });
  factor.push_back([](Case& made) {
    std::size_t k = 0;
    for (const OperandId id : tensors_in_use(made.op)) made[id].layout = layout_of(k++ % 2 == 0 ? "bsc" : "bcs");
  });
  // In f64 a plain sum of thousands of equal numbers is off by more than it may be; `layouts` has shorter ones.
  if (maker.dtype() != NORMPROOF_F32) return factor;
  for (const char extent : {'b', 's'})
    factor.push_back([extent](Case& made) {  // what is read is broadcast over samples, or places
      for (const OperandId id : tensors_in_use(made.op))
        if (!is_written(use_of(made.op, id))) made[id].layout.zero.assign(1, extent);
    });
  return factor;
}

template <class List, class Set>
Factor of_values(const List& values, Set set) {
  Factor factor;
  for (const auto& value : values) factor.push_back([value, set](Case& made) { set(made, value); });
  return factor;
}

Factor of_types() {
  const auto as_x = [](Case&) {};
  return {as_x, as_x, as_x, [](Case& made) {
            for (const OperandId id : operands_in_use(made.op))
              if (!is_tensor(id)) made[id].dtype = made[id].dtype == NORMPROOF_F32 ? NORMPROOF_F64 : NORMPROOF_F32;
          }};
}

Factor of_places() {
  const auto aligned = [](Case&) {};
  return {aligned,
          [](Case& made) {
            for (const OperandId id : operands_in_use(made.op)) made[id].offset = 1;
          },
          [](Case& made) {
            std::int64_t k = 0;
            for (const OperandId id : operands_in_use(made.op)) made[id].offset = 3 * k++ % 16;
          }};
}

Factor of_x() {
  return {[](Case&) {}, [](Case& made) { weigh_elements(made, 1); }, [](Case& made) { weigh_elements(made, 2); },
          [](Case& made) {
            made[OperandId::x].values = recipe("spread", {300, 0.5});
          },
          [](Case& made) { made[OperandId::x].values = recipe("constant", {-2.5}); }};
}

Factor of_memory() {
  return {[](Case&) {}, [](Case& made) { made.guard_in_front = true; },
          [](Case& made) { made.poison = 3; },  // outputs hold a number before the call
          [](Case& made) { made.inputs_read_only = true; }};
}

std::vector<Factor> factors_of(const CaseMaker& maker) {
  std::vector<Factor> factors = {of_shapes(maker), of_layouts(maker), of_types(), of_places(), of_x(), of_memory()};
  factors.push_back(of_values(std::array{1, 2, 5}, [](Case& made, int threads) { made.threads = threads; }));
  factors.push_back(
      of_values(std::array{1e-5, 0.1, 1e-12, 3.0, 2000.0}, [](Case& made, double eps) { made.eps = eps; }));
  if (maker.op() == NORMPROOF_BN_TRAIN || maker.op() == NORMPROOF_FN_TRAIN)
    factors.push_back(
        of_values(std::array{0.1, 0.0, 1.0, 0.5}, [](Case& made, double momentum) { made.momentum = momentum; }));
  if (maker.op() == NORMPROOF_BN_TRAIN)
    factors.push_back(of_values(std::array{NORMPROOF_VAR_UNBIASED, NORMPROOF_VAR_BIASED},
                                [](Case& made, normproof_variance_kind kind) { made.variance = kind; }));
  if (uses(maker.op(), OperandId::gamma))
    factors.push_back(
        of_values(std::vector<Values>{recipe("signed", {0.5, 2}), recipe("constant", {-1.5}), recipe("zero")},
                  [](Case& made, const Values& gamma) { made[OperandId::gamma].values = gamma; }));
  // A low part that is no rounding error, but for full normalization in another format than f32 (hostile_parameters).
  if (maker.op() == NORMPROOF_BN_TRAIN_BACKWARD)
    factors.push_back(of_values(std::vector<Values>{recipe("zero"), recipe("signed", {0.05, 0.5})},
                                [](Case& made, const Values& low) { made[OperandId::saved_mean_low].values = low; }));
  if (uses(maker.op(), OperandId::fn_mean_low) && maker.dtype() == NORMPROOF_F32)
    factors.push_back(of_values(std::vector<Values>{recipe("zero"), recipe("normal", {0, 1e-4})},
                                [](Case& made, const Values& low) { made[OperandId::fn_mean_low].values = low; }));
  for (const OperandId id : optional_operands(maker.op()))
    factors.push_back(
        of_values(std::array{true, false}, [id](Case& made, bool present) { made[id].present = present; }));
  if (maker.kernel().in_place)  // the last one: it makes the others' choices for two operands one
    factors.push_back(of_values(std::array{false, true}, [](Case& made, bool in_place) {
      const InPlace pair = in_place_pair(made.op);
      made.in_place = in_place && made[pair.read].layout.zero.empty();
      if (!made.in_place) return;
      made[pair.written].present = true;
      made[pair.written].layout = made[pair.read].layout;
      made[pair.written].dtype = made[pair.read].dtype;
      made[pair.written].offset = made[pair.read].offset;
    }));
  return factors;
}

using Row = std::vector<std::size_t>;  // the level of each factor

// Which levels of two factors have met.
class Pairs {
 public:
  explicit Pairs(const std::vector<Factor>& factors) {
    for (const Factor& factor : factors) {
      first_.push_back(levels_);
      levels_ += factor.size();
      ends_.push_back(levels_);
    }
    met_.assign(levels_ * levels_, false);
  }
  std::size_t new_in(const Row& row) const {
    std::size_t count = 0;
    each(row, [&](std::size_t at) { count += met_[at] ? 0 : 1; });
    return count;
  }
  void add(const Row& row) {
    each(row, [&](std::size_t at) { met_[at] = true; });
  }
  // Level i of factor a and level j of factor b that have not met; nothing where all have.
  struct Two {
    std::size_t a, i, b, j;
  };
  std::optional<Two> two_that_have_not_met(inputs::RandomStream& stream) const {
    std::vector<Two> left;
    for (std::size_t a = 0; a < first_.size(); ++a)
      for (std::size_t b = 0; b < a; ++b)
        for (std::size_t i = 0; i < ends_[a] - first_[a]; ++i)
          for (std::size_t j = 0; j < ends_[b] - first_[b]; ++j)
            if (!met_[place(a, i, b, j)]) left.push_back({a, i, b, j});
    if (left.empty()) return std::nullopt;
    return left[stream.below(left.size())];
  }

 private:
  std::size_t place(std::size_t a, std::size_t i, std::size_t b, std::size_t j) const {
    return (first_[a] + i) * levels_ + first_[b] + j;
  }
  template <class Take>
  void each(const Row& row, Take take) const {
    for (std::size_t a = 0; a < row.size(); ++a)
      for (std::size_t b = 0; b < a; ++b) take(place(a, row[a], b, row[b]));
  }
  std::vector<std::size_t> first_, ends_;  // numbers of each factor's levels
  std::size_t levels_ = 0;
  std::vector<bool> met_;
};

Row drawn(const std::vector<Factor>& factors, inputs::RandomStream& stream) {
  Row row;
  for (const Factor& factor : factors) row.push_back(stream.below(factor.size()));
  return row;
}

// Two levels that have not met, and of some draws of the others the one in which the most meets for the first time.
Row next_row(const std::vector<Factor>& factors, const Pairs& pairs, inputs::RandomStream& stream) {
  constexpr int tries = 40;
  Row best = drawn(factors, stream);
  const auto two = pairs.two_that_have_not_met(stream);
  if (!two) return best;
  std::size_t most = 0;
  for (int k = 0; k < tries; ++k) {
    Row row = drawn(factors, stream);
    row[two->a] = two->i;
    row[two->b] = two->j;
    if (const std::size_t fresh = pairs.new_in(row); fresh > most) {
      most = fresh;
      best = std::move(row);
    }
  }
  return best;
}

void make(CaseMaker& maker) {
  const std::vector<Factor> factors = factors_of(maker);
  inputs::RandomStream stream(maker.seed(), "combinations", word(maker.op()), word(maker.dtype()));
  Pairs pairs(factors);
  const std::size_t count = maker.by_effort(100, 800, 6000);
  for (std::size_t k = 0; k < count; ++k) {
    const Row row = next_row(factors, pairs, stream);
    pairs.add(row);
    Case made = maker.plain(shapes.front());
    for (std::size_t f = 0; f < factors.size(); ++f) factors[f][row[f]](made);
    maker.add(made);
  }
}

}  // namespace

Check combinations() {
  return {.title = "shape, layout, threads, operands, parameters and values, every two of them together",
          .why = "a path through a kernel is tested with the defaults, and a parameter on the main path",
          .cases = made_by("combinations", make)};
}

}  // namespace normproof::conformance::checks

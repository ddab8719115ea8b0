// Do NaN and infinities stay in their channel, and do they show there?
//
// Tried      NaN, +∞, −∞ and the largest finite numbers at the head, the middle and the tail of one channel of x, dy,
//            gamma, beta or a statistic that is given: y of that channel is as the formula makes it, every other
//            channel keeps its bits, or its values within their bounds where no bits are promised. The same of x and dy
//            where gamma is 0 in that channel: 0·NaN and 0·∞ are NaN.
// Causes     max(NaN, 0) = 0, sums over several channels at once, masks made by multiplying with 0, a short way for
//            gamma = 0
#include <array>
#include <limits>

#include "proofs_checks/conformance/case_maker.hpp"

namespace normproof::conformance::checks {
namespace {

using Position = Plant::Position;

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr std::array<Shape, 5> shapes = {{{2, 3, 5}, {4, 17, 1}, {3, 2, 9}, {1, 8, 33}, {2, 33, 4}}};
constexpr std::array<Shape, 2> long_shapes = {{{1, 2, 1025}, {1025, 2, 1}}};
constexpr std::array positions = {Position::head, Position::middle, Position::tail};

std::vector<double> values(const CaseMaker& maker) {
  const double large = maker.dtype() == NORMPROOF_F32 ? 3e38 : 1e150;
  return {std::numeric_limits<double>::quiet_NaN(), infinity, -infinity, large, -large};
}

std::vector<OperandId> attacked(normproof_op op) {
  std::vector<OperandId> found;
  for (const OperandId id : {OperandId::x, OperandId::dy, OperandId::gamma, OperandId::beta}) {
    if (uses(op, id)) found.push_back(id);
  }
  return found;
}

Case planted_case(const CaseMaker& maker, const Shape& shape, OperandId id, Position position, double value,
                  std::int64_t channel) {
  Case made = maker.plain(shape);
  made[id].values = planted(made[id].values, channel, position, value);
  if (made.op == NORMPROOF_BN_TRAIN) {  // what overflows there is the format's fault
    made[OperandId::running_var].dtype = NORMPROOF_F64;
    made[OperandId::running_var].present = maker.wide();
  }
  made.relation = shape.channels > 1 ? Relation::other_channels : Relation::value;
  return made;
}

void plant(CaseMaker& maker, const Shape& shape, OperandId id, Position position, double value, std::int64_t channel) {
  maker.add_dense(planted_case(maker, shape, id, position, value, channel));
}

// In one of the two layouts at quick effort.
void add(CaseMaker& maker, const Case& made, std::size_t i) {
  if (maker.wide()) return maker.add_dense(made);
  Case one = made;
  lay_out(one, i % 2 == 0 ? "bcs" : "bsc");
  maker.add(one);
}

// Not the low part by itself, for the mean is the sum.
std::vector<OperandId> given_statistics(normproof_op op) {
  std::vector<OperandId> found;
  for (const OperandId id : {OperandId::running_mean, OperandId::running_var, OperandId::saved_mean,
                             OperandId::saved_inv_std, OperandId::fn_mean, OperandId::fn_square}) {
    if (uses(op, id) && is_read(use_of(op, id))) found.push_back(id);
  }
  return found;
}

// A variance or its root that is below 0 makes no sense; fn_square may be anything, for it is clamped.
bool is_never_negative(OperandId id) { return id == OperandId::running_var || id == OperandId::saved_inv_std; }

void plant_in_statistics(CaseMaker& maker) {
  std::size_t i = 0;
  for (const OperandId id : given_statistics(maker.op())) {
    for (const double value : values(maker)) {
      if (is_never_negative(id) && value < 0) continue;
      for (std::size_t k = 0; k < maker.by_effort(1, shapes.size(), shapes.size()); ++k, ++i) {
        const Shape shape = cycle(shapes, i);
        Case made = planted_case(maker, shape, id, Position::head, value, i % 3 == 0 ? shape.channels - 1 : 1);
        made[id].present = true;
        add(maker, made, i);
      }
    }
  }
}

void plant_where_gamma_is_zero(CaseMaker& maker) {
  std::size_t i = 0;
  for (const OperandId id : {OperandId::x, OperandId::dy}) {
    if (!uses(maker.op(), id)) continue;
    for (const Position position : positions) {
      for (const double value : {std::numeric_limits<double>::quiet_NaN(), infinity, -infinity}) {
        const Shape shape = cycle(shapes, i);
        const std::int64_t channel = i % 2 == 0 ? 1 : shape.channels - 1;
        Case made = planted_case(maker, shape, id, position, value, channel);
        made[OperandId::gamma].values = planted(made[OperandId::gamma].values, channel, Position::head, 0);
        add(maker, made, i++);
      }
    }
  }
}

void make(CaseMaker& maker) {
  std::size_t i = 0;
  for (const OperandId id : attacked(maker.op())) {
    for (const Position position : positions) {
      if (!is_tensor(id) && position != Position::head) continue;  // a vector has one value in a channel
      for (const double value : values(maker)) {
        for (std::size_t k = 0; k < maker.by_effort(2, shapes.size(), shapes.size()); ++k) {
          const Shape shape = cycle(shapes, i++);
          plant(maker, shape, id, position, value, static_cast<std::int64_t>(i % 2) * (shape.channels - 1));
        }
      }
    }
  }
  // Opposite infinities in one channel, and a NaN in the only channel.
  for (const Shape& shape : shapes) {
    Case made = maker.plain(shape);
    made[OperandId::x].values = planted(made[OperandId::x].values, 1, Position::head, infinity);
    made[OperandId::x].values = planted(made[OperandId::x].values, 1, Position::tail, -infinity);
    made.relation = Relation::other_channels;
    maker.add_dense(made);
    plant(maker, {shape.batch, 1, shape.spatial}, OperandId::x, Position::middle, values(maker).front(), 0);
  }
  // A way for many values may have another place for them.
  for (const Shape& shape : long_shapes)
    for (const Position position : positions)
      for (const double value : {std::numeric_limits<double>::quiet_NaN(), infinity})
        add(maker, planted_case(maker, shape, OperandId::x, position, value, 1), i++);
  plant_in_statistics(maker);
  plant_where_gamma_is_zero(maker);
}

}  // namespace

Check nonfinite() {
  return {.title = "NaN, infinities and the largest numbers in one channel",
          .why = "a maximum or a mask can hide a NaN, and lanes shared by channels can spread it",
          .cases = made_by("nonfinite", make)};
}

}  // namespace normproof::conformance::checks

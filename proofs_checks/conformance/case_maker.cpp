// How does a check put its cases together?
#include "proofs_checks/conformance/case_maker.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "proofs_checks/inputs/random_stream.hpp"

namespace normproof::conformance {
namespace {

// A case of more elements than this gets one seed at every effort.
constexpr std::int64_t small_enough_to_repeat = 4096;
constexpr std::array<std::uint64_t, 3> repetitions = {1, 2, 4};  // by effort
// One case in so many is kept of a data type after the first; each divides the one before it.
constexpr std::array<std::uint64_t, 3> kept_is_one_in = {4, 2, 1};  // by effort

std::size_t position(evidence::Effort effort) { return static_cast<std::size_t>(effort); }

}  // namespace

bool uses(normproof_op op, OperandId id) { return use_of(op, id) != Use::unused; }
bool is_forward(normproof_op op) { return uses(op, OperandId::y); }
bool is_backward(normproof_op op) { return uses(op, OperandId::dy); }

std::vector<OperandId> operands_in_use(normproof_op op) {
  std::vector<OperandId> found;
  for (const OperandId id : all_operands()) {
    if (uses(op, id)) found.push_back(id);
  }
  return found;
}

std::vector<OperandId> tensors_in_use(normproof_op op) {
  std::vector<OperandId> found = operands_in_use(op);
  std::erase_if(found, [](OperandId id) { return !is_tensor(id); });
  return found;
}

std::vector<OperandId> optional_operands(normproof_op op) {
  std::vector<OperandId> found = operands_in_use(op);
  std::erase_if(found, [op](OperandId id) { return !is_optional(use_of(op, id)); });
  return found;
}

Values recipe(std::string name, std::vector<double> parameters) {
  Values values;
  values.recipe = std::move(name);
  values.parameters = std::move(parameters);
  return values;
}

Values planted(Values values, std::int64_t channel, Plant::Position position, double value) {
  values.plants.push_back({channel, position, value});
  return values;
}

void give_statistics_of_x(Case& made) {
  if (made.op != NORMPROOF_BN_INFER && made.op != NORMPROOF_BN_INFER_BACKWARD) return;  // the others have them
  made[OperandId::running_mean].values = recipe("from_x");
  made[OperandId::running_var].values = recipe("from_x");
}

Layout layout_of(std::string order, std::int64_t gap, std::int64_t pad, char far) {
  Layout layout;
  layout.order = std::move(order);
  layout.gap = gap;
  layout.pad = pad;
  layout.far = far;
  return layout;
}

void lay_out(Case& made, const Layout& layout) {
  for (const OperandId id : tensors_in_use(made.op)) made[id].layout = layout;
}

void lay_out(Case& made, const std::string& order) { lay_out(made, layout_of(order)); }

void weigh_elements(Case& made, std::size_t turn) {
  constexpr std::size_t turns = 3;
  constexpr double outweighing = 16, ramp_from = -2, ramp_length = 5;
  const auto m = static_cast<double>(made.per_channel());
  Values& x = made[OperandId::x].values;
  if (turn % turns == 1 && m > 0) x = recipe("ramp", {ramp_from, ramp_length / m});
  if (turn % turns != 2) return;
  x = planted(x, -1, Plant::Position::tail, outweighing * std::sqrt(m));
  if (!is_backward(made.op)) return;
  Values& dy = made[OperandId::dy].values;
  dy = planted(dy, -1, Plant::Position::tail, -outweighing * std::sqrt(m));
}

std::vector<Shape> splits(std::int64_t per_channel, std::int64_t channels) {
  std::vector<Shape> found = {{per_channel, channels, 1}};
  if (per_channel == 1) return found;
  found.push_back({1, channels, per_channel});
  std::int64_t divisor = 1;  // the largest one up to the square root
  for (std::int64_t d = 2; d * d <= per_channel; ++d) {
    if (per_channel % d == 0) divisor = d;
  }
  if (divisor > 1) found.push_back({divisor, channels, per_channel / divisor});
  return found;
}

CaseMaker::CaseMaker(std::string_view check, const Declared& kernel, const Plan& plan)
    : check_(check), kernel_(kernel), plan_(plan) {
  if (!kernel.dtypes.empty()) dtype_ = kernel.dtypes.front();
  constexpr std::size_t usual = 1024;  // a case is large: moving them to a longer array costs more than making them
  cases_.reserve(usual);
}

std::size_t CaseMaker::by_effort(std::size_t quick, std::size_t standard, std::size_t deep) const {
  return std::array{quick, standard, deep}[position(plan_.effort)];
}

Case CaseMaker::plain(const Shape& shape) const {
  return plain_case(kernel_.op, dtype_, shape.batch, shape.channels, shape.spatial, 0);
}

void CaseMaker::start(normproof_dtype dtype) { dtype_ = dtype; }

void CaseMaker::add(const Case& made) {
  const bool repeat = made.elements() <= small_enough_to_repeat;
  const bool thin = made[OperandId::x].dtype != kernel_.dtypes.front();
  keep(made, repeat ? repetitions[position(plan_.effort)] : 1, thin ? kept_is_one_in[position(plan_.effort)] : 1);
}

void CaseMaker::add_once(const Case& made) { keep(made, 1, 1); }

void CaseMaker::add_dense(const Case& made) {
  for (const char* order : {"bcs", "bsc"}) {
    Case laid_out = made;
    lay_out(laid_out, order);
    add(laid_out);
  }
}

void CaseMaker::keep(Case made, std::uint64_t times, std::uint64_t one_in_so_many) {
  made.check = check_;
  made.seed = 0;
  const std::string words = text(made);
  inputs::RandomStream of_the_case(0, words);
  if (of_the_case.below(one_in_so_many) != 0) return;
  if (!seen_.insert(of_the_case.next_uint64()).second) return;
  inputs::RandomStream seeds(plan_.seed, words);
  for (std::uint64_t k = 0; k < times; ++k) {
    made.seed = seeds.next_uint64() >> 32;  // half of it keeps the command line that repeats a case short
    if (k + 1 < times) cases_.push_back(made);
  }
  cases_.push_back(std::move(made));
}

std::function<std::vector<Case>(const Declared&, const Plan&)> made_by(std::string check, void (*make)(CaseMaker&)) {
  return [check = std::move(check), make](const Declared& kernel, const Plan& plan) {
    CaseMaker maker(check, kernel, plan);
    for (const normproof_dtype dtype : kernel.dtypes) {
      maker.start(dtype);
      make(maker);
    }
    return std::move(maker).made();
  };
}

std::function<std::string(const Declared&)> only_for(std::vector<normproof_op> ops, std::string why) {
  return [ops = std::move(ops), why = std::move(why)](const Declared& kernel) {
    return std::find(ops.begin(), ops.end(), kernel.op) == ops.end() ? why : std::string();
  };
}

}  // namespace normproof::conformance

// Do results hold from the smallest to the largest numbers of the type?
//
// Tried      x up to 3e38 (f64: 1e150), of one and of both signs, down to 1e-38 and to subnormal numbers, with eps = 0
//            and eps > 0, magnitudes mixed over the whole range; the ends of the range also in long channels and with
//            several threads.
// Causes     x² or a sum that overflows, a variance that underflows, flushing of subnormals, 1/√ by a rough estimate
#include <array>

#include "proofs_checks/conformance/case_maker.hpp"

namespace normproof::conformance::checks {
namespace {

constexpr std::array<Shape, 4> shapes = {{{3, 3, 7}, {16, 5, 1}, {1, 2, 64}, {2, 17, 3}}};
constexpr std::array eps_values = {0.0, 1e-5, 1e-12};

// Whether mean and variance of such values are numbers of f32, with all their digits.
bool has_f32_statistics(const Values& values) {
  const std::string& name = values.recipe;
  const std::vector<double>& p = values.parameters;
  constexpr double smallest_std = 1e-18, largest_std = 2e18;
  const auto fits = [](double std) { return std == 0 || (smallest_std <= std && std <= largest_std); };
  if (name == "constant") return true;
  if (name == "normal" || name == "spread" || name == "two_valued") return fits(p[1]);
  if (name == "uniform") return fits((p[1] - p[0]) / 4);  // the deviation is a little more
  return name == "powers" && p[0] >= -60 && p[1] <= 60;
}

std::vector<Values> f32_values() {
  return {recipe("uniform", {1e38, 3e38}),    recipe("uniform", {-3e38, 3e38}),   recipe("normal", {0, 1e30}),
          recipe("normal", {1e38, 1e36}),     recipe("constant", {3e38}),         recipe("two_valued", {0, 3e38}),
          recipe("two_valued", {2e38, 1e38}), recipe("spread", {1e20, 1e19}),     recipe("normal", {0, 1e-15}),
          recipe("normal", {0, 1e-30}),       recipe("normal", {1e-20, 1e-22}),   recipe("uniform", {1e-38, 3e-38}),
          recipe("subnormal", {10}),          recipe("subnormal", {22}),          recipe("powers", {-126, 126}),
          recipe("powers", {-40, 0}),         recipe("constant", {1e-38}),        recipe("normal", {-1e19, 1e18}),
          recipe("one_outlier", {3e38, 1}),   recipe("uniform", {1.8e19, 1.9e19})};
}

std::vector<Values> f64_values() {
  return {recipe("uniform", {-1e150, 1e150}), recipe("normal", {0, 1e100}),     recipe("constant", {1e150}),
          recipe("two_valued", {0, 1e150}),   recipe("normal", {0, 1e-100}),    recipe("normal", {1e-120, 1e-122}),
          recipe("subnormal", {10}),          recipe("subnormal", {50}),        recipe("powers", {-300, 300}),
          recipe("uniform", {1e38, 1e40}),    recipe("one_outlier", {1e150, 1})};
}

std::vector<Values> gradients(const CaseMaker& maker) {
  const double tiny = maker.dtype() == NORMPROOF_F32 ? 1e-36 : 1e-300;
  const double large = maker.dtype() == NORMPROOF_F32 ? 1e30 : 1e120;
  return {recipe("normal", {0.5, 1}), recipe("normal", {0, tiny}), recipe("normal", {large, large})};
}

// Sums beyond the range where a kernel may go over to another way of adding; and threads whose settings are their own.
void make_long(CaseMaker& maker, const Values& largest) {
  for (const Shape& shape : {Shape{1, 1, 1000}, Shape{1000, 1, 1}}) {
    for (const Values& x : {largest, recipe("subnormal", {10})}) {
      Case made = maker.plain(shape);
      made[OperandId::x].values = x;
      made.eps = 1e-20;
      made.threads = 3;
      give_statistics_of_x(made);
      if (uses(made.op, OperandId::beta)) made[OperandId::beta].values = recipe("zero");
      if (made.op == NORMPROOF_BN_TRAIN)
        made[OperandId::running_mean].present = made[OperandId::running_var].present = false;
      else if (uses(made.op, OperandId::running_var))
        made[OperandId::running_mean].dtype = made[OperandId::running_var].dtype = NORMPROOF_F64;
      maker.add(made);
    }
  }
}

void make(CaseMaker& maker) {
  const std::vector<Values> xs = maker.dtype() == NORMPROOF_F32 ? f32_values() : f64_values();
  const std::vector<Values> dys = gradients(maker);
  std::size_t i = 0;
  make_long(maker, xs.front());
  for (const Values& x : xs) {
    for (const double eps : eps_values) {
      for (std::size_t k = 0; k < maker.by_effort(1, 2, shapes.size()); ++k, ++i) {
        Case made = maker.plain(cycle(shapes, i + k));
        made[OperandId::x].values = x;
        made.eps = eps;
        if (is_backward(made.op)) made[OperandId::dy].values = cycle(dys, i);
        give_statistics_of_x(made);
        if (uses(made.op, OperandId::running_var)) {
          // A variance beyond the range of f32 needs f64. A kernel that takes f32 alone has the others, and can train
          // without running statistics.
          if (!has_f32_statistics(x)) {
            made[OperandId::running_mean].dtype = made[OperandId::running_var].dtype = NORMPROOF_F64;
          }
        }
        maker.add_dense(made);
        if (made.op != NORMPROOF_BN_TRAIN) continue;
        made[OperandId::running_mean].present = made[OperandId::running_var].present = false;
        maker.add_dense(made);
      }
    }
  }
}

}  // namespace

Check extreme_values() {
  return {.title = "values at the ends of the range of the type",
          .why = "data of unit scale neither overflow in x² nor underflow in the variance, and eps hides the rest",
          .cases = made_by("extreme_values", make)};
}

}  // namespace normproof::conformance::checks

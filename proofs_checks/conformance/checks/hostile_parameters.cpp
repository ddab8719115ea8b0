// Do the parameters enter where the formula has them, however odd they are?
//
// Tried      gamma zero, negative, tiny, huge; eps from 0 to more than the variance; momentum 0 to 1; running variances
//            far below and far above 1, and 0 in one channel; large beta and running mean; low parts of the mean that
//            matter; eps of the size of the variance at every scale of the data.
// Causes     gamma left out of dx, a division by gamma, eps outside the root, twice, rounded to 0 or kept in
//            running_var, momentum for the old value, a low part not read, parameters narrowed to a smaller type
#include <array>

#include "proofs_checks/conformance/case_maker.hpp"

namespace normproof::conformance::checks {
namespace {

// Channels in whole blocks of 16 among them, and an eps of 1e-7: there are kernels that take nothing else.
constexpr std::array<Shape, 7> shapes = {
    {{3, 5, 7}, {2, 4, 3}, {2, 16, 9}, {8, 17, 1}, {1, 3, 40}, {3, 32, 4}, {5, 2, 9}}};
constexpr std::array eps_values = {0.0, 1e-12, 1e-7, 1e-5, 1e-3, 0.1, 1.0, 30.0};
constexpr std::array momenta = {0.0, 0.01, 0.1, 0.5, 0.9, 1.0};
constexpr std::array kinds = {NORMPROOF_VAR_BIASED, NORMPROOF_VAR_UNBIASED};

std::vector<Values> gammas() {
  return {recipe("zero"),
          recipe("constant", {-1.5}),
          recipe("signed", {0.5, 2}),
          recipe("constant", {1e-30}),
          recipe("constant", {1e20}),
          recipe("integers", {-1, 1}),
          recipe("one"),
          recipe("constant", {-1}),
          planted(recipe("signed", {0.5, 2}), 1, Plant::Position::head, 0)};
}

std::vector<Values> betas() {
  return {recipe("zero"), recipe("normal", {0, 3}), recipe("constant", {1e6}), recipe("normal", {-1e4, 1}),
          recipe("constant", {1e-30})};
}

std::vector<Values> running_variances() {
  return {recipe("uniform", {4, 20}),
          recipe("constant", {1e5}),
          recipe("uniform", {1e-8, 1e-6}),
          recipe("zero"),
          planted(recipe("uniform", {4, 20}), 1, Plant::Position::head, 0),
          recipe("one"),
          recipe("uniform", {1e9, 1e10})};
}

std::vector<Values> running_means() {
  return {recipe("normal", {0, 3}), recipe("constant", {1e4}), recipe("normal", {-300, 1}), recipe("zero")};
}

// Full normalization: variance far above eps, and far below it, where the clamp holds.
std::vector<Values> full_norm_states() {
  return {recipe("from_x", {0.5, 1.5}), recipe("from_x", {-2, 0.01}), recipe("from_x", {0.1, 100}),
          recipe("from_x", {1, 0.5})};
}

void add(CaseMaker& maker, const Case& made, std::size_t i) {
  if (maker.wide()) return maker.add_dense(made);
  Case one = made;
  lay_out(one, (i + i / eps_values.size()) % 2 == 0 ? "bcs" : "bsc");  // each eps in each layout
  maker.add(one);
}

void make_parameters(CaseMaker& maker, std::size_t& i) {
  for (const Values& gamma : gammas()) {
    for (const double eps : eps_values) {
      Case made = maker.plain(cycle(shapes, i));
      made.eps = eps;
      made[OperandId::gamma].values = gamma;
      if (uses(made.op, OperandId::beta)) made[OperandId::beta].values = betas()[i % betas().size()];
      add(maker, made, i++);
    }
  }
}

void make_state(CaseMaker& maker, std::size_t& i) {
  const std::vector<Values> variances = running_variances(), means = running_means();
  for (const Values& variance : variances) {
    for (const double eps : eps_values) {
      Case made = maker.plain(cycle(shapes, i));
      // Nothing but 0 stands under the root then, and such a channel is not judged.
      made.eps = eps == 0 && variance.recipe == "zero" ? 1e-3 : eps;  // every channel
      made[OperandId::running_var].values = variance;
      made[OperandId::running_mean].values = cycle(means, i);
      made.momentum = cycle(momenta, i);
      made.variance = cycle(kinds, i / 2);
      add(maker, made, i++);
    }
  }
}

void make_momenta(CaseMaker& maker, std::size_t& i) {
  for (const double momentum : momenta) {
    for (const normproof_variance_kind kind : kinds) {
      for (const double eps : eps_values) {
        Case made = maker.plain(cycle(shapes, i));
        made.momentum = momentum;
        made.variance = kind;
        made.eps = eps;
        add(maker, made, i++);
      }
    }
  }
}

void make_full_norm_states(CaseMaker& maker, std::size_t& i) {
  for (const Values& state : full_norm_states()) {
    for (const double eps : eps_values) {
      Case made = maker.plain(cycle(shapes, i));
      made.eps = eps;
      made.momentum = cycle(momenta, i);
      made[OperandId::fn_mean].values = made[OperandId::fn_square].values = state;
      add(maker, made, i++);
    }
  }
}

// A low part that is no rounding error of its mean: leaving it out shows in any format. Full normalization squares the
// mean; there the square of the low part stays below the roundings of f32, for kernels may leave that out.
void make_low_parts(CaseMaker& maker, std::size_t& i) {
  const bool saved = maker.op() == NORMPROOF_BN_TRAIN_BACKWARD;
  if (!saved && maker.dtype() != NORMPROOF_F32) return;
  for (const Shape& shape : shapes) {
    Case made = maker.plain(shape);
    made[saved ? OperandId::saved_mean_low : OperandId::fn_mean_low].values =
        saved ? recipe("signed", {0.05, 0.5}) : recipe("normal", {0, 1e-4});
    made.momentum = cycle(momenta, i);
    add(maker, made, i++);
  }
}

// An eps that is neither lost beside the variance nor drowns it, whatever the scale of the data.
void make_eps_like_variance(CaseMaker& maker, std::size_t& i) {
  for (const double std : {1e-4, 1e-2, 1.0, 300.0}) {
    for (const double ratio : {0.3, 1.0, 3.0}) {
      Case made = maker.plain(cycle(shapes, i));
      made[OperandId::x].values = recipe("spread", {i % 2 == 0 ? 0 : 3 * std, std});
      made.eps = ratio * std * std;
      give_statistics_of_x(made);
      add(maker, made, i++);
    }
  }
}

void make(CaseMaker& maker) {
  std::size_t i = 0;
  for (std::size_t round = 0; round < maker.by_effort(1, 3, shapes.size()); ++round, ++i) {
    make_parameters(maker, i);
    make_eps_like_variance(maker, i);
    if (uses(maker.op(), OperandId::running_var)) make_state(maker, i);
    if (uses(maker.op(), OperandId::fn_square)) make_full_norm_states(maker, i);
    if (maker.op() == NORMPROOF_BN_TRAIN_BACKWARD || uses(maker.op(), OperandId::fn_mean_low)) make_low_parts(maker, i);
    if (maker.op() == NORMPROOF_BN_TRAIN || maker.op() == NORMPROOF_FN_TRAIN) make_momenta(maker, i);
  }
}

}  // namespace

Check hostile_parameters() {
  return {.title = "gamma, beta, eps, momentum and given statistics far from 1, 0, 1e-5, 0.1 and 1",
          .why = "the parameters of a fresh layer are the identity: leaving them out changes nothing",
          .cases = made_by("hostile_parameters", make)};
}

}  // namespace normproof::conformance::checks

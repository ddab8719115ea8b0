// Is the running state updated as promised, and does it stay out of y?
//
// Tried      momentum 0.1, 0.5, 1, both kinds of variance, two to four values and some more, variances other than 1,
//            eps up to 1, constant channels, state far from the batch; in inference mean and variance that cannot be
//            mixed up.
// Causes     the biased variance stored, m/(m − 1) on the wrong thing, eps stored along, the standard deviation stored,
//            mean and variance exchanged, momentum for the old value, y from the blended state, no update at all
#include <array>

#include "proofs_checks/conformance/case_maker.hpp"

namespace normproof::conformance::checks {
namespace {

constexpr std::array<std::int64_t, 6> counts = {2, 3, 4, 5, 17, 100};
constexpr std::array momenta = {0.1, 0.5, 1.0, 0.99};
constexpr std::array eps_values = {1e-5, 0.1, 1.0};
constexpr std::array kinds = {NORMPROOF_VAR_BIASED, NORMPROOF_VAR_UNBIASED};
constexpr std::array<std::int64_t, 3> channels = {3, 1, 9};

std::vector<Values> data() {
  return {recipe("spread", {5, 2}), recipe("spread", {-20, 0.3}), recipe("constant", {2.7}),
          recipe("normal", {0.1, 40})};
}

// A variance taken back from 1/√(variance + eps), or with eps in it, is wrong by more than it is itself. No old value
// takes part, whose rounding would excuse that.
void small_variances(CaseMaker& maker) {
  std::size_t i = 0;
  for (const std::int64_t count : counts) {
    for (const double std : {1e-3, 1e-2}) {
      for (const double eps : {0.1, 1.0, 0.01}) {
        const auto ways = splits(count, cycle(channels, i));
        Case made = maker.plain(cycle(ways, i));
        made[OperandId::x].values = recipe("spread", {i % 2 == 0 ? 0.0 : std, std});
        made[OperandId::running_mean].values = made[OperandId::running_var].values = recipe("zero");
        made.momentum = 1;
        made.eps = eps;
        made.variance = cycle(kinds, i++);
        maker.add_dense(made);
      }
    }
  }
}

bool has_state(normproof_op op) { return uses(op, OperandId::running_var) || uses(op, OperandId::fn_square); }

void make(CaseMaker& maker) {
  const normproof_op op = maker.op();
  if (!has_state(op)) return;
  if (op == NORMPROOF_BN_TRAIN) small_variances(maker);
  const bool trains = op == NORMPROOF_BN_TRAIN || op == NORMPROOF_FN_TRAIN;
  const std::vector<Values> xs = data();
  std::size_t i = 0;
  for (const std::int64_t count : counts) {
    for (const double momentum : momenta) {
      for (const double eps : eps_values) {
        for (const normproof_variance_kind kind : kinds) {
          if (op != NORMPROOF_BN_TRAIN && kind != kinds.front()) continue;
          for (std::size_t k = 0; k < maker.by_effort(1, xs.size(), xs.size()); ++k, ++i) {
            const auto ways = splits(count, cycle(channels, i));
            Case made = maker.plain(cycle(ways, i));
            made[OperandId::x].values = cycle(xs, i);
            made.momentum = momentum;
            made.eps = eps;
            made.variance = kind;
            if (!maker.wide()) lay_out(made, i % 2 == 0 ? "bcs" : "bsc");
            maker.wide() ? maker.add_dense(made) : maker.add(made);
          }
        }
      }
      if (!trains && momentum == momenta[1]) break;  // it has no momentum; twice as many cases do
    }
  }
}

}  // namespace

Check running_statistics() {
  return {.title = "the state that outlives a call: both kinds, every momentum, large eps",
          .why = "a state of 0 and 1, a momentum of 0.1 and many values make every wrong update small",
          .cases = made_by("running_statistics", make),
          .not_applicable = [](const Declared& kernel) {
            return std::string(has_state(kernel.op) ? "" : "the operation has no running state");
          }};
}

}  // namespace normproof::conformance::checks

// Claim: with exact statistics the expectation of MCSGD's oracle is the gradient.
//
// Source       LL19 Remark 1: "The oracle samples a ξ′ for each layer and calculate this derivative with y set to an
//              estimated value ê_j … The expectation of this stochastic gradient will be (7) with some error caused by
//              the difference between the estimated ê_j and the true expectation"
// Notation     D the data set of N samples; ξ, ξ′_1 … ξ′_(n−1) independent and uniform on D, all N^n tuples enumerated;
//              D_j(ξ′) = ∂_z e_j at g_(j+1)(ξ′); (7) with D_j = ∂_z e_j (fn_gradient_formula)
// Hypotheses   exact statistics ê_j = E e_j, unless said otherwise
//
//     at_outer   g_i = Π_{j<i} (∂_x F_j(ξ) + ∂_y F_j(ξ) D_j(ξ′_j)) h_i(ξ)
//     at_inner   H_i(p) = h_i(p),  H_j(p) = ∂_x F_j(p) H_(j+1)(p) + ∂_y F_j(p) D_j(ξ′_j) H_(j+1)(ξ′_j),  g_i = H_1(ξ)
//
// Why. H_(j+1)(ξ′_j) depends on ξ′_j, ξ′_(j+1), … alone, and H_j(p) for p among ξ, ξ′_1 … ξ′_(j−1) on p and ξ′_j, …:
// all different draws. So E[H_j(p) | p] = ∂_x F_j(p) E[H_(j+1)(p) | p] + ∂_y F_j(p) E_ξ′[D_j(ξ′) E[H_(j+1)(ξ′) | ξ′]],
// which is A_j, the operator of (7). At ξ the factors are independent given ξ, and their mean is (7) read pointwise.
#include "proofs_checks/inputs/compositional_problem.hpp"

namespace normproof::claims {

using namespace inputs;

namespace {

using reference::FactorsAfter;
using theory::Product;

constexpr auto own = StatisticOf::its_own_layer;

Side oracle(LayerKind kind, FactorsAfter factors_after) {
  return by_reference(factors_after == FactorsAfter::at_inner
                          ? "the oracle with the factors after D_j(ξ′_j) at ξ′_j, mean over all (ξ, ξ′_1 …)"
                          : "the oracle with all factors but D_j at ξ, mean over all (ξ, ξ′_1 …)",
                      [=](const Inputs& in) { return expected_oracle(in, kind, Draws::independent, factors_after); });
}

Side gradient(LayerKind kind) {
  return by_definition("∂f/∂w, entry by entry, by dual numbers through (6)",
                       [=](const Inputs& in) { return exact_gradient(in, kind); });
}

std::vector<Sizes> sizes_of(LayerKind kind, int layers, int samples_most) {
  std::vector<Sizes> sizes;
  for (int samples = 1; samples <= samples_most; ++samples) sizes.push_back(problem_size(kind, layers, samples));
  return sizes;
}

Reading reading(std::string id, std::string statement, LayerKind kind, int layers, int samples_most, Side left,
                Side right, std::string why) {
  return {.id = std::move(id),
          .statement = std::move(statement),
          .inputs = problem_inputs(kind),
          .sizes = sizes_of(kind, layers, samples_most),
          .these_sizes_only = true,
          .left = std::move(left),
          .right = std::move(right),
          .why = std::move(why)};
}

// ---- estimates that are not exact: ê_j is a free input

Estimates given_estimates(const Inputs& in) {
  Estimates estimates;
  for (int layer = 0; layer < in.sizes.hidden; ++layer) estimates.push_back({in("estimate")(layer, 0)});
  return estimates;
}

Formula oracle_at_estimates() {
  return [](const Inputs& in) {
    const std::vector<Minibatch> single = tuples(in.sizes.batch, 1);
    return expected_oracle(differentiable_problem(in, LayerKind::polynomial), given_estimates(in), single, single,
                           Draws::independent, FactorsAfter::at_inner);
  };
}

Reading with_estimates(std::string id, std::string statement, Side right, std::string why) {
  Reading one = reading(std::move(id), std::move(statement), LayerKind::polynomial, 2, 3,
                        by_reference("the oracle at the estimates ê, mean over all (ξ, ξ′_1)", oracle_at_estimates()),
                        std::move(right), std::move(why));
  one.inputs.push_back({"estimate", Role::mean, Dimension::hidden, Dimension::one});
  return one;
}

Hypothesis estimates_are_exact() {
  return imposing("exact_statistics", "ê_j = E e_j(w; ξ) for every layer", [](Inputs& in) {
    const Estimates exact = exact_estimates(problem_of(in, LayerKind::polynomial));
    Array<Number> estimate(in.sizes.hidden, 1);
    for (int layer = 0; layer < in.sizes.hidden; ++layer)
      estimate(layer, 0) = exact[static_cast<std::size_t>(layer)][0];
    in.set("estimate", estimate);
  });
}

// ---- near-misses of the gradient, n = 3

// D_j and h averaged each by itself, or the statistics as constants.
enum class Slip { product_of_averages, statistics_held_fixed };
Formula slipped(Slip slip) {
  return [=](const Inputs& in) {
    const auto problem = differentiable_problem(in, LayerKind::polynomial);
    return for_every_parameter(problem, exact_estimates(problem), own, [=](auto before, const auto& h) {
      for (auto& layer : before) {
        const auto mean = theory::mean_of<theory::Matrix<Number>, Number>(layer.statistic_by_input);
        for (auto& statistic : layer.statistic_by_input)
          if (slip == Slip::product_of_averages) statistic = mean;
        for (auto& slope : layer.by_expectation)
          if (slip == Slip::statistics_held_fixed) slope(0, 0) = Number(0);
      }
      return theory::gradient_formula<Number>(before, h, Product::operators);
    });
  };
}

std::vector<Reading> readings() {
  constexpr auto polynomial = LayerKind::polynomial;
  constexpr auto at_inner = FactorsAfter::at_inner;
  constexpr auto at_outer = FactorsAfter::at_outer;
  const auto seven = [](LayerKind kind, Product product) {
    return by_theory(product == Product::operators ? "(7), a product of operators" : "(7), pointwise",
                     [=](const Inputs& in) { return formula_seven(in, kind, product); });
  };
  std::vector<Reading> all = {
      reading("printed__at_inner__two_layers", "n = 2, factors after D_j at ξ′_j: E g = ∂f/∂w", polynomial, 2, 3,
              oracle(polynomial, at_inner), gradient(polynomial), "One hand-over, from ξ to ξ′_1."),
      reading("printed__at_inner__three_layers", "n = 3, factors after D_j at ξ′_j: E g = ∂f/∂w", polynomial, 3, 3,
              oracle(polynomial, at_inner), gradient(polynomial),
              "The product branches: after each D_j the walk goes on at ξ′_j."),
      reading("printed__at_inner__operators", "n = 3, factors after D_j at ξ′_j: E g = (7), read as operators",
              polynomial, 3, 3, oracle(polynomial, at_inner), seven(polynomial, Product::operators),
              "Conditioned on the earlier draws, each factor is the operator A_j."),
      reading("printed__at_inner__smooth", "n = 3, tanh and softplus layers: the same", LayerKind::smooth, 3, 2,
              oracle(LayerKind::smooth, at_inner), gradient(LayerKind::smooth),
              "In the exact engine tanh and softplus stand for arbitrary smooth functions."),
      reading("printed__at_inner__planar", "n = 2, layers of two units, two statistics each: the same",
              LayerKind::planar, 2, 2, oracle(LayerKind::planar, at_inner), gradient(LayerKind::planar),
              "D_j(ξ′_j) is a matrix."),
      reading("printed__at_inner__full_norm", "n = 3, two FN layers (tanh, ε ≥ 0) and the squared loss: the same",
              LayerKind::full_norm, 3, 2, oracle(LayerKind::full_norm, at_inner), gradient(LayerKind::full_norm),
              "With the exact mean and mean of squares."),
      reading("printed__at_outer__pointwise", "n = 3, all factors but D_j at ξ: E g = (7), read pointwise", polynomial,
              3, 2, oracle(polynomial, at_outer), seven(polynomial, Product::pointwise),
              "Remark 1 letter by letter agrees with (7) letter by letter, D_j = ∂_z e_j; neither is the gradient."),
      reading("printed__at_outer__gradient", "n = 2, all factors but D_j at ξ: E g = ∂f/∂w", polynomial, 2, 3,
              oracle(polynomial, at_outer), gradient(polynomial),
              "E[D_1(ξ′) h(ξ)] = E[D_1] h(ξ), where the derivative has E[D_1 h]. More samples do not help."),
      with_estimates("any_estimates__operators", "n = 2, any ê: E g = the product of operators, all of it taken at ê",
                     by_theory("(7) as operators with F̂, at ê",
                               [](const Inputs& in) {
                                 return for_every_parameter(
                                     differentiable_problem(in, LayerKind::polynomial), given_estimates(in), own,
                                     [](const auto& before, const auto& h) {
                                       return theory::gradient_formula<Number>(before, h, Product::operators);
                                     });
                               }),
                     "So all of the \"error caused by the difference\" is in where (7) is taken."),
      with_estimates("any_estimates__gradient", "n = 2, any ê: E g = ∂f/∂w", gradient(polynomial),
                     "The estimates enter ∂_x F_j and ∂_y F_j, and all that the layers above see."),
      with_estimates("exact_estimates__gradient", "n = 2, ê exact: E g = ∂f/∂w", gradient(polynomial),
                     "The hypothesis of the statement, dropped above."),
  };
  all.back().hypotheses = {estimates_are_exact()};
  return all;
}

}  // namespace

Claim mcsgd_oracle_unbiased() {
  return {
      .title = "With exact statistics the expectation of MCSGD's oracle is the gradient",
      .sources = {{"LL19", "Remark 1; (7)"}, {"LL19", "Algorithm 2, line 3"}},
      .notation =
          "D the data set of N samples; ξ and ξ′_j independent draws; F_1 the loss, h_i = ∂_{w_i} F_i, D_j = ∂_z e_j "
          "at what layer j + 1 puts out. In the sizes, batch = N, hidden = n. Layers: F = w x + p y + q x y + t x², e "
          "= r x + s x² with free coefficients, unless said otherwise. All N^n tuples (ξ, ξ′_1 … ξ′_(n−1)) are "
          "enumerated inside the formula; there is no ξ′_n, since the statistic of ξ itself does not depend on w",
      .why =
          "H_j(p) = ∂_x F_j(p) H_(j+1)(p) + ∂_y F_j(p) D_j(ξ′_j) H_(j+1)(ξ′_j), H_i = h_i. For p among ξ, ξ′_1 … "
          "ξ′_(j−1) the draws in H_j(p) are p, ξ′_j, …, ξ′_(i−1), all different and independent, so E[H_j(p) | p] "
          "obeys the recursion of the operators A_j in (7), and E H_1(ξ) = ∂f/∂w_i.",
      .explain =
          "MCSGD's oracle replaces, in each layer's factor of (7), the expectation over ξ′ by one sample ξ′_j. Remark "
          "1 leaves open at which sample the factors that follow D_j(ξ′_j) are to be taken. It decides whether the "
          "oracle is right. (7) as a gradient has E_ξ′[D_j(ξ′) h(ξ′)], so everything that follows D_j(ξ′_j) must be "
          "at ξ′_j too: the product branches, and is best run backwards, as automatic differentiation does, with ξ′_j "
          "joining the batch in layer j. Then the oracle is unbiased for any number of layers and any minibatch size. "
          "With all other factors at ξ, (7) letter by letter, its expectation is (7) read pointwise, which is not the "
          "gradient (fn_gradient_formula), however many samples are drawn: for f = E[x y], y = E x, x = w ξ, ξ = ±1 "
          "the gradient is 0 and this oracle's mean is w. With estimates ê that are not exact the mean is the same "
          "product taken at ê, and no longer the gradient of f.",
      .readings = readings(),
      .mutants =
          {
              {.id = "factors_at_xi",
               .reading = "printed__at_inner__three_layers",
               .words = "(7) pointwise",
               .agrees_when = equal_samples(),
               .right = [](const Inputs& in) { return formula_seven(in, LayerKind::polynomial, Product::pointwise); }},
              {.id = "product_of_averages",
               .reading = "printed__at_inner__three_layers",
               .words = "E[D_j] E[h] for E[D_j h]",
               .agrees_when = affine_statistics(),
               .right = slipped(Slip::product_of_averages)},
              {.id = "statistics_held_fixed",
               .reading = "printed__at_inner__three_layers",
               .words = "the derivative with the statistics as constants",
               .agrees_when = unused_statistics(),
               .right = slipped(Slip::statistics_held_fixed)},
          },
  };
}

}  // namespace normproof::claims

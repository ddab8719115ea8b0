// Claim: the error of a sum in floating point is at most (n − 1)u Σ|x| in any order, or by the height of its tree.
//
// Source       JR13, (n − 1)u without restriction; HIGHAM02 §4.2, by partial sums and by height; HM19 Theorem 2.4, with
//              probability; LR19, hu under a restriction on h
// Notation     n terms x, ŝ their computed sum, u the unit roundoff, h the height of the tree: the most additions that
//              a term passes
// Hypotheses   round to nearest, no overflow
//
//     |ŝ − Σx|  ≤  (n − 1)u Σ|x|                                  in any order
//               ≤  ((1 + u)^h − 1) Σ|x| ≤ (e^{hu} − 1) Σ|x|       over a tree of height h
//               ≤  hu Σ|x|                                        over a tree of height h ≤ 1/√u
//
// Why. In the standard model each term passes at most h factors 1 + δ, |δ| ≤ u: that gives the second line, and no
// more. The first needs that an addition is off by no more than either operand is large, since the other one is a
// number of the format. The third fails for greater heights: a sum that was rounded up is larger than the exact one,
// and its next error is so much larger beside it; 2^h terms leave room to gather h of them.
#include <algorithm>
#include <array>
#include <cmath>

#include "proofs_checks/inputs/adapters.hpp"
#include "proofs_checks/inputs/standard_model.hpp"
#include "proofs_checks/rounding/readings.hpp"
#include "proofs_checks/rounding/sums.hpp"
#include "proofs_checks/rounding/worst_sum.hpp"
#include "theory/rounding/standard_model.hpp"
#include "theory/rounding/summation.hpp"

namespace normproof::claims {

using namespace inputs;

namespace {

using evidence::Effort;
using reference::SummationOrder;
using rounding::ChannelRecipe;
using rounding::Points;

// ---- measured

Points any_order_points() {
  return [](Effort effort) {
    std::vector<RoundingPoint> points = rounding::sums_in_every_order(effort);
    for (auto more :
         {rounding::sums_in_binary32(rounding::sum_recipes(effort), effort), rounding::sums_in_few_bits(effort)})
      points.insert(points.end(), more.begin(), more.end());
    return points;
  };
}
Points by_height_points() {
  return [](Effort effort) {
    std::vector<RoundingPoint> points = rounding::sums_in_binary32(rounding::sum_recipes(effort), effort);
    for (RoundingPoint& point : rounding::sums_in_few_bits(effort)) points.push_back(std::move(point));
    return points;
  };
}
Points low_points() {
  return [](Effort effort) {
    std::vector<RoundingPoint> points = rounding::low_sums_over_every_tree(effort);
    for (RoundingPoint& point : rounding::low_sums_in_binary32(effort)) points.push_back(std::move(point));
    return points;
  };
}

std::vector<Reading> measured_readings() {
  const char* error = "|ŝ − Σx|";
  return {
      rounding::bounded(
          "printed__any_order", "|ŝ − Σx| ≤ (n − 1)u Σ|x| in any order, n·u without restriction",
          {error, "(n − 1)u Σ|x|", rounding::sum_output::in_any_order}, any_order_points(),
          "By induction over the tree (theory/rounding/summation.hpp). Every order of few terms of a small format is "
          "enumerated, n·u above 1 among them; ties on binary32 attain it to first order."),
      rounding::bounded("by_height", "|ŝ − Σx| ≤ (e^{hu} − 1) Σ|x|",
                        {error, "(e^{hu} − 1) Σ|x|", rounding::sum_output::by_height}, by_height_points(),
                        "Each term passes at most h factors between 1/(1 + u) and 1 + u."),
      rounding::bounded(
          "by_height__up_to_root", "|ŝ − Σx| ≤ hu Σ|x| over every tree of height h ≤ 1/√u", {error, "hu Σ|x|", 0},
          low_points(),
          "Over all trees of such heights in small formats the largest excess of the error over the bound is found "
          "by dynamic programming, and is below 0. LR19 proves an estimate of this type under a restriction on h. "
          "That h ≤ 1/√u, 4096 in binary32, is enough is enumerated in small formats and measured in binary32, not "
          "proved."),
      rounding::bounded(
          "by_partial_sums", "|ŝ − Σx| ≤ Σ ½ulp of the computed partial sums",
          {error, "Σ ½ulp(p)", rounding::sum_output::by_partial_sums},
          [](Effort effort) {
            constexpr std::size_t fewest = 256;  // few terms may have sums without any error at all
            std::vector<ChannelRecipe> recipes;
            for (const ChannelRecipe& recipe : rounding::sum_recipes(effort))
              if (recipe.count >= fewest && recipe.condition != 0) recipes.push_back(recipe);
            return rounding::sums_in_binary32(recipes, effort);
          },
          "Each addition is off by at most half the distance of its result's neighbours. It is the measured class of "
          "a sum: what tightness is judged with."),
  };
}

// ---- by height, refuted

// What is computed of the worst sum, and what should be, in units of the computed sum's last digit.
struct WorstInNumbers {
  Number computed, exact;
};
WorstInNumbers worst_in_numbers(int bits, int height) {
  const rounding::WorstSum worst = rounding::worst_sum(bits, height);
  const auto power_of_two = [](int exponent) {
    return exponent < 0 ? Number(1) / Number(1 << -exponent) : Number(1 << exponent);
  };
  std::vector<Number> exact;
  for (const auto& node : worst.nodes) {
    if (node.is_term())
      exact.emplace_back(node.mantissa);
    else
      exact.push_back(exact[static_cast<std::size_t>(node.left)] * power_of_two(node.left_exponent) +
                      exact[static_cast<std::size_t>(node.right)] * power_of_two(node.right_exponent));
  }
  return {Number(worst.nodes.back().mantissa), exact.back()};
}

constexpr int worst_bits = 3, worst_height_max = 12;

// h of the reading, one of finitely many.
int height_of(const Inputs& in) {
  for (int height = 1; height <= worst_height_max; ++height)
    if (in.scalar("h").is_literal(height)) return height;
  throw std::logic_error("h is none of the heights");
}

Reading printed_by_height() {
  std::vector<int> heights;
  for (int height = 1; height <= worst_height_max; ++height) heights.push_back(height);
  return {
      .id = "printed__by_height",
      .statement = "|ŝ − Σx| ≤ hu Σ|x| over every tree of height h, h·u without restriction",
      .inputs = {{.name = "h", .role = Role::choice, .values = heights}},
      .sizes = {{}},
      .left = by_definition("ŝ − Σx of the worst tree of height h, 3 bits, ties to even",
                            [](const Inputs& in) -> Values {
                              const WorstInNumbers sum = worst_in_numbers(worst_bits, height_of(in));
                              return {sum.computed - sum.exact};
                            }),
      .relation = Relation::at_most,
      .right = by_theory("hu Σ|x|, u = 1/8",
                         [](const Inputs& in) -> Values {
                           const WorstInNumbers sum = worst_in_numbers(worst_bits, height_of(in));
                           return {in.scalar("h") / Number(1 << worst_bits) * sum.exact};
                         }),
      .why =
          "2048 terms in a tree of height 11 round up at every level: the sum is off by 1.41, not 11/8, times the "
          "exact one. All trees of each height were searched by dynamic programming, the terms positive. A sum that "
          "was rounded up is larger than the exact one, and so are its next errors beside it: in formats of more "
          "digits heights of about 2/√u are enough."};
}

// ---- the standard model

std::vector<InputSpec> model_inputs() {
  return with_roundings({{"x", Role::activation, Dimension::batch, Dimension::one}});
}
Sizes model_size(int terms) { return {.batch = terms, .hidden = terms - 1}; }

Number sum_of_magnitudes(const Inputs& in) {
  Number sum(0);
  for (Eigen::Index k = 0; k < in("x").size(); ++k) sum += magnitude(in("x")(k));
  return sum;
}
Number exact_sum(const Inputs& in) {
  Number sum(0);
  for (Eigen::Index k = 0; k < in("x").size(); ++k) sum += in("x")(k);
  return sum;
}

Side model_error(SummationOrder::Kind order) {
  return by_reference("|ŝ − Σx| with (a + b)(1 + δ) for every a + b", [=](const Inputs& in) -> Values {
    const std::vector<ModelNumber> x = exactly(in("x"));
    const ModelNumber computed = in_the_model(in, [&] {
      return reference::ordered_sum<ModelNumber>({order}, x.size(), [&](std::size_t i) { return x[i]; });
    });
    return {magnitude(computed.value() - exact_sum(in))};
  });
}

int pairwise_height(int terms) {
  int height = 0;
  for (int reached = 1; reached < terms; reached *= 2) ++height;
  return height;
}
Formula model_bound(int (*roundings)(int terms)) {
  return [=](const Inputs& in) -> Values {
    return {theory::model_sum_error<Number>(in.scalar("u"), roundings(in.sizes.batch), sum_of_magnitudes(in))};
  };
}

// (3)'s step: a and b, numbers of the format, are the computed sums of n₁ and n₂ terms of magnitudes S₁ and S₂ in all.
Reading any_order_step() {
  const auto part = [](const Inputs& in, const char* sum, const char* exact, const char* off, int terms) {
    const Number magnitudes = in.scalar(sum);
    const Number error = Number(terms - 1) * in.scalar("u") * magnitudes * signed_part(in.scalar(off));
    return std::pair(magnitudes * signed_part(in.scalar(exact)) + error, error);
  };
  return {
      .id = "any_order__step",
      .statement =
          "|Δ₁| ≤ (n₁ − 1)uS₁, |Δ₂| ≤ (n₂ − 1)uS₂ and |δ| ≤ min(|a|, |b|, u|a + b|): |Δ₁ + Δ₂ + δ| ≤ (n − 1)u(S₁ + S₂)",
      .inputs = {{"u", Role::rate},
                 {"s1", Role::variance},
                 {"s2", Role::variance},
                 {"exact1", Role::rate},
                 {"exact2", Role::rate},
                 {"off1", Role::rate},
                 {"off2", Role::rate},
                 {"off", Role::rate}},
      .sizes = {{.batch = 1, .channels = 1},
                {.batch = 2, .channels = 1},
                {.batch = 2, .channels = 2},
                {.batch = 4, .channels = 3},
                {.batch = 9, .channels = 1}},
      .these_sizes_only = true,
      .left = by_definition("|Δ₁ + Δ₂ + δ|",
                            [=](const Inputs& in) -> Values {
                              const auto [a, error_a] = part(in, "s1", "exact1", "off1", in.sizes.batch);
                              const auto [b, error_b] = part(in, "s2", "exact2", "off2", in.sizes.channels);
                              const Number least = -larger(-magnitude(a), -magnitude(b));
                              const Number rounding = in.scalar("u") * magnitude(a + b);
                              const Number most = -larger(-least, -rounding);
                              return {magnitude(error_a + error_b + most * signed_part(in.scalar("off")))};
                            }),
      .relation = Relation::at_most,
      .right = by_theory("(n₁ + n₂ − 1)u(S₁ + S₂)",
                         [](const Inputs& in) -> Values {
                           return {Number(in.sizes.batch + in.sizes.channels - 1) * in.scalar("u") *
                                   (in.scalar("s1") + in.scalar("s2"))};
                         }),
      .why =
          "The step of the induction, between numbers: that an addition is off by no more than either operand is "
          "what the standard model does not know."};
}

std::vector<Reading> model_readings() {
  Reading halves = {
      .id = "model__by_height",
      .statement = "the standard model: |ŝ − Σx| ≤ ((1 + u)^h − 1) Σ|x|, h = ⌈log₂ n⌉ for halves of halves",
      .inputs = model_inputs(),
      .sizes = {model_size(2), model_size(3), model_size(4), model_size(5)},
      .these_sizes_only = true,
      .left = model_error(SummationOrder::Kind::pairwise),
      .relation = Relation::at_most,
      .right = by_theory("((1 + u)^h − 1) Σ|x|", model_bound(pairwise_height)),
      .why = "Each term passes at most h factors 1 + δ; δ = u in all of them attains it."};
  Reading chain = halves;
  chain.id = "model__chain";
  chain.statement = "the standard model: |ŝ − Σx| ≤ ((1 + u)^(n−1) − 1) Σ|x| for terms added one after the other";
  chain.left = model_error(SummationOrder::Kind::chain);
  chain.right = by_theory("((1 + u)^(n−1) − 1) Σ|x|", model_bound([](int terms) { return terms - 1; }));
  Reading first_order = chain;
  first_order.id = "model__any_order";
  first_order.statement = "the standard model: |ŝ − Σx| ≤ (n − 1)u Σ|x|";
  first_order.right = by_theory("(n − 1)u Σ|x|", [](const Inputs& in) -> Values {
    return {Number(in.sizes.batch - 1) * in.scalar("u") * sum_of_magnitudes(in)};
  });
  first_order.why =
      "With n = 3, x = (1, 0, 0) and δ = u twice the sum is off by 2u + u². Real additions of 0 are exact: JR13 uses "
      "that.";
  return {halves, chain, first_order, any_order_step()};
}

// ---- with probability

constexpr double lambda = 4;
constexpr int numerator = 1, denominator = 20;

// Is the sum of n numbers, drawn by `term`, farther off than the bound for λ?
template <class Term>
bool breaks_the_bound(std::size_t count, SummationOrder order, const Term& term) {
  std::vector<float> x;
  double sum = 0, magnitudes = 0;  // few terms of one size: far more precise than binary32
  for (std::size_t i = 0; i < count; ++i) {
    x.push_back(static_cast<float>(term()));
    sum += static_cast<double>(x.back());
    magnitudes += std::fabs(static_cast<double>(x.back()));
  }
  const float computed = reference::ordered_sum<float>(order, count, [&](std::size_t i) { return x[i]; });
  const double bound = theory::sum_bound_with_probability(rounding::height(order, count), theory::unit_roundoff_float,
                                                          lambda, magnitudes);
  return !(std::fabs(static_cast<double>(computed) - sum) <= bound);
}

Reading probabilistic(std::string id, std::string statement, std::function<bool(inputs::RandomStream&)> happens,
                      std::string why) {
  return {.id = std::move(id),
          .statement = std::move(statement),
          .frequency = {.event = "|ŝ − Σx| > (exp(λ√h u + hu²/(1 − u)) − 1) Σ|x|, λ = 4",
                        .happens = std::move(happens),
                        .numerator = numerator,
                        .denominator = denominator,
                        .at_least = false},
          .why = std::move(why)};
}

std::vector<Reading> probabilistic_readings() {
  constexpr std::size_t terms = 64;
  constexpr SummationOrder chain = {SummationOrder::Kind::chain}, halves = {SummationOrder::Kind::pairwise};
  // 2n·exp(−λ²/2) = 0.043 for n = 64.
  return {
      probabilistic(
          "printed__with_probability",
          "|ŝ − Σx| ≤ (exp(λ√h u + …) − 1) Σ|x|, λ = 4, n = 64 Gaussian numbers in a chain, fails in at most 1 of 20 "
          "cases",
          [=](inputs::RandomStream& stream) { return breaks_the_bound(terms, chain, [&] { return stream.normal(); }); },
          "Where the errors are independent and of mean 0, 2n·exp(−λ²(1 − u)²/2) = 0.043 bounds the frequency. "
          "Rounding errors of random terms are near enough to that."),
      probabilistic(
          "with_probability__halves", "the same for n = 64 numbers from U(0, 1), halves of halves, h = 6",
          [=](inputs::RandomStream& stream) {
            return breaks_the_bound(terms, halves, [&] { return stream.uniform(); });
          },
          "√6·4 = 9.8 is above h = 6 here: the bound with probability wins where h is above λ²."),
      probabilistic(
          "with_probability__constant",
          "the same for n = 1024 equal numbers, U(1, 2), in a chain, fails in at most 1 of 20 cases",
          [=](inputs::RandomStream& stream) {
            constexpr std::size_t many = 1024;
            const double value = stream.uniform(1, 2);
            return breaks_the_bound(many, chain, [&] { return value; });
          },
          "On a constant channel the rounding errors of one binade are all alike, and add up to a multiple of n u: "
          "the model of independent errors is wrong there."),
  };
}

// ---- near-misses

Hypothesis terms_are_squares() {
  return imposing("nonnegative_terms", "x ≥ 0 (every x is a square)", [](Inputs& in) {
    Array<Number> x = in("x");
    for (Eigen::Index k = 0; k < x.size(); ++k) x(k) = x(k) * x(k);
    in.set("x", x);
  });
}
Hypothesis u_is_one() {
  return imposing("u_is_one", "u = 1", [](Inputs& in) { in.set("u", Number(1)); });
}

// Few recipes: two and many terms, of one sign and of both, and ties.
std::vector<ChannelRecipe> near_miss_recipes() {
  using Kind = ChannelRecipe::Kind;
  return {{Kind::normal, 1e3, 2}, {Kind::constant, 1, 256}, {Kind::ties, 0, 4097}, {Kind::normal, 0, 100}};
}
Points near_miss(const rounding::SumBound& bound, const std::string& natural) {
  return [=](Effort effort) {
    return rounding::natural_on(rounding::sums_in_binary32(near_miss_recipes(), effort, bound), natural);
  };
}

std::vector<Mutant> mutants() {
  return {
      {.id = "root_of_the_count",
       .reading = "printed__any_order",
       .words = "√(n − 1)u Σ|x|, as if errors always cancelled",
       .agrees_when = {.id = "two_terms", .sentence = "n = 2"},
       .points = near_miss(
           [](const rounding::Terms& terms, double u) {
             return std::sqrt(static_cast<double>(terms.count - 1)) / static_cast<double>(terms.count - 1) *
                    rounding::sum_bound_in_any_order(terms, u);
           },
           "normal/condition=1000/count=2")},
      {.id = "magnitude_of_the_sum",
       .reading = "printed__any_order",
       .words = "(n − 1)u |Σx|",
       .agrees_when = {.id = "one_sign", .sentence = "all terms have one sign"},
       .points = near_miss(
           [](const rounding::Terms& terms, double u) {
             return rounding::sum_bound_in_any_order({terms.count, terms.sum, std::fabs(terms.sum)}, u);
           },
           "constant")},
      {.id = "height_of_halves",
       .reading = "printed__any_order",
       .words = "⌈log₂ n⌉u Σ|x| for any order",
       .agrees_when = {.id = "two_terms", .sentence = "n = 2"},
       .points = near_miss(
           [](const rounding::Terms& terms, double u) {
             const double halvings = std::ceil(std::log2(static_cast<double>(terms.count)));
             return rounding::sum_bound_in_any_order({2, terms.sum, halvings * terms.magnitudes}, u);
           },
           "normal/condition=1000/count=2")},
      {.id = "sum_for_magnitudes",
       .reading = "model__by_height",
       .words = "((1 + u)^h − 1) Σx",
       .agrees_when = terms_are_squares(),
       .right = [](const Inputs& in) -> Values {
         return {theory::model_sum_error<Number>(in.scalar("u"), pairwise_height(in.sizes.batch), exact_sum(in))};
       }},
      {.id = "squared_roundoff",
       .reading = "model__chain",
       .words = "u² for u",
       .agrees_when = u_is_one(),
       .right = [](const Inputs& in) -> Values {
         const Number u = in.scalar("u");
         return {theory::model_sum_error<Number>(u * u, in.sizes.batch - 1, sum_of_magnitudes(in))};
       }},
  };
}

}  // namespace

Claim summation_error_bound() {
  std::vector<Reading> readings = measured_readings();
  readings.push_back(printed_by_height());
  for (const auto& more : {model_readings(), probabilistic_readings()})
    readings.insert(readings.end(), more.begin(), more.end());
  return {
      .title = "A sum of n terms is off by at most (n − 1)u Σ|x| in any order, or by the height of its tree",
      .sources = {{"JR13", "the bound of sums in any order"},
                  {"HIGHAM02", "§4.2, (4.3), (4.4)"},
                  {"HM19", "Theorem 2.4"},
                  {"LR19", "the estimate of type hu"}},
      .notation =
          "n terms x, ŝ their computed sum, u the unit roundoff (2⁻²⁴ in binary32), h the height of the tree of "
          "additions",
      .why =
          "Each term passes at most h factors 1 + δ. That (n − 1)u needs no second-order term is because an addition "
          "is off by no more than either operand, the other one being a number of the format.",
      .explain =
          "A computed sum is off by an error that grows with the number of additions a term goes through: n − 1 "
          "where terms are added one after the other, about log₂ n where halves are added to halves. The bound (n − "
          "1)u Σ|x| holds for every order and however large n·u is, which the textbook's γ_(n−1) does not promise; "
          "here all orders of few terms in a tiny format are enumerated, with n·u above 1. The same form with the "
          "height, hu Σ|x|, was not seen to fail for heights up to 1/√u (4096 in single precision), in formats of up "
          "to six bits over all trees there are, and is false in general: 2048 numbers of three bits in a tree of "
          "height 11 are listed whose sum is off by more. (e^{hu} − 1) Σ|x| is always true, and is what the bounds "
          "of kernels use. If rounding errors were independent, √h would do in the place of h with high probability: "
          "true on random data, false on a constant channel, where all errors are alike.",
      .readings = readings,
      .mutants = mutants(),
  };
}

}  // namespace normproof::claims

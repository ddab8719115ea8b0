// Claim: the rate of gradient ascent on a generalised Rayleigh quotient wᵀBw/wᵀAw.
//
// Source       WIKI, least-square problem: "(λ₁ − ρ(w_{t+1}))/(ρ(w_{t+1}) − λ₂) ≤ (1 − (λ₁ − λ₂)/(λ₁ − λ_min))^{2t}
//              (λ₁ − ρ(w_t))/(ρ(w_t) − λ₂)", "λ₁ the largest eigenvalue of B, λ₂ the second largest, λ_min the
//              smallest" (the formula was lost and is restored from memory); Knyazev & Neymeyr 2003
// Notation     A = diag(a_i²), B = diag(λ_i a_i²): the pencil has the eigenvalues λ_i (a congruence brings every
//              pencil to this form, and the step in the metric A with it). λ_n = low, λ₂ = low + rise, λ₁ = λ₂ + lead,
//              and λ_i = low + rise·s_i²/(1 + s_i²) between. `surplus` is Σ(λ_i − λ₂)(a_i w_i)² = (ρ − λ₂)wᵀAw
// Hypotheses   ρ(w) > λ₂; the gradient in the metric A; η = wᵀAw/(2(ρ − λ_min)); λ the eigenvalues of the pencil
//
//     (λ₁ − ρ(w′))/(ρ(w′) − λ₂)  ≤  (1 − (λ₁ − λ₂)/(λ₁ − λ_min))² (λ₁ − ρ(w))/(ρ(w) − λ₂)
//
// Why. theory/decoupling/rayleigh_rate.hpp. Over t steps the exponent is 2t, and the right side is at w₀: what is
// printed has the exponent of t steps and the sides of one. WIKI names neither step nor metric, and of B alone.
//     Least squares has B = uuᵀ, A = S: λ₂ = λ_min = 0, the factor is 0, and one step in the metric S is enough. The
// rate (1 − μ/L)² of ols_linear_convergence belongs to the Euclidean gradient, that is to the metric L·1 in A's place:
// it is no special case of the printed formula.
#include "impl/reference/rayleigh_descent.hpp"
#include "proofs_checks/inputs/adapters.hpp"
#include "proofs_checks/inputs/square_sums.hpp"
#include "theory/decoupling/least_squares.hpp"
#include "theory/decoupling/rayleigh_rate.hpp"

namespace normproof::claims {

using namespace inputs;

namespace {

std::vector<InputSpec> pencil_inputs() {
  return {{"low", Role::mean},
          {"rise", Role::variance},
          {"lead", Role::variance},
          {"s", Role::weight, Dimension::one, Dimension::channels},
          {"a", Role::weight, Dimension::one, Dimension::channels},
          {"w", Role::weight, Dimension::one, Dimension::channels}};
}

struct Pencil {
  Values lambda, a, b, inverse_a, one;  // A, B, A⁻¹ and 1 row by row
};

Values diagonal_matrix(const Values& entries) {
  Values matrix;
  for (std::size_t i = 0; i < entries.size(); ++i)
    for (std::size_t k = 0; k < entries.size(); ++k) matrix.push_back(i == k ? entries[i] : Number(0));
  return matrix;
}
Values eigenvalues(const Inputs& in) {
  const int n = in.sizes.channels;
  const Number low = in.scalar("low"), second = low + in.scalar("rise");
  Values lambda = {second + in.scalar("lead"), second};
  for (int i = 2; i < n - 1; ++i) {
    const Number square = in("s")(i)*in("s")(i);
    lambda.push_back(low + in.scalar("rise") * square / (Number(1) + square));
  }
  // With two eigenvalues the second is the smallest: `rise` is then 0.
  if (n > 2) lambda.push_back(low);
  return lambda;
}
Pencil pencil(const Inputs& in) {
  Pencil p;
  p.lambda = eigenvalues(in);
  Values a, b, inverse, one;
  for (std::size_t i = 0; i < p.lambda.size(); ++i) {
    const Number& root = in("a")(static_cast<Eigen::Index>(i));
    a.push_back(root * root);
    b.push_back(p.lambda[i] * a.back());
    inverse.push_back(Number(1) / a.back());
    one.emplace_back(1);
  }
  p.a = diagonal_matrix(a);
  p.b = diagonal_matrix(b);
  p.inverse_a = diagonal_matrix(inverse);
  p.one = diagonal_matrix(one);
  return p;
}
Number quotient(const Pencil& p, const Values& w) { return reference::generalized_quotient<Number>(p.b, p.a, w); }
Number length(const Pencil& p, const Values& w) {
  return reference::inner<Number>(w, reference::symmetric_times<Number>(p.a, w));
}
// By the eigencoordinates: Σ λ_i (a_i w_i)²/Σ (a_i w_i)².
Number quotient_by_coordinates(const Inputs& in, const Values& lambda) {
  Number above(0), below(0);
  for (std::size_t i = 0; i < lambda.size(); ++i) {
    const auto k = static_cast<Eigen::Index>(i);
    const Number z = in("a")(k)*in("w")(k);
    above += lambda[i] * z * z;
    below += z * z;
  }
  return above / below;
}
// What the printed left side is: (λ₁ − ρ)/(ρ − λ₂).
Number printed_angle(const Number& first, const Number& second, const Number& rho) {
  return (first - rho) / (rho - second);
}
Values step_in(const Pencil& p, const Values& inverse_metric, const Values& w) {
  const Number eta = length(p, w) / (Number(2) * (quotient(p, w) - p.lambda.back()));
  return reference::generalized_ascent<Number>(p.b, p.a, inverse_metric, w, eta);
}
Number angle(const Values& lambda, const Number& quotient_value) {
  return theory::rayleigh_angle(quotient_value, lambda[0], lambda[1]);
}
Number squared_factor(const Values& lambda) {
  const Number factor = theory::rayleigh_factor(lambda.front(), lambda[1], lambda.back());
  return factor * factor;
}

Hypothesis above_the_second() {
  return {.id = "above_the_second", .sentence = "ρ(w) > λ₂", .positive = [](const Inputs& in) {
            const Pencil p = pencil(in);
            return (quotient(p, row_major(in("w"))) - p.lambda[1]) * length(p, row_major(in("w")));
          }};
}
// w₁ := the root that makes (ρ − λ₂)wᵀAw what `surplus` says: every w with ρ(w) > λ₂, up to the sign of w₁.
Hypothesis surplus_is_given() {
  return defining("surplus_given", "ρ(w) > λ₂: (ρ − λ₂)wᵀAw = surplus ≥ 0", [](Inputs& in) {
    const Pencil p = pencil(in);
    Number sum = in.scalar("surplus");
    for (std::size_t i = 2; i < p.lambda.size(); ++i) {
      const auto k = static_cast<Eigen::Index>(i);
      sum += (p.lambda[1] - p.lambda[i]) * in("a")(k)*in("a")(k)*in("w")(k)*in("w")(k);
    }
    Array<Number> w = in("w");
    const Number square = sum / in.scalar("lead");
    w(0) = sqrt(square) / in("a")(0);
    in.set("w", w);
  });
}
Hypothesis step_is_positive() {
  return {.id = "eta_positive", .sentence = "η > 0", .positive = [](const Inputs& in) { return in.scalar("eta"); }};
}
Hypothesis two_eigenvalues() {
  return defining("second_is_last", "n = 2: λ₂ = λ_min", [](Inputs& in) { in.set("rise", Number(0)); });
}

// m₂N Σ(m₁ − m_i)(λ₂ − λ_i)z_i²/(m₁DD′) + Σ_{i ≥ 3}(m₂ − m_i)(λ₁ − λ_i)z_i²/D′, with D = surplus.
SquareSum gap_of_the_step(const Inputs& in) {
  const Values lambda = eigenvalues(in);
  const Number rise = in.scalar("rise"), whole = in.scalar("lead") + rise, surplus = in.scalar("surplus");
  SquareSum n, gained, lost;
  Number d_after = surplus * whole * whole;
  for (std::size_t i = 1; i < lambda.size(); ++i) {
    const auto k = static_cast<Eigen::Index>(i);
    const bool last = i + 1 == lambda.size() && lambda.size() > 2;
    const SquareSum z = square_of(in("a")(k)*in("w")(k));
    // p and 1 − p, λ_i = low + rise·p.
    SquareSum share = square_of(Number(1)), missing;
    if (last) std::swap(share, missing);
    if (i > 1 && !last) {
      const Number s = in("s")(k), over = Number(1) + s * s;
      share = sum_of(square_of(s / over), square_of(s * s / over));
      missing = sum_of(square_of(Number(1) / over), square_of(s / over));
    }
    const SquareSum below_second = product_of(weighing("rise"), missing);
    const SquareSum below_first = sum_of(weighing("lead"), below_second);
    n = sum_of(n, product_of(below_first, z));
    const SquareSum both_to_first =
        sum_of(sum_of(weighing("lead"), weighing("rise")), product_of(weighing("rise"), share));
    const SquareSum to_m1 = product_of(below_first, both_to_first);
    gained = sum_of(gained, product_of(product_of(to_m1, below_second), z));
    const SquareSum to_m2 = product_of(square_of(rise), product_of(missing, sum_of(square_of(Number(1)), share)));
    if (i > 1) lost = sum_of(lost, product_of(product_of(to_m2, below_first), z));
    const Number m = (lambda[i] - lambda.back()) * (lambda[i] - lambda.back());
    d_after += (whole * whole - m) * (lambda[1] - lambda[i]) * in("a")(k)*in("a")(k)*in("w")(k)*in("w")(k);
  }
  const SquareSum d = weighing("surplus"), d_after_sum = sum_of(product_of(d, square_of(whole)), gained);
  const SquareSum over_d_after = product_of(d_after_sum, square_of(Number(1) / d_after));
  const SquareSum over_d = product_of(d, square_of(Number(1) / surplus));
  const SquareSum first = product_of(product_of(square_of(rise / whole), product_of(n, gained)), over_d);
  return product_of(sum_of(first, lost), over_d_after);
}

Reading one_step(std::string id, std::string statement, std::string why) {
  return {
      .id = std::move(id),
      .statement = std::move(statement),
      .inputs = pencil_inputs(),
      .sizes = {{.channels = 3}},
      .hypotheses = {above_the_second()},
      .left = by_reference("(λ₁ − ρ(w′))/(ρ(w′) − λ₂), one step of gradient ascent in the metric A",
                           [](const Inputs& in) -> Values {
                             const Pencil p = pencil(in);
                             return {printed_angle(p.lambda[0], p.lambda[1],
                                                   quotient(p, step_in(p, p.inverse_a, row_major(in("w")))))};
                           }),
      .relation = Relation::at_most,
      .right = by_theory("factor² (λ₁ − ρ(w))/(ρ(w) − λ₂)",
                         [](const Inputs& in) -> Values {
                           const Pencil p = pencil(in);
                           return {squared_factor(p.lambda) * angle(p.lambda, quotient_by_coordinates(in, p.lambda))};
                         }),
      .why = std::move(why)};
}

// One instance with λ₂ = λ_min, for steps of any size.
Pencil example() {
  const Number zero(0), one(1);
  Pencil p;
  p.lambda = {one, zero, zero};
  p.a = diagonal_matrix({one, one, Number(4)});
  p.b = diagonal_matrix({one, zero, zero});
  p.one = diagonal_matrix({one, one, one});
  return p;
}
Values after_a_euclidean_step(const Inputs& in) {
  const Pencil p = example();
  const Values w(3, Number(1));
  return reference::generalized_ascent<Number>(p.b, p.a, p.one, w, in.scalar("eta"));
}
Reading at_one_point(std::string id, std::string statement, std::string why) {
  return {.id = std::move(id),
          .statement = std::move(statement),
          .inputs = {{"eta", Role::scale}},
          .sizes = {{.channels = 3}},
          .left = by_reference("(λ₁ − ρ(w′))/(ρ(w′) − λ₂), one Euclidean step",
                               [](const Inputs& in) -> Values {
                                 const Pencil p = example();
                                 const Number rho = quotient(p, after_a_euclidean_step(in));
                                 return {printed_angle(p.lambda[0], p.lambda[1], rho)};
                               }),
          .relation = Relation::at_most,
          .right = by_theory("factor² (λ₁ − ρ(w))/(ρ(w) − λ₂)",
                             [](const Inputs&) -> Values {
                               const Number rho = Number(1) / Number(6);
                               const Values lambda = example().lambda;
                               return {squared_factor(lambda) * angle(lambda, rho)};
                             }),
          .why = std::move(why)};
}

// One instance for the exponent, for steps of any size: ρ = 17/9, angle = 1/8, factor = 1/2.
Pencil example_of_steps() {
  const Number zero(0), one(1), two(2);
  Pencil p;
  p.lambda = {two, one, zero};
  p.one = p.a = p.inverse_a = diagonal_matrix({one, one, one});
  p.b = diagonal_matrix(p.lambda);
  return p;
}
Values after_a_step_of_the_example(const Inputs& in) {
  const Pencil p = example_of_steps();
  const Values w = {Number(7), Number(2), Number(1)};
  return reference::generalized_ascent<Number>(p.b, p.a, p.inverse_a, w, in.scalar("eta"));
}
Reading of_the_example_of_steps(std::string id, std::string statement, std::string why) {
  return {.id = std::move(id),
          .statement = std::move(statement),
          .inputs = {{"eta", Role::scale}},
          .sizes = {{.channels = 3}},
          .left = by_reference("(λ₁ − ρ(w′))/(ρ(w′) − λ₂), a step in the metric A",
                               [](const Inputs& in) -> Values {
                                 const Pencil p = example_of_steps();
                                 return {printed_angle(p.lambda[0], p.lambda[1],
                                                       quotient(p, after_a_step_of_the_example(in)))};
                               }),
          .relation = Relation::at_most,
          .right = by_theory("factor⁴ (λ₁ − ρ(w))/(ρ(w) − λ₂)",
                             [](const Inputs&) -> Values {
                               const Values lambda = example_of_steps().lambda;
                               const Number factor = squared_factor(lambda);
                               return {factor * factor * angle(lambda, Number(17) / Number(9))};
                             }),
          .why = std::move(why)};
}

std::vector<Reading> of_the_rate() {
  Reading repaired = one_step(
      "repaired",
      "one step in the metric A, η = wᵀAw/(2(ρ − λ_min)), ρ(w) > λ₂, λ of the pencil: angle′ ≤ factor² · angle",
      "The gap is a sum of squares. ρ rises, so ρ > λ₂ stays true, and t steps have the exponent 2t with w₀ on the "
      "right.");
  repaired.inputs.push_back({"surplus", Role::variance});
  repaired.hypotheses = {surplus_is_given()};
  repaired.sizes = {{.channels = 3}, {.channels = 4}};
  repaired.gap = gap_of_the_step;
  Reading two = one_step("two_dimensions", "n = 2: one step in the metric A is enough, ρ(w′) = λ₁",
                         "λ₂ = λ_min, the factor is 0: w′ = (A⁻¹B − λ₂)w has no component of the second eigenvector.");
  two.sizes = {{.channels = 2}};
  two.hypotheses = {two_eigenvalues()};
  two.relation = Relation::equal;
  two.left = by_reference("ρ(w′)", [](const Inputs& in) -> Values {
    const Pencil p = pencil(in);
    return {quotient(p, step_in(p, p.inverse_a, row_major(in("w"))))};
  });
  two.right = by_theory("λ₁", [](const Inputs& in) -> Values { return {eigenvalues(in)[0]}; });
  Reading power = one_step("one_step_is_a_power_step", "w′ = (A⁻¹B − λ_min)w/(ρ − λ_min)", "");
  power.sizes = {{.channels = 3}, {.channels = 4}};
  power.hypotheses = {};
  power.relation = Relation::equal;
  power.left = by_reference("w + η A⁻¹∇ρ̃(w), η = wᵀAw/(2(ρ − λ_min))", [](const Inputs& in) {
    const Pencil p = pencil(in);
    return step_in(p, p.inverse_a, row_major(in("w")));
  });
  power.right = by_definition("(λ_i − λ_min)w_i/(ρ − λ_min)", [](const Inputs& in) {
    const Pencil p = pencil(in);
    const Values w = row_major(in("w"));
    Values next;
    for (std::size_t i = 0; i < w.size(); ++i)
      next.push_back((p.lambda[i] - p.lambda.back()) * w[i] / (quotient(p, w) - p.lambda.back()));
    return next;
  });
  Reading exponent = one_step(
      "printed__exponent_2t_of_one_step",
      "from w_t to w_{t+1} with the exponent 2t, here t = 2; metric A, η = wᵀAw/(2(ρ − λ_min)): angle′ ≤ factor⁴ · "
      "angle",
      "What is printed joins the exponent of t steps with the two sides of one. Where w has weight on the "
      "eigenvectors of λ₁ and λ₂ alone, a step gains factor² exactly.");
  exponent.right = by_theory("factor⁴ (λ₁ − ρ(w))/(ρ(w) − λ₂)", [](const Inputs& in) -> Values {
    const Pencil p = pencil(in);
    return {squared_factor(p.lambda) * squared_factor(p.lambda) *
            angle(p.lambda, quotient_by_coordinates(in, p.lambda))};
  });
  Reading any_exponent = of_the_example_of_steps(
      "printed__exponent_2t__any_step",
      "λ = (2, 1, 0), A = 1, w = (7, 2, 1), a step of any size η in the metric A, ρ(w′) > λ₂: angle′ ≤ factor⁴ · "
      "angle = 1/128",
      "WIKI names no step. No η with ρ(w′) > λ₂ does it: exponent_2t__best_step. One that overshoots to below λ₂ makes "
      "the left side negative, which is no progress.");
  any_exponent.hypotheses = {
      step_is_positive(), {.id = "stays_above_the_second", .sentence = "ρ(w′) > λ₂", .positive = [](const Inputs& in) {
                             const Pencil p = example_of_steps();
                             return quotient(p, after_a_step_of_the_example(in)) - p.lambda[1];
                           }}};
  Reading best_of_any = of_the_example_of_steps(
      "exponent_2t__best_step",
      "λ = (2, 1, 0), A = 1, w = (7, 2, 1): angle′ ≥ angle/10 wherever ρ(w′) > λ₂, multiplied out; every η",
      "1/10 > factor⁴ = 1/16: no step size from this w that stays above λ₂ earns the exponent of two steps.");
  best_of_any.left = by_theory("(ρ(w′) − λ₂)/80", [](const Inputs& in) -> Values {
    // By the eigencoordinates: w_i(1 + η·2(λ_i − ρ)/‖w‖²).
    const Number g = in.scalar("eta") / Number(243);
    const Number first = Number(7) * (Number(1) + g), second = Number(2) * (Number(1) - Number(8) * g),
                 third = Number(1) - Number(17) * g;
    const Number square = first * first + second * second + third * third;
    return {(first * first - third * third) / square / Number(80)};
  });
  best_of_any.right = by_reference("λ₁ − ρ(w′)", [](const Inputs& in) -> Values {
    return {Number(2) - quotient(example_of_steps(), after_a_step_of_the_example(in))};
  });
  best_of_any.gap = [](const Inputs& in) {
    // With g = η/243: w′ = (7(1 + g), 2(1 − 8g), 1 − 17g), 80N′ − D′ = 108(620g² − 99g + 4), which is
    // (108/2480)((1240g − 99)² + 119), and 108/(2480·80) = 27/49600.
    const Number g = in.scalar("eta") / Number(243), one(1);
    const Number first = Number(7) * (one + g), second = Number(2) * (one - Number(8) * g),
                 third = one - Number(17) * g;
    const Number square = first * first + second * second + third * third;
    const SquareSum whole = sum_of(sum_of(square_of(first), square_of(second)), square_of(third));
    const SquareSum form = sum_of(square_of(Number(1240) * g - Number(99)), times(square_of(one), 119));
    SquareSum gap = times(product_of(product_of(form, whole), square_of(one / square)), 27);
    for (SquareTerm& term : gap) term.denominator *= 49600;
    return gap;
  };
  Reading of_b =
      one_step("printed__eigenvalues_of_B", "λ₁, λ₂, λ_min the eigenvalues of B, as WIKI has it; n = 2, λ₁ > λ₂",
               "ρ̃ lies between the eigenvalues of the pencil; those of B say nothing about it unless A = 1.");
  of_b.sizes = {{.channels = 2}};
  of_b.hypotheses = {two_eigenvalues(),
                     {.id = "b_ordered",
                      .sentence = "B₁₁ > B₂₂",
                      .positive =
                          [](const Inputs& in) {
                            const Pencil p = pencil(in);
                            return p.b[0] - p.b[3];
                          }},
                     {.id = "above_b", .sentence = "ρ(w) > B₂₂", .positive = [](const Inputs& in) {
                        const Pencil p = pencil(in);
                        return (quotient(p, row_major(in("w"))) - p.b[3]) * length(p, row_major(in("w")));
                      }}};
  of_b.left = by_reference("(B₁₁ − ρ(w′))/(ρ(w′) − B₂₂), one step in the metric A", [](const Inputs& in) -> Values {
    const Pencil p = pencil(in);
    return {printed_angle(p.b[0], p.b[3], quotient(p, step_in(p, p.inverse_a, row_major(in("w")))))};
  });
  of_b.right = by_theory("0: λ₂ = λ_min", [](const Inputs& in) -> Values {
    const Pencil p = pencil(in);
    const Number factor = theory::rayleigh_factor(p.b[0], p.b[3], p.b[3]);
    return {factor * factor * theory::rayleigh_angle(quotient_by_coordinates(in, p.lambda), p.b[0], p.b[3])};
  });
  Reading euclidean = at_one_point(
      "printed__euclidean_gradient",
      "λ = (1, 0, 0), A = diag(1, 1, 4), w = (1, 1, 1), a Euclidean step of any size η: (λ₁ − ρ(w′))/(ρ(w′) − λ₂) ≤ 0",
      "The factor is 0, so one step would have to end at λ₁. It fails for every η: euclidean_gradient__best_step.");
  euclidean.hypotheses = {step_is_positive()};
  Reading best = at_one_point("euclidean_gradient__best_step",
                              "λ = (1, 0, 0), A = diag(1, 1, 4), w = (1, 1, 1): ρ(w + η∇ρ̃(w)) ≤ 10/11 for every η",
                              "The factor knows nothing of A's condition, which slows the Euclidean gradient down.");
  best.left = by_reference("ρ(w′), one Euclidean step", [](const Inputs& in) -> Values {
    return {quotient(example(), after_a_euclidean_step(in))};
  });
  best.right = by_definition("10/11", [](const Inputs&) -> Values { return {Number(10) / Number(11)}; });
  best.gap = [](const Inputs& in) {
    // With h = η/18: w′ = (1 + 5h, 1 − h, 1 − 4h), and 10(wᵀAw − w₁²) − w₁² = 625(h − 7/25)².
    const Number h = in.scalar("eta") / Number(18), one(1);
    const Number first = one + Number(5) * h, second = one - h, third = Number(2) * (one - Number(4) * h);
    const Number square = first * first + second * second + third * third;
    SquareSum gap = product_of(square_of(Number(25) * (h - Number(7) / Number(25)) / square),
                               sum_of(sum_of(square_of(first), square_of(second)), square_of(third)));
    for (SquareTerm& term : gap) term.denominator *= 11;
    return gap;
  };
  Reading any_step = one_step("printed__any_step", "the same in the metric A with any step size η > 0",
                              "WIKI names no step; short ones do little and long ones overshoot.");
  any_step.inputs.push_back({"eta", Role::variance});
  any_step.hypotheses.push_back(step_is_positive());
  any_step.left = by_reference("(λ₁ − ρ(w′))/(ρ(w′) − λ₂), a step of size η", [](const Inputs& in) -> Values {
    const Pencil p = pencil(in);
    const Values next =
        reference::generalized_ascent<Number>(p.b, p.a, p.inverse_a, row_major(in("w")), in.scalar("eta"));
    return {printed_angle(p.lambda[0], p.lambda[1], quotient(p, next))};
  });
  Reading below = one_step("without_above_the_second", "the same without ρ(w) > λ₂",
                           "Below λ₂ the right side is negative, and a step may cross λ₂, or stay below and near it.");
  below.hypotheses = {};
  return {repaired, exponent, any_exponent, best_of_any, of_b, euclidean, best, any_step, below, two, power};
}

// ---- least squares: B = uuᵀ, A = S = diag(a₁², a₁² + a₂², …), the last entry is λ_max, u = Sv

struct LeastSquares {
  Values s, b, u, inverse;
  Number best, largest;
};
LeastSquares least_squares(const Inputs& in) {
  LeastSquares p;
  Values a, inverse;
  for (int i = 0; i < in.sizes.channels; ++i) {
    p.largest += in("a")(i)*in("a")(i);
    a.push_back(p.largest);
    inverse.push_back(Number(1) / a.back());
    p.u.push_back(a.back() * in("v")(i));
    p.best += p.u.back() * in("v")(i);
  }
  p.s = diagonal_matrix(a);
  p.inverse = diagonal_matrix(inverse);
  for (const Number& left : p.u)
    for (const Number& right : p.u) p.b.push_back(left * right);
  return p;
}
std::vector<InputSpec> least_squares_inputs() {
  return {{"a", Role::weight, Dimension::one, Dimension::channels},
          {"v", Role::weight, Dimension::one, Dimension::channels},
          {"w", Role::weight, Dimension::one, Dimension::channels}};
}
// The Euclidean step of ols_linear_convergence, L = λ_max(S).
Number after_the_least_squares_step(const Inputs& in) {
  const LeastSquares p = least_squares(in);
  const Values w = row_major(in("w"));
  const Number eta = reference::rayleigh_step_size<Number>(p.s, p.u, w, p.largest);
  const Values next = reference::rayleigh_step<Number>(p.s, p.u, w, eta);
  return -reference::rayleigh_quotient<Number>(p.s, p.u, next);
}

std::vector<Reading> of_least_squares() {
  Reading printed = {
      .id = "printed__specialises_to_least_squares",
      .statement = "B = uuᵀ, A = S: λ₁ = vᵀSv, λ₂ = λ_min = 0, so (λ₁ − ρ(w′))/ρ(w′) ≤ 0 after the least-squares step",
      .inputs = least_squares_inputs(),
      .sizes = {{.channels = 2}},
      .left =
          by_reference("(λ₁ − ρ(w′))/ρ(w′), the step of least squares, L = λ_max(S)",
                       [](const Inputs& in) -> Values {
                         return {printed_angle(least_squares(in).best, Number(0), after_the_least_squares_step(in))};
                       }),
      .relation = Relation::at_most,
      .right = by_theory("factor² (λ₁ − ρ(w))/ρ(w), factor 1 − (λ₁ − 0)/(λ₁ − 0)",
                         [](const Inputs& in) -> Values {
                           const LeastSquares p = least_squares(in);
                           const Number factor = theory::rayleigh_factor(p.best, Number(0), Number(0));
                           const int n = in.sizes.channels;
                           const Number rho = -theory::direction_quotient<Number>(
                               from_row_major<Number>(p.s, n, n), as_vector<Number>(from_row_major<Number>(p.u, 1, n)),
                               as_vector<Number>(in("w")));
                           return {factor * factor * theory::rayleigh_angle(rho, p.best, Number(0))};
                         }),
      .why =
          "The formula would give convergence in one step. (1 − μ/L)² is what the Euclidean metric costs: it is not "
          "in the formula, and no simplification brings it in."};
  Reading in_metric = printed;
  in_metric.id = "least_squares__metric_S";
  in_metric.statement = "B = uuᵀ, A = S: one step in the metric S, η = wᵀSw/(2ρ), ends at the solution: ρ(w′) = vᵀSv";
  in_metric.sizes = {{.channels = 2}, {.channels = 3}};
  in_metric.relation = Relation::equal;
  in_metric.left = by_reference("ρ(w′)", [](const Inputs& in) -> Values {
    const LeastSquares p = least_squares(in);
    const Values w = row_major(in("w"));
    const Number rho = reference::generalized_quotient<Number>(p.b, p.s, w);
    const Number eta = reference::inner<Number>(w, reference::symmetric_times<Number>(p.s, w)) / (Number(2) * rho);
    return {reference::generalized_quotient<Number>(
        p.b, p.s, reference::generalized_ascent<Number>(p.b, p.s, p.inverse, w, eta))};
  });
  in_metric.right = by_theory("vᵀSv", [](const Inputs& in) -> Values { return {least_squares(in).best}; });
  in_metric.why = "What the repaired formula says of rank one: w′ is a multiple of S⁻¹u. It costs solving with S.";
  return {printed, in_metric};
}

}  // namespace

Claim generalized_rayleigh_rate() {
  std::vector<Reading> readings = of_the_rate();
  for (Reading& reading : of_least_squares()) readings.push_back(std::move(reading));
  return {
      .title = "Gradient ascent on a generalised Rayleigh quotient: angle′ ≤ (1 − (λ₁ − λ₂)/(λ₁ − λ_min))² · angle",
      .sources = {{"WIKI", "least-square problem, rate of the generalized Rayleigh quotient"},
                  {"consequence", "Knyazev & Neymeyr 2003, without preconditioning error"}},
      .notation =
          "ρ̃(w) = wᵀBw/wᵀAw; λ₁ ≥ λ₂ ≥ … ≥ λ_min; angle = (λ₁ − ρ)/(ρ − λ₂); factor = 1 − (λ₁ − λ₂)/(λ₁ − λ_min). A = "
          "diag(a_i²), B = diag(λ_i a_i²), λ_min = low, λ₂ = low + rise, λ₁ = λ₂ + lead, between them low + "
          "rise·s_i²/(1 + s_i²); surplus = (ρ − λ₂)wᵀAw",
      .why =
          "With that step w′ = (A⁻¹B − λ_min)w/(ρ − λ_min), the power method. In eigencoordinates angle = N/D; the "
          "step "
          "takes N to at most (λ₂ − λ_min)² N and D to at least (λ₁ − λ_min)² D.",
      .explain =
          "WIKI speaks of gradient descent, and its least squares has B = −uuᵀ; in three dimensions or more λ₁ = λ₂ = "
          "0 "
          "there, and both sides of the formula are −1. Ascent with B = uuᵀ, the same steps, is what is decided here. "
          "WIKI quotes a rate without saying which step is taken, in which metric, and of which matrices λ₁, λ₂ and "
          "λ_min are eigenvalues: it says of B. With the eigenvalues of the pencil (Bx = λAx), the gradient taken in "
          "the metric of A, and the step that makes it the power method shifted by λ_min, one step squares the factor "
          "into the angle: that reading is proved. Each of the other readings fails on small numbers: B's own "
          "eigenvalues, the Euclidean gradient, any step, a start below λ₂, and the printed mixture of the exponent of "
          "t steps with the two sides of one, which no step size that stays above λ₂ saves. Nor does the least-squares "
          "rate follow from it. There λ₂ = λ_min = 0 and "
          "the factor is 0: in the metric S one step suffices (it inverts S). The rate (1 − μ/L)² measures how far "
          "the Euclidean metric is from S; Knyazev and Neymeyr's theorem has a term for such a preconditioner, and the "
          "quoted formula has dropped it.",
      .readings = readings,
      .mutants =
          {
              {.id = "factor_without_the_shift",
               .reading = "repaired",
               .words = "λ₂/λ₁ for the factor",
               .agrees_when = imposing("low_zero", "λ_min = 0", [](Inputs& in) { in.set("low", Number(0)); }),
               .right = [](const Inputs& in) -> Values {
                 const Pencil p = pencil(in);
                 const Number factor = p.lambda[1] / p.lambda[0];
                 return {factor * factor * angle(p.lambda, quotient(p, row_major(in("w"))))};
               }},
              {.id = "forgets_the_shift",
               .reading = "one_step_is_a_power_step",
               .words = "λ_i w_i/(ρ − λ_min)",
               .agrees_when = imposing("low_zero", "λ_min = 0", [](Inputs& in) { in.set("low", Number(0)); }),
               .right =
                   [](const Inputs& in) {
                     const Pencil p = pencil(in);
                     const Values w = row_major(in("w"));
                     Values next;
                     for (std::size_t i = 0; i < w.size(); ++i)
                       next.push_back(p.lambda[i] * w[i] / (quotient(p, w) - p.lambda.back()));
                     return next;
                   }},
              {.id = "eigenvalues_of_B",
               .reading = "two_dimensions",
               .words = "B₁₁",
               .agrees_when =
                   imposing("a_is_one", "A = 1",
                            [](Inputs& in) { in.set("a", Array<Number>::Constant(1, in.sizes.channels, Number(1))); }),
               .right = [](const Inputs& in) -> Values { return {pencil(in).b[0]}; }},
          },
  };
}

}  // namespace normproof::claims

// Claim: for Gaussian data the gradient of the halfspace objective lies in the span of u and Sw̃.
//
// Source       WIKI, learning halfspace problem (Kohler et al. 2018)
// Notation     z = u + Fg Gaussian (g standard normal), E z = u, E zzᵀ = S = FFᵀ + uuᵀ, Σ = FFᵀ; w̃ is w in the code;
//              f(w̃) = E φ(zᵀw̃); m = uᵀw̃, v = w̃ᵀΣw̃, so zᵀw̃ is N(m, v); x a direction of a derivative
// Hypotheses   z Gaussian; φ has two derivatives that do not grow too fast
//
//     ∇f(w̃) = c₁ u + c₂ Sw̃,      c₁ = E φ′(zᵀw̃) − E φ″(zᵀw̃)(uᵀw̃),      c₂ = E φ″(zᵀw̃)
//
// Why. Stein's identity E[g(z)(z − u)] = Σ E∇g(z) with g = φ′(zᵀw̃): E[φ′z] = E φ′ u + E φ″ Σw̃, and Σ = S − uuᵀ.
//     Both sides are linear in φ, so it is enough to decide it on a set of φ that spans: for φ = e^{as}, every a, it
// is an exact identity of e^{am + a²v/2}. (Both sides are analytic in a, so imaginary a follow, and with them
// everything that has a Fourier transform.) Polynomials up to degree 5, by points that integrate them exactly, refute
// the variants in fractions. Losses in use are decided by quadrature with a proved error bound
// (theory/decoupling/gaussian_nodes.hpp): log(1 + e^s), tanh, and the bump 1/cosh².
#include "impl/reference/gaussian_midpoints.hpp"
#include "proofs_checks/inputs/gaussian_halfspace.hpp"
#include "theory/decoupling/gaussian_nodes.hpp"

namespace normproof::claims {

using namespace inputs;
using numbers::Smooth;

namespace {

const InputSpec direction = {"x", Role::direction, Dimension::one, Dimension::channels};
const InputSpec exponent = {"a", Role::scale};

theory::Vector<Number> vector_of(const Inputs& in, const char* name) { return as_vector<Number>(in(name)); }

std::vector<InputSpec> polynomial_inputs() {
  return {mean_of_z(), factor_of_z(), halfspace_weights(), polynomial(), direction};
}
std::vector<Sizes> polynomial_sizes() {
  return {{.channels = 1, .outputs = polynomial_degree}, {.channels = 2, .outputs = polynomial_degree}};
}

// xᵀ(c₁u + c₂Sw̃) with the given E φ′, E φ″.
Number along_x(const Inputs& in, const Array<Number>& moments, const Number& slope, const Number& bend) {
  return theory::plain_product<Number>(
      vector_of(in, "x"),
      theory::halfspace_gradient<Number>(moments, vector_of(in, "u"), vector_of(in, "w"), slope, bend));
}

// ---- polynomials: points of degree 5, H = √3F

Number polynomial_expectation(const Inputs& in, int order) {
  return polynomial_mean<Number>(in("c"), mean_of_projection(in), variance_of_projection(in, 3), order);
}
Reading for_polynomials(std::string id, std::string statement, std::string why) {
  return {.id = std::move(id),
          .statement = std::move(statement),
          .inputs = polynomial_inputs(),
          .sizes = polynomial_sizes(),
          .left = derivative_over_points(true, "x", "the derivative of E φ(zᵀw̃) along x, E over points of degree 5"),
          .right = by_theory("xᵀ(c₁u + c₂Sw̃), E φ′ and E φ″ by the moments of N(m, v)",
                             [](const Inputs& in) -> Values {
                               return {along_x(in, moments_of_z(in, 3), polynomial_expectation(in, 1),
                                               polynomial_expectation(in, 2))};
                             }),
          .why = std::move(why)};
}

// ---- exponentials

template <class T>
T exponential_objective(const BasicInputs<T>& in) {
  const T a = in.scalar("a");
  const T argument = a * mean_of_projection(in) + a * a * variance_of_projection(in, 1) / T(2);
  return exp(argument);
}

// ---- quadrature

struct Loss {
  const char *id, *words;
  Smooth function;
  int order;                // φ is the order-th derivative of the function
  int per_unit;             // nodes
  int slope_max, bend_max;  // of |φ′|, |φ″| where |Im s| ≤ width
  int width_numerator, width_denominator;
  const char* bound;  // what the error bound comes to, for people
};
// |1/(1 + e^{−s})| ≤ 1 where |Im s| ≤ π/2; |tanh s| ≤ 1 where |Im s| ≤ π/4, so |tanh′| = |1 − tanh²| ≤ 2, |tanh″| ≤ 4,
// |tanh‴| = |1 − tanh²||6 tanh² − 2| ≤ 16.
constexpr Loss losses[] = {{"logistic", "φ(s) = log(1 + e^s)", Smooth::softplus, 0, 2, 1, 1, 3, 2, "4e-7"},
                           {"tanh", "φ(s) = tanh s, not convex", Smooth::tanh, 0, 4, 2, 4, 3, 4, "1.1e-6"},
                           {"bump", "φ(s) = 1/cosh²s, not monotone", Smooth::tanh, 1, 4, 4, 16, 3, 4, "5e-6"}};
constexpr int reach = 7;

// The deviation σ of zᵀw̃ is below this. m + σt lies in the strip where |Im t| ≤ width/widest, and as many more nodes a
// unit keep the product that the aliasing depends on; e^(a²/2) is smaller.
constexpr int widest = 2;

// w̃ := w·2p/√v with p = q²/(1 + q²): the standard deviation of zᵀw̃ is 2p < 2.
Hypothesis deviation_below_two() {
  return defining("deviation_below_two", "zᵀw̃ has a standard deviation below 2, for which the nodes are fine enough",
                  [](Inputs& in) {
                    const Number square = in.scalar("q") * in.scalar("q"), v = variance_of_projection(in, 1);
                    const Number factor = Number(widest) * square / (Number(1) + square) / sqrt(v);
                    Array<Number> w = in("w");
                    for (Eigen::Index k = 0; k < w.size(); ++k) w(k) *= factor;
                    in.set("w", w);
                  });
}

// The two sides have rules of their own: midpoints by reference, nodes by theory, of other spacings. The bound is for
// equal weights wherever the points start: beyond the reach n and t n are convex, so that a middle times h is at most
// the piece's integral.
Reading by_quadrature(const Loss& loss) {
  const int nodes_a_unit = loss.per_unit * widest, midpoints_a_unit = nodes_a_unit + 1;
  const Side derivative = derivative_along(Witness::definition, "", "w", "x", [=](const auto& in) {
    using T = std::decay_t<decltype(in.scalar("q"))>;
    const T v = variance_of_projection(in, 1);
    return reference::gaussian_mean<T>(midpoints_a_unit, reach, mean_of_projection(in), sqrt(v),
                                       [=](const T& s) { return smooth(loss.function, loss.order, s); });
  });
  return {
      .id = std::string("printed__quadrature__") + loss.id,
      .statement = std::string("zᵀw̃ of deviation < 2: |xᵀ∇f − xᵀ(c₁u + c₂Sw̃)| ≤ the error bound of the "
                               "quadrature, ") +
                   loss.words,
      .inputs = {mean_of_z(), factor_of_z(), halfspace_weights(), direction, {"q", Role::scale}},
      .sizes = {{.channels = 1}, {.channels = 2}, {.channels = 3}},
      .these_sizes_only = true,
      .hypotheses = {deviation_below_two()},
      .left = by_reference("± the derivative of E φ(m + √v N) along x, E by the midpoint rule",
                           [=](const Inputs& in) -> Values {
                             const Number value = derivative.formula(in)[0];
                             return {value, -value};
                           }),
      .relation = Relation::at_most,
      .right = by_theory(
          "± xᵀ(c₁u + c₂Sw̃) + error bound, E by nodes",
          [=](const Inputs& in) -> Values {
            const auto nodes = theory::gaussian_nodes<Number>(nodes_a_unit, reach);
            theory::GaussianNodes<Number> midpoints;
            midpoints.per_unit = midpoints_a_unit;
            midpoints.reach = reach;
            const Number m = mean_of_projection(in), v = variance_of_projection(in, 1);
            const Number sigma = sqrt(v);
            const auto mean = [&](int order) {
              return theory::gaussian_expectation<Number>(
                  nodes, m, sigma, [&](const Number& s) { return smooth(loss.function, order, s); });
            };
            const Number value = along_x(in, moments_of_z(in, 1), mean(loss.order + 1), mean(loss.order + 2));
            // ∂m E φ′ + ∂σ E[φ′N] on the left, ∂m E φ′ + ∂σ σ E φ″ on the right, σ ≤ 2 and |y| ≤ (1 + y²)/2.
            const Number shifted = theory::plain_product<Number>(vector_of(in, "u"), vector_of(in, "x"));
            const Number moved =
                theory::moment_product<Number>(covariance_of_z(in, 1), vector_of(in, "w"), vector_of(in, "x")) / sigma;
            const Number width = Number(loss.width_numerator) / Number(loss.width_denominator * widest);
            const Number slope_max(loss.slope_max), bend_max(loss.bend_max), one(1), two(2);
            const Number bound =
                (one + shifted * shifted) / two *
                    (theory::gaussian_quadrature_bound<Number>(midpoints, slope_max, width) +
                     theory::gaussian_quadrature_bound<Number>(nodes, slope_max, width)) +
                (one + moved * moved) / two *
                    (theory::gaussian_quadrature_bound<Number>(midpoints, slope_max, width, true) +
                     Number(widest) * theory::gaussian_quadrature_bound<Number>(nodes, bend_max, width));
            return {value + bound, bound - value};
          }),
      .why = "Each side takes E by a rule of its own, and both errors are in the bound, which is below " +
             std::string(loss.bound) +
             " ((1 + (∂m)²)/2 + (1 + (∂σ)²)/2), ∂m and ∂σ the derivatives along x. Larger deviations need more nodes a "
             "unit, nothing else."};
}

// ---- a kink

Hypothesis mean_is_zero() {
  return defining("mean_zero", "u = 0",
                  [](Inputs& in) { in.set("u", Array<Number>::Constant(1, in.sizes.channels, Number(0))); });
}

std::vector<Reading> variants() {
  Reading swapped = for_polynomials("printed__names_swapped", "∇f = c₁u + c₂Sw̃ with the two formulas exchanged",
                                    "Some copies exchange c₁ and c₂; E φ″ belongs to Sw̃.");
  swapped.right = by_theory("xᵀ(c₂u + c₁Sw̃)", [](const Inputs& in) -> Values {
    const Number slope = polynomial_expectation(in, 1), bend = polynomial_expectation(in, 2);
    const Number first = theory::first_coefficient<Number>(vector_of(in, "u"), vector_of(in, "w"), slope, bend);
    const theory::Vector<Number> turned = theory::moment_times<Number>(moments_of_z(in, 3), vector_of(in, "w"));
    return {bend * theory::plain_product<Number>(vector_of(in, "x"), vector_of(in, "u")) +
            first * theory::plain_product<Number>(vector_of(in, "x"), turned)};
  });
  Reading covariance = for_polynomials("printed__S_is_the_covariance", "∇f = c₁u + c₂Σw̃: S read as the covariance of z",
                                       "u is taken off twice: with Σ the first coefficient is E φ′ alone.");
  covariance.hypotheses = {covariance_not_singular()};
  covariance.right = by_theory("xᵀ(c₁u + c₂Σw̃)", [](const Inputs& in) -> Values {
    return {along_x(in, covariance_of_z(in, 3), polynomial_expectation(in, 1), polynomial_expectation(in, 2))};
  });
  Reading stein = for_polynomials("with_the_covariance", "∇f = E φ′ u + E φ″ Σw̃, Σ the covariance of z", "");
  stein.right = by_theory("xᵀ(E φ′ u + E φ″ Σw̃)", [](const Inputs& in) -> Values {
    const theory::Vector<Number> turned = theory::moment_times<Number>(covariance_of_z(in, 3), vector_of(in, "w"));
    return {polynomial_expectation(in, 1) * theory::plain_product<Number>(vector_of(in, "x"), vector_of(in, "u")) +
            polynomial_expectation(in, 2) * theory::plain_product<Number>(vector_of(in, "x"), turned)};
  });
  Reading other_data = for_polynomials(
      "without_gaussian_data", "the same for z = u + Fg with independent g_i = ±1: E z and E zzᵀ as before",
      "Stein's identity is the Gaussian's own: it fails where the fourth moments of g are not 3.");
  other_data.left = derivative_over_points(false, "x", "the derivative of E φ(zᵀw̃) along x, g_i = ±1");
  other_data.right = by_theory("xᵀ(c₁u + c₂Sw̃), E φ′ and E φ″ over the same z", [](const Inputs& in) -> Values {
    const auto mean = [&](int order) {
      return mean_over_points(in, false, [&](const Number& s) { return polynomial_at<Number>(in("c"), s, order); });
    };
    return {along_x(in, moments_of_z(in, 1), mean(1), mean(2))};
  });
  Reading kinked = for_polynomials(
      "without_smooth_loss", "φ(s) = max{s, 0}, u = 0: ∇f = c₁u + c₂Sw̃ with φ″ = 0 off the kink",
      "E max{zᵀw̃, 0} = κ‖w̃‖_S with κ = E max{N, 0} > 0 (here any κ > 0), whose gradient is κSw̃/‖w̃‖_S; the kink's "
      "share of E φ″ is its weight times the density there, and leaving it out loses everything.");
  kinked.inputs = {mean_of_z(), factor_of_z(), halfspace_weights(), direction, {"kappa", Role::variance}};
  kinked.sizes = {{.channels = 1}, {.channels = 2}};
  kinked.hypotheses = {mean_is_zero()};
  kinked.left =
      derivative_along(Witness::definition, "the derivative of κ(w̃ᵀSw̃)^(1/2) along x", "w", "x", [](const auto& in) {
        const auto v = variance_of_projection(in, 1);
        return in.scalar("kappa") * sqrt(v);
      });
  kinked.right = by_theory("xᵀ(c₁u + c₂Sw̃), c₂ = 0", [](const Inputs& in) -> Values {
    return {along_x(in, moments_of_z(in, 1), Number(1) / Number(2), Number(0))};
  });
  return {swapped, covariance, stein, other_data, kinked};
}

Hypothesis weights_across_the_mean() {
  return imposing("weights_across", "uᵀw̃ = 0", [](Inputs& in) {
    const Number share = dot<Number>(in("u"), in("w")) / dot<Number>(in("u"), in("u"));
    Array<Number> w = in("w");
    for (Eigen::Index k = 0; k < w.size(); ++k) w(k) -= share * in("u")(k);
    in.set("w", w);
  });
}
Hypothesis loss_is_linear() {
  return imposing("loss_linear", "φ is linear", [](Inputs& in) {
    Array<Number> c = in("c");
    for (Eigen::Index k = 1; k < c.size(); ++k) c(k) = Number(0);
    in.set("c", c);
  });
}

}  // namespace

Claim halfspace_gradient() {
  Reading printed = for_polynomials("printed", "∇f = c₁u + c₂Sw̃ for polynomials φ of degree ≤ 5",
                                    "The points agree with the normal distribution on everything that occurs.");
  Reading exponential = {.id = "printed__exponentials",
                         .statement = "∇f = c₁u + c₂Sw̃ for φ(s) = e^{as}, every a, and so for all φ that they span",
                         .inputs = {mean_of_z(), factor_of_z(), halfspace_weights(), exponent, direction},
                         .sizes = {{.channels = 1}, {.channels = 2}, {.channels = 3}},
                         .left = derivative_along(Witness::definition, "the derivative of e^{am + a²v/2} along x", "w",
                                                  "x", [](const auto& in) { return exponential_objective(in); }),
                         .right = by_theory("xᵀ(c₁u + c₂Sw̃), E φ′ = a e^{am + a²v/2}, E φ″ = a² e^{am + a²v/2}",
                                            [](const Inputs& in) -> Values {
                                              const Number &a = in.scalar("a"), value = exponential_objective(in);
                                              return {along_x(in, moments_of_z(in, 1), a * value, a * a * value)};
                                            }),
                         .why = "E e^{a zᵀw̃} = e^{am + a²v/2} is what Gaussian means."};
  std::vector<Reading> readings = {printed, exponential};
  for (const Loss& loss : losses) readings.push_back(by_quadrature(loss));
  for (Reading& reading : variants()) readings.push_back(std::move(reading));
  return {
      .title = "For Gaussian z, ∇E φ(zᵀw̃) = c₁u + c₂Sw̃",
      .sources = {{"WIKI", "learning halfspace problem, gradient"}},
      .notation =
          "z = u + Fg, g standard normal; E z = u, Σ = FFᵀ, S = E zzᵀ = Σ + uuᵀ; f(w̃) = E φ(zᵀw̃); m = uᵀw̃, v = w̃ᵀΣw̃; "
          "c₁ = E φ′(zᵀw̃) − E φ″(zᵀw̃)(uᵀw̃), c₂ = E φ″(zᵀw̃); for polynomials φ(s) = Σ c_k s^k/k!, `factor` is √3F",
      .why =
          "Stein's identity gives E[φ′(zᵀw̃)z] = E φ′ u + E φ″ Σw̃, and Σ = S − uuᵀ. It is linear in φ; on e^{as} it is "
          "an "
          "identity of the moment generating function.",
      .explain =
          "zᵀw̃ is a normal number, so the objective is a function of its mean uᵀw̃ and variance w̃ᵀΣw̃ alone, and its "
          "gradient is a combination of u and Σw̃. Stein's identity says which. With S = E zzᵀ in Σ's place the part "
          "that S has too much goes into c₁. The formula is right as printed if S is the matrix of "
          "second moments and not the covariance, and the two coefficients are not exchanged. It needs Gaussian data: "
          "signs with the same mean and covariance refute it. Of φ it asks what Stein's identity asks of φ′: E|φ′| and "
          "E|φ″| are finite (a bounded φ′ alone does not give E φ″). Decided are exponentials, polynomials up to "
          "degree 5, and three losses. And E φ″ has to count kinks: for max{s, 0} the "
          "second "
          "derivative is 0 off the kink, yet c₂ is not.",
      .readings = readings,
      .mutants =
          {
              {.id = "forgets_the_mean",
               .reading = "printed",
               .words = "c₁ = E φ′",
               .agrees_when = weights_across_the_mean(),
               .right = [](const Inputs& in) -> Values {
                 const Number slope = polynomial_expectation(in, 1), bend = polynomial_expectation(in, 2);
                 return {along_x(in, moments_of_z(in, 3), slope + bend * mean_of_projection(in), bend)};
               }},
              {.id = "forgets_the_curvature",
               .reading = "printed",
               .words = "E φ′ u",
               .agrees_when = loss_is_linear(),
               .right = [](const Inputs& in) -> Values {
                 return {along_x(in, moments_of_z(in, 3), polynomial_expectation(in, 1), Number(0))};
               }},
              {.id = "slope_for_curvature",
               .reading = "printed__exponentials",
               .words = "E φ′ in the place of E φ″",
               .agrees_when = imposing("a_one", "a = 1", [](Inputs& in) { in.set("a", Number(1)); }),
               .right = [](const Inputs& in) -> Values {
                 const Number &a = in.scalar("a"), value = exponential_objective(in);
                 return {along_x(in, moments_of_z(in, 1), a * value, a * value)};
               }},
          },
  };
}

}  // namespace normproof::claims

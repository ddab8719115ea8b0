// Claim: normalizing a layer's input in general reduces the condition number of the objective.
//
// Source       LL19 §4, last paragraph: "since each layer's input has been normalized, in general the condition number
//              of the objective is reduced, and thus easier to train"; §5: "the normalization operator which mostly
//              reduces the condition number of the objective"
// Notation     least squares in one layer: mean ½(w·[x; 1] − t)² over the n samples, d features; its Hessian is
//              H = mean [x; 1][x; 1]ᵀ. m and C the mean and covariance of x, var_j = C_jj, R the correlation matrix.
//              LL19 (1) makes of H the matrix [R, 0; 0, 1]. κ = λ_max/λ_min; u, v test vectors. In Sizes, batch = n,
//              channels = d
// Hypotheses   no feature is constant (ε = 0, as (1) prints it); for κ < ∞ no feature is affine in the others
//
//     κ([R, 0; 0, 1]) ≤ κ(H)?       always for d ≤ 2;  κ([R, 0; 0, 1]) ≤ d · κ(H) for every d, and > κ(H) for some with
//     d = 3
//
// Why. Two steps. Centring, H → [C, 0; 0, 1], never raises κ. H = [C + mmᵀ, m; mᵀ, 1]: [v; 0]ᵀH[v; 0] ≥ vᵀCv, so
// λ_max(H) ≥ λ_max(C); [v; −mᵀv]ᵀH[v; −mᵀv] = vᵀCv and [v; −mᵀv] is no shorter than v, so λ_min(H) ≤ λ_min(C); the last
// diagonal entry, 1, lies between. Scaling, C → R: for d = 2, κ + 1/κ + 2 = tr²/det is 4/(1 − ρ²) for R and
// (var₁ + var₂)²/(var₁ var₂ (1 − ρ²)) for C, which is no less. For any d (van der Sluis 1969) λ_max(R) ≤ d = tr R, and
// with u_j = v_j/s_j: uᵀCu = vᵀRv, ‖u‖² ≥ ‖v‖²/max var, so λ_min(C) ≤ max var · λ_min(R), while λ_max(C) ≥ max var:
// κ(R) ≤ d κ(C). R has trace d, so that 1 lies between its extreme eigenvalues. From d = 3 on unit diagonals are not
// the best scaling.
#include "proofs_checks/inputs/adapters.hpp"
#include "proofs_checks/inputs/random_stream.hpp"
#include "theory/objectives/condition_number.hpp"

#include <cmath>

namespace normproof::claims {

using namespace inputs;

namespace {

const InputSpec samples = {"x", Role::activation, Dimension::batch, Dimension::channels};
const InputSpec test_vector = {"v", Role::weight, Dimension::one, Dimension::channels};

Number square(const Number& x) { return x * x; }

// x − mean by the reference.
Array<Number> centred(const Array<Number>& x) {
  const Values mean = reference_mean(x);
  Array<Number> result = x;
  for (Eigen::Index i = 0; i < x.rows(); ++i)
    for (Eigen::Index j = 0; j < x.cols(); ++j) result(i, j) -= mean[static_cast<std::size_t>(j)];
  return result;
}
// mean a_j a_k over the rows.
Array<Number> moments(const Array<Number>& a) {
  Array<Number> result = Array<Number>::Constant(a.cols(), a.cols(), Number(0));
  for (Eigen::Index j = 0; j < a.cols(); ++j)
    for (Eigen::Index k = 0; k < a.cols(); ++k) {
      for (Eigen::Index i = 0; i < a.rows(); ++i) result(j, k) += a(i, j) * a(i, k);
      result(j, k) /= Number(static_cast<int>(a.rows()));
    }
  return result;
}
Array<Number> with_constant(const Array<Number>& x) {
  Array<Number> result(x.rows(), x.cols() + 1);
  for (Eigen::Index i = 0; i < x.rows(); ++i) {
    for (Eigen::Index j = 0; j < x.cols(); ++j) result(i, j) = x(i, j);
    result(i, x.cols()) = Number(1);
  }
  return result;
}
// x̂ by the reference, ε = 0.
Array<Number> normalized(const Array<Number>& x) {
  Values x_hat(static_cast<std::size_t>(x.size()));
  reference::normalize<Number>(row_major(x), extents_of(x), reference_mean(x), reference_variance(x), Number(0), x_hat);
  return from_row_major<Number>(x_hat, x.rows(), x.cols());
}

// Σ_k v_k a_ik, sample by sample.
Values projections(const Array<Number>& a, const Array<Number>& v) {
  Values result;
  for (Eigen::Index i = 0; i < a.rows(); ++i) {
    Number sum(0);
    for (Eigen::Index k = 0; k < a.cols(); ++k) sum += a(i, k) * v(k);
    result.push_back(sum);
  }
  return result;
}
Number mean_square(const Values& values) {
  return dot<Number>(values, values) / Number(static_cast<int>(values.size()));
}
// vᵀCv and Σ var_j v_j² by the reference's statistics: the two parts of R's Rayleigh quotient at (s_j v_j).
Number spread_along(const Array<Number>& x, const Array<Number>& v) { return mean_square(projections(centred(x), v)); }
Number weighted_square(const Array<Number>& x, const Array<Number>& v) {
  const Values variance = reference_variance(x);
  Number sum(0);
  for (Eigen::Index k = 0; k < v.size(); ++k) sum += variance[static_cast<std::size_t>(k)] * v(k) * v(k);
  return sum;
}

Number covariance_form(const Inputs& in) {
  return theory::quadratic_form<Number>(theory::covariance<Number>(in("x")), as_vector(in("v")));
}
// [v; last]ᵀ H [v; last].
Number hessian_form(const Inputs& in, const Number& last) {
  theory::Vector<Number> extended(in.sizes.channels + 1);
  for (int k = 0; k < in.sizes.channels; ++k) extended(k) = in("v")(k);
  extended(in.sizes.channels) = last;
  return theory::quadratic_form<Number>(theory::second_moments<Number>(in("x")), extended);
}
Number mean_along(const Inputs& in) {
  const Values mean = reference_mean(in("x"));
  Number sum(0);
  for (int k = 0; k < in.sizes.channels; ++k) sum += mean[static_cast<std::size_t>(k)] * in("v")(k);
  return sum;
}

// ---- two by two

// 4/(1 − ρ²), ρ² = cov²/(var var).
Number of_the_correlation(const Array<Number>& c) {
  return Number(4) / (Number(1) - c(0, 1) * c(0, 1) / (c(0, 0) * c(1, 1)));
}

// (var₁ − var₂)²/det, det = (1/n²) Σ_{i<k} (y_i z_k − y_k z_i)² for centred features y, z.
std::vector<SquareTerm> gap_of_the_scaling(const Inputs& in) {
  const Array<Number> c = moments(centred(in("x"))), a = centred(in("x"));
  const Number determinant = c(0, 0) * c(1, 1) - c(0, 1) * c(0, 1);
  std::vector<SquareTerm> terms;
  for (Eigen::Index i = 0; i < a.rows(); ++i)
    for (Eigen::Index k = i + 1; k < a.rows(); ++k)
      terms.push_back({.root = (a(i, 0) * a(k, 1) - a(k, 0) * a(i, 1)) * (c(0, 0) - c(1, 1)) /
                               (determinant * Number(in.sizes.batch))});
  return terms;
}

// ---- van der Sluis

// Features 2 … d are the first one, reflected about its mean in a hyperplane and shrunk by 2q/(1 + q²): each feature
// whose variance is at most the first's, up to its mean, which C does not see.
Hypothesis first_variance_is_largest() {
  return imposing("largest_variance_first", "var_1 ≥ var_j for every j", [](Inputs& in) {
    const Array<Number> first = centred(in("x")), mirror = centred(in("mirror"));
    Array<Number> x = in("x");
    for (Eigen::Index j = 1; j < x.cols(); ++j) {
      Number product(0), length(0);
      for (Eigen::Index i = 0; i < x.rows(); ++i) {
        product += mirror(i, j) * first(i, 0);
        length += square(mirror(i, j));
      }
      const Number q = in("q")(j), share = Number(2) * q / (Number(1) + q * q);
      for (Eigen::Index i = 0; i < x.rows(); ++i)
        x(i, j) = share * (first(i, 0) - Number(2) * product / length * mirror(i, j));
    }
    in.set("x", x);
  });
}

// vᵀCv (var₁ ‖v‖² − Σ var_j v_j²), vᵀCv = mean ⟨x − m, v⟩², var₁ − var_j = var₁ ((1 − q²)/(1 + q²))², var₁ a mean of
// squares.
std::vector<SquareTerm> gap_of_the_smallest(const Inputs& in) {
  const Array<Number> a = centred(in("x"));
  const Values along = projections(a, in("v"));
  const int n = in.sizes.batch;
  std::vector<SquareTerm> terms;
  for (int j = 1; j < in.sizes.channels; ++j) {
    const Number q = in("q")(j), miss = in("v")(j) * (Number(1) - q * q) / (Number(1) + q * q);
    for (int i = 0; i < n; ++i)
      for (const Number& projection : along)
        terms.push_back({.root = a(i, 0) * miss * projection, .denominator = n * n});
  }
  return terms;
}

// ---- three features: samples (1, 2, 2), (1, −1, −1), (−1, −1, 0), (−1, 0, −1), mean 0, 4C = [4 2 2; 2 6 5; 2 5 6]

constexpr int rising[4][3] = {{1, 2, 2}, {1, -1, -1}, {-1, -1, 0}, {-1, 0, -1}};

Array<Number> worse_by_normalizing() {
  Array<Number> x(4, 3);
  for (int i = 0; i < 4; ++i)
    for (int j = 0; j < 3; ++j) x(i, j) = Number(rising[i][j]);
  return x;
}
Number determinant_of_three(const Array<Number>& a) {
  return a(0, 0) * (a(1, 1) * a(2, 2) - a(1, 2) * a(2, 1)) - a(0, 1) * (a(1, 0) * a(2, 2) - a(1, 2) * a(2, 0)) +
         a(0, 2) * (a(1, 0) * a(2, 1) - a(1, 1) * a(2, 0));
}
// det(λ − A).
Number characteristic(Array<Number> a, const Number& lambda) {
  for (Eigen::Index k = 0; k < a.size(); ++k) a(k) = -a(k);
  for (Eigen::Index j = 0; j < 3; ++j) a(j, j) += lambda;
  return determinant_of_three(a);
}

// ---- how often?

constexpr int ensemble_samples = 16, ensemble_features = 4;
using Sample = theory::Matrix<double>;

Sample gaussian(RandomStream& stream) {
  Sample x(ensemble_samples, ensemble_features);
  for (Eigen::Index k = 0; k < x.size(); ++k) x(k) = stream.normal();
  return x;
}
// Each feature times 2^k, k uniform on −7 … 7: four decades of scales.
Sample gaussian_with_scales(RandomStream& stream) {
  constexpr int octaves = 7;
  Sample x = gaussian(stream);
  for (Eigen::Index j = 0; j < x.cols(); ++j)
    x.col(j) *= std::ldexp(1.0, static_cast<int>(stream.below(2 * octaves + 1)) - octaves);
  return x;
}
// Gaussian samples times a Gaussian matrix.
Sample correlated_gaussian(RandomStream& stream) {
  const Sample x = gaussian(stream), mixing = gaussian(stream);
  Sample mixed = Sample::Zero(ensemble_samples, ensemble_features);
  for (Eigen::Index i = 0; i < mixed.rows(); ++i)
    for (Eigen::Index j = 0; j < mixed.cols(); ++j)
      for (Eigen::Index k = 0; k < mixed.cols(); ++k) mixed(i, j) += x(i, k) * mixing(k, j);
  return mixed;
}
// Grey levels 0 … 255 of an image: not negative, means far from 0, each feature with a brightest value of its own.
Sample pixels(RandomStream& stream) {
  Sample x(ensemble_samples, ensemble_features);
  for (Eigen::Index j = 0; j < x.cols(); ++j) {
    const std::uint64_t brightest = 64 + stream.below(192);
    for (Eigen::Index i = 0; i < x.rows(); ++i) x(i, j) = static_cast<double>(stream.below(brightest + 1));
  }
  return x;
}

// The four samples on which κ rises, each entry moved a little.
Sample near_worse_by_normalizing(RandomStream& stream) {
  constexpr double step = 1.0 / 20;
  Sample x(4, 3);
  for (Eigen::Index i = 0; i < x.rows(); ++i)
    for (Eigen::Index j = 0; j < x.cols(); ++j) x(i, j) = rising[i][j] + step * stream.normal();
  return x;
}

// κ after over κ before, the bias column included or not. [R, 0; 0, 1] has the κ of R: 1 is the mean of R's
// eigenvalues.
double ratio(const Sample& x, bool with_bias) {
  const Sample hessian = theory::second_moments<double>(x);
  const Sample before = with_bias ? hessian : Sample(hessian.topLeftCorner(x.cols(), x.cols()));
  return theory::condition_number(theory::correlation<double>(x)) / theory::condition_number(before);
}

// κ is seldom above 1e9 in these ensembles (less than once in 100 samples), its relative error then some 1e9 · 1e-16:
// falls smaller than this are not counted.
constexpr double clear_fall = 1 - 1e-6;

Reading how_often(std::string id, std::string ensemble, Sample (*draw)(RandomStream&), double factor, bool at_least,
                  bool with_bias, std::string why) {
  const std::string event = factor < clear_fall ? "κ falls to less than half" : "κ falls";
  return {.id = std::move(id),
          .statement = "P(" + event + ") " + (at_least ? "≥" : "≤") + " 1/2" + (with_bias ? "" : ", no bias column") +
                       "; 16 samples, 4 features: " + ensemble,
          .frequency = {.event = event,
                        .happens = [=](RandomStream& stream) { return ratio(draw(stream), with_bias) < factor; },
                        .numerator = 1,
                        .denominator = 2,
                        .at_least = at_least},
          .why = std::move(why)};
}

std::vector<Reading> frequencies() {
  const std::string rule = "“In general” read as: more often than not.";
  const std::string scales = "independent Gaussian features, each times 2^k, k uniform on −7 … 7";
  const std::string equal = "independent Gaussian features of equal scale and mean 0";
  const std::string grey = "integer grey levels, uniform on 0 … b, b uniform on 64 … 255 for each feature";
  // Every fall counts, however small: what is refuted is the weakest statement.
  Reading near_the_instance =
      how_often("printed__as_a_rule__near_the_instance", "", near_worse_by_normalizing, 1, true, true,
                "“In general” depends on the data: around an instance where κ rises it rises.");
  near_the_instance.statement =
      "P(κ falls) ≥ 1/2; the four samples of three_features__spectrum, 1/20 of a standard normal number added to each "
      "entry";
  return {
      how_often("printed__as_a_rule__gaussian_with_scales", scales, gaussian_with_scales, clear_fall, true, true, rule),
      how_often("printed__as_a_rule__gaussian_equal_scales", equal, gaussian, clear_fall, true, true,
                rule + " The sample's own means and scales are enough, but as a rule not to halve κ: "
                       "not_halved__gaussian_equal_scales."),
      how_often("printed__as_a_rule__gaussian_correlated", "Gaussian samples times a Gaussian matrix",
                correlated_gaussian, clear_fall, true, true, rule),
      how_often("printed__as_a_rule__pixels", grey, pixels, clear_fall, true, true,
                rule + " Means and scales both count: the constant 1 is small against a grey level."),
      how_often("without_bias_column__as_a_rule", equal, gaussian, clear_fall, true, false,
                "Never sure without the bias column: without_bias_column__two_features."),
      how_often("halved__gaussian_with_scales", scales, gaussian_with_scales, 0.5, true, true, ""),
      how_often("halved__pixels", grey, pixels, 0.5, true, true, ""),
      how_often("not_halved__gaussian_equal_scales", equal, gaussian, 0.5, false, true,
                "Only the sample's own means and scales are repaired here: the population's have nothing wrong."),
      near_the_instance};
}

std::vector<Reading> exact_readings() {
  Reading two_by_two = {.id = "two_by_two",
                        .statement = "κ + 1/κ + 2 = tr²/det for [a, b; b, c], κ the quotient of its eigenvalues",
                        .inputs = {{"entries", Role::weight, Dimension::one, Dimension::channels}},
                        .sizes = {{.channels = 3}},
                        .left = by_definition("κ = (tr + √(tr² − 4 det))/(tr − √(tr² − 4 det))",
                                              [](const Inputs& in) -> Values {
                                                const Array<Number>& e = in("entries");
                                                const Number trace = e(0) + e(2),
                                                             determinant = e(0) * e(2) - e(1) * e(1);
                                                const Number discriminant = trace * trace - Number(4) * determinant;
                                                const Number root = sqrt(discriminant);
                                                const Number kappa = (trace + root) / (trace - root);
                                                return {kappa + Number(1) / kappa + Number(2)};
                                              }),
                        .right = by_theory("tr²/det",
                                           [](const Inputs& in) -> Values {
                                             const Array<Number>& e = in("entries");
                                             Array<Number> matrix(2, 2);
                                             matrix << e(0), e(1), e(1), e(2);
                                             return {theory::trace_squared_over_determinant<Number>(matrix)};
                                           }),
                        .why = "It grows with κ ≥ 1: who compares tr²/det compares κ, without roots."};

  const auto raw_measure = [](const Inputs& in) -> Values {
    return {theory::trace_squared_over_determinant<Number>(theory::second_moments<Number>(in("x")))};
  };
  Reading one_feature = {
      .id = "printed__always__one_feature",
      .statement = "d = 1: κ([R, 0; 0, 1]) ≤ κ(H) on all data: tr²/det is 4 after, (mean(x²) + 1)²/var(x) before",
      .inputs = {samples},
      .sizes = {{.batch = 2}, {.batch = 3}, {.batch = 5}},
      .left = by_reference("tr²/det of mean [x̂; 1][x̂; 1]ᵀ, x̂ by LI23 Algorithm 1",
                           [](const Inputs& in) -> Values {
                             const Array<Number> h = moments(with_constant(normalized(in("x"))));
                             return {square(h(0, 0) + h(1, 1)) / (h(0, 0) * h(1, 1) - h(0, 1) * h(1, 0))};
                           }),
      .relation = Relation::at_most,
      .right = by_theory("tr²/det of H", raw_measure),
      .gap =
          [](const Inputs& in) {
            const Array<Number> a = centred(in("x"));
            const Number mean = reference_mean(in("x"))[0], variance = reference_variance(in("x"))[0];
            const Number power = variance + mean * mean;
            std::vector<SquareTerm> terms;
            for (Eigen::Index i = 0; i < a.size(); ++i) {
              terms.push_back({.root = a(i) * (power - Number(1)) / variance, .denominator = in.sizes.batch});
              terms.push_back({.root = Number(2) * a(i) * mean / variance, .denominator = in.sizes.batch});
            }
            return terms;
          },
      .why = "After it κ = 1, the least there is. The gap is ((mean(x²) − 1)² + 4 mean(x)²)/var(x)."};
  Reading excess = one_feature;
  excess.id = "one_feature__excess";
  excess.statement = "d = 1: tr²/det of H is 4 + ((mean(x²) − 1)² + 4 mean(x)²)/var(x)";
  excess.relation = Relation::equal;
  excess.gap = {};
  excess.left = by_theory("tr²/det of H", raw_measure);
  excess.right = by_reference(
      "4 + ((q − 1)² + 4 m²)/var, m and var by LI23 Algorithm 1, q = var + m²", [](const Inputs& in) -> Values {
        const Number mean = reference_mean(in("x"))[0];
        const Number variance = reference_variance(in("x"))[0];
        return {Number(4) + (square(variance + mean * mean - Number(1)) + Number(4) * mean * mean) / variance};
      });
  excess.why = {};

  Reading scaling = {
      .id = "two_features__scaling",
      .statement = "d = 2: κ(R) ≤ κ(C) on all data: 4/(1 − ρ²) ≤ (var₁ + var₂)²/(var₁ var₂ (1 − ρ²))",
      .inputs = {samples},
      .sizes = {{.batch = 3, .channels = 2}, {.batch = 4, .channels = 2}, {.batch = 5, .channels = 2}},
      .left = by_reference("4/(1 − ρ²), the mean by LI23 Algorithm 1",
                           [](const Inputs& in) -> Values { return {of_the_correlation(moments(centred(in("x"))))}; }),
      .relation = Relation::at_most,
      .right = by_theory("tr²/det of C",
                         [](const Inputs& in) -> Values {
                           return {theory::trace_squared_over_determinant<Number>(theory::covariance<Number>(in("x")))};
                         }),
      .gap = gap_of_the_scaling,
      .why =
          "C is any scaling of R: unit variances are the best scaling of two features. The gap is (var₁ − var₂)²/det "
          "C."};
  Reading factor = {
      .id = "van_der_sluis__two_features",
      .statement = "d = 2: κ(R) ≤ 2 κ(C) where |ρ| ≤ 7/8 and the standard deviations are at most a factor 8 apart",
      .inputs = {{"ratio", Role::scale}, {"rho", Role::mean}},
      .sizes = {{.batch = 1}},
      .hypotheses = {{.id = "rho_bounded",
                      .sentence = "ρ² < 49/64",
                      .positive = [](const Inputs& in) { return Number(49) / Number(64) - square(in.scalar("rho")); }},
                     {.id = "ratio_bounded",
                      .sentence = "1/8 < σ₂/σ₁ < 8",
                      .positive =
                          [](const Inputs& in) {
                            return (in.scalar("ratio") - Number(1) / Number(8)) * (Number(8) - in.scalar("ratio"));
                          }}},
      .left = by_definition("(1 + |ρ|)²/(1 − ρ²)",
                            [](const Inputs& in) -> Values {
                              const Number squared = square(in.scalar("rho"));
                              return {square(Number(1) + sqrt(squared)) / (Number(1) - squared)};
                            }),
      .relation = Relation::at_most,
      .right = by_theory("2 (λ_max/λ_min)(C), C = [1, ρs; ρs, s²], s = σ₂/σ₁",
                         [](const Inputs& in) -> Values {
                           const Number &s = in.scalar("ratio"), &rho = in.scalar("rho");
                           Array<Number> c(2, 2);
                           c << Number(1), rho * s, rho * s, s * s;
                           return {Number(2) * theory::condition_number_of_two<Number>(c)};
                         }),
      .why =
          "Two features do not need the factor 2 (two_features__scaling); with it the inequality is strict, and "
          "boxes prove it. For more features: van_der_sluis__largest and __smallest.",
      .regions = {{.words = "0 ≤ ρ ≤ 7/8, 1/8 ≤ σ₂/σ₁ ≤ 8",
                   .covers = "all of it: the sign of ρ changes nothing",
                   .ranges = {{"ratio", 1, 64, 8}, {"rho", 0, 7, 8}}}}};
  Reading bare = scaling;
  bare.id = "without_bias_column__two_features";
  bare.statement = "d = 2, no bias: κ(R) ≤ κ(mean xxᵀ) on all data";
  bare.left = by_theory("4/(1 − ρ²)", [](const Inputs& in) -> Values {
    return {of_the_correlation(theory::covariance<Number>(in("x")))};
  });
  bare.right = by_definition("tr²/det of mean xxᵀ", [](const Inputs& in) -> Values {
    const Array<Number> g = moments(in("x"));
    return {square(g(0, 0) + g(1, 1)) / (g(0, 0) * g(1, 1) - g(0, 1) * g(0, 1))};
  });
  bare.gap = {};
  bare.why = "Without the bias column centring may raise κ: the mean was a direction of its own. LL19's g has the 1.";

  const std::vector<Sizes> any_features = {
      {.batch = 2}, {.batch = 3, .channels = 2}, {.batch = 4, .channels = 3}, {.batch = 5, .channels = 4}};
  Reading largest = {
      .id = "centring__largest",
      .statement = "vᵀCv ≤ [v; 0]ᵀH[v; 0] for every v: λ_max(C) ≤ λ_max(H), any d",
      .inputs = {samples, test_vector},
      .sizes = any_features,
      .left = by_reference("mean ⟨x − mean, v⟩², the mean by LI23 Algorithm 1",
                           [](const Inputs& in) -> Values { return {spread_along(in("x"), in("v"))}; }),
      .relation = Relation::at_most,
      .right = by_theory("[v; 0]ᵀH[v; 0]", [](const Inputs& in) -> Values { return {hessian_form(in, Number(0))}; }),
      .gap = [](const Inputs& in) { return std::vector<SquareTerm>{{.root = mean_along(in)}}; },
      .why = "The gap is ⟨m, v⟩²."};
  Reading smallest = largest;
  smallest.id = "centring__smallest";
  smallest.statement =
      "the Rayleigh quotient of H at [v; −⟨m, v⟩] is at most that of C at v: λ_min(H) ≤ λ_min(C), any d";
  smallest.left = by_theory("[v; −⟨m, v⟩]ᵀH[v; −⟨m, v⟩]/(‖v‖² + ⟨m, v⟩²)", [](const Inputs& in) -> Values {
    const Number along = mean_along(in);
    return {hessian_form(in, -along) / (dot<Number>(in("v"), in("v")) + along * along)};
  });
  smallest.right = by_reference("mean ⟨x − mean, v⟩²/‖v‖²", [](const Inputs& in) -> Values {
    return {spread_along(in("x"), in("v")) / dot<Number>(in("v"), in("v"))};
  });
  smallest.gap = [](const Inputs& in) {
    // vᵀCv ⟨m, v⟩²/(N N′), N = ‖v‖², N′ = N + ⟨m, v⟩², and 1/(N N′) = N N′/(N N′)².
    const Array<Number>& v = in("v");
    const Number along = mean_along(in), n = dot<Number>(v, v), longer = n + along * along;
    Values parts = row_major(v);
    parts.push_back(along);
    std::vector<SquareTerm> terms;
    for (const Number& projection : projections(centred(in("x")), v))
      for (Eigen::Index k = 0; k < v.size(); ++k)
        for (const Number& part : parts)
          terms.push_back({.root = projection * along * v(k) * part / (n * longer), .denominator = in.sizes.batch});
    return terms;
  };
  smallest.why =
      "With the bias column, centring never raises κ. 1 is a diagonal entry of H, so it lies between λ_min(H) and "
      "λ_max(H): the 1 of [C, 0; 0, 1] does no harm either. With two_features__scaling: κ never rises for d ≤ 2.";

  Reading trace = largest;
  trace.id = "van_der_sluis__largest";
  trace.statement = "R's Rayleigh quotient is at most d: mean ⟨x − m, v⟩² ≤ d Σ var_j v_j² for every v";
  trace.right = by_theory("d Σ C_jj v_j²", [](const Inputs& in) -> Values {
    const Array<Number> c = theory::covariance<Number>(in("x"));
    Number sum(0);
    for (int j = 0; j < in.sizes.channels; ++j) sum += c(j, j) * in("v")(j)*in("v")(j);
    return {Number(in.sizes.channels) * sum};
  });
  trace.gap = [](const Inputs& in) {
    const Array<Number> a = centred(in("x"));
    std::vector<SquareTerm> terms;
    for (int j = 0; j < in.sizes.channels; ++j)
      for (int k = 0; k < j; ++k)
        for (int i = 0; i < in.sizes.batch; ++i)
          terms.push_back({.root = a(i, j) * in("v")(j)-a(i, k) * in("v")(k), .denominator = in.sizes.batch});
    return terms;
  };
  trace.why = "λ_max(R) ≤ tr R = d. At (s_j v_j) R's Rayleigh quotient is vᵀCv/Σ var_j v_j².";
  Reading sluis = trace;
  sluis.id = "van_der_sluis__smallest";
  sluis.statement = "vᵀCv Σ var_j v_j² ≤ var₁ ‖v‖² vᵀCv for every v: λ_min(C) ≤ λ_max(C) λ_min(R)";
  sluis.inputs = {samples,
                  test_vector,
                  {"mirror", Role::activation, Dimension::batch, Dimension::channels},
                  {"q", Role::weight, Dimension::one, Dimension::channels}};
  sluis.sizes = {{.batch = 2, .channels = 2},
                 {.batch = 3, .channels = 2},
                 {.batch = 4, .channels = 3},
                 {.batch = 4, .channels = 4}};
  sluis.hypotheses = {first_variance_is_largest()};
  sluis.left = by_theory("vᵀCv Σ C_jj v_j²", [](const Inputs& in) -> Values {
    const Array<Number> c = theory::covariance<Number>(in("x"));
    Number sum(0);
    for (int j = 0; j < in.sizes.channels; ++j) sum += c(j, j) * in("v")(j)*in("v")(j);
    return {covariance_form(in) * sum};
  });
  sluis.right =
      by_reference("var₁ ‖v‖² mean ⟨x − m, v⟩², statistics by LI23 Algorithm 1", [](const Inputs& in) -> Values {
        return {reference_variance(in("x"))[0] * dot<Number>(in("v"), in("v")) * spread_along(in("x"), in("v"))};
      });
  sluis.gap = gap_of_the_smallest;
  sluis.why =
      "var₁ is a diagonal entry of C, so var₁ ≤ λ_max(C). With van_der_sluis__largest: κ(R) ≤ d/λ_min(R) ≤ d κ(C) ≤ d "
      "κ(H).";

  Reading spectrum = {
      .id = "three_features__spectrum",
      .statement =
          "samples (1,2,2), (1,−1,−1), (−1,−1,0), (−1,0,−1): C has eigenvalues 1/4, 3/4, 3 and R 1/6, (17 ± √73)/12",
      .inputs = {{"lambda", Role::weight}},
      .sizes = {{.batch = 4, .channels = 3}},
      .left = by_theory("det(λ − C), det(λ − R)",
                        [](const Inputs& in) -> Values {
                          const Array<Number> x = worse_by_normalizing();
                          return {characteristic(theory::covariance<Number>(x), in.scalar("lambda")),
                                  characteristic(theory::correlation<Number>(x), in.scalar("lambda"))};
                        }),
      .right = by_definition("(λ − 1/4)(λ − 3/4)(λ − 3), (λ − 1/6)(λ² − (17/6) λ + 3/2)",
                             [](const Inputs& in) -> Values {
                               const Number lambda = in.scalar("lambda"), one(1);
                               return {
                                   (lambda - one / Number(4)) * (lambda - Number(3) / Number(4)) * (lambda - Number(3)),
                                   (lambda - one / Number(6)) *
                                       (lambda * lambda - Number(17) / Number(6) * lambda + Number(3) / Number(2))};
                             }),
      .why = "κ(C) = κ(H) = 12, since the mean is 0 and 1 lies between; κ(R) = (17 + √73)/2 = 12.77…"};
  Reading three = {
      .id = "printed__always__three_features",
      .statement =
          "d = 3: κ([R, 0; 0, 1]) ≤ κ(H) = 12 on these four samples: R's Rayleigh quotients at u and v differ by a "
          "factor ≤ 12",
      .inputs = {{"u", Role::weight, Dimension::one, Dimension::channels}, test_vector},
      .sizes = {{.batch = 4, .channels = 3}},
      .left = by_reference("(uᵀCu/Σ var_j u_j²)/(vᵀCv/Σ var_j v_j²), R's quotients at (s_j u_j), (s_j v_j)",
                           [](const Inputs& in) -> Values {
                             const Array<Number> x = worse_by_normalizing();
                             return {spread_along(x, in("u")) / weighted_square(x, in("u")) *
                                     weighted_square(x, in("v")) / spread_along(x, in("v"))};
                           }),
      .relation = Relation::at_most,
      .right = by_definition("12", [](const Inputs&) -> Values { return {Number(12)}; }),
      .why =
          "u = (1, 1, 1) and v = (0, 1, −1) give (17/8)/(1/6) = 51/4. Unit variances are the best scaling for two "
          "features only; they are within the factor d of the best (van der Sluis)."};

  return {one_feature, scaling, factor, largest, smallest, three, spectrum, trace, sluis, bare, excess, two_by_two};
}

Hypothesis features_are_uncorrelated() {
  return imposing("uncorrelated", "the features are uncorrelated", [](Inputs& in) {
    const Array<Number> a = centred(in("x"));
    Number product(0), length(0);
    for (Eigen::Index i = 0; i < a.rows(); ++i) {
      product += a(i, 0) * a(i, 1);
      length += square(a(i, 0));
    }
    Array<Number> x = in("x");
    for (Eigen::Index i = 0; i < a.rows(); ++i) x(i, 1) -= product / length * a(i, 0);
    in.set("x", x);
  });
}
Hypothesis one_feature_only() {
  return imposing("one_feature", "d = 1", [](Inputs& in) {
    in.set("x", Array<Number>(in("x").leftCols(1)));
    in.set("v", Array<Number>(in("v").leftCols(1)));
    in.sizes.channels = 1;
  });
}

}  // namespace

Claim fn_condition_number() {
  std::vector<Reading> readings = exact_readings();
  for (const Reading& reading : frequencies()) readings.push_back(reading);
  return {
      .title = "Normalizing a layer's input in general reduces the condition number of the objective",
      .sources = {{"LL19", "§4, last paragraph; §5, first"}, {"consequence", "van der Sluis's theorem for it"}},
      .notation =
          "mean ½(w·[x; 1] − t)² over n samples with d features; H = mean [x; 1][x; 1]ᵀ its Hessian; m, C, R the "
          "mean, covariance and correlation matrix of x; var_j = C_jj = s_j²; normalization makes [R, 0; 0, 1] of H; "
          "κ = λ_max/λ_min. In the sizes, batch = n, channels = d.",
      .why =
          "Centring turns H into [C, 0; 0, 1] and never raises κ: [v; 0] and [v; −⟨m, v⟩] carry the extreme Rayleigh "
          "quotients of C to H, and 1 is a diagonal entry of H. Scaling turns C into R. For d = 2 unit variances "
          "minimise tr²/det = κ + 1/κ + 2. For any d λ_max(R) ≤ d and λ_min(C) ≤ λ_max(C) λ_min(R), so κ(R) ≤ d κ(C). "
          "For d = 3 an instance with κ = 12 before and 12.77 after is listed.",
      .explain =
          "For least squares in one layer the Hessian is the matrix of second moments of the layer's inputs and the "
          "constant 1. Normalization does two things to it. Subtracting the mean removes all coupling with the bias, "
          "and never raises the condition number, on any data: a theorem, two lines long. (Without a bias column it "
          "can: (1, 0), (0, 1), (0, 0) have κ = 1 before and 3 after.) Dividing by the standard deviation is the "
          "best of all scalings for two features, so with one or two features the condition number never rises. From "
          "three features on it can: for the samples (1, 2, 2), (1, −1, −1), (−1, −1, 0), (−1, 0, −1) it goes from "
          "12 to 12.77. It can never rise by more than the factor d (van der Sluis 1969). How often it falls is a "
          "question about data, and LL19 names none. Read as \"more often than not\", \"in general\" holds in the "
          "four ensembles of 16 samples and 4 features tried here; where features have different scales or means far "
          "from 0, κ falls to less than half as a rule, where they are alike it falls too, but as a rule to more "
          "than half. It does not hold in every ensemble: near the four samples above κ rises. For more layers and "
          "other losses the Hessian is not this matrix, and what LL19 says of them is not precise enough to be "
          "checked.",
      .readings = readings,
      .mutants =
          {
              {.id = "forgets_the_correlation",
               .reading = "two_features__scaling",
               .words = "(var₁ + var₂)²/(var₁ var₂)",
               .agrees_when = features_are_uncorrelated(),
               .right = [](const Inputs& in) -> Values {
                 const Array<Number> c = theory::covariance<Number>(in("x"));
                 return {square(c(0, 0) + c(1, 1)) / (c(0, 0) * c(1, 1))};
               }},
              {.id = "raw_moments",
               .reading = "two_features__scaling",
               .words = "tr²/det of mean xxᵀ in the place of C",
               .agrees_when = batch_is_centred(),
               .right = [](const Inputs& in) -> Values {
                 const Array<Number> g = moments(in("x"));
                 return {square(g(0, 0) + g(1, 1)) / (g(0, 0) * g(1, 1) - g(0, 1) * g(0, 1))};
               }},
              {.id = "forgets_the_mean",
               .reading = "one_feature__excess",
               .words = "4 + (mean(x²) − 1)²/var(x)",
               .agrees_when = batch_is_centred(),
               .right = [](const Inputs& in) -> Values {
                 const Number mean = reference_mean(in("x"))[0], variance = reference_variance(in("x"))[0];
                 return {Number(4) + square(variance + mean * mean - Number(1)) / variance};
               }},
              {.id = "largest_is_one",
               .reading = "van_der_sluis__largest",
               .words = "Σ var_j v_j², without the factor d",
               .agrees_when = one_feature_only(),
               .right = [](const Inputs& in) -> Values {
                 const Array<Number> c = theory::covariance<Number>(in("x"));
                 Number sum(0);
                 for (int j = 0; j < in.sizes.channels; ++j) sum += c(j, j) * in("v")(j)*in("v")(j);
                 return {sum};
               }},
          },
  };
}

}  // namespace normproof::claims

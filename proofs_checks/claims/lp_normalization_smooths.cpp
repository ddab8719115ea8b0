// Claim: normalizing by the average ℓ1, ℓ2 or ℓ∞ norm smooths as batch norm does, without control over the moments.
//
// Source       SAN18 §3.3: "schemes that fix the first order moment of the activations, as BatchNorm does, and then
//              normalizes them by the average of their ℓp-norm (before shifting the mean), for p = 1, 2, ∞"; "does not
//              guarantee anymore any control over the distribution moments"; "all these techniques result in an
//              improved smoothness of the landscape that is similar to the effect of BatchNorm". No theorem is printed:
//              what is decided is Theorem 4.1 with the norm in σ's place
// Notation     one output y ∈ R^m over the batch (x in the code), μ its mean, c = y − μ, w = y as printed ("before
//              shifting") or w = c, n = (1/m) Σ|w_i|, √((1/m) Σ w_i²), max|w_i|; ŷ = c/n, z = γŷ + β, g = ∂L/∂z (dy),
//              u = ∂n/∂y, L̂(y) = L(z)
// Hypotheses   n ≠ 0, γ and β constant, L's gradient taken at z; no ε, as in the paper. For p = 1 off w_i = 0, for
//              p = ∞ off ties; on these kinks a derivative is one-sided
//
//     ‖∇_y L̂‖²  ≤  γ²/n² ( ‖g‖² − ⟨1, g⟩²/m − ⟨g, ŷ⟩²/m )
//
// Why. theory/smoothness/lp_normalization.hpp: ∇_y L̂ = (γ/n)(g − ḡ1 − ⟨g, ŷ⟩u), so that
//     ‖∇_y L̂‖² = γ²/n² ( ‖g‖² − ⟨1, g⟩²/m − 2⟨g, ŷ⟩⟨g − ḡ1, u⟩ + ⟨g, ŷ⟩²‖u‖² ).
// For p = 2 the last two terms are −⟨g, ŷ⟩²/m, for w = y too. For p = 1 and ∞, u is not along ŷ: a g orthogonal to 1
// and u, but not to ŷ, gets longer by ⟨g, ŷ⟩²‖u‖². Of a centred batch ⟨u, ŷ⟩ = 1, and the best constant is
// ‖u‖²‖ŷ‖² ≥ 1.
#include "impl/reference/lp_norm.hpp"
#include "proofs_checks/inputs/adapters.hpp"
#include "theory/smoothness/lp_normalization.hpp"

namespace normproof::claims {

using namespace inputs;

namespace {

using Vector = theory::Vector<Number>;
using reference::LpNormReading;
using theory::MeanNorm;
using theory::NormOf;

struct Scheme {
  MeanNorm norm;
  NormOf of = NormOf::raw;
};

LpNormReading as_reference(const Scheme& scheme) {
  LpNormReading reading;
  reading.power = scheme.norm == MeanNorm::l1   ? LpNormReading::Power::one
                  : scheme.norm == MeanNorm::l2 ? LpNormReading::Power::two
                                                : LpNormReading::Power::infinity;
  reading.of = scheme.of == NormOf::raw ? LpNormReading::Of::raw : LpNormReading::Of::centred;
  return reading;
}

// The layer's output with β = 0, by the reference; γ is an input, or 1.
template <class T>
std::vector<T> output(const BasicInputs<T>& in, LpNormReading reading) {
  const Array<T>& x = in("x");
  const std::vector<T> gamma = {in.has("gamma") ? in("gamma")(0) : T(1)}, beta = {T(0)};
  std::vector<T> y(static_cast<std::size_t>(x.size()), T(0));
  reference::lp_norm_train<T>(row_major(x), extents_of(x), gamma, beta, reading, y);
  return y;
}
Values input_gradient(const Inputs& in, LpNormReading reading) {
  const Values x = row_major(in("x")), dy = row_major(in("dy")), gamma = row_major(in("gamma"));
  Values dx(x.size(), Number(0));
  reference::lp_norm_backward<Number>(x, dy, extents_of(in("x")), gamma, reading, dx);
  return dx;
}
Number squared_norm(const Values& a) { return dot<Number>(a, a); }
Number square(const Number& a) { return a * a; }

Vector g_of(const Inputs& in) { return as_vector<Number>(in("dy")); }
theory::LpStatistics<Number> statistics_of(const Inputs& in, const Scheme& scheme) {
  return theory::lp_statistics<Number>(as_vector<Number>(in("x")), scheme.norm, scheme.of);
}

std::vector<InputSpec> batch_alone() { return {{"x", Role::activation, Dimension::batch, Dimension::one}}; }
std::vector<InputSpec> batch_and_upstream() {
  return {{"x", Role::activation, Dimension::batch, Dimension::one},
          {"dy", Role::upstream, Dimension::batch, Dimension::one},
          {"gamma", Role::scale}};
}
std::vector<InputSpec> with(std::vector<InputSpec> specs, const InputSpec& more) {
  specs.push_back(more);
  return specs;
}

std::vector<Sizes> up_to(int largest, int smallest = 1) {
  std::vector<Sizes> sizes;
  for (int m = smallest; m <= largest; ++m) sizes.push_back({.batch = m});
  return sizes;
}
// Every sign is met: p = ∞ compares besides.
std::vector<Sizes> sizes_of(const Scheme& scheme) { return up_to(scheme.norm == MeanNorm::linf ? 3 : 4); }

std::string words_of(const Scheme& scheme) {
  const bool raw = scheme.of == NormOf::raw;
  switch (scheme.norm) {
    case MeanNorm::l1: return raw ? "n = (1/m) Σ|y_i|" : "n = (1/m) Σ|y_i − μ|";
    case MeanNorm::l2: return raw ? "n² = (1/m) Σ y_i²" : "n² = (1/m) Σ (y_i − μ)² = σ²";
    case MeanNorm::linf: return raw ? "n = max|y_i|" : "n = max|y_i − μ|";
  }
  return "";
}

Number absolute(const Number& a) { return select_positive(a, a, -a); }
// √max{a, 0} and √max{−a, 0}, from √|a|.
Number root_of_part(const Number& a, int sign) {
  const Number size = absolute(a), root = sqrt(size), none(0);
  return sign > 0 ? select_positive(a, root, none) : select_positive(a, none, root);
}
Array<Number> centred(const Array<Number>& x) {
  const Number mean = reference_mean(x)[0];
  Array<Number> c = x;
  for (Eigen::Index i = 0; i < c.size(); ++i) c(i) -= mean;
  return c;
}
// The largest |w_i|, first comes first, and which it is: a 1 among zeros.
struct Largest {
  Number size;
  std::vector<Number> chosen;
};
Largest largest(const Array<Number>& w) {
  Largest found = {absolute(w(0)), {Number(1)}};
  for (Eigen::Index i = 1; i < w.size(); ++i) {
    const Number size = absolute(w(i)), excess = size - found.size;
    for (Number& weight : found.chosen) weight = select_positive(excess, Number(0), weight);
    found.chosen.push_back(select_positive(excess, Number(1), Number(0)));
    found.size = select_positive(excess, size, found.size);
  }
  return found;
}

// No w_i = 0 for p = 1, one largest |w_i| for p = ∞: the norm has a derivative. Two centred values are opposite
// numbers, and max|w_i| is the size of either: there it is enough that they are not 0.
Hypothesis off_kinks(Scheme scheme) {
  const bool raw = scheme.of == NormOf::raw;
  if (scheme.norm == MeanNorm::l1)
    return {.id = "off_kinks", .sentence = raw ? "no y_i = 0" : "no y_i = μ", .positive = [=](const Inputs& in) {
              const Array<Number> w = raw ? in("x") : centred(in("x"));
              Number product(1);
              for (Eigen::Index i = 0; i < w.size(); ++i) product *= w(i) * w(i);
              return product;
            }};
  return {.id = "off_kinks",
          .sentence = raw ? "no two largest |y_i|" : "no two largest |y_i − μ| (m ≥ 3)",
          .positive = [=](const Inputs& in) {
            const Array<Number> w = raw ? in("x") : centred(in("x"));
            if (!raw && w.size() == 2) return w(0) * w(0);
            const Largest found = largest(w);
            Number product(1);
            for (Eigen::Index i = 0; i < w.size(); ++i)
              product *= found.chosen[static_cast<std::size_t>(i)] + found.size * found.size - w(i) * w(i);
            return product * product;
          }};
}
std::vector<Hypothesis> hypotheses_of(Scheme scheme) {
  if (scheme.norm == MeanNorm::l2) return {};
  return {off_kinks(scheme)};
}

// The gradient.
Reading gradient(std::string id, Scheme scheme) {
  return {.id = std::move(id),
          .statement = "∇_y L̂ = (γ/n)(g − ḡ1 − ⟨g, ŷ⟩ ∂n/∂y), " + words_of(scheme),
          .inputs = with(batch_and_upstream(), {"v", Role::direction, Dimension::batch, Dimension::one}),
          .sizes = sizes_of(scheme),
          .hypotheses = hypotheses_of(scheme),
          .left = derivative_along(
              Witness::reference, "derivative of ⟨g, z⟩ by y along v, through the layer", "x", "v",
              [=](const auto& in) { return dot(row_major(in("dy")), output(in, as_reference(scheme))); }),
          .right = by_theory("⟨(γ/n)(g − ḡ1 − ⟨g, ŷ⟩u), v⟩",
                             [=](const Inputs& in) {
                               const Vector dx =
                                   theory::lp_input_gradient(statistics_of(in, scheme), g_of(in), in.scalar("gamma"));
                               return Values{dot<Number>(entries(dx), row_major(in("v")))};
                             }),
          .why = "∂ŷ_i/∂y_k = (δ_ik − 1/m − ŷ_i u_k)/n, whatever n is."};
}

// Statements about ‖∇_y L̂‖².
Reading squared_gradient(std::string id, Scheme scheme, std::string statement, Formula right, std::string why) {
  return {.id = std::move(id),
          .statement = std::move(statement) + ", " + words_of(scheme),
          .inputs = batch_and_upstream(),
          .sizes = sizes_of(scheme),
          .hypotheses = hypotheses_of(scheme),
          .left = by_reference(
              "‖∇_y L̂‖², the layer's backward pass loop by loop",
              [=](const Inputs& in) { return Values{squared_norm(input_gradient(in, as_reference(scheme)))}; }),
          .relation = Relation::at_most,
          .right = by_theory("the bound", std::move(right)),
          .why = std::move(why)};
}

Reading theorem(std::string id, Scheme scheme, std::string why) {
  Reading reading = squared_gradient(
      std::move(id), scheme, "‖∇_y L̂‖² ≤ γ²/n² (‖g‖² − ⟨1, g⟩²/m − ⟨g, ŷ⟩²/m)",
      [=](const Inputs& in) {
        const Number last_factor = Number(1) / Number(in.sizes.batch);
        return Values{theory::lp_gradient_bound(statistics_of(in, scheme), g_of(in), in.scalar("gamma"), last_factor)};
      },
      std::move(why));
  if (scheme.norm == MeanNorm::l2) reading.gap = [](const Inputs&) { return std::vector<SquareTerm>{}; };
  return reading;
}

Reading no_longer_than_rescaled(std::string id, Scheme scheme, std::string why) {
  return squared_gradient(
      std::move(id), scheme, "‖∇_y L̂‖² ≤ γ²/n² ‖g‖²",
      [=](const Inputs& in) {
        const Number n = statistics_of(in, scheme).norm, gamma = in.scalar("gamma");
        return Values{gamma * gamma / (n * n) * squared_norm(row_major(in("dy")))};
      },
      std::move(why));
}

Reading closed_form(std::string id, Scheme scheme) {
  Reading reading = squared_gradient(
      std::move(id), scheme, "‖∇_y L̂‖² = γ²/n² (‖g‖² − ⟨1, g⟩²/m − 2⟨g, ŷ⟩⟨g − ḡ1, u⟩ + ⟨g, ŷ⟩²‖u‖²), u = ∂n/∂y",
      [=](const Inputs& in) {
        return Values{theory::lp_squared_gradient(statistics_of(in, scheme), g_of(in), in.scalar("gamma"))};
      },
      "The square of (γ/n)(g − ḡ1 − ⟨g, ŷ⟩u).");
  reading.relation = Relation::equal;
  return reading;
}

// The oblique bound: what is missing is γ²/n² times the Gram determinant of (u, ŷ, Pg) and ⟨u, g⟩²‖ŷ‖².
std::vector<SquareTerm> gap_of_the_oblique_bound(const Inputs& in, const Scheme& scheme) {
  const auto st = statistics_of(in, scheme);
  const Vector u = st.norm_gradient, y_hat = st.x_hat, g = theory::without_mean(g_of(in));
  const Number ratio = in.scalar("gamma") / st.norm, along = theory::sum_of_products(u, g);
  std::vector<SquareTerm> terms;
  for (int i = 0; i < in.sizes.batch; ++i) terms.push_back({.root = ratio * along * y_hat(i)});
  for (int i = 0; i < in.sizes.batch; ++i)
    for (int j = 0; j < i; ++j)
      for (int k = 0; k < j; ++k) {
        const Number minor = u(i) * (y_hat(j) * g(k) - y_hat(k) * g(j)) - u(j) * (y_hat(i) * g(k) - y_hat(k) * g(i)) +
                             u(k) * (y_hat(i) * g(j) - y_hat(j) * g(i));
        terms.push_back({.root = ratio * minor});
      }
  return terms;
}
Reading oblique(std::string id, Scheme scheme) {
  Reading reading = squared_gradient(
      std::move(id), scheme, "‖∇_y L̂‖² ≤ γ²/n² ‖u‖²‖ŷ‖² (‖g‖² − ⟨1, g⟩²/m), u = ∂n/∂y",
      [=](const Inputs& in) {
        return Values{theory::lp_oblique_bound(statistics_of(in, scheme), g_of(in), in.scalar("gamma"))};
      },
      "⟨u, ŷ⟩ = 1 and ⟨u, 1⟩ = 0 make g ↦ g − ⟨g, ŷ⟩u an oblique projection; the longest image is ‖u‖‖ŷ‖ times as "
      "long.");
  reading.gap = [=](const Inputs& in) { return gap_of_the_oblique_bound(in, scheme); };
  return reading;
}
// The longest: g = ŷ − u/‖u‖².
Hypothesis worst_upstream(Scheme scheme) {
  return imposing("worst_upstream", "g = ŷ − u/‖u‖²", [=](Inputs& in) {
    const auto st = statistics_of(in, scheme);
    const Number uu = theory::sum_of_products(st.norm_gradient, st.norm_gradient);
    Array<Number> dy = in("dy");
    for (int i = 0; i < in.sizes.batch; ++i) dy(i) = st.x_hat(i) - st.norm_gradient(i) / uu;
    in.set("dy", dy);
  });
}
Reading attained(std::string id, Scheme scheme) {
  Reading reading = oblique(std::move(id), scheme);
  reading.statement = "‖∇_y L̂‖² = γ²/n² ‖u‖²‖ŷ‖² (‖g‖² − ⟨1, g⟩²/m) at g = ŷ − u/‖u‖², u = ∂n/∂y, " + words_of(scheme);
  reading.hypotheses = {worst_upstream(scheme), off_kinks(scheme)};
  reading.relation = Relation::equal;
  reading.gap = {};
  reading.why = "⟨u, g⟩ = 0, and g lies in the plane of u and ŷ. It is 0 where u is along ŷ, so for m ≤ 2.";
  return reading;
}

// y = a, b, a, b …
Hypothesis two_values() {
  return imposing("two_values", "the batch has two values: y = a, b, a, b …", [](Inputs& in) {
    Array<Number> x = in("x");
    for (int i = 2; i < in.sizes.batch; ++i) x(i) = x(i - 2);
    in.set("x", x);
  });
}
// y = a, b, b, b …
Hypothesis one_apart() {
  return imposing("one_apart", "all samples but one are equal: y = a, b, b …", [](Inputs& in) {
    Array<Number> x = in("x");
    for (int i = 2; i < in.sizes.batch; ++i) x(i) = x(1);
    in.set("x", x);
  });
}
Reading along_y_hat(std::string id, Scheme scheme, Hypothesis hypothesis, std::string why) {
  Reading reading = squared_gradient(
      std::move(id), scheme, "‖∇_y L̂‖² = γ²/n² (‖g‖² − ⟨1, g⟩²/m − ⟨g, ŷ⟩²/‖ŷ‖²) where " + hypothesis.sentence,
      [=](const Inputs& in) {
        const auto st = statistics_of(in, scheme);
        const Number length = theory::sum_of_products(st.x_hat, st.x_hat);
        const Number last_factor = Number(1) / length;
        return Values{theory::lp_gradient_bound(st, g_of(in), in.scalar("gamma"), last_factor)};
      },
      std::move(why));
  reading.relation = Relation::equal;
  reading.hypotheses = {std::move(hypothesis), off_kinks(scheme)};
  return reading;
}

// The moments of ŷ.
Number moment(const Inputs& in, const Scheme& scheme, int power) {
  Number sum(0);
  for (const Number& value : output(in, as_reference(scheme))) {
    const Number squared = value * value;
    sum += power == 2 ? squared : squared * squared;
  }
  return sum / Number(in.sizes.batch);
}
Side second_moment(Scheme scheme) {
  return by_reference("(1/m) Σ ŷ_i²", [=](const Inputs& in) { return Values{moment(in, scheme, 2)}; });
}
Side constant_of_m(std::string words, Number (*value)(const Number& m)) {
  return by_definition(std::move(words), [=](const Inputs& in) { return Values{value(Number(in.sizes.batch))}; });
}
Side one() {
  return constant_of_m("1", [](const Number&) { return Number(1); });
}
using Gap = std::vector<SquareTerm> (*)(const Inputs&);

Reading moment_reading(std::string id, Scheme scheme, std::string statement, Relation relation, Side right, Gap gap,
                       std::string why) {
  Reading reading = {.id = std::move(id),
                     .statement = std::move(statement) + ", " + words_of(scheme),
                     .inputs = batch_alone(),
                     .sizes = sizes_of(scheme),
                     .left = second_moment(scheme),
                     .relation = relation,
                     .right = std::move(right),
                     .why = std::move(why)};
  if (gap != nullptr) reading.gap = gap;
  return reading;
}

// Roots that always exist count as signs, which all have to be met.
Reading small(Reading reading) {
  reading.sizes = up_to(3);
  return reading;
}

Number sum_of_absolutes(const Array<Number>& w) {
  Number sum(0);
  for (Eigen::Index i = 0; i < w.size(); ++i) sum += absolute(w(i));
  return sum;
}
// m − 1 − mΣc²/S², S = Σ|y|: (2/S²) Σ_{i<j} ( (m − 2)|y_i||y_j| + |y_i y_j| + y_i y_j ).
std::vector<SquareTerm> gap_l1_raw(const Inputs& in) {
  const Array<Number>& y = in("x");
  const Number sum = sum_of_absolutes(y);
  std::vector<SquareTerm> terms;
  for (Eigen::Index i = 0; i < y.size(); ++i)
    for (Eigen::Index j = 0; j < i; ++j) {
      if (in.sizes.batch > 2)
        terms.push_back(
            {.root = sqrt(absolute(y(i))) * sqrt(absolute(y(j))) / sum, .numerator = 2 * (in.sizes.batch - 2)});
      for (const int sign : {1, -1})
        terms.push_back({.root = root_of_part(y(i), sign) * root_of_part(y(j), sign) / sum, .numerator = 4});
    }
  return terms;
}
// m/2 − mΣc²/S², S = Σ|c|: with ΣP = ΣN = S/2 over the positive and the negative c it is
// (2m/S²) Σ_{i<j} (P_i P_j + N_i N_j).
std::vector<SquareTerm> gap_l1_centred(const Inputs& in) {
  const Array<Number> c = centred(in("x"));
  const Number sum = sum_of_absolutes(c);
  std::vector<SquareTerm> terms;
  for (Eigen::Index i = 0; i < c.size(); ++i)
    for (Eigen::Index j = 0; j < i; ++j)
      for (const int sign : {1, -1})
        terms.push_back(
            {.root = root_of_part(c(i), sign) * root_of_part(c(j), sign) / sum, .numerator = 2 * in.sizes.batch});
  return terms;
}
// mΣc²/S² − 1 = Σ_{i<j} (|c_i| − |c_j|)²/S².
std::vector<SquareTerm> gap_l1_centred_below(const Inputs& in) {
  const Array<Number> c = centred(in("x"));
  const Number sum = sum_of_absolutes(c);
  std::vector<SquareTerm> terms;
  for (Eigen::Index i = 0; i < c.size(); ++i)
    for (Eigen::Index j = 0; j < i; ++j) terms.push_back({.root = (absolute(c(i)) - absolute(c(j))) / sum});
  return terms;
}
// 1 − Σc²/(mM²) = (Σ (M² − y_i²) + mμ²)/(mM²), M the largest |y_i|: M² − y_i² has a root.
std::vector<SquareTerm> gap_linf_raw(const Inputs& in) {
  const Array<Number>& y = in("x");
  const Number size = largest(y).size;
  std::vector<SquareTerm> terms = {{.root = reference_mean(y)[0] / size}};
  for (Eigen::Index i = 0; i < y.size(); ++i) {
    const Number below = size * size - y(i) * y(i);
    terms.push_back({.root = sqrt(below) / size, .denominator = in.sizes.batch});
  }
  return terms;
}
// 1 − ŷ_1².
std::vector<SquareTerm> gap_linf_entry(const Inputs& in) {
  const Array<Number> c = centred(in("x"));
  const Number size = largest(c).size, below = size * size - c(0) * c(0);
  return {{.root = sqrt(below) / size}};
}
// 4(1 − 1/m)² − ŷ_1²: the product of Σ a_i(M − s_i y_i)/M and Σ a_i(M + s_i y_i)/M, a_1 = 1 − 1/m, s_1 = 1, the others
// 1/m and −1. No |y_i| exceeds M.
std::vector<SquareTerm> gap_linf_entry_raw(const Inputs& in) {
  const Array<Number>& y = in("x");
  const int m = in.sizes.batch;
  const Number size = largest(y).size;
  std::vector<Number> above, below;
  for (int i = 0; i < m; ++i) {
    const Number signed_y = i == 0 ? y(i) : -y(i), minus = size - signed_y, plus = size + signed_y;
    below.push_back(sqrt(minus));
    above.push_back(sqrt(plus));
  }
  std::vector<SquareTerm> terms;
  for (int i = 0; i < m; ++i)
    for (int k = 0; k < m; ++k) {
      const int weight = (i == 0 ? m - 1 : 1) * (k == 0 ? m - 1 : 1);
      if (weight == 0) continue;
      terms.push_back({.root = below[static_cast<std::size_t>(i)] * above[static_cast<std::size_t>(k)] / size,
                       .numerator = weight,
                       .denominator = m * m});
    }
  return terms;
}
// Σc²/(mM²) − 1/(m − 1) = Σ (c_i − c_j)²/(m(m − 1)M²) over the pairs without the largest.
std::vector<SquareTerm> gap_linf_below(const Inputs& in) {
  const Array<Number> c = centred(in("x"));
  const Largest found = largest(c);
  const int m = in.sizes.batch;
  std::vector<SquareTerm> terms;
  for (int i = 0; i < m; ++i)
    for (int j = 0; j < i; ++j) {
      const Number others = (Number(1) - found.chosen[static_cast<std::size_t>(i)]) *
                            (Number(1) - found.chosen[static_cast<std::size_t>(j)]);
      terms.push_back({.root = others * (c(i) - c(j)) / found.size, .denominator = m * (m - 1)});
    }
  return terms;
}
// m − 1 − (1/m)Σŷ⁴ = (1/m²) Σ_i ŷ_i² Σ_{j<k; j,k≠i} (ŷ_j − ŷ_k)², at Σŷ = 0, Σŷ² = m.
std::vector<SquareTerm> gap_fourth(const Inputs& in) {
  const Vector y_hat = statistics_of(in, {MeanNorm::l2, NormOf::centred}).x_hat;
  const int m = in.sizes.batch;
  std::vector<SquareTerm> terms;
  for (int i = 0; i < m; ++i)
    for (int j = 0; j < m; ++j)
      for (int k = 0; k < j; ++k)
        if (j != i && k != i) terms.push_back({.root = y_hat(i) * (y_hat(j) - y_hat(k)), .denominator = m * m});
  return terms;
}

Hypothesis first_sample_alone() {
  return imposing("first_sample_alone", "all samples but one are 0: y = a, 0, 0 …", [](Inputs& in) {
    Array<Number> x = in("x");
    for (int i = 1; i < in.sizes.batch; ++i) x(i) = Number(0);
    in.set("x", x);
  });
}
Hypothesis opposite_pair() {
  return imposing("opposite_pair", "y = t + a, t − a, t, t …", [](Inputs& in) {
    Array<Number> x = in("x");
    const Number t = (x(0) + x(1)) / Number(2);
    for (int i = 2; i < in.sizes.batch; ++i) x(i) = t;
    in.set("x", x);
  });
}
// y = a, −a, a, −a …
Hypothesis opposite_values() {
  return imposing("opposite_values", "y = a, −a, a, −a …, m even", [](Inputs& in) {
    Array<Number> x = in("x");
    for (int i = 1; i < in.sizes.batch; ++i) x(i) = -x(i - 1);
    in.set("x", x);
  });
}

// Shifted by t.
Inputs shifted(const Inputs& in) {
  Inputs out = in;
  Array<Number> x = in("x");
  for (Eigen::Index i = 0; i < x.size(); ++i) x(i) += in.scalar("t");
  out.set("x", x);
  return out;
}
Reading shift(std::string id, Scheme scheme, std::string why) {
  return {
      .id = std::move(id),
      .statement = "ŷ is the same at y + t as at y, " + words_of(scheme),
      .inputs = with(batch_alone(), {"t", Role::weight}),
      .sizes = up_to(3),
      .left = by_reference("ŷ at y + t", [=](const Inputs& in) { return output(shifted(in), as_reference(scheme)); }),
      .right = by_theory("ŷ at y", [=](const Inputs& in) { return entries(statistics_of(in, scheme).x_hat); }),
      .why = std::move(why)};
}

// The gradient with something else for u, along v.
Formula gradient_with(Scheme scheme, void (*alter)(theory::LpStatistics<Number>& st)) {
  return [=](const Inputs& in) {
    auto st = statistics_of(in, scheme);
    alter(st);
    const Vector dx = theory::lp_input_gradient(st, g_of(in), in.scalar("gamma"));
    return Values{dot<Number>(entries(dx), row_major(in("v")))};
  };
}
void batch_norm_for_u(theory::LpStatistics<Number>& st) {
  for (Eigen::Index i = 0; i < st.x_hat.size(); ++i)
    st.norm_gradient(i) = st.x_hat(i) / Number(static_cast<int>(st.x_hat.size()));
}
void norm_held(theory::LpStatistics<Number>& st) {
  for (Eigen::Index i = 0; i < st.x_hat.size(); ++i) st.norm_gradient(i) = Number(0);
}

}  // namespace

Claim lp_normalization_smooths() {
  const Scheme l1{MeanNorm::l1}, l2{MeanNorm::l2}, linf{MeanNorm::linf};
  const Scheme l1_centred{MeanNorm::l1, NormOf::centred}, l2_centred{MeanNorm::l2, NormOf::centred},
      linf_centred{MeanNorm::linf, NormOf::centred};

  // ‖y‖₂/m instead of the root of the mean square: ŷ is √m times as large, and 1/m in the last term is too much.
  Reading over_count = theorem("printed__l2__norm_over_count", l2,
                               "n is 1/√m of the root mean square: ŷ then has length m, and the last factor would have "
                               "to be 1/m². With the root mean square the inequality is an equality.");
  over_count.gap = {};
  over_count.statement = "‖∇_y L̂‖² ≤ γ²/n² (‖g‖² − ⟨1, g⟩²/m − ⟨g, ŷ⟩²/m), the average norm read as n = ‖y‖₂/m";
  const LpNormReading l2_over_count = {.power = LpNormReading::Power::two,
                                       .average = LpNormReading::Average::norm_over_count};
  const LpNormReading linf_over_count = {.power = LpNormReading::Power::infinity,
                                         .average = LpNormReading::Average::norm_over_count};
  over_count.left = by_reference("‖∇_y L̂‖², n = ‖y‖₂/m", [=](const Inputs& in) {
    return Values{squared_norm(input_gradient(in, l2_over_count))};
  });
  over_count.right = by_theory("the bound with n = ‖y‖₂/m", [=](const Inputs& in) {
    // γ²/n² is m times, ŷ is √m times that of the root mean square.
    const Number m(in.sizes.batch);
    return Values{m * theory::lp_gradient_bound(statistics_of(in, l2), g_of(in), in.scalar("gamma"), Number(1))};
  });

  Reading first_moment = {
      .id = "printed__first_moment",
      .statement = "\"fix the first order moment\": Σ ŷ_i = 0 for p = 1, 2, ∞, norms of y as printed",
      .inputs = batch_alone(),
      .sizes = up_to(3),
      .left = by_reference("ŷ_1 + … + ŷ_(m−1), for p = 1, 2, ∞",
                           [=](const Inputs& in) {
                             Values all;
                             for (const Scheme& scheme : {l1, l2, linf})
                               for (const Number& value : output(in, as_reference(scheme))) all.push_back(value);
                             return all_but_last(all, 3);
                           }),
      .right = by_theory("−ŷ_m",
                         [=](const Inputs& in) {
                           Values all;
                           for (const Scheme& scheme : {l1, l2, linf})
                             for (const Number& value : entries(statistics_of(in, scheme).x_hat)) all.push_back(value);
                           return minus_last(all, 3);
                         }),
      .why = "ŷ is a multiple of y − μ."};

  Reading average = {
      .id = "average__norm_over_count",
      .statement =
          "dividing by ‖y‖_p/m gives √m (p = 2) and m (p = ∞) times the ŷ of the mean of powers; squares compared",
      .inputs = batch_alone(),
      .sizes = up_to(3),
      .left = by_reference("ŷ_i², n = ‖y‖_p/m, p = 2 and ∞",
                           [=](const Inputs& in) {
                             Values all;
                             for (const LpNormReading& reading : {l2_over_count, linf_over_count})
                               for (const Number& value : output(in, reading)) all.push_back(square(value));
                             return all;
                           }),
      .right = by_theory("m ŷ_i² and m² ŷ_i²",
                         [=](const Inputs& in) {
                           const Number m(in.sizes.batch);
                           Values all;
                           for (const Number& value : entries(statistics_of(in, l2).x_hat))
                             all.push_back(m * square(value));
                           for (const Number& value : entries(statistics_of(in, linf).x_hat))
                             all.push_back(m * m * square(value));
                           return all;
                         }),
      .why =
          "\"The average of their ℓp-norm\" does not say how it is averaged. The two differ by a factor that γ can "
          "take up; for p = 1 they are the same."};

  Reading l2_raw = moment_reading(
      "second_moment__l2", l2, "(1/m) Σ ŷ_i² = 1 − μ²/n²", Relation::equal,
      by_theory("1 − μ²/n²",
                [=](const Inputs& in) {
                  const auto st = statistics_of(in, l2);
                  return Values{Number(1) - st.mean * st.mean / (st.norm * st.norm)};
                }),
      nullptr, "n² = σ² + μ². At most 1, and as small as one likes: a mean that is large against σ makes ŷ vanish.");
  Reading l1_attained = moment_reading(
      "second_moment__l1__attained", l1, "(1/m) Σ ŷ_i² = m − 1 where all samples but one are 0", Relation::equal,
      constant_of_m("m − 1", [](const Number& m) { return m - Number(1); }), nullptr, "Least norm for given squares.");
  l1_attained.hypotheses = {first_sample_alone()};
  Reading l1_centred_attained = moment_reading("second_moment__l1__centred__attained", l1_centred,
                                               "(1/m) Σ ŷ_i² = m/2 where y = t + a, t − a, t, t …", Relation::equal,
                                               constant_of_m("m/2", [](const Number& m) { return m / Number(2); }),
                                               nullptr, "The bound grows with the batch.");
  l1_centred_attained.hypotheses = {opposite_pair()};
  l1_centred_attained.sizes = up_to(4, 2);
  Reading l1_below = moment_reading("second_moment__l1__centred__at_least_one", l1_centred, "1 ≤ (1/m) Σ ŷ_i²",
                                    Relation::at_most, second_moment(l1_centred), gap_l1_centred_below,
                                    "The mean of |c| is at most the root of the mean of c².");
  l1_below.left = one();
  Reading linf_below =
      moment_reading("second_moment__linf__centred__below", linf_centred, "1/(m − 1) ≤ (1/m) Σ ŷ_i²", Relation::at_most,
                     second_moment(linf_centred), gap_linf_below, "The others have to make up for the largest.");
  linf_below.left = constant_of_m("1/(m − 1)", [](const Number& m) { return Number(1) / (m - Number(1)); });
  linf_below.sizes = up_to(3, 2);
  const auto first_entry = [](const Scheme& scheme) {
    return by_reference("ŷ_1²", [=](const Inputs& in) { return Values{square(output(in, as_reference(scheme))[0])}; });
  };
  Reading entry = moment_reading("entries__linf__centred", linf_centred, "ŷ_i² ≤ 1 (i = 1)", Relation::at_most, one(),
                                 gap_linf_entry, "So every moment is at most 1.");
  entry.left = first_entry(linf_centred);
  Reading entry_raw =
      moment_reading("entries__linf", linf, "ŷ_i² ≤ 4(1 − 1/m)² (i = 1)", Relation::at_most,
                     constant_of_m("4(1 − 1/m)²", [](const Number& m) { return square(Number(2) - Number(2) / m); }),
                     gap_linf_entry_raw,
                     "So the k-th moment is at most 2^k. Before the shift |y_i| ≤ n, after it |y_i − μ| may exceed n.");
  entry_raw.left = first_entry(linf);
  entry_raw.sizes = up_to(3, 2);
  const auto fourth_moment = [](const Scheme& scheme) {
    return by_reference("(1/m) Σ ŷ_i⁴", [=](const Inputs& in) { return Values{moment(in, scheme, 4)}; });
  };
  Reading fourth = moment_reading("fourth_moment__l2__centred", l2_centred, "(1/m) Σ ŷ_i⁴ ≤ m − 1", Relation::at_most,
                                  constant_of_m("m − 1", [](const Number& m) { return m - Number(1); }), gap_fourth,
                                  "No ŷ_i² exceeds m − 1. Batch norm itself leaves the fourth moment to the batch.");
  fourth.left = fourth_moment(l2_centred);
  fourth.sizes = up_to(4, 2);
  fourth.regions = {{.words = "y₁ = 0, y₂ = 1, the others in [0, 1]",
                     .covers =
                         "all batches that are not constant: shifts, scales and the order change nothing; the bound "
                         "is strict there for m ≥ 3",
                     .ranges = {{"x[1,1]", 0, 0}, {"x[2,1]", 1, 1}, {"x", 0, 1}},
                     .sizes = {{.batch = 3}, {.batch = 4}}}};
  Reading kurtosis = moment_reading(
      "fourth_moment__l2__centred__one_apart", l2_centred,
      "(1/m) Σ ŷ_i⁴ = m − 2 + 1/(m − 1) where all samples but one are equal", Relation::equal,
      constant_of_m("m − 2 + 1/(m − 1)", [](const Number& m) { return m - Number(2) + Number(1) / (m - Number(1)); }),
      nullptr, "One outlier: ŷ = ±√(m − 1), and ∓1/√(m − 1) elsewhere.");
  kurtosis.left = fourth_moment(l2_centred);
  kurtosis.hypotheses = {one_apart()};
  kurtosis.sizes = up_to(4, 2);

  const std::string longer = "A g orthogonal to 1 and u but not to ŷ gets longer: by ⟨g, ŷ⟩²‖u‖².";
  const std::string not_that_long = " Besides, 1/m is 1/‖ŷ‖² only where n = σ.";
  const std::string not_fixed = "Only batch norm's own norm fixes it. What is left: second_moment__";

  return {
      .title =
          "Normalizing by an average ℓ1, ℓ2 or ℓ∞ norm smooths as batch norm does, without control over the moments",
      .sources = {{"SAN18", "§3.3"}, {"SAN18", "Theorem 4.1, with n in the place of σ"}},
      .notation =
          "y one output over the batch of m, μ its mean, n its average ℓp norm (of y, \"before shifting the mean\"; "
          "centred: of y − μ), ŷ = (y − μ)/n, z = γŷ + β, L̂(y) = L(z), g = ∂L/∂z at z, ḡ its mean, u = ∂n/∂y",
      .why =
          "∇_y L̂ = (γ/n)(g − ḡ1 − ⟨g, ŷ⟩u). For p = 2, u is ŷ/m plus a multiple of 1 that makes ‖u‖² = 1/m: "
          "Theorem 4.1 follows with equality. For p = 1, u = sign(w)/m and for p = ∞, u = ±1 at the largest entry: "
          "the subtracted vector is not along the component that it should remove. On centred batches ⟨u, ŷ⟩ = 1, "
          "g ↦ g − ⟨g, ŷ⟩u is an oblique projection, and its norm is ‖u‖‖ŷ‖.",
      .explain =
          "SAN18 §3.3 divides by the average ℓ1, ℓ2 or ℓ∞ norm of the batch instead of σ, finds the landscape as "
          "smooth as with batch norm, and says that the moments are no longer under control. It proves nothing about "
          "either. Theorem 4.1 has a counterpart. For ℓ2 it holds word for word, as an equality, even with the norm "
          "taken before the shift (if \"average\" means root mean square; with ‖y‖₂/m the last factor is wrong). For "
          "ℓ1 and ℓ∞ it is false, and so is the weaker ‖∇L̂‖ ≤ (|γ|/n)‖g‖: the gradient of the norm points elsewhere "
          "than ŷ, and subtracting a multiple of it can lengthen g. Take ℓ1, y = (1, 3): n = 2, ŷ = (−1/2, 1/2), u = "
          "(1/2, 1/2); for g = (−1, 1) the squared length is γ²/n²·(2 + 1/2) instead of at most γ²/n²·(2 − 1/2). "
          "With the norm of y − μ the sharp constant is ‖u‖‖ŷ‖, which is 1 only for special batches (two values for "
          "ℓ1, one outlier for ℓ∞) and can reach the order of √(m/2) and √(m − 1). Moments: the mean is 0 always. "
          "The second moment is fixed by batch norm alone; for fixed m it is bounded all the same: by m − 1 (ℓ1), 1 "
          "(ℓ2, ℓ∞); centred between 1 and m/2 (ℓ1), and 1/(m − 1) and 1 (ℓ∞), whose other moments are bounded too. "
          "With the norm of y as printed there is no bound from below: the output is not the same after a shift of "
          "the batch, and fades as the mean grows.",
      .readings =
          {
              theorem("printed__l1", l1, longer),
              theorem("printed__l2", l2, "u = y/(mn), ‖u‖² = 1/m, ⟨g − ḡ1, u⟩ = ⟨g, ŷ⟩/m: the two sides are equal."),
              theorem("printed__linf", linf, longer),
              theorem("printed__l1__centred", l1_centred, longer + not_that_long),
              theorem("printed__l2__centred", l2_centred, "Batch norm: an equality."),
              theorem("printed__linf__centred", linf_centred, longer + not_that_long),
              over_count,
              no_longer_than_rescaled("shorter__l1", l1, longer),
              no_longer_than_rescaled("shorter__linf", linf, longer),
              no_longer_than_rescaled("shorter__l1__centred", l1_centred, longer),
              no_longer_than_rescaled("shorter__linf__centred", linf_centred, longer),
              gradient("gradient__l1", l1),
              gradient("gradient__l2", l2),
              gradient("gradient__linf", linf),
              gradient("gradient__l1__centred", l1_centred),
              gradient("gradient__l2__centred", l2_centred),
              gradient("gradient__linf__centred", linf_centred),
              closed_form("squared__l1", l1),
              closed_form("squared__linf", linf),
              oblique("oblique__l1__centred", l1_centred),
              oblique("oblique__linf__centred", linf_centred),
              attained("oblique__l1__centred__attained", l1_centred),
              attained("oblique__linf__centred__attained", linf_centred),
              along_y_hat("two_values__l1__centred", l1_centred, two_values(),
                          "Then the centred sign(y − μ) is along y − μ, and u = ŷ/‖ŷ‖²."),
              along_y_hat("one_apart__linf__centred", linf_centred, one_apart(),
                          "Then y − μ is along the largest entry's centred unit vector, and u = ŷ/‖ŷ‖²."),
              first_moment,
              average,
              moment_reading("second_moment_is_one__l1", l1, "(1/m) Σ ŷ_i² = 1", Relation::equal, one(), nullptr,
                             not_fixed + "l1."),
              moment_reading("second_moment_is_one__l2", l2, "(1/m) Σ ŷ_i² = 1", Relation::equal, one(), nullptr,
                             not_fixed + "l2."),
              moment_reading("second_moment_is_one__linf", linf, "(1/m) Σ ŷ_i² = 1", Relation::equal, one(), nullptr,
                             not_fixed + "linf."),
              moment_reading("second_moment_is_one__l2__centred", l2_centred, "(1/m) Σ ŷ_i² = 1", Relation::equal,
                             one(), nullptr, "n = σ: batch norm."),
              small(moment_reading("second_moment__l1", l1, "(1/m) Σ ŷ_i² ≤ m − 1", Relation::at_most,
                                   constant_of_m("m − 1", [](const Number& m) { return m - Number(1); }), gap_l1_raw,
                                   "mΣy² − (Σy)² is convex: on Σ|y_i| = 1 it is largest at a single entry.")),
              l1_attained,
              small(moment_reading("second_moment__l1__centred", l1_centred, "(1/m) Σ ŷ_i² ≤ m/2", Relation::at_most,
                                   constant_of_m("m/2", [](const Number& m) { return m / Number(2); }), gap_l1_centred,
                                   "The positive and the negative deviations have equal sums, half of Σ|c_i| each.")),
              l1_centred_attained,
              l1_below,
              l2_raw,
              moment_reading("second_moment__linf", linf, "(1/m) Σ ŷ_i² ≤ 1", Relation::at_most, one(), gap_linf_raw,
                             "σ² ≤ (1/m) Σ y_i² ≤ n²."),
              linf_below,
              entry,
              entry_raw,
              fourth,
              kurtosis,
              shift("shift__l1", l1, "μ moves along, the norm of y does not stay: larger t, smaller ŷ."),
              shift("shift__linf", linf, "The same as for ℓ1."),
              shift("shift__l1__centred", l1_centred, "Only y − μ enters."),
              shift("shift__linf__centred", linf_centred, "Only y − μ enters."),
          },
      .mutants =
          {
              {.id = "batch_norm_for_the_norms_gradient",
               .reading = "gradient__l1",
               .words = "u = ŷ/m, as for batch norm",
               .agrees_when = opposite_values(),
               .right = gradient_with(l1, batch_norm_for_u),
               .agreeing_sizes = {{.batch = 4}}},
              {.id = "holds_the_norm",
               .reading = "gradient__linf",
               .words = "(γ/n)(g − ḡ1): as if n were a constant",
               .agrees_when = upstream_is_orthogonal_to_x_hat(),
               .right = gradient_with(linf, norm_held)},
              {.id = "norm_after_the_shift",
               .reading = "gradient__l2",
               .words = "the norm of y − μ for the norm of y",
               .agrees_when = batch_is_centred(),
               .right =
                   [=](const Inputs& in) {
                     const Vector dx =
                         theory::lp_input_gradient(statistics_of(in, l2_centred), g_of(in), in.scalar("gamma"));
                     return Values{dot<Number>(entries(dx), row_major(in("v")))};
                   }},
              {.id = "cross_term_once",
               .reading = "squared__l1",
               .words = "⟨g, ŷ⟩⟨g − ḡ1, u⟩ once instead of twice",
               .agrees_when = upstream_is_orthogonal_to_x_hat(),
               .right =
                   [=](const Inputs& in) {
                     const auto st = statistics_of(in, l1);
                     const Vector g = g_of(in), rest = theory::without_mean(g);
                     const Number ratio = in.scalar("gamma") / st.norm;
                     const Number cross =
                         theory::sum_of_products(g, st.x_hat) * theory::sum_of_products(rest, st.norm_gradient);
                     return Values{theory::lp_squared_gradient(st, g, in.scalar("gamma")) + ratio * ratio * cross};
                   }},
              {.id = "forgets_the_mean",
               .reading = "second_moment__l2",
               .words = "(1/m) Σ ŷ_i² = 1",
               .agrees_when = batch_is_centred(),
               .right = [](const Inputs&) { return Values{Number(1)}; }},
          },
  };
}

}  // namespace normproof::claims

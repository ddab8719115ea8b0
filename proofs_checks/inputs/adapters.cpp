// Which inputs, sizes and hypotheses do claims about a batch share?
#include "proofs_checks/inputs/adapters.hpp"

namespace normproof::inputs {

std::vector<InputSpec> training_batch() {
  return {{"x", Role::activation, Dimension::batch, Dimension::channels},
          {"dy", Role::upstream, Dimension::batch, Dimension::channels},
          {"gamma", Role::scale, Dimension::one, Dimension::channels},
          {"beta", Role::shift, Dimension::one, Dimension::channels},
          {"eps", Role::epsilon}};
}

std::vector<InputSpec> training_batch_and_direction(const std::string& name, Dimension rows, Dimension columns) {
  std::vector<InputSpec> specs = training_batch();
  specs.push_back({name, Role::direction, rows, columns});
  return specs;
}

std::vector<Sizes> batch_sizes() {
  return {{.batch = 1}, {.batch = 2}, {.batch = 3}, {.batch = 4}, {.batch = 2, .channels = 2}, {.batch = 5, .channels = 3}};
}

std::vector<Sizes> one_channel_sizes() {
  return {{.batch = 1}, {.batch = 2}, {.batch = 3}, {.batch = 4}, {.batch = 7}};
}

Hypothesis imposing(std::string id, std::string sentence, std::function<void(Inputs&)> impose) {
  return {.id = std::move(id), .sentence = std::move(sentence), .impose = std::move(impose)};
}

Hypothesis eps_is_zero() {
  return imposing("eps_zero", "ε = 0", [](Inputs& in) { in.set("eps", Number(0)); });
}

Hypothesis gamma_is_one() {
  return imposing("gamma_one", "γ = 1",
                  [](Inputs& in) { in.set("gamma", Array<Number>::Constant(1, in.sizes.channels, Number(1))); });
}

namespace {
Array<Number> centred(const Array<Number>& array) {
  Array<Number> result = array;
  for (Eigen::Index j = 0; j < array.cols(); ++j) {
    Number sum(0);
    for (Eigen::Index i = 0; i < array.rows(); ++i) sum += array(i, j);
    const Number mean = sum / Number(static_cast<int>(array.rows()));
    for (Eigen::Index i = 0; i < array.rows(); ++i) result(i, j) = array(i, j) - mean;
  }
  return result;
}
}  // namespace

Hypothesis upstream_is_centred() {
  return imposing("upstream_centred", "⟨1, dy⟩ = 0", [](Inputs& in) { in.set("dy", centred(in("dy"))); });
}

Hypothesis batch_is_centred() {
  return imposing("batch_centred", "⟨1, x⟩ = 0", [](Inputs& in) { in.set("x", centred(in("x"))); });
}

Hypothesis one_sample() {
  return imposing("one_sample", "m = 1", [](Inputs& in) {
    for (const char* name : {"x", "dy"})
      if (in.has(name)) in.set(name, Array<Number>(in(name).topRows(1)));
    in.sizes.batch = 1;
  });
}

Hypothesis one_feature() {
  return imposing("one_feature", "D = 1", [](Inputs& in) {
    for (const char* name : {"x", "dy", "gamma", "beta"})
      if (in.has(name)) in.set(name, Array<Number>(in(name).leftCols(1)));
    in.sizes.channels = 1;
  });
}

Values channelwise(const Array<Number>& array) { return Values(array.data(), array.data() + array.size()); }

Values reference_mean(const Array<Number>& array) {
  Values mean(static_cast<std::size_t>(array.cols()));
  reference::batch_mean<Number>(row_major(array), extents_of(array), mean);
  return mean;
}

Values reference_variance(const Array<Number>& array) {
  const Values mean = reference_mean(array);
  Values variance(mean.size());
  reference::batch_variance<Number>(row_major(array), extents_of(array), mean, variance);
  return variance;
}

ReferenceGradients reference_backward(const Inputs& in) {
  const Array<Number>& x = in("x");
  Values dx(static_cast<std::size_t>(x.size())), dgamma(static_cast<std::size_t>(x.cols())), dbeta(dgamma.size());
  reference::batch_norm_backward<Number>(row_major(x), row_major(in("dy")), extents_of(x), row_major(in("gamma")),
                                         in.scalar("eps"), dx, dgamma, dbeta);
  return {from_row_major<Number>(dx, x.rows(), x.cols()), dgamma, dbeta};
}

Values all_but_last(const Values& terms, int groups) {
  const std::size_t length = terms.size() / static_cast<std::size_t>(groups);
  Values sums;
  for (std::size_t start = 0; start < terms.size(); start += length) {
    Number sum(0);
    for (std::size_t k = start; k + 1 < start + length; ++k) sum += terms[k];
    sums.push_back(sum);
  }
  return sums;
}

Values minus_last(const Values& terms, int groups) {
  const std::size_t length = terms.size() / static_cast<std::size_t>(groups);
  Values lasts;
  for (std::size_t start = 0; start < terms.size(); start += length) lasts.push_back(-terms[start + length - 1]);
  return lasts;
}

}  // namespace normproof::inputs

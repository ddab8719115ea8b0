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
  return {
      {.batch = 1}, {.batch = 2}, {.batch = 3}, {.batch = 4}, {.batch = 2, .channels = 2}, {.batch = 5, .channels = 3}};
}

std::vector<Sizes> one_channel_sizes() {
  return {{.batch = 1}, {.batch = 2}, {.batch = 3}, {.batch = 4}, {.batch = 7}};
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

std::vector<Reading> at_these_sizes_only(std::vector<Reading> readings) {
  for (Reading& reading : readings) reading.these_sizes_only = true;
  return readings;
}

}  // namespace normproof::inputs

// How does each shared hypothesis turn free inputs into inputs that satisfy it?
#include "proofs_checks/inputs/hypotheses.hpp"

namespace normproof::inputs {

Hypothesis imposing(std::string id, std::string sentence, std::function<void(Inputs&)> impose) {
  return {.id = std::move(id), .sentence = std::move(sentence), .impose = std::move(impose)};
}

Hypothesis defining(std::string id, std::string sentence, std::function<void(Inputs&)> impose) {
  Hypothesis hypothesis = imposing(std::move(id), std::move(sentence), std::move(impose));
  hypothesis.definition = true;
  return hypothesis;
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

Hypothesis constant_channels() {
  return imposing("constant_channels", "every channel of x is constant", [](Inputs& in) {
    Array<Number> x = in("x");
    for (Eigen::Index j = 0; j < x.cols(); ++j)
      for (Eigen::Index i = 1; i < x.rows(); ++i) x(i, j) = x(0, j);
    in.set("x", x);
  });
}

Hypothesis upstream_is_orthogonal_to_x_hat() {
  return imposing("upstream_orthogonal_to_x_hat", "⟨dy, x̂⟩ = 0", [](Inputs& in) {
    const Array<Number> deviation = centred(in("x"));
    Array<Number> dy = in("dy");
    for (Eigen::Index j = 0; j < dy.cols(); ++j) {
      Number product(0), square(0);
      for (Eigen::Index i = 0; i < dy.rows(); ++i) {
        product += dy(i, j) * deviation(i, j);
        square += deviation(i, j) * deviation(i, j);
      }
      for (Eigen::Index i = 0; i < dy.rows(); ++i) dy(i, j) -= product / square * deviation(i, j);
    }
    in.set("dy", dy);
  });
}

Hypothesis s_is_one() {
  return imposing("s_one", "s = 1", [](Inputs& in) {
    const Number c = in("x")(0, 0);
    Array<Number> x(in.sizes.batch, in.sizes.channels);
    for (int i = 0; i < in.sizes.batch; ++i)
      for (int j = 0; j < in.sizes.channels; ++j) x(i, j) = i % 2 == 0 ? c : -c;
    in.set("x", x);
    in.set("eps", Number(1) - c * c);
  });
}

}  // namespace normproof::inputs

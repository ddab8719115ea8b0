// Claim: batch norm of images, channel by channel, is batch norm of the (N·H·W) × C matrix of their pixels.
//
// Source       NOTE15, key design 4 (conv_batch_norm: mean and variance over the axes N, H, W of N × C × H × W)
// Notation     x of N images, C channels, H × W places; X the matrix with one row for each (n, h, w), in this order,
//              and one column a channel; γ_c, β_c one pair for each channel
// Hypotheses   σ_c² + ε ≠ 0. The layout in memory is known to the code: dropped below
//
//     BN2d(x)_{n,c,h,w} = BN(X)_{(n,h,w), c},     ∂ℓ/∂x, ∂ℓ/∂γ and ∂ℓ/∂β likewise, in every order of the four axes
//
// Why. A sum over n, h and w is a sum over the rows of X. Each value meets its channel's mean, variance, γ and β and
// nothing else; where it lies in memory, and in which order the sums are taken, does not enter.
//
// Sizes. batch is the number of rows N·H·W, hidden is H, outputs is W. A batch that H·W does not divide is taken as
// images of one pixel.
#include <algorithm>
#include <array>

#include "impl/reference/image_batch_norm.hpp"
#include "proofs_checks/inputs/adapters.hpp"
#include "theory/gradients/batch_norm_compact.hpp"
#include "theory/training_batch.hpp"

namespace normproof::claims {

using namespace inputs;

namespace {

using reference::ImageExtents;
using reference::ImageStrides;
using Layout = ImageStrides (*)(ImageExtents);

std::vector<Sizes> image_sizes() {
  return {{.batch = 1},
          {.batch = 2},
          {.batch = 2, .hidden = 2},
          {.batch = 2, .channels = 2, .outputs = 2},
          {.batch = 4, .channels = 2, .hidden = 2},
          {.batch = 6, .channels = 2, .hidden = 1, .outputs = 3},
          {.batch = 8, .channels = 2, .hidden = 2, .outputs = 2}};
}

ImageExtents images_of(const Sizes& sizes) {
  const int places = sizes.hidden * sizes.outputs;
  if (sizes.batch % places != 0) return {sizes.batch, sizes.channels, 1, 1};
  return {sizes.batch / places, sizes.channels, sizes.hidden, sizes.outputs};
}

// The value (n, c, h, w) of the matrix X: row (n, h, w), column c.
int row_of(ImageExtents e, int n, int h, int w) { return (n * e.height + h) * e.width + w; }

template <class Visit>
void for_each_value(ImageExtents e, Visit visit) {
  for (int n = 0; n < e.images; ++n)
    for (int c = 0; c < e.channels; ++c)
      for (int h = 0; h < e.height; ++h)
        for (int w = 0; w < e.width; ++w) visit(n, c, h, w);
}

// X laid out in memory, and back.
template <class T>
std::vector<T> laid_out(const Array<T>& matrix, ImageExtents e, ImageStrides strides) {
  std::vector<T> memory(e.size(), T(0));
  for_each_value(e,
                 [&](int n, int c, int h, int w) { memory[strides.at(n, c, h, w)] = matrix(row_of(e, n, h, w), c); });
  return memory;
}

template <class T>
Array<T> as_matrix(const std::vector<T>& memory, ImageExtents e, ImageStrides strides) {
  Array<T> matrix(e.values_per_channel(), e.channels);
  for_each_value(e,
                 [&](int n, int c, int h, int w) { matrix(row_of(e, n, h, w), c) = memory[strides.at(n, c, h, w)]; });
  return matrix;
}

// The image layer on X laid out with `strides`, its output read back as the matrix.
template <class T>
Array<T> image_layer(const BasicInputs<T>& in, ImageStrides strides) {
  const ImageExtents e = images_of(in.sizes);
  std::vector<T> y(e.size(), T(0));
  reference::image_batch_norm_train<T>(laid_out(in("x"), e, strides), e, strides, row_major(in("gamma")),
                                       row_major(in("beta")), in.scalar("eps"), y);
  return as_matrix(y, e, strides);
}

Side image_layer_in(const std::string& words, Layout layout) {
  return by_reference(words, [=](const Inputs& in) { return row_major(image_layer(in, layout(images_of(in.sizes)))); });
}

// All 24 orders of the axes N, C, H, W.
std::vector<ImageStrides> every_layout(ImageExtents e) {
  const std::array<int, 4> extents = {e.images, e.channels, e.height, e.width};
  std::array<std::size_t, 4> slowest_first = {0, 1, 2, 3};
  std::vector<ImageStrides> layouts;
  do {
    std::array<int, 4> stride = {};
    int next = 1;
    for (std::size_t k = 4; k-- > 0;) {
      stride[slowest_first[k]] = next;
      next *= extents[slowest_first[k]];
    }
    layouts.push_back({stride[0], stride[1], stride[2], stride[3]});
  } while (std::next_permutation(slowest_first.begin(), slowest_first.end()));
  return layouts;
}

// γ x̂ + β by theory, row after row.
Values matrix_layer(const Inputs& in) {
  const theory::TrainingBatch<Number> b = theory_batch(in);
  Array<Number> y = theory::statistics(b).x_hat;
  for (Eigen::Index i = 0; i < y.rows(); ++i)
    for (Eigen::Index j = 0; j < y.cols(); ++j) y(i, j) = b.gamma(j) * y(i, j) + b.beta(j);
  return row_major(y);
}

Values repeated(const Values& values, std::size_t times) {
  Values all;
  for (std::size_t k = 0; k < times; ++k) all.insert(all.end(), values.begin(), values.end());
  return all;
}

// Batch norm with statistics over groups of the values: group(n, c, h, w) numbers the group of a value.
template <class Group>
Formula normalized_in_groups(Group group) {
  return [=](const Inputs& in) {
    const ImageExtents e = images_of(in.sizes);
    const std::size_t groups = e.size();  // at most one a value
    Values sum(groups, Number(0)), variance(groups, Number(0));
    std::vector<int> count(groups, 0);
    const Array<Number>& x = in("x");
    const auto number = [&](int n, int c, int h, int w) { return static_cast<std::size_t>(group(e, n, c, h, w)); };
    for_each_value(e, [&](int n, int c, int h, int w) {
      sum[number(n, c, h, w)] += x(row_of(e, n, h, w), c);
      ++count[number(n, c, h, w)];
    });
    for_each_value(e, [&](int n, int c, int h, int w) {
      const std::size_t k = number(n, c, h, w);
      const Number deviation = x(row_of(e, n, h, w), c) - sum[k] / Number(count[k]);
      variance[k] += deviation * deviation / Number(count[k]);
    });
    Array<Number> y = x;
    for_each_value(e, [&](int n, int c, int h, int w) {
      const std::size_t k = number(n, c, h, w);
      const Number centred = x(row_of(e, n, h, w), c) - sum[k] / Number(count[k]);
      y(row_of(e, n, h, w), c) = in("gamma")(c)*centred / sqrt(variance[k] + in.scalar("eps")) + in("beta")(c);
    });
    return row_major(y);
  };
}

int by_place_and_channel(ImageExtents e, int, int c, int h, int w) { return (c * e.height + h) * e.width + w; }
int by_image_and_channel(ImageExtents e, int n, int c, int, int) { return n * e.channels + c; }
int all_together(ImageExtents, int, int, int, int) { return 0; }

// x(n, c, h, w) := x(n′, c′, h′, w′), the value that `from` names.
template <class From>
Hypothesis values_repeat(std::string id, std::string sentence, From from) {
  return imposing(std::move(id), std::move(sentence), [=](Inputs& in) {
    const ImageExtents e = images_of(in.sizes);
    Array<Number> x = in("x");
    for_each_value(e, [&](int n, int c, int h, int w) {
      const std::array<int, 4> source = from(n, c, h, w);
      x(row_of(e, n, h, w), c) = in("x")(row_of(e, source[0], source[2], source[3]), source[1]);
    });
    in.set("x", x);
  });
}

// y read as NCHW after the layer worked on the same memory as NHWC.
Values wrong_layout(const Inputs& in) {
  const ImageExtents e = images_of(in.sizes);
  const Values memory = laid_out(in("x"), e, reference::nchw(e));
  Values y(e.size());
  reference::image_batch_norm_train<Number>(memory, e, reference::nhwc(e), row_major(in("gamma")),
                                            row_major(in("beta")), in.scalar("eps"), y);
  return row_major(as_matrix(y, e, reference::nchw(e)));
}

Hypothesis beta_is_zero() {
  return imposing("beta_zero", "β = 0",
                  [](Inputs& in) { in.set("beta", Array<Number>::Constant(1, in.sizes.channels, Number(0))); });
}

}  // namespace

Claim bn_channel_sharing() {
  const auto loss_in_nchw = [](const auto& in) {
    return dot(in("dy"), image_layer(in, reference::nchw(images_of(in.sizes))));
  };
  return {
      .title = "Batch norm of N×C×H×W images, per channel, is batch norm of the (N·H·W)×C matrix",
      .sources = {{"NOTE15", "Key design 4"}},
      .notation =
          "x_{n,c,h,w} of N images, C channels, H×W places; X the matrix with a row for each (n, h, w) and a column "
          "for "
          "each c; in the sizes batch is N·H·W, hidden is H and outputs is W",
      .why =
          "A sum over n, h, w is a sum over the rows of X, in some order. Every value is then centred, divided, scaled "
          "and shifted by numbers of its channel alone. Neither the order of the axes in memory nor that of the "
          "sums enters.",
      .explain =
          "In a convolutional layer the same weights act at every place of every image, so all places of a channel are "
          "treated as samples of one quantity: they share a mean, a variance, a γ and a β. Nothing new is computed. "
          "Write "
          "each place of each image as a row with C entries, and it is the batch norm of a matrix with N·H·W samples; "
          "m in every other claim is then N·H·W. It makes no difference how the values lie in memory, as long as the "
          "code knows: taking channels-last memory for channels-first mixes the channels. Statistics per place "
          "(NOTE15's per-position form), per image (instance norm) or over all channels are other layers, which "
          "agree with this one only where the values repeat accordingly.",
      .readings =
          {
              {.id = "printed_note15__nchw",
               .statement = "BN2d(x) = BN(X), x in the order N, C, H, W",
               .inputs = training_batch(),
               .sizes = image_sizes(),
               .left = image_layer_in("mean and variance over N, H, W; channels first", reference::nchw),
               .right = by_theory("γ x̂ + β of X", matrix_layer)},
              {.id = "printed_note15__nhwc",
               .statement = "BN2d(x) = BN(X), x in the order N, H, W, C",
               .inputs = training_batch(),
               .sizes = image_sizes(),
               .left = image_layer_in("mean and variance over N, H, W; channels last", reference::nhwc),
               .right = by_theory("γ x̂ + β of X", matrix_layer),
               .why = "In this order the memory is X itself, row after row."},
              {.id = "every_order_of_the_axes",
               .statement = "BN2d(x) = BN(X) in each of the 24 orders of N, C, H, W",
               .inputs = training_batch(),
               .sizes = {{.batch = 12, .channels = 2, .hidden = 3, .outputs = 4},
                         {.batch = 8, .channels = 2, .hidden = 2, .outputs = 2}},
               .left = by_reference("mean and variance over N, H, W, order after order",
                                    [](const Inputs& in) {
                                      Values all;
                                      for (const ImageStrides& strides : every_layout(images_of(in.sizes)))
                                        for (const Number& value : row_major(image_layer(in, strides)))
                                          all.push_back(value);
                                      return all;
                                    }),
               .right = by_theory("γ x̂ + β of X, 24 times",
                                  [](const Inputs& in) {
                                    return repeated(matrix_layer(in), every_layout(images_of(in.sizes)).size());
                                  }),
               .why =
                   "All 24 are run; N, C, H, W are 1, 2, 3, 4 in the first size, so that no two axes can be mistaken."},
              {.id = "gradient__x",
               .statement = "moving x along V: dℓ = ⟨∂ℓ/∂X, V⟩",
               .inputs = training_batch_and_direction("v", Dimension::batch, Dimension::channels),
               .sizes = image_sizes(),
               .left = derivative_along(Witness::reference, "d/dt ℓ(x + tV) through the layer, channels first", "x",
                                        "v", loss_in_nchw),
               .right = by_theory("⟨∂ℓ/∂X, V⟩, compact form",
                                  [](const Inputs& in) {
                                    return Values{
                                        dot<Number>(theory::compact_input_gradient(theory_batch(in)), in("v"))};
                                  }),
               .why = "The means in the gradient, too, run over N·H·W values."},
              {.id = "gradient__gamma_and_beta",
               .statement = "∂ℓ/∂γ_c = Σ_{n,h,w} g x̂ and ∂ℓ/∂β_c = Σ_{n,h,w} g, along any directions",
               .inputs =
                   [] {
                     std::vector<InputSpec> specs =
                         training_batch_and_direction("v_gamma", Dimension::one, Dimension::channels);
                     specs.push_back({"v_beta", Role::direction, Dimension::one, Dimension::channels});
                     return specs;
                   }(),
               .sizes = image_sizes(),
               .left = derivative_along(Witness::reference, "d/dt ℓ at (γ + tv, β + tv′), channels first",
                                        {{"gamma", "v_gamma"}, {"beta", "v_beta"}}, loss_in_nchw),
               .right = by_theory("⟨∂ℓ/∂γ, v⟩ + ⟨∂ℓ/∂β, v′⟩ of X",
                                  [](const Inputs& in) {
                                    const theory::TrainingBatch<Number> b = theory_batch(in);
                                    return Values{
                                        dot<Number>(entries(theory::gamma_gradient(b)), row_major(in("v_gamma"))) +
                                        dot<Number>(entries(theory::beta_gradient(b)), row_major(in("v_beta")))};
                                  }),
               .why = "One pair for a channel, so its gradients collect all places of all images."},
              {.id = "without_a_known_layout",
               .statement = "the layer does not need to know whether memory is N, C, H, W or N, H, W, C",
               .inputs = training_batch(),
               .sizes = {{.batch = 2, .channels = 2, .outputs = 2},
                         {.batch = 4, .channels = 2, .hidden = 2, .outputs = 2}},
               .hypotheses = {gamma_is_one(), beta_is_zero()},
               .left = by_reference("N, C, H, W memory taken for N, H, W, C", wrong_layout),
               .right = by_theory("γ x̂ + β of X", matrix_layer),
               .why = "Values of different channels are then averaged together, whatever γ and β are."},
              {.id = "per_position",
               .statement = "BN with statistics for each channel and place, over N alone, = BN(X)",
               .inputs = training_batch(),
               .sizes = {{.batch = 2, .outputs = 2},
                         {.batch = 4, .outputs = 2},
                         {.batch = 4, .channels = 2, .outputs = 2}},
               .left =
                   by_definition("mean and variance over N at each place", normalized_in_groups(by_place_and_channel)),
               .right = by_theory("γ x̂ + β of X", matrix_layer),
               .why =
                   "NOTE15's per-position form is another layer wherever places differ; it has N samples for N·H·W."},
          },
      .mutants =
          {
              {.id = "per_position",
               .reading = "printed_note15__nchw",
               .words = "mean and variance over N, for each channel and place",
               .agrees_when = values_repeat("places_agree", "an image has one value a channel",
                                            [](int n, int c, int, int) {
                                              return std::array<int, 4>{n, c, 0, 0};
                                            }),
               .right = normalized_in_groups(by_place_and_channel)},
              {.id = "per_image",
               .reading = "printed_note15__nchw",
               .words = "mean and variance over H, W, for each image and channel (instance norm)",
               .agrees_when = values_repeat("images_agree", "all images are the same",
                                            [](int, int c, int h, int w) {
                                              return std::array<int, 4>{0, c, h, w};
                                            }),
               .right = normalized_in_groups(by_image_and_channel)},
              {.id = "all_channels_together",
               .reading = "printed_note15__nhwc",
               .words = "mean and variance over N, C, H, W",
               .agrees_when = values_repeat("channels_agree", "all channels hold the same values",
                                            [](int n, int, int h, int w) {
                                              return std::array<int, 4>{n, 0, h, w};
                                            }),
               .right = normalized_in_groups(all_together)},
          },
  };
}

}  // namespace normproof::claims

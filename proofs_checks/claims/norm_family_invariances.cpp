// Claim: which normalizations are blind to which scalings and shifts of what they normalize.
//
// Source       consequence; NOTE15 ("LayerNorm, InstanceNorm, GroupNorm, RMSNorm, ScaleNorm, Batch Renorm …") and SAN18
//              (§3.3: ℓ1, ℓ2, ℓ∞; §5: layers, subsets of the batch, image dimensions, weights) name the schemes and
//              print no formulas; these are Ioffe & Szegedy's, Ba's, Ulyanov's, Wu & He's, Zhang & Sennrich's, Nguyen &
//              Salazar's, Salimans & Kingma's and Ioffe's
// Notation     N the scheme with its γ and β, x its input (pre-activations, x = z + b with b the layer's bias), sample
//              by sample, channel by channel; a a number, c another; x_i· sample i, x_·j channel j. Sample 1 and
//              channel 1 stand for any: no scheme knows their order (group norm's groups are channels 1, 2; 3, 4; …)
// Hypotheses   scalings: a > 0 and ε = 0; shifts: every ε ≥ 0. What is divided by is not 0
//
//                      W → aW          W → aW,    W → aW,    channel    sample     channel    sample
//                      a > 0           a < 0      bias b     times a    times a    plus c     plus c
//     batch norm       yes             no         yes        yes        no         yes        no
//     layer norm       yes             no         no         no         yes        no         yes
//     instance norm    yes             no         yes        yes        yes        yes        yes
//     group norm       yes             no         no         no         yes        no         yes
//     weight norm      yes             no         yes        yes        no         no         no
//     RMS norm         yes             no         no         no         yes        no         no
//     scale norm       yes             no         no         no         yes        no         no
//     ℓ1, ℓ2, ℓ∞ norm  yes             no         no         yes        no         no         no
//     batch renorm     no              no         no         no         no         no         no
//
// Why. Each scheme divides groups of values by a spread that is homogeneous at ε = 0; those that take values and spread
// about the group's mean see differences only. So a whole group may be scaled (a > 0), and shifted where there is a
// mean: the table says which rows, columns and blocks are unions of whole groups. Weight norm's groups are the units'
// weights. Batch renorm divides by averages that do not move with the batch.
//
// Sizes        hidden is the number of places H·W of a channel, outputs = channels · places the values of a sample. For
//              weight norm channels are the layer's inputs and outputs its units.
#include "impl/reference/batch_renorm.hpp"
#include "impl/reference/layer_norm.hpp"
#include "impl/reference/normalizations.hpp"
#include "proofs_checks/inputs/adapters.hpp"
#include "theory/normalizations/batch_renorm.hpp"
#include "theory/normalizations/index_groups.hpp"

namespace normproof::claims {

using namespace inputs;

namespace {

using theory::Spread;

// What is done to the input.
enum class Move { matrix_scale, biased_matrix_scale, unit_scale, sample_scale, channel_shift, sample_shift };

struct Column {
  const char* id;
  const char* statement;  // follows the scheme's letter N
  Move move;
  int sign;  // of a; 0 where there is no a
};
const std::vector<Column>& columns() {
  static const std::vector<Column> all = {
      {"matrix_scale", "N(a x) = N(x) for a > 0", Move::matrix_scale, 1},
      {"negative_matrix_scale", "N(a x) = N(x) for a < 0", Move::matrix_scale, -1},
      {"biased_matrix_scale", "N(a z + b) = N(z + b) for a > 0, a bias b of each channel", Move::biased_matrix_scale,
       1},
      {"unit_scale", "N(x′) = N(x), x′_·1 = a x_·1, other channels as in x, a > 0", Move::unit_scale, 1},
      {"sample_scale", "N(x′) = N(x), x′_1· = a x_1·, other samples as in x, a > 0", Move::sample_scale, 1},
      {"channel_shift", "N(x′) = N(x), x′_·1 = x_·1 + c, other channels as in x", Move::channel_shift, 0},
      {"sample_shift", "N(x′) = N(x), x′_1· = x_1· + c, other samples as in x", Move::sample_shift, 0}};
  return all;
}

// What the table above says, and why. It only chooses how a > 0 is asked for.
struct Cell {
  bool yes;
  const char* why;
};

struct Scheme {
  std::string id, name, formula;
  bool eps = false;  // whether the scheme has one
  std::vector<InputSpec> inputs;
  std::vector<Sizes> sizes;
  Side (*output)(const Formula& of);  // the witness of the left side
  Formula layer;                      // on x as it stands in the inputs
  Formula closed_form;                // theory
  std::vector<Cell> cells = {};       // by columns()
};

Side by_the_reference(const Formula& of) { return by_reference("N of the input that was moved, loop by loop", of); }
Side by_the_words(const Formula& of) {
  return by_definition("N of the input that was moved: less the mean, over the average norm of x", of);
}

const InputSpec factor = {"a", Role::weight};
const InputSpec shift = {"c", Role::shift};
const InputSpec bias = {"bias", Role::weight, Dimension::one, Dimension::channels};

std::vector<InputSpec> feature_maps(const std::vector<InputSpec>& more) {
  std::vector<InputSpec> specs = {{"x", Role::activation, Dimension::batch, Dimension::outputs}, factor, shift, bias};
  specs.insert(specs.end(), more.begin(), more.end());
  return specs;
}
const InputSpec gamma_of_channel = {"gamma", Role::scale, Dimension::one, Dimension::channels};
const InputSpec beta_of_channel = {"beta", Role::shift, Dimension::one, Dimension::channels};
const InputSpec one_gain = {"gamma", Role::scale};
const InputSpec epsilon = {"eps", Role::epsilon};

Sizes maps(int batch, int channels, int places = 1) {
  return {.batch = batch, .channels = channels, .hidden = places, .outputs = channels * places};
}

Number eps_of(const Inputs& in) { return in.has("eps") ? in.scalar("eps") : Number(0); }

// The rows 0 … rows − 1 and the columns first … end − 1 of an array become scale·value + plus(column).
template <class Plus>
void move_block(Inputs& in, const std::string& name, Eigen::Index rows, Eigen::Index first, Eigen::Index end,
                const Number& scale, Plus plus) {
  Array<Number> array = in(name);
  for (Eigen::Index i = 0; i < rows; ++i)
    for (Eigen::Index j = first; j < end; ++j) array(i, j) = scale * array(i, j) + plus(j);
  in.set(name, array);
}

// Moves the pre-activations x of all schemes but weight norm.
void move_activations(Inputs& in, Move move) {
  const Eigen::Index samples = in("x").rows(), all = in("x").cols(), places = in.sizes.hidden;
  const Number a = in.scalar("a"), c = in.scalar("c");
  const auto nothing = [](Eigen::Index) { return Number(0); };
  const auto constant = [&](Eigen::Index) { return c; };
  switch (move) {
    case Move::matrix_scale: return move_block(in, "x", samples, 0, all, a, nothing);
    case Move::biased_matrix_scale:
      return move_block(in, "x", samples, 0, all, a, [&](Eigen::Index j) { return in("bias")(j / places); });
    case Move::unit_scale: return move_block(in, "x", samples, 0, places, a, nothing);
    case Move::sample_scale: return move_block(in, "x", 1, 0, all, a, nothing);
    case Move::channel_shift: return move_block(in, "x", samples, 0, places, Number(1), constant);
    case Move::sample_shift: return move_block(in, "x", 1, 0, all, Number(1), constant);
  }
}

// What the moved input is compared with: x itself, or z + b where the layer has a bias.
void leave_activations(Inputs& in, Move move) {
  if (move == Move::biased_matrix_scale)
    move_block(in, "x", in("x").rows(), 0, in("x").cols(), Number(1),
               [&](Eigen::Index j) { return in("bias")(j / in.sizes.hidden); });
}

// Weight norm takes no statistics of x: weights are scaled as weights v, samples as inputs u of the layer, and a
// channel is shifted by the unit's bias.
void move_weights(Inputs& in, Move move) {
  const Number a = in.scalar("a"), c = in.scalar("c");
  const Eigen::Index inputs = in("v").cols();
  const auto nothing = [](Eigen::Index) { return Number(0); };
  const auto constant = [&](Eigen::Index) { return c; };
  switch (move) {
    case Move::matrix_scale:
    case Move::biased_matrix_scale: return move_block(in, "v", in("v").rows(), 0, inputs, a, nothing);
    case Move::unit_scale: return move_block(in, "v", 1, 0, inputs, a, nothing);
    case Move::sample_scale: return move_block(in, "u", 1, 0, inputs, a, nothing);
    case Move::channel_shift: return move_block(in, "bias", 1, 0, 1, Number(1), constant);
    case Move::sample_shift: return move_block(in, "u", 1, 0, inputs, Number(1), constant);
  }
}

Formula of_moved(const Formula& layer, Move move) {
  return [=](const Inputs& in) {
    Inputs moved = in;
    in.has("v") ? move_weights(moved, move) : move_activations(moved, move);
    return layer(moved);
  };
}
Formula of_unmoved(const Formula& layer, Move move) {
  return [=](const Inputs& in) {
    Inputs left_alone = in;
    if (!in.has("v")) leave_activations(left_alone, move);
    return layer(left_alone);
  };
}

// The left sides ------------------------------------------------------------------------------------------------------

template <class Run>
Formula reference_layer(Run run) {
  return [=](const Inputs& in) {
    Values y(static_cast<std::size_t>(in("x").size()));
    run(in, row_major(in("x")), y);
    return y;
  };
}
Values gamma_of(const Inputs& in) { return row_major(in("gamma")); }
Values beta_of(const Inputs& in) { return row_major(in("beta")); }
reference::FeatureMaps maps_of(const Inputs& in) { return {in.sizes.batch, in.sizes.channels, in.sizes.hidden}; }

Formula group_norm_of(int channels_per_group) {
  return reference_layer([=](const Inputs& in, const Values& x, Values& y) {
    reference::group_norm<Number>(x, maps_of(in), channels_per_group, gamma_of(in), beta_of(in), in.scalar("eps"), y);
  });
}

Values weight_norm(const Inputs& in) {
  Values y(static_cast<std::size_t>(in("u").rows() * in("v").rows()));
  reference::weight_norm_layer<Number>(row_major(in("u")), extents_of(in("u")), row_major(in("v")), gamma_of(in),
                                       row_major(in("bias")), y);
  return y;
}

// SAN18 §3.3: subtract the batch mean, divide by the average ℓp norm, "before shifting the mean" or after.
enum class NormIsTaken { before_the_shift, after_the_shift };
Formula lp_norm(Spread spread, NormIsTaken taken) {
  return [=](const Inputs& in) {
    const Array<Number>& x = in("x");
    const Values means = reference_mean(x);
    const Number m(in.sizes.batch);
    Array<Number> y = x;
    for (Eigen::Index j = 0; j < x.cols(); ++j) {
      Number norm(0);
      for (Eigen::Index i = 0; i < x.rows(); ++i) {
        y(i, j) = x(i, j) - means[static_cast<std::size_t>(j)];
        const Number w = taken == NormIsTaken::before_the_shift ? x(i, j) : y(i, j);
        if (spread == Spread::root_mean_square) {
          norm += w * w / m;
          continue;
        }
        const Number size = Number(2) * relu(w) - w;  // |w|
        if (spread == Spread::mean_absolute) norm += size / m;
        if (spread == Spread::largest_absolute) norm = i == 0 ? size : clamp_below(size, norm);
      }
      if (spread == Spread::root_mean_square) norm = sqrt(norm);
      for (Eigen::Index i = 0; i < x.rows(); ++i) y(i, j) = y(i, j) / norm;
    }
    return row_major(y);
  };
}

Formula batch_renorm(bool limited) {
  return reference_layer([=](const Inputs& in, const Values& x, Values& y) {
    reference::RunningDeviation<Number> running = {row_major(in("mu")), row_major(in("sigma"))};
    reference::CorrectionRange<Number> range;
    if (limited) range = {true, Number(1) + in.scalar("r_excess"), in.scalar("d_max")};
    reference::batch_renorm_train<Number>(x, extents_of(in("x")), range, Number(0), gamma_of(in), beta_of(in),
                                          in.scalar("eps"), running, y);
  });
}

// The right sides -----------------------------------------------------------------------------------------------------

theory::Vector<Number> in_one_row(const Array<Number>& array) {
  const Values values = row_major(array);
  theory::Vector<Number> row(static_cast<Eigen::Index>(values.size()));
  for (std::size_t k = 0; k < values.size(); ++k) row(static_cast<Eigen::Index>(k)) = values[k];
  return row;
}

struct Groups {
  int channels_per_group = 0;  // 0: one group a channel; −1: all channels of a sample
  bool about_the_mean = true;
  Spread spread = Spread::deviation;
};

// γ x_hat + β with the scheme's groups; γ = 1 and β = 0 where the inputs have none.
Formula over_groups(Groups scheme) {
  return [=](const Inputs& in) {
    const theory::Axes axes = {in.sizes.batch, in.sizes.channels, in.sizes.hidden};
    const theory::IndexGroups groups =
        scheme.channels_per_group == 0
            ? theory::groups_by_channel(axes)
            : theory::groups_by_sample(axes, scheme.channels_per_group < 0 ? axes.channels : scheme.channels_per_group);
    const theory::Vector<Number> x_hat = theory::normalized_over_groups<Number>(
        in_one_row(in("x")), groups, scheme.about_the_mean, scheme.spread, eps_of(in));
    Values y;
    for (int i = 0; i < axes.batch; ++i)
      for (int j = 0; j < axes.channels; ++j)
        for (int p = 0; p < axes.places; ++p) {
          Number value = x_hat(axes.index(i, j, p));
          if (in.has("gamma")) value *= in("gamma").size() == 1 ? in("gamma")(0) : in("gamma")(j);
          if (in.has("beta")) value += in("beta")(j);
          y.push_back(value);
        }
    return y;
  };
}

// g·(the direction of v)·u + b, the groups being the rows of v.
Formula weight_norm_over_groups(bool with_gain) {
  return [=](const Inputs& in) {
    const Array<Number>&v = in("v"), &u = in("u");
    const theory::Axes axes = {static_cast<int>(v.rows()), static_cast<int>(v.cols()), 1};
    const theory::Vector<Number> direction = theory::normalized_over_groups<Number>(
        in_one_row(v), theory::groups_by_sample(axes, axes.channels), false, Spread::length, Number(0));
    Values y;
    for (Eigen::Index i = 0; i < u.rows(); ++i)
      for (Eigen::Index unit = 0; unit < v.rows(); ++unit) {
        Number sum(0);
        for (int j = 0; j < axes.channels; ++j) sum += direction(axes.index(static_cast<int>(unit), j, 0)) * u(i, j);
        y.push_back((with_gain ? in("gamma")(unit)*sum : sum) + in("bias")(unit));
      }
    return y;
  };
}

// The inference formula and what the corrections lack.
Formula batch_renorm_closed_form(bool limited) {
  return [=](const Inputs& in) {
    const theory::TrainingBatch<Number> b = {in("x"), in("x"), as_vector<Number>(in("gamma")),
                                             as_vector<Number>(in("beta")), in.scalar("eps")};
    const theory::RunningDeviation<Number> running = {as_vector<Number>(in("mu")), as_vector<Number>(in("sigma"))};
    Values y = row_major(theory::renorm_inference(b, running));
    if (!limited) return y;
    const Values defect =
        row_major(theory::renorm_defect(b, running, Number(1) + in.scalar("r_excess"), in.scalar("d_max")));
    for (std::size_t k = 0; k < y.size(); ++k) y[k] += defect[k];
    return y;
  };
}

// The table -----------------------------------------------------------------------------------------------------------

const char* const turns_its_sign = "The normalized values change sign with a; any_sign says it for every a ≠ 0.";
const char* const not_a_group = "Channel 1 is part of a group: the others' share of the spread changes.";
const char* const bias_counts = "The bias is not scaled with the weights, and the channels of a group do not share it.";
const char* const batch_spread = "Sample 1 is part of every group: the mean and the spread of the batch change.";
const char* const mean_of_group = "Channel 1 is part of a group: it moves the group's mean, and itself against it.";
const char* const no_mean_is_taken = "No mean is subtracted: a constant stays in, and changes the spread.";

std::vector<Scheme> schemes() {
  const std::vector<InputSpec> affine = feature_maps({gamma_of_channel, beta_of_channel, epsilon});
  const std::vector<InputSpec> renorm = feature_maps({gamma_of_channel,
                                                      beta_of_channel,
                                                      epsilon,
                                                      {"mu", Role::mean, Dimension::one, Dimension::channels},
                                                      {"sigma", Role::variance, Dimension::one, Dimension::channels},
                                                      {"r_excess", Role::variance},
                                                      {"d_max", Role::variance}});
  const std::vector<Cell> per_sample = {{true, ""},
                                        {false, turns_its_sign},
                                        {false, bias_counts},
                                        {false, not_a_group},
                                        {true, ""},
                                        {false, mean_of_group},
                                        {true, ""}};
  const std::vector<Cell> no_mean = {
      {true, ""}, {false, turns_its_sign},   {false, bias_counts},     {false, not_a_group},
      {true, ""}, {false, no_mean_is_taken}, {false, no_mean_is_taken}};
  const char* const before = "The norm is taken before the mean is subtracted, and sees the constant.";
  const std::vector<Cell> lp = {{true, ""},           {false, turns_its_sign}, {false, before},
                                {true, ""},           {false, batch_spread},   {false, before},
                                {false, batch_spread}};
  const char* const averages = "μ and σ are averages of earlier batches and stay as they are (averages_follow).";
  const std::vector<Sizes> several_samples = {maps(2, 1), maps(3, 1), maps(3, 2)};
  const std::vector<Sizes> several_features = {maps(1, 2), maps(1, 3), maps(2, 3)};

  std::vector<Scheme> all;
  all.push_back({"batch_norm",
                 "batch norm",
                 "γ_j (x_ij − μ_j)/√(σ_j² + ε) + β_j, per channel over the batch",
                 true,
                 affine,
                 several_samples,
                 by_the_reference,
                 reference_layer([](const Inputs& in, const Values& x, Values& y) {
                   reference::batch_norm_train<Number>(x, extents_of(in("x")), gamma_of(in), beta_of(in),
                                                       in.scalar("eps"), y);
                 }),
                 over_groups({}),
                 {{true, "Needs no bias: compare biased_matrix_scale."},
                  {false, turns_its_sign},
                  {true, ""},
                  {true, ""},
                  {false, batch_spread},
                  {true, "For every ε ≥ 0."},
                  {false, batch_spread}}});
  all.push_back(
      {"layer_norm", "layer norm", "γ_j (x_ij − μ_i)/√(σ_i² + ε) + β_j, per sample over the features", true, affine,
       several_features, by_the_reference, reference_layer([](const Inputs& in, const Values& x, Values& y) {
         reference::layer_norm<Number>(x, extents_of(in("x")), gamma_of(in), beta_of(in), in.scalar("eps"), y);
       }),
       over_groups({.channels_per_group = -1}), per_sample});
  all.push_back({"instance_norm",
                 "instance norm",
                 "per sample and channel, over the places",
                 true,
                 affine,
                 {maps(1, 2, 2), maps(2, 1, 3), maps(1, 2, 3)},
                 by_the_reference,
                 reference_layer([](const Inputs& in, const Values& x, Values& y) {
                   reference::instance_norm<Number>(x, maps_of(in), gamma_of(in), beta_of(in), in.scalar("eps"), y);
                 }),
                 over_groups({.channels_per_group = 1}),
                 {{true, ""}, {false, turns_its_sign}, {true, ""}, {true, ""}, {true, ""}, {true, ""}, {true, ""}}});
  all.push_back({"group_norm",
                 "group norm",
                 "per sample and group of two channels, over the group's places",
                 true,
                 affine,
                 {maps(1, 2, 2), maps(1, 4), maps(2, 2, 2)},
                 by_the_reference,
                 group_norm_of(2),
                 over_groups({.channels_per_group = 2}),
                 per_sample});
  all.push_back({"weight_norm",
                 "weight norm",
                 "y = g v/‖v‖·u + b, per unit over its weights",
                 false,
                 {{"u", Role::activation, Dimension::batch, Dimension::channels},
                  {"v", Role::weight, Dimension::outputs, Dimension::channels},
                  {"gamma", Role::scale, Dimension::one, Dimension::outputs},
                  {"bias", Role::shift, Dimension::one, Dimension::outputs},
                  factor,
                  shift},
                 {{.batch = 1, .channels = 1, .outputs = 1},
                  {.batch = 1, .channels = 2, .outputs = 1},
                  {.batch = 2, .channels = 2, .outputs = 2}},
                 by_the_reference,
                 weight_norm,
                 weight_norm_over_groups(true),
                 {{true, ""},
                  {false, turns_its_sign},
                  {true, "The bias b is added after the normalization."},
                  {true, ""},
                  {false, "Weights are normalized, data are not."},
                  {false, "The bias b comes after the normalization, and is not normalized."},
                  {false, "Weights are normalized, data are not."}}});
  all.push_back({"rms_norm",
                 "RMS norm",
                 "g_j x_ij/√(mean_j x_ij² + ε), per sample over the features",
                 true,
                 feature_maps({gamma_of_channel, epsilon}),
                 {maps(1, 1), maps(1, 2), maps(2, 2), maps(1, 4)},
                 by_the_reference,
                 reference_layer([](const Inputs& in, const Values& x, Values& y) {
                   reference::rms_norm<Number>(x, extents_of(in("x")), gamma_of(in), in.scalar("eps"), y);
                 }),
                 over_groups({-1, false, Spread::root_mean_square}),
                 no_mean});
  all.push_back({"scale_norm",
                 "scale norm",
                 "g x_i·/‖x_i·‖, per sample over the features",
                 false,
                 feature_maps({one_gain}),
                 {maps(1, 1), maps(1, 2), maps(2, 2), maps(1, 4)},
                 by_the_reference,
                 reference_layer([](const Inputs& in, const Values& x, Values& y) {
                   reference::scale_norm<Number>(x, extents_of(in("x")), in.scalar("gamma"), y);
                 }),
                 over_groups({-1, false, Spread::length}),
                 no_mean});
  const auto add_lp = [&](const char* id, const char* name, const char* formula, Spread spread,
                          const std::vector<Sizes>& sizes) {
    all.push_back({id, name, formula, false, feature_maps({}), sizes, by_the_words,
                   lp_norm(spread, NormIsTaken::before_the_shift), over_groups({0, true, spread}), lp});
  };
  // More samples or channels would ask for more signs than the exact engine can enumerate. Channels never meet here.
  add_lp("l1_norm", "ℓ1 norm", "(x_ij − μ_j)/((1/m) Σ_i |x_ij|)", Spread::mean_absolute,
         {maps(2, 1), maps(3, 1), maps(2, 2)});
  add_lp("l2_norm", "ℓ2 norm", "(x_ij − μ_j)/√((1/m) Σ_i x_ij²)", Spread::root_mean_square,
         {maps(2, 1), maps(3, 1), maps(4, 1), maps(2, 2)});
  add_lp("linf_norm", "ℓ∞ norm", "(x_ij − μ_j)/max_i |x_ij|", Spread::largest_absolute, {maps(2, 1)});
  all.push_back({"batch_renorm",
                 "batch renorm",
                 "γ((x − μ_B)/σ_B r + d) + β with r and d for given averages μ and σ",
                 true,
                 renorm,
                 {maps(2, 1), maps(2, 2)},
                 by_the_reference,
                 batch_renorm(true),
                 batch_renorm_closed_form(true),
                 {{false, averages},
                  {false, averages},
                  {false, averages},
                  {false, averages},
                  {false, batch_spread},
                  {false, averages},
                  {false, batch_spread}}});
  return all;
}

// Hypotheses ----------------------------------------------------------------------------------------------------------

// a := a²: positive on every number type, in which roots have signs; a = 0 divides by 0.
Hypothesis a_is_positive() {
  return imposing("a_positive", "a > 0", [](Inputs& in) { in.set("a", in.scalar("a") * in.scalar("a")); });
}
// The same, for readings that fail: a stays as drawn, so that a counterexample shows a itself.
Hypothesis a_is_drawn_with_sign(int sign) {
  return {.id = sign > 0 ? "a_positive" : "a_negative",
          .sentence = sign > 0 ? "a > 0" : "a < 0",
          .positive = [=](const Inputs& in) { return sign > 0 ? in.scalar("a") : -in.scalar("a"); }};
}
Hypothesis biases_of_a_group_are_equal(int channels_per_group) {
  return imposing("equal_biases", "b_j = b_k for channels j, k of a group", [=](Inputs& in) {
    Array<Number> shared = in("bias");
    for (Eigen::Index j = 0; j < shared.size(); ++j) shared(j) = in("bias")(j - j % channels_per_group);
    in.set("bias", shared);
  });
}
Hypothesis samples_are_centred() {
  return imposing("samples_centred", "the features of each sample have mean 0", [](Inputs& in) {
    Array<Number> x = in("x");
    for (Eigen::Index i = 0; i < x.rows(); ++i) {
      Number sum(0);
      for (Eigen::Index j = 0; j < x.cols(); ++j) sum += x(i, j);
      for (Eigen::Index j = 0; j < x.cols(); ++j) x(i, j) -= sum / Number(static_cast<int>(x.cols()));
    }
    in.set("x", x);
  });
}
Hypothesis gain_is_one() {
  return imposing("gain_one", "g = 1",
                  [](Inputs& in) { in.set("gamma", Array<Number>::Constant(1, in.sizes.outputs, Number(1))); });
}

// μ and σ are moved as the channels are.
Hypothesis averages_follow(Move move) {
  Hypothesis hypothesis = {.id = "averages_follow", .sentence = "μ and σ are moved with the channels"};
  hypothesis.impose = [=](Inputs& in) {
    const Number a = in.scalar("a"), c = in.scalar("c");
    Array<Number> mu = in("mu"), sigma = in("sigma");
    for (Eigen::Index j = 0; j < mu.size(); ++j) {
      const bool moved = j == 0 || move == Move::matrix_scale;
      if (moved && move != Move::channel_shift) mu(j) = a * mu(j), sigma(j) = a * sigma(j);
      if (moved && move == Move::channel_shift) mu(j) += c;
    }
    in.set("mu_moved", mu);
    in.set("sigma_moved", sigma);
  };
  return hypothesis;
}
Formula with_moved_averages(const Formula& layer) {
  return [=](const Inputs& in) {
    Inputs moved = in;
    if (in.has("mu_moved")) {
      moved.set("mu", in("mu_moved"));
      moved.set("sigma", in("sigma_moved"));
    }
    return layer(moved);
  };
}

// Readings ------------------------------------------------------------------------------------------------------------

Reading cell(const Scheme& scheme, const Column& column, const Cell& verdict) {
  // What batch norm ignores is WIKI's reparametrization; the other rows no document prints.
  const std::string prefix = scheme.id == "batch_norm" ? "printed__" : "table__";
  Reading reading = {.id = prefix + scheme.id + "__" + column.id, .inputs = scheme.inputs, .sizes = scheme.sizes};
  reading.statement = scheme.name + ": " + column.statement + (column.sign != 0 && scheme.eps ? ", ε = 0" : "");
  if (column.sign != 0 && scheme.eps) reading.hypotheses.push_back(eps_is_zero());
  if (column.sign != 0) reading.hypotheses.push_back(verdict.yes ? a_is_positive() : a_is_drawn_with_sign(column.sign));
  // A counterexample needs a rational root before and after: (1, 1, 1, 1) with a = 1/4 has them. Two values rarely do.
  const bool of_features = scheme.id == "rms_norm" || scheme.id == "scale_norm";
  if ((column.move == Move::unit_scale && of_features) ||
      (column.move == Move::sample_scale && scheme.id == "l2_norm")) {
    reading.sizes = {of_features ? maps(1, 4) : maps(4, 1)};
    for (InputSpec& spec : reading.inputs)
      if (spec.name == "a") spec.role = Role::variance;  // ≥ 0, and small fractions are tried first
  }
  reading.left = scheme.output(of_moved(scheme.layer, column.move));
  reading.right = by_theory(scheme.formula, of_unmoved(scheme.closed_form, column.move));
  reading.why = verdict.why;
  return reading;
}

// A cell under another name and another condition.
Reading variation(const Scheme& scheme, Move move, const std::string& name, std::vector<Hypothesis> hypotheses,
                  std::string statement, std::string why) {
  for (const Column& column : columns()) {
    if (column.move != move || column.sign < 0) continue;
    Reading reading = cell(scheme, column, {true, ""});
    reading.id = name + "__" + scheme.id + "__" + column.id;
    reading.statement = scheme.name + ": " + std::move(statement);
    reading.hypotheses = std::move(hypotheses);
    reading.why = std::move(why);
    return reading;
  }
  throw std::logic_error("no column moves its input so");
}

Number sign_of(const Number& a) { return a / sqrt(a * a); }

// sgn(a)(N(x) − β) + β, β where the scheme has one.
Formula with_sign_of_a(const Formula& closed_form, Number (*sign)(const Number& a)) {
  return [=](const Inputs& in) {
    Inputs no_shift = in;
    for (const char* name : {"beta", "bias"})
      if (in.has(name) && (name == std::string("beta") || in.has("v")))
        no_shift.set(name, Array<Number>::Constant(in(name).rows(), in(name).cols(), Number(0)));
    const Values with = closed_form(in);
    Values y = closed_form(no_shift);
    for (std::size_t k = 0; k < y.size(); ++k) y[k] = sign(in.scalar("a")) * y[k] + (with[k] - y[k]);
    return y;
  };
}

// N_ε with ε as wanted(a, ε).
Formula with_eps(const Formula& closed_form, Number (*wanted)(const Number& a, const Number& eps)) {
  return [=](const Inputs& in) {
    Inputs changed = in;
    changed.set("eps", wanted(in.scalar("a"), in.scalar("eps")));
    return closed_form(changed);
  };
}
Number eps_over_square(const Number& a, const Number& eps) { return eps / (a * a); }

const Scheme& find(const std::vector<Scheme>& all, const std::string& id) {
  for (const Scheme& scheme : all)
    if (scheme.id == id) return scheme;
  throw std::logic_error("no scheme is called " + id);
}

std::vector<Reading> readings() {
  const std::vector<Scheme> all = schemes();
  std::vector<Reading> readings;
  for (const Scheme& scheme : all)
    for (std::size_t k = 0; k < columns().size(); ++k) readings.push_back(cell(scheme, columns()[k], scheme.cells[k]));

  for (const Scheme& scheme : all) {
    if (!scheme.cells[0].yes) continue;
    Reading any_sign = variation(scheme, Move::matrix_scale, "any_sign", {}, "N(a x) − β = sgn(a)(N(x) − β), a ≠ 0",
                                 scheme.id == "weight_norm" ? "β is the bias here." : "");
    if (scheme.eps) any_sign.hypotheses.push_back(eps_is_zero());
    if (scheme.id == "l1_norm") any_sign.sizes = {maps(2, 1)};  // more signs cost more than they show
    any_sign.right = by_theory("sgn(a)(N(x) − β) + β", with_sign_of_a(scheme.closed_form, sign_of));
    readings.push_back(any_sign);
  }
  for (const Scheme& scheme : all) {
    if (!scheme.cells[0].yes || !scheme.eps) continue;
    Scheme small = scheme;  // a counterexample needs a rational root of every group
    if (small.id == "instance_norm") small.sizes = {maps(1, 1, 2)};
    readings.push_back(variation(small, Move::matrix_scale, "without_eps_zero", {a_is_drawn_with_sign(1)},
                                 "N(a x) = N(x) for a > 0, ε ≥ 0",
                                 "ε weighs less against larger x (scaled_eps). Every yes of a scaling fails so."));
    Reading scaled = variation(scheme, Move::matrix_scale, "scaled_eps", {a_is_positive()},
                               "N_ε(a x) = N_{ε/a²}(x) for a > 0, ε ≥ 0", "");
    scaled.right = by_theory("the same with ε/a² for ε", with_eps(scheme.closed_form, eps_over_square));
    readings.push_back(scaled);
  }

  // Conditions under which a no becomes a yes.
  for (const auto& [id, channels_per_group] : {std::pair("layer_norm", 3), std::pair("group_norm", 2)})
    readings.push_back(
        variation(find(all, id), Move::biased_matrix_scale, "equal_biases",
                  {eps_is_zero(), a_is_positive(), biases_of_a_group_are_equal(channels_per_group)},
                  "N(a z + b) = N(z + b) for a > 0, ε = 0, b the same for all channels of a group",
                  "b then shifts whole groups. Layer norm has one group a sample: at most three channels here."));
  Scheme one_channel = find(all, "group_norm");
  one_channel.sizes = {maps(1, 2, 2), maps(2, 1, 3)};
  one_channel.layer = group_norm_of(1);
  one_channel.closed_form = over_groups({.channels_per_group = 1});
  readings.push_back(variation(one_channel, Move::unit_scale, "one_channel_a_group", {eps_is_zero(), a_is_positive()},
                               "N(x′) = N(x), x′_·1 = a x_·1, a > 0, ε = 0, one channel a group",
                               "Group norm with as many groups as channels is instance norm."));
  readings.push_back(variation(one_channel, Move::channel_shift, "one_channel_a_group", {},
                               "N(x′) = N(x), x′_·1 = x_·1 + c, one channel a group", ""));
  for (const auto& [id, spread] :
       {std::pair("l1_norm", Spread::mean_absolute), std::pair("l2_norm", Spread::root_mean_square),
        std::pair("linf_norm", Spread::largest_absolute)}) {
    Scheme after = find(all, id);
    after.sizes = {maps(2, 1), maps(3, 1)};  // of two values |x − μ| is the same number, and p does not matter
    if (spread == Spread::root_mean_square) after.sizes.push_back(maps(3, 2));
    after.layer = lp_norm(spread, NormIsTaken::after_the_shift);
    const Formula before = after.closed_form;
    after.closed_form = [=](const Inputs& in) {
      Inputs centred = in;
      batch_is_centred().impose(centred);
      return before(centred);
    };
    readings.push_back(variation(after, Move::channel_shift, "norm_after_the_shift", {},
                                 "N(x′) = N(x), x′_·1 = x_·1 + c, the norm taken of x − μ",
                                 "The order of the two steps decides. For p = 2 this is batch norm at ε = 0."));
  }
  for (const auto& [move, scaled] : {std::pair(Move::matrix_scale, true), std::pair(Move::unit_scale, true),
                                     std::pair(Move::channel_shift, false)}) {
    // The corrections of two channels would ask for too many signs; uncut they ask for none.
    const bool limited = move != Move::unit_scale;
    Scheme following = find(all, "batch_renorm");
    following.sizes = limited ? std::vector<Sizes>{maps(2, 1), maps(3, 1)} : std::vector<Sizes>{maps(2, 2), maps(3, 2)};
    following.layer = with_moved_averages(batch_renorm(limited));
    following.closed_form = batch_renorm_closed_form(limited);
    std::vector<Hypothesis> hypotheses;
    if (scaled) hypotheses = {eps_is_zero(), a_is_positive()};
    hypotheses.push_back(averages_follow(move));
    readings.push_back(variation(
        following, move, "averages_follow", hypotheses,
        std::string(move == Move::channel_shift ? "N(x′) = N(x), x′_·1 = x_·1 + c, μ_1 + c for μ_1"
                    : move == Move::unit_scale ? "N(x′) = N(x), x′_·1 = a x_·1, a μ_1 and a σ_1 for μ_1 and σ_1, ε = 0"
                                               : "N(a x) = N(x), a μ and a σ for μ and σ, a > 0, ε = 0") +
            (limited ? "" : ", r and d not cut off"),
        "So it is once the averages have caught up with weights that no longer move."));
  }
  return readings;
}

std::vector<Mutant> mutants() {
  const std::vector<Scheme> all = schemes();
  return {{.id = "layer_norm_without_a_mean",
           .reading = "table__layer_norm__sample_scale",
           .words = "γ x/√(mean x²) + β, as RMS norm",
           .agrees_when = samples_are_centred(),
           .right = over_groups({-1, false, Spread::root_mean_square})},
          {.id = "instance_norm_over_the_batch",
           .reading = "table__instance_norm__channel_shift",
           .words = "the samples share statistics, as in batch norm",
           .agrees_when = {.id = "one_sample", .sentence = "m = 1"},
           .right = over_groups({}),
           .agreeing_sizes = {maps(1, 2, 2), maps(1, 1, 3)}},
          {.id = "group_norm_over_all_channels",
           .reading = "table__group_norm__sample_scale",
           .words = "one group, as in layer norm",
           .agrees_when = {.id = "one_group", .sentence = "there is one group"},
           .right = over_groups({.channels_per_group = -1}),
           .agreeing_sizes = {maps(1, 2, 2), maps(2, 2, 2)}},
          {.id = "rms_norm_as_scale_norm",
           .reading = "table__rms_norm__sample_scale",
           .words = "g x/‖x‖: the sum of squares for their mean",
           .agrees_when = {.id = "one_feature", .sentence = "D = 1"},
           .right = over_groups({-1, false, Spread::length}),
           .agreeing_sizes = {maps(1, 1), maps(2, 1)}},
          {.id = "weight_norm_forgets_the_gain",
           .reading = "table__weight_norm__unit_scale",
           .words = "v/‖v‖·u + b",
           .agrees_when = gain_is_one(),
           .right = weight_norm_over_groups(false)},
          {.id = "sign_of_a_forgotten",
           .reading = "any_sign__batch_norm__matrix_scale",
           .words = "N(a x) = N(x)",
           .agrees_when = a_is_positive(),
           .right = find(all, "batch_norm").closed_form},
          {.id = "eps_over_a",
           .reading = "scaled_eps__batch_norm__matrix_scale",
           .words = "ε/a for ε/a²",
           .agrees_when = eps_is_zero(),
           .right = with_eps(find(all, "batch_norm").closed_form,
                             [](const Number& a, const Number& eps) { return eps / a; })},
          {.id = "l2_norm_about_the_mean",
           .reading = "table__l2_norm__matrix_scale",
           .words = "spread about the mean: (x − μ)/σ",
           .agrees_when = batch_is_centred(),
           .right = over_groups({})}};
}

}  // namespace

Claim norm_family_invariances() {
  return {
      .title = "Which normalizations are blind to which scalings and shifts of what they normalize",
      .sources = {{"consequence", "of the schemes' definitions"},
                  {"NOTE15", "Side effects: \"BN created the normalization family\"; Improvement directions"},
                  {"SAN18", "§3.3 (ℓ1, ℓ2, ℓ∞), §5"}},
      .notation =
          "N a scheme with its γ and β; x its input, the pre-activations of a linear layer, x = z + b where b is "
          "the layer's bias; x_i· sample i, x_·j channel j, m the batch size; a, c numbers; μ, σ in batch renorm "
          "the running averages",
      .why =
          "Each scheme divides groups of values by a spread of the group that is homogeneous at ε = 0; batch, "
          "layer, instance and group norm take values and spread about the group's mean and see differences only. "
          "Scaling whole groups by a > 0 cancels, and so does shifting whole groups where a mean is taken. What "
          "moves a part of a group is seen: a counterexample of two or three numbers shows it.",
      .explain =
          "NOTE15 and SAN18 list schemes and do not say what each is blind to. Here is the table (scalings: a > 0, ε "
          "= 0; shifts: any ε ≥ 0).\n"
          "All weights times a: every scheme but batch renorm. With a bias that is not scaled along: batch norm, "
          "instance norm and weight norm; layer and group norm if the biases of a group are equal.\n"
          "One unit's weights times a: batch norm, instance norm, weight norm, ℓ1, ℓ2, ℓ∞. One sample times a: "
          "layer, instance, group, RMS and scale norm.\n"
          "One channel plus a constant (a bias): batch norm and instance norm. One sample plus a constant: layer, "
          "instance and group norm.\n"
          "Four conditions are easy to overlook. With a < 0 the normalized values change sign: no scheme is "
          "invariant. Where a scheme has an ε > 0 no scaling cancels; scaling by a is exactly the same as ε/a² for "
          "ε. SAN18's ℓp norms are taken before the mean is subtracted, so that a bias is not redundant before them, "
          "as it is before batch norm: x = (1, 3) gives ∓1/2 under ℓ1, x = (0, 2) gives ∓1. And batch renorm "
          "compares the batch with running averages: it is invariant if these are moved along, as they are in the "
          "long run when the weights rest, and in general not otherwise (with r_max = 1 and d_max = 0 it is batch "
          "norm).",
      .readings = readings(),
      .mutants = mutants(),
  };
}

}  // namespace normproof::claims

// How far are the running statistics of a full normalization layer from the truth while a small classifier is trained?
//
// Source       LL19 (1), (5), (6), Algorithms 2 and 3, Remark 1.
// Formulas     Samples (x, t), i = 1 … n.  Hidden units h_u = Σ_j W_uj x_j, u = 1, 2;  e = [h₁, h₂, h₁², h₂²], its
//              estimate ê = [μ₁, μ₂, ν₁, ν₂];  z_u = (h_u − μ_u)/s_u,  s_u = √(ν_u − μ_u² + ε) (Root::added) or
//              √max{ν_u − μ_u², ε} (Root::clamped);  o = v₁z₁ + v₂z₂ + v₃;  the loss is l(o, t).
//              A step:  ê ← (1 − α) ê + α mean e(h), then W and v descend by γ along Remark 1's oracle: with the means
//              over minibatches B and B′
//                ∂_v l = l′(o, t) (z₁, z₂, 1),
//                ∂_W l = l′(o, t) v_u/s_u · x_j at B,  plus  (M_u + 2 h_u N_u) x_j at B′,
//                M_u = mean_B l′ v_u ∂_μ z_u,   ∂_μ z = −1/s + c μ (h − μ)/s³,
//                N_u = mean_B l′ v_u ∂_ν z_u,   ∂_ν z = −c (h − μ)/(2s³),   c = 0 where the clamp holds, else 1.
//              E e(w) is summed over all samples, and ∂f(w) is this with E e for ê and all samples for B and B′.
// Notation     Minibatches are drawn uniformly with replacement. Sharing::shared: one for the estimate, B and B′, as in
//              Algorithm 3; otherwise one for each, in the order estimate, B′, B.
// Assumptions  ε > 0; for the logistic loss labels are ±1. ν ≥ μ² at the start: it stays so but for rounding.
// Why          A real problem of the kind that the theory is for. Nothing of it is proved to satisfy Assumption 1: h is
//              not bounded over all W.
#pragma once

#include <array>
#include <cassert>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include <Eigen/Core>

#include "impl/reference/compositional_full_norm.hpp"
#include "impl/reference/elementary.hpp"
#include "impl/reference/losses.hpp"
#include "proofs_checks/growth.hpp"
#include "proofs_checks/inputs/random_stream.hpp"
#include "proofs_checks/simulation/noise.hpp"
#include "proofs_checks/simulation/octave_sums.hpp"
#include "proofs_checks/simulation/running_sums.hpp"
#include "proofs_checks/simulation/schedule.hpp"

namespace normproof::simulation {

class FullNormClassifier {
 public:
  static constexpr std::size_t units = 2;
  using PerUnit = std::array<double, units>;

  struct Estimates {
    PerUnit mean = {}, square = {1, 1};
  };
  struct Weights {
    std::vector<double> hidden = {};            // W, a row a unit
    std::array<double, units + 1> output = {};  // v
  };
  struct State {
    Weights weights;
    Estimates estimates;
  };
  struct Options {
    reference::Root root = reference::Root::added;
    reference::Loss loss = reference::Loss::logistic;  // or squared
    double eps = 1e-2;
    std::size_t minibatch = 4;
    Sharing sharing = Sharing::shared;
  };
  using Indices = std::vector<std::size_t>;

  // What is seen of step k: ‖ê^(k+1) − E e(w^(k))‖² and ‖∂f(w^(k))‖².
  enum Observable : std::size_t { squared_error, squared_gradient, observables };

  // features: samples × features. Weights start at 0.5 cos of 1, 2, 3, …: of size ½ and in no particular position.
  FullNormClassifier(const Eigen::ArrayXXd& features, const Eigen::ArrayXd& labels, const Options& options)
      : options_(options),
        samples_(static_cast<std::size_t>(features.rows())),
        features_(static_cast<std::size_t>(features.cols())) {
    assert(features.rows() > 0 && features.cols() > 0 && labels.size() == features.rows() && options.minibatch > 0);
    for (Eigen::Index i = 0; i < features.rows(); ++i) {
      for (Eigen::Index j = 0; j < features.cols(); ++j) values_.push_back(features(i, j));
      labels_.push_back(labels(i));
      all_.push_back(static_cast<std::size_t>(i));
    }
    double position = 0;
    const auto next = [&] { return std::cos(position += 1) / 2; };
    for (std::size_t k = 0; k < units * features_; ++k) start.weights.hidden.push_back(next());
    for (double& weight : start.weights.output) weight = next();
  }

  State start;

  const Options& options() const { return options_; }
  std::size_t samples() const { return samples_; }

  // mean e over the samples.
  Estimates mean_statistic(const Weights& weights, const Indices& of) const {
    Estimates sum = {{}, {}};
    for (const std::size_t sample : of) {
      for (std::size_t u = 0; u < units; ++u) {
        const double h = hidden(weights, u, sample);
        sum.mean[u] += h;
        sum.square[u] += h * h;
      }
    }
    const double count = static_cast<double>(of.size());
    for (std::size_t u = 0; u < units; ++u) {
      sum.mean[u] /= count;
      sum.square[u] /= count;
    }
    return sum;
  }

  // Remark 1's oracle; `gradient` is overwritten.
  void oracle(const Weights& weights, const Estimates& estimates, const Indices& outer, const Indices& inner,
              Weights& gradient) const {
    gradient.hidden.assign(units * features_, 0.0);
    gradient.output = {};
    PerUnit root = {}, open = {}, by_mean = {}, by_square = {};
    for (std::size_t u = 0; u < units; ++u) {
      const double variance = estimates.square[u] - estimates.mean[u] * estimates.mean[u];
      const bool clamps = options_.root == reference::Root::clamped;
      root[u] = std::sqrt(clamps ? reference::clamp_below(variance, options_.eps) : variance + options_.eps);
      open[u] = clamps ? reference::clamp_below_slope(variance, options_.eps) : 1.0;
    }
    for (const std::size_t sample : outer) {
      PerUnit deviation = {}, normalized = {};
      double output = weights.output[units];
      for (std::size_t u = 0; u < units; ++u) {
        deviation[u] = hidden(weights, u, sample) - estimates.mean[u];
        normalized[u] = deviation[u] / root[u];
        output += weights.output[u] * normalized[u];
      }
      const double slope = loss_slope(output, labels_[sample]) / static_cast<double>(outer.size());
      gradient.output[units] += slope;
      for (std::size_t u = 0; u < units; ++u) {
        gradient.output[u] += slope * normalized[u];
        const double by_normalized = slope * weights.output[u], cube = root[u] * root[u] * root[u];
        by_mean[u] += by_normalized * (-1 / root[u] + open[u] * estimates.mean[u] * deviation[u] / cube);
        by_square[u] += by_normalized * (-open[u] * deviation[u] / (2 * cube));
        add_row(by_normalized / root[u], u, sample, gradient);
      }
    }
    for (const std::size_t sample : inner) {
      for (std::size_t u = 0; u < units; ++u) {
        const double by_hidden = by_mean[u] + 2 * hidden(weights, u, sample) * by_square[u];
        add_row(by_hidden / static_cast<double>(inner.size()), u, sample, gradient);
      }
    }
  }

  // Algorithm 2, lines 2–4.
  void step(State& at, const Indices& estimate, const Indices& outer, const Indices& inner, const Rates& rates,
            Weights& gradient) const {
    const Estimates seen = mean_statistic(at.weights, estimate);
    for (std::size_t u = 0; u < units; ++u) {
      at.estimates.mean[u] = (1 - rates.alpha) * at.estimates.mean[u] + rates.alpha * seen.mean[u];
      at.estimates.square[u] = (1 - rates.alpha) * at.estimates.square[u] + rates.alpha * seen.square[u];
    }
    oracle(at.weights, at.estimates, outer, inner, gradient);
    for (std::size_t k = 0; k < gradient.hidden.size(); ++k) {
      at.weights.hidden[k] -= rates.learning_rate * gradient.hidden[k];
    }
    for (std::size_t k = 0; k <= units; ++k) at.weights.output[k] -= rates.learning_rate * gradient.output[k];
  }

  // ‖ê − E e(w)‖², the estimates being those of after the step and the weights those of before.
  double error_of(const Weights& before, const Estimates& after) const {
    const Estimates exact = mean_statistic(before, all_);
    double sum = 0;
    for (std::size_t u = 0; u < units; ++u) {
      const double mean_error = after.mean[u] - exact.mean[u], square_error = after.square[u] - exact.square[u];
      sum += mean_error * mean_error + square_error * square_error;
    }
    return sum;
  }

  // ‖∂f(w)‖².
  double squared_norm_of_gradient(const Weights& weights) const {
    Weights gradient;
    oracle(weights, mean_statistic(weights, all_), all_, all_, gradient);
    double sum = 0;
    for (const double entry : gradient.hidden) sum += entry * entry;
    for (const double entry : gradient.output) sum += entry * entry;
    return sum;
  }

 private:
  double hidden(const Weights& weights, std::size_t unit, std::size_t sample) const {
    double sum = 0;
    for (std::size_t j = 0; j < features_; ++j) {
      sum += weights.hidden[unit * features_ + j] * values_[sample * features_ + j];
    }
    return sum;
  }
  void add_row(double factor, std::size_t unit, std::size_t sample, Weights& gradient) const {
    for (std::size_t j = 0; j < features_; ++j) {
      gradient.hidden[unit * features_ + j] += factor * values_[sample * features_ + j];
    }
  }
  double loss_slope(double output, double label) const {
    double slope = 0;
    reference::loss_gradient<double>(options_.loss, {&output, 1}, {&label, 1}, {&slope, 1});
    return slope;
  }

  Options options_;
  std::size_t samples_, features_;
  std::vector<double> values_ = {}, labels_ = {};
  Indices all_ = {};
};

// The minibatches of one replica.
class MinibatchStream {
 public:
  MinibatchStream(std::uint64_t seed, const std::string& purpose, std::uint64_t replica, std::size_t samples)
      : random_(seed, purpose, std::to_string(replica)), samples_(samples) {}

  void draw(FullNormClassifier::Indices& minibatch) {
    for (std::size_t& index : minibatch) index = static_cast<std::size_t>(random_.below(samples_));
  }

 private:
  inputs::RandomStream random_;
  std::size_t samples_;
};

// Octave sums of one observable, in groups of replicas. `purpose` names the runs. Throws Interrupted.
inline OctaveSums classifier_octaves(const FullNormClassifier& classifier, const Schedule& schedule,
                                     const std::string& purpose, const Portion& portion, int last_octave,
                                     Summand summand) {
  using Classifier = FullNormClassifier;
  assert(end_of_octave(last_octave) <= schedule.size() && portion.replicas % Portion::replicas_per_group == 0);
  OctaveSums all;
  all.octaves = static_cast<std::size_t>(last_octave) + 1;
  all.groups = portion.replicas / Portion::replicas_per_group;
  all.sums.assign(all.octaves * all.groups, 0.0);
  const std::size_t size = classifier.options().minibatch;
  const bool is_shared = classifier.options().sharing == Sharing::shared;
  for (std::size_t r = 0; r < portion.replicas; ++r) {
    MinibatchStream random(portion.seed, purpose, portion.first_replica + r, classifier.samples());
    Classifier::Indices estimate(size), inner(size), outer(size);
    Classifier::State at = classifier.start;
    Classifier::Weights before = at.weights, gradient;
    const OctaveSums of_one = recursion_octaves(last_octave, portion, 0, [&](std::size_t k) {
      random.draw(estimate);
      if (!is_shared) {
        random.draw(inner);
        random.draw(outer);
      }
      before = at.weights;
      classifier.step(at, estimate, is_shared ? estimate : outer, is_shared ? estimate : inner, schedule[k], gradient);
      const double q = summand.observable == Classifier::squared_error ? classifier.error_of(before, at.estimates)
                                                                       : classifier.squared_norm_of_gradient(before);
      return summand.times_learning_rate ? schedule[k].learning_rate * q : q;
    });
    all.relative_error = of_one.relative_error;
    for (std::size_t octave = 0; octave < all.octaves; ++octave) {
      all.sums[octave * all.groups + r / Portion::replicas_per_group] +=
          of_one.at(octave, 0) / static_cast<double>(Portion::replicas_per_group);
    }
  }
  return all;
}

}  // namespace normproof::simulation

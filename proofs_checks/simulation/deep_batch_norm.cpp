// How is a deep batch norm network drawn without its weight matrices?
#include "proofs_checks/simulation/deep_batch_norm.hpp"

#include <fmt/format.h>

#include <Eigen/Cholesky>
#include <Eigen/Core>
#include <algorithm>
#include <array>
#include <cassert>
#include <cmath>
#include <cstddef>
#include <utility>

#include "proofs_checks/inputs/random_block.hpp"
#include "proofs_checks/inputs/random_stream.hpp"

namespace normproof::simulation {

namespace {

using Matrix = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

inputs::NoiseKey key_of(const DeepEnsemble& ensemble, std::uint64_t seed) {
  return {seed, inputs::fnv1a("deep_batch_norm", ensemble.id())};
}

// Gaussian numbers of one replica in order, made for a block of lanes at a time: lane l of replica r has the number r ·
// lanes + l in the streams of random_block.hpp, so that no two replicas share one.
class Noise {
 public:
  Noise(inputs::NoiseKey key, std::uint64_t replica) : key_(key), first_lane_(replica * inputs::replicas_per_block) {}

  void fill(Matrix& drawn) {
    for (Eigen::Index k = 0; k < drawn.size(); ++k) {
      if (used_ == numbers_.size()) refill();
      drawn.data()[k] = numbers_[used_++];
    }
  }

 private:
  static constexpr std::size_t counters = 8;

  void refill() {
    inputs::fill_gaussians(inputs::widest_instruction_set(), key_, first_lane_, counter_, counters, numbers_.data());
    counter_ += counters;
    used_ = 0;
  }

  inputs::NoiseKey key_;
  std::uint64_t first_lane_, counter_ = 0;
  std::array<double, inputs::replicas_per_block* inputs::gaussians_per_counter* counters> numbers_ = {};
  std::size_t used_ = numbers_.size();
};

// Columns: an orthonormal basis of what is orthogonal to 1 (Helmert's).
Matrix contrasts(int batch) {
  Matrix q = Matrix::Zero(batch, batch - 1);
  for (int k = 1; k < batch; ++k) {
    const double length = std::sqrt(static_cast<double>(k) * (k + 1));
    for (int i = 0; i < k; ++i) q(i, k - 1) = 1 / length;
    q(k, k - 1) = -k / length;
  }
  return q;
}

// to = f(from, …) for the reference's f on batch × units, a few units at a time, so that what it takes stays in the
// first cache. Channels do not see each other.
template <class Function>
void by_units(const Matrix& h, const Matrix* upstream, Matrix& to, Function f) {
  constexpr Eigen::Index most = 64;
  const auto piece = [&](const Matrix& of, Eigen::Index first, Eigen::Index units) {
    std::vector<double> values(static_cast<std::size_t>(of.rows() * units));
    Eigen::Map<Matrix>(values.data(), of.rows(), units) = of.middleCols(first, units);
    return values;
  };
  for (Eigen::Index first = 0; first < h.cols(); first += most) {
    const Eigen::Index units = std::min(most, h.cols() - first);
    const reference::Extents extents{static_cast<int>(h.rows()), static_cast<int>(units)};
    const std::vector<double> result = f(
        piece(h, first, units), upstream == nullptr ? std::vector<double>() : piece(*upstream, first, units), extents);
    to.middleCols(first, units) = Eigen::Map<const Matrix>(result.data(), h.rows(), units);
  }
}

// One replica after the other, in memory that is kept.
class Sampler {
 public:
  explicit Sampler(DeepEnsemble ensemble) : ensemble_(std::move(ensemble)), contrasts_(contrasts(ensemble_.batch)) {
    assert(ensemble_.batch >= 3 && ensemble_.width >= ensemble_.batch);
    const Eigen::Index batch = ensemble_.batch, n = ensemble_.width;
    layers_.resize(static_cast<std::size_t>(ensemble_.depth) + 1);
    for (Layer& layer : layers_) {
      layer.h.resize(batch, n);
      layer.xi.resize(batch - 1, n);
      layer.known.resize(batch - 1, n);
    }
    for (Matrix* m : {&in_samples_, &out_samples_}) m->resize(batch, n);
    for (Matrix* m : {&within_, &drawn_, &dh_}) m->resize(batch - 1, n);
  }

  // ‖∂ℓ/∂h_l‖², l = 0 … depth.
  std::vector<double> operator()(std::uint64_t seed, std::uint64_t replica) {
    Noise noise(key_of(ensemble_, seed), replica);
    forward(noise);
    return backward(noise);
  }

 private:
  struct Layer {
    Matrix h;          // batch × n
    Matrix xi, known;  // Ξ and V, (batch − 1) × n; not used in the last
  };

  double n() const { return ensemble_.width; }

  void forward(Noise& noise) {
    noise.fill(drawn_);
    layers_[0].h.noalias() = contrasts_ * drawn_;
    for (std::size_t l = 0; l + 1 < layers_.size(); ++l) {
      Layer& layer = layers_[l];
      by_units(layer.h, nullptr, out_samples_, [&](const auto& h, const auto&, reference::Extents extents) {
        return reference::deep_layer_forward<double>(ensemble_.phi, h, extents);
      });
      within_.noalias() = contrasts_.transpose() * out_samples_;
      gram_.noalias() = within_ * within_.transpose();
      gram_ /= n();
      root_.compute(gram_);
      layer.known = within_ / std::sqrt(n());
      root_.matrixL().solveInPlace(layer.known);
      noise.fill(layer.xi);
      within_.noalias() = root_.matrixL() * layer.xi;
      layers_[l + 1].h.noalias() = contrasts_ * within_;
      if (ensemble_.skips) layers_[l + 1].h += layer.h;
    }
  }

  std::vector<double> backward(Noise& noise) {
    const std::size_t depth = layers_.size() - 1;
    std::vector<double> squares(depth + 1);
    noise.fill(in_samples_);
    by_units(layers_[depth].h, &in_samples_, out_samples_,
             [](const auto& h, const auto& upstream, reference::Extents extents) {
               return reference::deep_normalized_backward<double>(h, upstream, extents);
             });
    dh_.noalias() = contrasts_.transpose() * out_samples_;
    squares[depth] = dh_.squaredNorm();
    for (std::size_t l = depth; l-- > 0;) {
      const Layer& layer = layers_[l];
      gram_.noalias() = dh_ * dh_.transpose();
      gram_ /= n();
      root_.compute(gram_);
      noise.fill(drawn_);
      within_.noalias() = root_.matrixL() * drawn_;
      mixed_.noalias() = dh_ * layer.xi.transpose();
      mixed_ /= std::sqrt(n());
      mixed_.noalias() -= within_ * layer.known.transpose();
      within_.noalias() += mixed_ * layer.known;
      in_samples_.noalias() = contrasts_ * within_;
      by_units(layer.h, &in_samples_, out_samples_, [&](const auto& h, const auto& dx, reference::Extents extents) {
        return reference::deep_layer_backward<double>(ensemble_.phi, h, dx, extents);
      });
      if (!ensemble_.skips) dh_.setZero();
      dh_.noalias() += contrasts_.transpose() * out_samples_;
      squares[l] = dh_.squaredNorm();
    }
    return squares;
  }

  DeepEnsemble ensemble_;
  Matrix contrasts_;
  std::vector<Layer> layers_;
  Matrix in_samples_, out_samples_, within_, drawn_, dh_, gram_, mixed_;
  Eigen::LLT<Matrix> root_;
};

}  // namespace

std::string DeepEnsemble::id() const {
  return fmt::format("{}{}/batch={}/width={}/depth={}", name, skips ? "_with_skips" : "", batch, width, depth);
}

DeepEnsemble linear_network(int batch, int width, int depth, bool skips) {
  return {"linear", {}, batch, width, depth, skips};
}
DeepEnsemble relu_network(int batch, int width, int depth, bool skips) {
  return {"relu", {.rectified = true}, batch, width, depth, skips};
}
DeepEnsemble squared_relu_network(int batch, int width, int depth, bool skips) {
  return {"squared_relu", {.rectified = true, .coefficients = {0, 0, 1}}, batch, width, depth, skips};
}
DeepEnsemble hermite_network(int batch, int width, int depth, bool skips) {
  return {"hermite_3", {.coefficients = {0, -3, 0, 1}}, batch, width, depth, skips};
}

std::vector<std::vector<double>> squared_gradients(const DeepEnsemble& ensemble, std::uint64_t seed,
                                                   std::uint64_t first_replica, std::size_t replicas,
                                                   const std::atomic<bool>* interrupted) {
  Sampler sampler(ensemble);
  std::vector<std::vector<double>> squares;
  for (std::size_t r = 0; r < replicas; ++r) {
    if (interrupted != nullptr && interrupted->load()) throw Interrupted();
    squares.push_back(sampler(seed, first_replica + r));
  }
  return squares;
}

std::vector<double> squared_gradients_in_full(const DeepEnsemble& ensemble, std::uint64_t seed, std::uint64_t replica) {
  inputs::ReplicaNoise noise({seed, inputs::fnv1a("deep_batch_norm, in full", ensemble.id())}, replica);
  const std::size_t n = static_cast<std::size_t>(ensemble.width), batch = static_cast<std::size_t>(ensemble.batch);
  const auto draw = [&](std::size_t count, double scale) {
    std::vector<double> drawn(count);
    for (double& value : drawn) value = scale * noise.next();
    return drawn;
  };
  reference::DeepNetwork<double> network;
  network.phi = ensemble.phi;
  network.skips = ensemble.skips;
  network.widths.assign(static_cast<std::size_t>(ensemble.depth) + 1, ensemble.width);
  for (int l = 0; l < ensemble.depth; ++l) network.weights.push_back(draw(n * n, 1 / std::sqrt(ensemble.width)));
  const auto trace = reference::deep_forward<double>(network, draw(batch * n, 1), ensemble.batch);
  const auto gradient = reference::deep_backward<double>(network, trace, draw(batch * n, 1));
  std::vector<double> squares;
  for (const std::vector<double>& dh : gradient.h) {
    double sum = 0;
    for (const double value : dh) sum += value * value;
    squares.push_back(sum);
  }
  return squares;
}

double theta_of_factor(double factor) { return block * std::log2(factor); }

// of(r), r < portion.replicas, gives the octaves of one replica: their means over groups of replicas.
template <class OfReplica>
OctaveSums in_groups(const Portion& portion, int first_octave, std::size_t octaves, OfReplica of) {
  OctaveSums sums;
  sums.first_octave = first_octave;
  sums.octaves = octaves;
  sums.groups = portion.replicas / Portion::replicas_per_group;
  sums.sums.assign(sums.octaves * sums.groups, 0);
  for (std::size_t r = 0; r < portion.replicas; ++r) {
    if (portion.interrupted != nullptr && portion.interrupted->load()) throw Interrupted();
    const std::vector<double> seen = of(portion.first_replica + r);
    for (std::size_t j = 0; j < octaves; ++j)
      sums.sums[j * sums.groups + r / Portion::replicas_per_group] += seen[j] / Portion::replicas_per_group;
  }
  return sums;
}

GrowthPoint layer_growth(const DeepEnsemble& ensemble) {
  assert(ensemble.depth == measured_depth);
  GrowthPoint point;
  point.id = fmt::format("{}/by_layer/replicas_from={}", ensemble.id(), first_deciding_replica);
  point.problem = ensemble.name;
  point.measure = [ensemble](const Portion& portion) {
    Sampler sampler(ensemble);
    return in_groups(portion, 0, blocks + 1, [&](std::uint64_t replica) {
      const std::vector<double> squares = sampler(portion.seed, first_deciding_replica + replica);
      std::vector<double> seen;
      for (int j = 0; j <= blocks; ++j)
        seen.push_back(squares[static_cast<std::size_t>(ensemble.depth - margin - j * block)]);
      return seen;
    });
  };
  return point;
}

GrowthPoint depth_growth(const DeepEnsemble& ensemble) {
  constexpr int first_octave = 1, octaves = 4;
  GrowthPoint point;
  point.problem = ensemble.name + (ensemble.skips ? "_with_skips" : "");
  point.id = fmt::format("{}/batch={}/width={}/by_depth", point.problem, ensemble.batch, ensemble.width);
  point.measure = [ensemble](const Portion& portion) {
    std::vector<Sampler> samplers;
    for (int j = first_octave; j < first_octave + octaves; ++j) {
      DeepEnsemble deep = ensemble;
      deep.depth = 1 << j;
      samplers.emplace_back(deep);
    }
    return in_groups(portion, first_octave, octaves, [&](std::uint64_t replica) {
      std::vector<double> seen;
      for (Sampler& sampler : samplers) {
        const std::vector<double> squares = sampler(portion.seed, replica);
        seen.push_back(squares.front() / squares.back());
      }
      return seen;
    });
  };
  return point;
}

}  // namespace normproof::simulation

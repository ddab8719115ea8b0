// What does one get who writes batch normalization down in Eigen? Array expressions in float, on one thread.
//
// N×C×H×W plane by plane, N×C with column-wise expressions. Compiled for the processor that it is built on, with
// contraction, as its users would: of the roundings nothing is claimed here.
#include <Eigen/Core>
#include <cmath>
#include <memory>

#include "bench/kernels/contender.hpp"

namespace normproof::bench {
namespace {

using Plane = Eigen::Map<const Eigen::ArrayXf>;
using PlaneOut = Eigen::Map<Eigen::ArrayXf>;
using Matrix = Eigen::Array<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
using Row = Eigen::Array<float, 1, Eigen::Dynamic>;

struct Written {
  std::vector<float> mean, inv_std, dgamma, dbeta;
};

Eigen::Map<Row> row(std::vector<float>& v) { return {v.data(), static_cast<Eigen::Index>(v.size())}; }

void forward_planes(Problem& p, const float* x, float* y, Written& written) {
  const std::int64_t spatial = p.shape.spatial();
  const auto m = static_cast<float>(p.shape.batch * spatial);
  for (std::int64_t c = 0; c < p.shape.channels; ++c) {
    const auto k = static_cast<std::size_t>(c);
    const auto begin = [&](std::int64_t b) { return (b * p.shape.channels + c) * spatial; };
    float mean = p.mean[k], variance = p.variance[k];
    if (p.operation == Operation::forward) {
      mean = variance = 0;
      for (std::int64_t b = 0; b < p.shape.batch; ++b) mean += Plane(x + begin(b), spatial).sum();
      mean /= m;
      for (std::int64_t b = 0; b < p.shape.batch; ++b) variance += (Plane(x + begin(b), spatial) - mean).square().sum();
      variance /= m;
    }
    const float inv_std = 1 / std::sqrt(variance + static_cast<float>(Problem::eps));
    written.mean[k] = mean;
    written.inv_std[k] = inv_std;
    for (std::int64_t b = 0; b < p.shape.batch; ++b) {
      PlaneOut(y + begin(b), spatial) = (Plane(x + begin(b), spatial) - mean) * (p.gamma[k] * inv_std) + p.beta[k];
    }
  }
}

void backward_planes(Problem& p, const float* x, const float* dy, float* dx, Written& written) {
  const std::int64_t spatial = p.shape.spatial();
  const auto m = static_cast<float>(p.shape.batch * spatial);
  for (std::int64_t c = 0; c < p.shape.channels; ++c) {
    const auto k = static_cast<std::size_t>(c);
    const auto begin = [&](std::int64_t b) { return (b * p.shape.channels + c) * spatial; };
    const float mean = p.mean[k], inv_std = p.inv_std[k];
    float dgamma = 0, dbeta = 0;
    for (std::int64_t b = 0; b < p.shape.batch; ++b) {
      const Plane xs(x + begin(b), spatial), dys(dy + begin(b), spatial);
      dbeta += dys.sum();
      dgamma += (dys * (xs - mean)).sum();
    }
    dgamma *= inv_std;
    written.dgamma[k] = dgamma;
    written.dbeta[k] = dbeta;
    for (std::int64_t b = 0; b < p.shape.batch; ++b) {
      const Plane xs(x + begin(b), spatial), dys(dy + begin(b), spatial);
      PlaneOut(dx + begin(b), spatial) =
          (dys - dbeta / m - (xs - mean) * (inv_std * dgamma / m)) * (p.gamma[k] * inv_std);
    }
  }
}

void forward_rows(Problem& p, const float* data, float* result, Written& written) {
  const Eigen::Map<const Matrix> x(data, p.shape.batch, p.shape.channels);
  Eigen::Map<Matrix> y(result, p.shape.batch, p.shape.channels);
  const bool training = p.operation == Operation::forward;
  const Row mean = training ? Row(x.colwise().mean()) : Row(row(p.mean));
  const Row variance = training ? Row((x.rowwise() - mean).square().colwise().mean()) : Row(row(p.variance));
  const Row inv_std = 1 / (variance + static_cast<float>(Problem::eps)).sqrt();
  row(written.mean) = mean;
  row(written.inv_std) = inv_std;
  const Row scale = row(p.gamma) * inv_std;
  y = ((x.rowwise() - mean).rowwise() * scale).rowwise() + Row(row(p.beta));
}

void backward_rows(Problem& p, const float* data, const float* gradient, float* result, Written& written) {
  const Eigen::Map<const Matrix> x(data, p.shape.batch, p.shape.channels);
  const Eigen::Map<const Matrix> dy(gradient, p.shape.batch, p.shape.channels);
  Eigen::Map<Matrix> dx(result, p.shape.batch, p.shape.channels);
  const auto m = static_cast<float>(p.shape.batch);
  const Row mean = row(p.mean), inv_std = row(p.inv_std);
  const Row dbeta = dy.colwise().sum();
  const Row dgamma = Row((dy * (x.rowwise() - mean)).colwise().sum()) * inv_std;
  row(written.dgamma) = dgamma;
  row(written.dbeta) = dbeta;
  const Row of_x = inv_std * dgamma / m, scale = row(p.gamma) * inv_std, shift = dbeta / m;
  dx = ((dy.rowwise() - shift) - (x.rowwise() - mean).rowwise() * of_x).rowwise() * scale;
}

void add(Problem& problem, int threads, Contenders& contenders) {
  const bool full_norm =
      problem.operation == Operation::full_norm_forward || problem.operation == Operation::full_norm_backward;
  if (threads != 1 || full_norm) return;
  const auto written = std::make_shared<Written>();
  const bool matrix = problem.shape.is_matrix(), backward = is_backward(problem.operation);
  written->mean.resize(problem.gamma.size());
  written->inv_std.resize(problem.gamma.size());
  if (backward) written->dgamma = written->dbeta = written->mean;
  const float* const x = problem.x(1);
  const float* const dy = backward ? problem.dy(1) : nullptr;
  float* const result = problem.result(1);
  const auto run = [=, &problem] {
    if (matrix && backward) backward_rows(problem, x, dy, result, *written);
    if (matrix && !backward) forward_rows(problem, x, result, *written);
    if (!matrix && backward) backward_planes(problem, x, dy, result, *written);
    if (!matrix && !backward) forward_planes(problem, x, result, *written);
  };
  contenders.push_back(
      {.name = matrix ? "Eigen:nc" : "Eigen:nchw", .kind = Contender::Kind::peer, .run = run, .outputs = [=, &problem] {
         return Outputs{problem.in_planes(result, 1), written->dgamma, written->dbeta};
       }});
}

}  // namespace

Source eigen() {
  return {"Eigen",
          std::to_string(EIGEN_WORLD_VERSION) + '.' + std::to_string(EIGEN_MAJOR_VERSION) + '.' +
              std::to_string(EIGEN_MINOR_VERSION) + " (" + Eigen::SimdInstructionSetsInUse() + ')',
          add, nullptr};
}

}  // namespace normproof::bench

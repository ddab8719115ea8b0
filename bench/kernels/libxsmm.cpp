// How is LIBXSMM called? Its fused batch normalization in its own blocks of channels, with handle and scratch memory
// made beforehand.
//
// Training forward is one call that makes statistics and y, with the eps that is compiled in: 1e-7. Inference is its
// scaling by given statistics, with the inverse standard deviation made beforehand.
#include <libxsmm.h>
#include <omp.h>

#include <memory>
#include <stdexcept>

#include "bench/kernels/contender.hpp"

namespace normproof::bench {
namespace {

constexpr double built_in_eps = 1e-7;

void demand(bool good) {
  if (!good) throw std::runtime_error("LIBXSMM failed");
}

class Normalization {
 public:
  Normalization(Problem& problem, int threads) : threads_(threads) {
    const Shape& shape = problem.shape;
    libxsmm_dnn_fusedbatchnorm_desc description = {};
    description.partN = description.fullN = static_cast<int>(shape.batch);
    description.C = static_cast<int>(shape.channels);
    description.H = static_cast<int>(shape.height);
    description.W = static_cast<int>(shape.width);
    description.u = description.v = 1;
    description.threads = threads;
    description.datatype_in = description.datatype_out = description.datatype_stats = LIBXSMM_DNN_DATATYPE_F32;
    description.buffer_format = LIBXSMM_DNN_TENSOR_FORMAT_LIBXSMM;
    description.fuse_order = LIBXSMM_DNN_FUSEDBN_ORDER_BN_ELTWISE_RELU;
    const bool inference = problem.operation == Operation::inference;
    description.fuse_ops = inference ? LIBXSMM_DNN_FUSEDBN_OPS_BNSCALE : LIBXSMM_DNN_FUSEDBN_OPS_BN;
    handle_ = libxsmm_dnn_create_fusedbatchnorm(description, &status_);
    demand(handle_ != nullptr && status_ == LIBXSMM_DNN_SUCCESS);
    libxsmm_dnn_tensor_datalayout* const layout =
        libxsmm_dnn_fusedbatchnorm_create_tensor_datalayout(handle_, LIBXSMM_DNN_REGULAR_INPUT, &status_);
    demand(layout != nullptr);
    block = layout->dim_size[0];
    libxsmm_dnn_destroy_tensor_datalayout(layout);

    bind(LIBXSMM_DNN_REGULAR_INPUT, problem.x(block));
    bind(LIBXSMM_DNN_REGULAR_CHANNEL_GAMMA, problem.gamma.data());
    bind(LIBXSMM_DNN_CHANNEL_EXPECTVAL, own(problem.mean));
    bind(LIBXSMM_DNN_CHANNEL_RCPSTDDEV, own(problem.inv_std));
    if (is_backward(problem.operation)) {
      kind_ = LIBXSMM_DNN_COMPUTE_KIND_BWD;
      bind(LIBXSMM_DNN_GRADIENT_OUTPUT, problem.dy(block));
      bind(LIBXSMM_DNN_GRADIENT_INPUT, problem.result(block));
      bind(LIBXSMM_DNN_GRADIENT_CHANNEL_GAMMA, dgamma = own(problem.gamma));
      bind(LIBXSMM_DNN_GRADIENT_CHANNEL_BETA, dbeta = own(problem.gamma));
    } else {
      bind(LIBXSMM_DNN_REGULAR_OUTPUT, problem.result(block));
      bind(LIBXSMM_DNN_REGULAR_CHANNEL_BETA, problem.beta.data());
      bind(LIBXSMM_DNN_CHANNEL_VARIANCE, own(problem.variance));
    }
    const std::size_t bytes = libxsmm_dnn_fusedbatchnorm_get_scratch_size(handle_, &status_);
    scratch_ = floats(static_cast<std::int64_t>(bytes / sizeof(float)));
    demand(libxsmm_dnn_fusedbatchnorm_bind_scratch(handle_, scratch_.get()) == LIBXSMM_DNN_SUCCESS);
  }
  ~Normalization() {
    for (libxsmm_dnn_tensor* tensor : tensors_) libxsmm_dnn_destroy_tensor(tensor);
    if (handle_ != nullptr) libxsmm_dnn_destroy_fusedbatchnorm(handle_);
  }
  Normalization(const Normalization&) = delete;
  Normalization& operator=(const Normalization&) = delete;

  // It works on the threads that its caller brings.
  void run() const {
    if (threads_ == 1)
      return demand(libxsmm_dnn_fusedbatchnorm_execute_st(handle_, kind_, 0, 0) == LIBXSMM_DNN_SUCCESS);
#pragma omp parallel num_threads(threads_)
    libxsmm_dnn_fusedbatchnorm_execute_st(handle_, kind_, 0, omp_get_thread_num());
  }

  Block block = 0;
  float *dgamma = nullptr, *dbeta = nullptr;

 private:
  void bind(libxsmm_dnn_tensor_type type, float* data) {
    libxsmm_dnn_tensor_datalayout* const layout =
        libxsmm_dnn_fusedbatchnorm_create_tensor_datalayout(handle_, type, &status_);
    demand(layout != nullptr);
    libxsmm_dnn_tensor* const made = libxsmm_dnn_link_tensor(layout, data, &status_);
    libxsmm_dnn_destroy_tensor_datalayout(layout);
    demand(made != nullptr);
    tensors_.push_back(made);
    demand(libxsmm_dnn_fusedbatchnorm_bind_tensor(handle_, made, type) == LIBXSMM_DNN_SUCCESS);
  }
  float* own(const std::vector<float>& values) {
    vectors_.push_back(floats(static_cast<std::int64_t>(values.size())));
    std::copy(values.begin(), values.end(), vectors_.back().get());
    return vectors_.back().get();
  }

  int threads_;
  libxsmm_dnn_err_t status_ = LIBXSMM_DNN_SUCCESS;
  libxsmm_dnn_compute_kind kind_ = LIBXSMM_DNN_COMPUTE_KIND_FWD;
  libxsmm_dnn_fusedbatchnorm* handle_ = nullptr;
  std::vector<libxsmm_dnn_tensor*> tensors_;
  std::vector<Buffer> vectors_;
  Buffer scratch_;
};

void add(Problem& problem, int threads, Contenders& contenders) {
  const Operation operation = problem.operation;
  if (operation == Operation::full_norm_forward || operation == Operation::full_norm_backward) return;
  const auto it = std::make_shared<Normalization>(problem, threads);
  contenders.push_back({.name = "LIBXSMM:blocks_of_" + std::to_string(it->block),
                        .kind = Contender::Kind::peer,
                        .run = [it] { it->run(); },
                        .outputs =
                            [it, &problem] {
                              Outputs written;
                              written.elements = problem.in_planes(problem.result(it->block), it->block);
                              if (!is_backward(problem.operation)) return written;
                              const std::int64_t channels = problem.shape.channels;
                              written.dgamma.assign(it->dgamma, it->dgamma + channels);
                              written.dbeta.assign(it->dbeta, it->dbeta + channels);
                              return written;
                            },
                        .eps = operation == Operation::forward ? built_in_eps : Problem::eps});
}

}  // namespace

Source libxsmm() { return {"LIBXSMM", LIBXSMM_CONFIG_VERSION " (" NORMPROOF_BENCH_LIBXSMM ")", add, nullptr}; }

}  // namespace normproof::bench

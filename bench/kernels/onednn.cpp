// How is oneDNN called? In its own layouts, with primitive, memory and arguments made beforehand.
//
// Training forward gives y, mean and variance, backward dx and the gradients of scale and shift. Four extents with
// nchw, nhwc, nChw8c and nChw16c; of a matrix these with images of one place, and two extents.
#include <memory>
#include <oneapi/dnnl/dnnl.hpp>
#include <unordered_map>

#include "bench/kernels/contender.hpp"

namespace normproof::bench {
namespace {

using dnnl::memory;
using Tag = memory::format_tag;

dnnl::engine& cpu() {
  static dnnl::engine engine(dnnl::engine::kind::cpu, 0);
  return engine;
}

struct Form {
  const char* name;
  Tag tag;
  Block block;
  bool two_extents = false;
};

struct Prepared {
  dnnl::stream stream{cpu()};
  dnnl::primitive primitive;
  std::unordered_map<int, memory> arguments;
  std::vector<float> mean, variance, dgamma, dbeta;
};

std::shared_ptr<Prepared> prepare(Problem& problem, const Form& form) {
  using dnnl::prop_kind;
  using Flags = dnnl::normalization_flags;
  const Shape& s = problem.shape;
  const memory::dims extents =
      form.two_extents ? memory::dims{s.batch, s.channels} : memory::dims{s.batch, s.channels, s.height, s.width};
  const memory::desc data(extents, memory::data_type::f32, form.tag);
  const auto tensor = [&](float* values) { return memory(data, cpu(), values); };
  const auto vector = [](std::vector<float>& values) {
    return memory({{static_cast<std::int64_t>(values.size())}, memory::data_type::f32, Tag::a}, cpu(), values.data());
  };
  const auto prepared = std::make_shared<Prepared>();
  prepared->mean = problem.mean;
  prepared->variance = problem.variance;
  const Flags affine = Flags::use_scale | Flags::use_shift;
  const bool inference = problem.operation == Operation::inference;
  const auto eps = static_cast<float>(Problem::eps);
  const dnnl::batch_normalization_forward::primitive_desc forward(
      {inference ? prop_kind::forward_inference : prop_kind::forward_training, data, eps,
       inference ? affine | Flags::use_global_stats : affine},
      cpu());
  auto& arguments = prepared->arguments;
  arguments = {{DNNL_ARG_SRC, tensor(problem.x(form.block))},
               {DNNL_ARG_MEAN, vector(prepared->mean)},
               {DNNL_ARG_VARIANCE, vector(prepared->variance)},
               {DNNL_ARG_SCALE, vector(problem.gamma)},
               {DNNL_ARG_SHIFT, vector(problem.beta)}};
  if (problem.operation == Operation::backward) {
    prepared->dgamma = prepared->dbeta = std::vector<float>(problem.gamma.size());
    prepared->primitive = dnnl::batch_normalization_backward(dnnl::batch_normalization_backward::primitive_desc(
        {prop_kind::backward, data, data, eps, affine}, cpu(), forward));
    arguments[DNNL_ARG_DIFF_DST] = tensor(problem.dy(form.block));
    arguments[DNNL_ARG_DIFF_SRC] = tensor(problem.result(form.block));
    arguments[DNNL_ARG_DIFF_SCALE] = vector(prepared->dgamma);
    arguments[DNNL_ARG_DIFF_SHIFT] = vector(prepared->dbeta);
  } else {
    prepared->primitive = dnnl::batch_normalization_forward(forward);
    arguments[DNNL_ARG_DST] = tensor(problem.result(form.block));
  }
  return prepared;
}

void add(Problem& problem, int, Contenders& contenders) {
  if (problem.operation == Operation::full_norm_forward || problem.operation == Operation::full_norm_backward) return;
  std::vector<Form> forms = {{"nchw", Tag::abcd, 1},
                             {"nhwc", Tag::acdb, problem.shape.channels},
                             {"nChw8c", Tag::aBcd8b, 8},
                             {"nChw16c", Tag::aBcd16b, 16}};
  if (problem.shape.is_matrix()) forms.push_back({"nc", Tag::ab, 1, true});
  for (const Form& form : forms) {
    if (problem.shape.channels % form.block != 0) continue;
    std::shared_ptr<Prepared> prepared;
    try {
      prepared = prepare(problem, form);
    } catch (const dnnl::error& error) {
      if (error.status == dnnl_unimplemented) continue;
      throw;
    }
    const Block block = form.block;
    contenders.push_back(
        {.name = std::string("oneDNN:") + form.name,
         .kind = Contender::Kind::peer,
         .run =
             [prepared] {
               prepared->primitive.execute(prepared->stream, prepared->arguments);
               prepared->stream.wait();
             },
         .outputs =
             [prepared, &problem, block] {
               return Outputs{problem.in_planes(problem.result(block), block), prepared->dgamma, prepared->dbeta};
             }});
  }
}

}  // namespace

Source onednn() {
  const dnnl_version_t& version = *dnnl_version();
  return {"oneDNN",
          std::to_string(version.major) + '.' + std::to_string(version.minor) + '.' + std::to_string(version.patch) +
              " (" NORMPROOF_BENCH_ONEDNN ")",
          add, nullptr};
}

}  // namespace normproof::bench

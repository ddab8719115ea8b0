// Which fault? Elements of a dense N×spatial×C tensor are given the channel that N×C×spatial has at that place (FC41).
#include "tests/kernel_zoo/zoo_kernel.hpp"

namespace normproof::zoo::faulty {
namespace {

bool is_either(const normproof_tensor& t) { return is_batch_channels_spatial(t) || is_batch_spatial_channels(t); }

normproof_status run(const normproof_call* call) {
  if (const normproof_status status = check_dense(call, NORMPROOF_BN_INFER, NORMPROOF_F32, &is_either);
      status != NORMPROOF_OK) {
    return status;
  }
  if (is_batch_channels_spatial(call->x) != is_batch_channels_spatial(call->y)) return NORMPROOF_UNSUPPORTED;
  const float* x = static_cast<const float*>(call->x.data);
  float* y = static_cast<float*>(call->y.data);
  const std::int64_t elements = call->x.batch * call->x.channels * call->x.spatial;
  for (std::int64_t k = 0; k < elements; ++k) {
    const std::int64_t c = k / call->x.spatial % call->x.channels;  // fault: k % channels where channels are last
    const Statistics of = running_statistics(*call, c);
    y[k] = static_cast<float>(
        InferSteps::output(static_cast<double>(x[k]), of, get(call->gamma, c, 1), get(call->beta, c)));
  }
  return NORMPROOF_OK;
}

}  // namespace

FaultyKernel infer_channels_last_walked_as_first() {
  return {declare("infer_channels_last_walked_as_first",
                  "channel of element k taken as (k/spatial) mod channels in every layout", NORMPROOF_BN_INFER, &run,
                  f32_only, dense_only),
          "FC41",
          "the channel of element k is k mod channels where channels are last",
          {"layouts", "channel_statistics"},
          FindingKind::value};
}

}  // namespace normproof::zoo::faulty

// Which fault? What was prepared for a shape is used again, eps included.
//
// Seen in: tensorflow/tensorflow#50295, tenstorrent/tt-metal#46051
#include <array>
#include <map>

#include "tests/kernel_zoo/zoo_kernel.hpp"

namespace normproof::zoo::faulty {
namespace {

using Shape = std::array<std::int64_t, 3>;

// The eps of the plan for this shape.
double planned_eps(const normproof_call& call) {
  thread_local std::map<Shape, double> plans;
  const Shape shape{call.x.batch, call.x.channels, call.x.spatial};  // fault: eps is no part of the key
  return plans.try_emplace(shape, call.eps).first->second;
}

normproof_status run(const normproof_call* call) {
  if (const normproof_status status = TrainSteps::check(call); status != NORMPROOF_OK) return status;
  normproof_call planned = *call;
  planned.eps = planned_eps(*call);
  return train<TrainSteps>(&planned);
}

}  // namespace

FaultyKernel train_plan_cached_by_shape() {
  return {declare("train_plan_cached_by_shape", "plan cached by shape alone", NORMPROOF_BN_TRAIN, &run),
          "state kept between calls, key incomplete",
          "a plan is found by shape alone and brings its own eps",
          {"history", "hostile_parameters"},
          FindingKind::value};
}

}  // namespace normproof::zoo::faulty

// Which fault? Rows of an N×C input are found by spatial_stride, which carries no meaning there.
#include "tests/kernel_zoo/zoo_kernel.hpp"

namespace normproof::zoo::faulty {
namespace {

struct Steps : TrainSteps {
  static double mean(const Channel& x) {
    normproof_tensor rows = x.tensor;
    // fault: with spatial = 1 the distance of rows is batch_stride, and spatial_stride may be anything
    if (rows.channel_stride == 1 && rows.spatial == 1) rows.batch_stride = rows.spatial_stride;
    return TrainSteps::mean({rows, x.channel});
  }
};

}  // namespace

FaultyKernel train_strides_over_one_place() {
  return {
      declare("train_strides_over_one_place", "a stride without meaning is used", NORMPROOF_BN_TRAIN, &train<Steps>),
      "stride over an extent of one is used",
      "spatial_stride is used where spatial is 1",
      {"layouts", "extents_of_one"},
      FindingKind::crash};
}

}  // namespace normproof::zoo::faulty

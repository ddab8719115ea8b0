// With how much effort, from which seed and on which data is a claim decided?
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include <Eigen/Core>

#include "proofs_checks/evidence/effort.hpp"
#include "proofs_checks/evidence/measurements.hpp"

namespace normproof::evidence {

// Batches of activations that engines use besides generated points: real data, a stand-in, or a user's own batch.
struct DataBatch {
  std::string name;             // "pixel columns 402, 403, mixed labels, batch 17"
  Eigen::ArrayXXd activations;  // batch × channels
};

struct DataSet {
  std::string name;   // "MNIST (60000 + 10000 images)", "generated digits", a file name
  bool real = false;  // false: generated stand-in
  bool user = false;  // --input: the batch claims are decided on this alone besides the generated points
  std::vector<DataBatch> batches;
};

struct Settings {
  Effort effort = Effort::standard;
  std::uint64_t seed = 0;
  std::shared_ptr<const DataSet> data = {};  // may be null
  const std::atomic<bool>* interrupted = nullptr;
  std::shared_ptr<Measurements> measurements = {};  // may be null: then everything is measured anew
};

}  // namespace normproof::evidence

// Where do measurements come from that another run, thread or process may have made already?
//
// What       A measurement is a list of doubles that depends on its key alone; the key names the claim, the reading,
//            the point, the seed and the effort. of() gives what is known for the key, or measures. Which thread or
//            process measured makes no difference.
// Errors     What `measure` throws goes through, and nothing is remembered.
#pragma once

#include <functional>
#include <string>
#include <vector>

namespace normproof::evidence {

using Measured = std::vector<double>;

struct MeasurementTask {
  std::string key;
  std::function<Measured()> measure;
  double cost = 1;  // expected, relative to other tasks: for progress alone
};

class Measurements {
 public:
  Measurements() = default;
  Measurements(const Measurements&) = delete;
  Measurements& operator=(const Measurements&) = delete;
  virtual ~Measurements() = default;

  // Safe from several threads at once.
  virtual Measured of(const std::string& key, const std::function<Measured()>& measure) = 0;
};

}  // namespace normproof::evidence

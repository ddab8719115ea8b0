// What is every contender given, and where does it write? One operation on one shape, its operands in every layout.
//
// All contenders of a problem read the same values, and those of one layout the same memory; they write to the same
// memory, too. eps is 1e-5, gamma and beta are there, running statistics are not updated by anybody (oneDNN and LIBXSMM
// have none), mean and inverse standard deviation are saved by all. No value is subnormal, none is a constant.
#pragma once

#include <cstdint>
#include <cstdlib>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace normproof::bench {

enum class Operation { forward, inference, backward, full_norm_forward, full_norm_backward };
std::string name_of(Operation operation);
inline bool is_backward(Operation o) { return o == Operation::backward || o == Operation::full_norm_backward; }

struct Shape {
  std::int64_t batch, channels, height = 1, width = 1;
  std::int64_t spatial() const { return height * width; }
  std::int64_t elements() const { return batch * channels * spatial(); }
  bool is_matrix() const { return spatial() == 1; }
  std::string name() const;  // 32x64x56x56, 4096x1024
};

// How many channels lie side by side: N × C/block × H·W × block. 1 is N×C×H×W, C is N×H×W×C; of a matrix both are N×C.
using Block = std::int64_t;

struct Free {
  void* allocated = nullptr;
  void operator()(float*) const { std::free(allocated); }
};
using Buffer = std::unique_ptr<float, Free>;
// Aligned to lines of 64 bytes, so many bytes behind the begin of a page. Operands of a problem lie at other places of
// their pages: where they lie alike, a processor that compares low bits of addresses makes loads wait for stores to
// other operands.
Buffer floats(std::int64_t count, std::size_t bytes_behind_page = 0);

// Normal numbers with this mean and standard deviation in every channel, gamma = 1, beta = 0. Without one: means within
// ±1 and deviations within 0.5 … 2, gamma within 0.5 … 1.5 and beta within ±1, other ones in each channel.
struct DataSet {
  double mean, deviation;
};

class Problem {
 public:
  static constexpr double eps = 1e-5, momentum = 0.1;

  Problem(Operation of, const Shape& on, const std::optional<DataSet>& data);

  const Operation operation;
  const Shape shape;
  // The mean in two parts, and what belongs to it: of x, in double, rounded.
  std::vector<float> gamma, beta, mean, mean_low, variance, inv_std;
  std::vector<double> exact_mean, exact_variance;

  float* x(Block block) { return x_.in_layout(shape, block); }
  float* dy(Block block) { return dy_.in_layout(shape, block); }
  float* result(Block block) { return result_.in_layout(shape, block); }  // y or dx
  // The least that an operation must move: each operand once.
  std::int64_t bytes() const { return (is_backward(operation) ? 3 : 2) * shape.elements() * 4; }

  // After this nothing is left of what somebody wrote: NaN.
  void forget_results();
  std::vector<float> in_planes(const float* values, Block block) const;  // as N×C×H×W

 private:
  struct Operand {
    std::size_t bytes_behind_page;
    std::map<Block, Buffer> layouts;  // 1 is there from the beginning, if values are given
    float* in_layout(const Shape& shape, Block block);
  };
  Operand x_{0, {}}, dy_{1344, {}}, result_{2688, {}};
};

}  // namespace normproof::bench

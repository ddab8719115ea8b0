// What should each output of a call be, how far may it be off in each class, and which outputs are not judged?
//
// What       The oracle's values beside the bounds of theory/rounding, output by output.
// Unit       A bound's unit is the coarser of the formats of x and of the output.
// Not judged What impl/kernel.h leaves open:
//            · y, dx, dgamma and inv_std of a channel whose root is 0 (eps = 0 with zero variance) or below 1e-150;
//            · all of a channel with a finite f64 beyond 1e150 in it, be it x, gamma or eps: a kernel in double may
//              lose its square;
//            · the low part's sum where the mean is beyond f32 and the low part is one;
//            · saved statistics where there is no value;
//            · dx of FN_BACKWARD where a kernel in the state's precision may be on either side of the clamp;
//            · statistics that a momentum of exactly 1 or 0 keeps or replaces, where the other one is not finite: in
//              the formula 0·∞ is NaN, in words it plays no part;
//            · y, dx and dgamma of FN where fn_square is NaN, for max(NaN, eps) may be either; dx where the clamp takes
//              out a term that is not finite;
//            · a finite value made from one that is not (1/√∞): no bound is known.
//            Where a bound is +∞ nothing is compared either.
// saved_mean Judged twice: alone, and with saved_mean_low added. fn_mean is judged with its low part, for the state is
//            the sum; a low part by itself has no right value.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "proofs_checks/conformance/case.hpp"
#include "proofs_checks/conformance/oracle.hpp"
#include "proofs_checks/conformance/recipes.hpp"
#include "theory/rounding/normalization_bounds.hpp"

namespace normproof::conformance {

// By operand: what is in the outputs after the call; empty for all else.
struct OutputValues {
  std::array<std::vector<double>, operand_count> of;
  const std::vector<double>& operator[](OperandId id) const { return of[static_cast<std::size_t>(id)]; }
  std::vector<double>& operator[](OperandId id) { return of[static_cast<std::size_t>(id)]; }
};

theory::Unit unit_of(normproof_dtype dtype);
theory::Unit unit_of(const Case& described, OperandId output);

struct Expectation {
  enum class Kind {
    compare,    // `value`, within `bound`
    unchanged,  // `value` was there before and is there still, bit by bit
    open        // not judged
  };
  Kind kind = Kind::compare;
  DoubleDouble value;
  theory::BoundPerClass bound{};
};

// An output, or the sum of an output and its low part.
struct JudgedOutput {
  OperandId id = OperandId::y;
  bool with_low = false;
  OperandId low() const;      // of saved_mean and fn_mean
  std::string label() const;  // "y", "saved_mean + saved_mean_low"
  std::string name() const;   // the same as one word, "saved_mean_and_low"
};
std::vector<JudgedOutput> judged_outputs(const Case& described);

class Expectations {
 public:
  // References to its arguments are kept. `got` is read for FN_TRAIN alone, whose y is made from the state as stored.
  Expectations(const Case& described, const InputValues& inputs, const Oracle& oracle, const OutputValues& got);

  // visit(i, expectation) for every value of the output, the i-th of OutputValues; block by block of channels.
  template <class Visit>
  void visit(const JudgedOutput& output, Visit visit) const;

 private:
  // What is the same for all values of y or dx in a channel.
  struct TensorChannel;
  TensorChannel tensor_channel(OperandId id, std::int64_t channel) const;
  std::optional<theory::OutputBound> output_bound(const ChannelOracle& oracle, const TensorChannel& channel) const;
  Expectation at(const TensorChannel& channel, OperandId id, std::size_t i) const;
  Expectation y_at(const TensorChannel& channel, double x) const;
  Expectation dx_at(const TensorChannel& channel, double x, double dy) const;

  Expectation of_vector(const JudgedOutput& output, std::size_t c) const;
  Expectation of_alone(const JudgedOutput& output, std::size_t c) const;
  Expectation mean(const ChannelOracle& channel, const theory::Unit& unit) const;
  Expectation inv_std(const ChannelOracle& channel, std::size_t c, const theory::Unit& unit) const;
  Expectation running(const ChannelOracle& channel, OperandId id, std::size_t c, const theory::Unit& unit) const;
  Expectation state(const ChannelOracle& channel, OperandId id, std::size_t c, const theory::Unit& unit) const;
  Expectation average(const ChannelOracle& channel, const DoubleDouble& before, const DoubleDouble& batch,
                      const theory::BoundPerClass& bound) const;
  Expectation gradient(const ChannelOracle& channel, OperandId id, const theory::Unit& unit) const;

  Normalization normalization_of(std::int64_t channel) const;
  theory::GradientData gradient_data(const ChannelOracle& channel, const theory::Unit& unit) const;
  bool clamp_is_decided(const Normalization& given) const;
  bool state_stays(const ChannelOracle& channel) const;
  bool too_large(const ChannelOracle& channel) const;
  bool root_is_open(const Normalization& given) const;

  const Case& case_;
  const InputValues& inputs_;
  const Oracle& oracle_;
  const OutputValues& got_;
};

struct Expectations::TensorChannel {
  bool open = false;
  OutputFormula y;
  InputGradientFormula dx;
  theory::Unit unit;
  std::optional<theory::OutputBound> y_bound;          // y; absent where what is given is not finite
  std::optional<theory::InputGradientBound> dx_bound;  // dx
  bool clamped = false;                                // dx
  double sum_dy_x_hat = 0;                             // dx
  bool reads_x = true;                                 // dx
  bool finite = true;                                  // dx: all that does not depend on the element is
  double weight_of_deviation = 0;                      // dx: |gamma| inv_std² |dgamma|/m
  Normalization given;
  double gamma = 1, beta = 0;
};

template <class Visit>
void Expectations::visit(const JudgedOutput& output, Visit visit) const {
  const std::int64_t channels = case_.channels;
  if (!is_tensor(output.id)) {
    for (std::size_t c = 0; c < static_cast<std::size_t>(channels); ++c) visit(c, of_vector(output, c));
    return;
  }
  if (case_.elements() == 0) return;
  constexpr std::int64_t block = 32;  // channels at a time: what is prepared of them stays in cache
  std::vector<TensorChannel> prepared;
  for (std::int64_t first = 0; first < channels; first += block) {
    prepared.clear();
    for (std::int64_t c = first; c < std::min(first + block, channels); ++c)
      prepared.push_back(tensor_channel(output.id, c));
    for (std::int64_t b = 0; b < case_.batch; ++b) {
      auto i = static_cast<std::size_t>((b * channels + first) * case_.spatial);
      for (const TensorChannel& channel : prepared)
        for (std::int64_t s = 0; s < case_.spatial; ++s, ++i) visit(i, at(channel, output.id, i));
    }
  }
}

}  // namespace normproof::conformance

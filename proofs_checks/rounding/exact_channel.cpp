// How is the oracle asked about one channel?
#include "proofs_checks/rounding/exact_channel.hpp"

#include <cstddef>

namespace normproof::rounding {

namespace {

using conformance::OperandId;

conformance::Case one_channel(normproof_op op, std::size_t count) {
  conformance::Case described;
  described.op = op;
  described.batch = static_cast<std::int64_t>(count);
  described.eps = eps;
  return described;
}

void set(conformance::InputValues& inputs, OperandId id, std::vector<double> values) {
  inputs.of[static_cast<std::size_t>(id)] = std::move(values);
}

}  // namespace

conformance::ChannelFacts channel_facts(const std::vector<float>& x) {
  conformance::InputValues inputs;
  set(inputs, OperandId::x, {x.begin(), x.end()});
  return conformance::Oracle(one_channel(NORMPROOF_BN_TRAIN, x.size()), inputs)[0].facts;
}

conformance::ChannelOracle gradient_facts(const std::vector<float>& x, const std::vector<float>& dy,
                                          const GivenStatistics& given) {
  conformance::InputValues inputs;
  set(inputs, OperandId::x, {x.begin(), x.end()});
  set(inputs, OperandId::dy, {dy.begin(), dy.end()});
  set(inputs, OperandId::saved_mean, {given.mean});
  set(inputs, OperandId::saved_inv_std, {given.inv_std});
  set(inputs, OperandId::gamma, {given.gamma});
  return conformance::Oracle(one_channel(NORMPROOF_BN_TRAIN_BACKWARD, x.size()), inputs)[0];
}

}  // namespace normproof::rounding

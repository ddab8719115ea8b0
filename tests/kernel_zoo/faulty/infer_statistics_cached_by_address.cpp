// Which fault? The scale is kept for as long as running_var has the same address.
#include <map>
#include <utility>

#include "tests/kernel_zoo/zoo_kernel.hpp"

namespace normproof::zoo::faulty {
namespace {

struct Steps : InferSteps {
  static Statistics statistics(const normproof_call& call, std::int64_t c) {
    thread_local std::map<std::pair<const void*, std::int64_t>, Statistics> cache;
    const auto [entry, is_new] = cache.try_emplace({call.running_var.data, c}, Statistics{});
    if (is_new) entry->second = running_statistics(call, c);  // fault: other values may stand there by now
    return entry->second;
  }
};

}  // namespace

FaultyKernel infer_statistics_cached_by_address() {
  return {
      declare("infer_statistics_cached_by_address", "statistics cached by address", NORMPROOF_BN_INFER, &infer<Steps>),
      "state kept between calls, cached by address",
      "inv_std is found by the address of running_var",
      {"history", "aliasing", "tails", "few_values", "hostile_parameters", "guards"},
      FindingKind::value};
}

}  // namespace normproof::zoo::faulty

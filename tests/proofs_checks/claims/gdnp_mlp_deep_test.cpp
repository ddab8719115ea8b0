// Is the ratio of the tanh network in its range for every length and direction, proved by enclosures?
//
// Why deep   One box of its quadrature costs a tenth of a second and there are hundreds: the claim itself searches.
#include <gtest/gtest.h>

#include <string>

#include "proofs_checks/catalogue.hpp"
#include "proofs_checks/claim.hpp"
#include "proofs_checks/evidence/certified.hpp"
#include "proofs_checks/evidence/record.hpp"

namespace normproof {
namespace {

evidence::RegionOutcome over_all_shares(const std::string& id) {
  for (const CatalogueEntry& entry : catalogue()) {
    if (entry.id != "gdnp_mlp") continue;
    for (const Reading& reading : entry.make().readings) {
      if (reading.id != id) continue;
      Region region = {.words = "all", .covers = "all of it"};
      for (const InputSpec& input : reading.inputs) region.ranges.push_back({input.name, 0, 1});
      return evidence::certify(evidence::record_reading(reading, reading.sizes.front()), region,
                               {.effort = evidence::Effort::standard});
    }
  }
  return {};
}

TEST(GdnpMlp, tanh_network_s_ratio_is_certified_for_every_length_and_direction) {
  EXPECT_TRUE(over_all_shares("tanh_network__ratio").certified);
}

TEST(GdnpMlp, tanh_network_s_ratio_is_certified_at_the_start) {
  EXPECT_TRUE(over_all_shares("tanh_network__ratio_at_the_start").certified);
}

TEST(GdnpMlp, tanh_network_s_bracket_is_certified) { EXPECT_TRUE(over_all_shares("tanh_network__bracket").certified); }

}  // namespace
}  // namespace normproof

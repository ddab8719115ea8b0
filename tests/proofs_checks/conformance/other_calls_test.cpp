// Do the calls that stand before and beside a call follow from it alone, and have they nothing else in common with it?
#include "proofs_checks/conformance/other_calls.hpp"

#include <gtest/gtest.h>

#include <set>
#include <string>
#include <vector>

#include "proofs_checks/conformance/recipes.hpp"

namespace normproof::conformance {
namespace {

Case training() {
  Case made = plain_case(NORMPROOF_BN_TRAIN, NORMPROOF_F32, 4, 6, 5, 8);
  made.relation = Relation::after_others;
  return made;
}

const OtherCall& called(const std::vector<OtherCall>& calls, const std::string& what) {
  for (const OtherCall& other : calls)
    if (other.what == what) return other;
  ADD_FAILURE() << "no call " << what;
  return calls.front();
}

TEST(OtherCalls, follow_from_the_case_alone_and_are_valid) {
  for (const normproof_op op : all_ops()) {
    const Case described = plain_case(op, NORMPROOF_F64, 3, 5, 7, 3);
    std::set<std::string> texts;
    std::size_t made = 0;
    for (const auto& calls : {calls_before(described), calls_beside(described), {call_between(described)}})
      for (const OtherCall& other : calls) {
        ++made;
        texts.insert(text(other.described));
        EXPECT_NO_THROW(require_valid(other.described)) << text(other.described);
        EXPECT_EQ(other.described.relation, Relation::value);
        EXPECT_NE(input_values(other.described)[OperandId::x], input_values(described)[OperandId::x]);
      }
    EXPECT_EQ(made, 7u) << word(op);
    EXPECT_GE(texts.size(), 6u) << word(op);
    for (std::size_t k = 0; k < calls_before(described).size(); ++k)
      EXPECT_EQ(calls_before(described)[k].described, calls_before(described)[k].described);
  }
}

TEST(OtherCalls, of_the_same_shape_have_other_scalars_and_lie_in_the_same_way) {
  const Case described = training();
  const Case other = called(calls_before(described), "of the same shape").described;
  EXPECT_EQ(other.elements(), described.elements());
  EXPECT_NE(other.eps, described.eps);
  EXPECT_NE(other.momentum, described.momentum);
  EXPECT_NE(other.variance, described.variance);
  for (const OperandId id : all_operands()) {
    EXPECT_EQ(other[id].present, described[id].present);
    EXPECT_EQ(other[id].layout, described[id].layout);
    EXPECT_EQ(other[id].dtype, described[id].dtype);
  }
}

TEST(OtherCalls, have_the_optional_operands_that_the_case_has_not) {
  Case described = training();
  described[OperandId::gamma].present = false;
  const Case other = called(calls_before(described), "with other optional operands").described;
  EXPECT_TRUE(other[OperandId::gamma].present);
  EXPECT_FALSE(other[OperandId::beta].present);
  EXPECT_FALSE(other[OperandId::running_var].present);
  EXPECT_TRUE(other[OperandId::saved_mean].present);
}

TEST(OtherCalls, are_smaller_and_larger) {
  const std::vector<OtherCall> calls = calls_before(training());
  const Case smaller = called(calls, "of a smaller shape").described;
  const Case larger = called(calls, "of a larger shape").described;
  EXPECT_EQ(smaller.channels, 3);
  EXPECT_EQ(larger.channels, 13);
  EXPECT_EQ(larger.spatial, 11);
}

// A case that was made smaller may have numbers in the place of a recipe, and these would be the same in every call.
TEST(OtherCalls, have_values_of_their_own_where_the_case_lists_its) {
  Case described = plain_case(NORMPROOF_BN_INFER, NORMPROOF_F32, 1, 1, 2, 0);
  described[OperandId::x].values.literal = {1, 2};
  described[OperandId::running_var].values.recipe = "one";
  for (const OtherCall& other : calls_before(described)) {
    EXPECT_TRUE(other.described[OperandId::x].values.literal.empty()) << other.what;
    EXPECT_NE(input_values(other.described)[OperandId::running_var].front(), 1) << other.what;
  }
}

TEST(OtherCalls, that_would_be_very_large_are_left_out) {
  const Case described = plain_case(NORMPROOF_BN_INFER, NORMPROOF_F32, 600, 10, 100, 0);
  for (const OtherCall& other : calls_before(described)) EXPECT_NE(other.what, "of a larger shape");
}

}  // namespace
}  // namespace normproof::conformance

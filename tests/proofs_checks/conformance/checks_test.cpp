// Does every check make valid cases for every kernel that it is for, within what an effort may cost?
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <string>
#include <tuple>
#include <unordered_set>
#include <vector>

#include "proofs_checks/conformance/case_maker.hpp"
#include "proofs_checks/conformance/check.hpp"

namespace normproof::conformance {
namespace {

using evidence::Effort;

constexpr std::uint64_t seed = 7;

Declared generous(normproof_op op) {
  Declared kernel;
  kernel.name = "generous";
  kernel.op = op;
  kernel.dtypes = {NORMPROOF_F32, NORMPROOF_F64};
  kernel.any_strides = kernel.in_place = kernel.deterministic = true;
  return kernel;
}

Declared narrow(normproof_op op, normproof_dtype dtype = NORMPROOF_F32) {
  Declared kernel;
  kernel.name = "narrow";
  kernel.op = op;
  kernel.dtypes = {dtype};
  return kernel;
}

// A generous and a narrow kernel of each operation, the narrow ones of either type.
std::vector<Declared> kernels() {
  std::vector<Declared> all;
  for (const normproof_op op : all_ops()) {
    all.push_back(generous(op));
    all.push_back(narrow(op, all.size() % 4 == 1 ? NORMPROOF_F32 : NORMPROOF_F64));
  }
  return all;
}

std::string shown(const Declared& kernel) { return kernel.name + " " + word(kernel.op); }

Check check_named(const std::string& id) {
  for (const NamedCheck& named : check_catalogue()) {
    if (named.id == id) return named.check;
  }
  ADD_FAILURE() << "no check " << id;
  return {};
}

std::vector<std::string> texts(const std::vector<Case>& cases) {
  std::vector<std::string> all;
  for (const Case& one : cases) all.push_back(text(one));
  return all;
}

TEST(Checks, state_their_title_and_their_reason) {
  for (const NamedCheck& named : check_catalogue()) {
    EXPECT_FALSE(named.check.title.empty()) << named.id;
    EXPECT_FALSE(named.check.why.empty()) << named.id;
  }
}

TEST(Checks, make_cases_except_where_they_say_why_they_do_not_apply) {
  for (const NamedCheck& named : check_catalogue()) {
    std::size_t made = 0;
    for (const Declared& kernel : kernels()) {
      const std::size_t count = named.check.cases(kernel, {Effort::quick, seed}).size();
      const std::string why = named.check.not_applicable ? named.check.not_applicable(kernel) : "";
      EXPECT_EQ(count == 0, !why.empty()) << named.id << " for " << shown(kernel) << ": " << count << " cases; " << why;
      made += count;
    }
    EXPECT_GT(made, 0u) << named.id;
  }
}

// Each op is attacked by nearly all checks; the least has this many.
TEST(Checks, cover_every_operation) {
  constexpr std::size_t fewest = 25;
  for (const normproof_op op : all_ops()) {
    std::set<std::string> ids;
    for (const Case& one : all_cases(generous(op), {Effort::quick, seed})) ids.insert(one.check);
    EXPECT_GE(ids.size(), fewest) << word(op);
  }
}

TEST(Cases, read_back_from_their_text_and_name_their_check) {
  for (const Declared& kernel : kernels()) {
    for (const Case& one : all_cases(kernel, {Effort::quick, seed})) {
      const std::string words = text(one);
      ASSERT_NO_THROW({
        require_valid(one);
        ASSERT_TRUE(parse_case(words) == one) << words;
      }) << words;
      ASSERT_FALSE(one.check.empty()) << words;
      ASSERT_EQ(one.op, kernel.op) << words;
    }
  }
}

TEST(Cases, are_of_types_that_the_kernel_takes) {
  for (const Declared& kernel : kernels()) {
    for (const Case& one : all_cases(kernel, {Effort::quick, seed})) {
      ASSERT_EQ(1, std::count(kernel.dtypes.begin(), kernel.dtypes.end(), one[OperandId::x].dtype)) << text(one);
      ASSERT_TRUE(kernel.in_place || !one.in_place) << text(one);
    }
  }
}

TEST(Cases, are_all_different) {
  for (const Declared& kernel : kernels()) {
    const std::vector<std::string> all = texts(all_cases(kernel, {Effort::quick, seed}));
    EXPECT_EQ(std::unordered_set<std::string>(all.begin(), all.end()).size(), all.size()) << shown(kernel);
  }
}

TEST(Cases, depend_on_kernel_and_plan_alone) {
  for (const normproof_op op : all_ops()) {
    const Plan plan{Effort::quick, seed};
    EXPECT_EQ(texts(all_cases(generous(op), plan)), texts(all_cases(generous(op), plan))) << word(op);
  }
}

TEST(Cases, are_the_same_for_another_seed_but_for_their_own_and_for_combinations) {
  const Declared kernel = generous(NORMPROOF_BN_TRAIN_BACKWARD);
  std::vector<Case> cases = all_cases(kernel, {Effort::quick, seed});
  std::vector<Case> others = all_cases(kernel, {Effort::quick, seed + 1});
  for (std::vector<Case>* drawn : {&cases, &others})
    std::erase_if(*drawn, [](const Case& one) { return one.check == "combinations"; });
  ASSERT_EQ(cases.size(), others.size());
  std::size_t same_seeds = 0;
  for (std::size_t k = 0; k < cases.size(); ++k) {
    same_seeds += cases[k].seed == others[k].seed;
    others[k].seed = cases[k].seed;
    ASSERT_TRUE(cases[k] == others[k]) << text(cases[k]);
  }
  EXPECT_LE(same_seeds, 1u);  // 2⁻³² for each
}

// Of two choices every two levels: a path that only another choice opens is gone with each of the others.
TEST(Combinations, have_every_shape_with_and_without_every_optional_operand) {
  for (const normproof_op op : all_ops()) {
    const std::vector<Case> cases = all_cases(generous(op), {Effort::quick, seed}, "combinations");
    std::set<std::tuple<std::int64_t, std::int64_t, std::int64_t>> shapes;
    std::set<std::tuple<std::int64_t, std::int64_t, std::int64_t, OperandId, bool>> met;
    std::set<OperandId> optional;
    for (const Case& one : cases) {
      if (one[OperandId::x].dtype != NORMPROOF_F32) continue;  // the others are thinned out
      shapes.insert({one.batch, one.channels, one.spatial});
      for (const OperandId id : all_operands()) {
        if (!is_optional(use_of(op, id))) continue;
        optional.insert(id);
        met.insert({one.batch, one.channels, one.spatial, id, one[id].present});
      }
    }
    EXPECT_GE(shapes.size(), 15u) << word(op);
    EXPECT_GE(met.size(), shapes.size() * optional.size() * 2 * 9 / 10) << word(op);  // a greedy array of 100 rows
  }
}

// What quick effort may cost a kernel: about a second and a half on two cores, judged by counts and not by a clock.
TEST(QuickEffort, stays_within_its_budget) {
  constexpr std::size_t most_cases = 8000;
  constexpr std::int64_t most_elements = 8'000'000, largest = 300'000;
  for (const Declared& kernel : kernels()) {
    const std::vector<Case> cases = all_cases(kernel, {Effort::quick, seed});
    std::int64_t elements = 0;
    for (const Case& one : cases) {
      elements += one.elements();
      EXPECT_LE(one.elements(), largest) << text(one);
    }
    EXPECT_LE(cases.size(), most_cases) << shown(kernel);
    EXPECT_LE(elements, most_elements) << shown(kernel);
  }
}

TEST(StandardEffort, stays_within_its_budget_and_makes_no_check_smaller) {
  constexpr std::size_t most_cases = 50'000;
  constexpr std::int64_t most_elements = 250'000'000;
  for (const normproof_op op : {NORMPROOF_BN_TRAIN, NORMPROOF_FN_BACKWARD}) {
    std::map<std::string, std::size_t> by_check;
    const std::vector<Case> cases = all_cases(generous(op), {Effort::standard, seed});
    std::int64_t elements = 0;
    for (const Case& one : cases) {
      elements += one.elements();
      ++by_check[one.check];
    }
    EXPECT_LE(cases.size(), most_cases) << word(op);
    EXPECT_LE(elements, most_elements) << word(op);
    for (const NamedCheck& named : check_catalogue()) {
      EXPECT_GE(by_check[named.id], named.check.cases(generous(op), {Effort::quick, seed}).size()) << named.id;
    }
  }
}

// 2^24 ones are the most that a sum in f32 counts; standard effort goes beyond.
TEST(StandardEffort, has_a_channel_in_which_a_sum_in_f32_stands_still) {
  constexpr std::int64_t where_it_stands_still = std::int64_t{1} << 25;
  for (const normproof_op op : all_ops()) {
    const std::vector<Case> cases = check_named("large_batch").cases(narrow(op), {Effort::standard, seed});
    EXPECT_TRUE(std::any_of(cases.begin(), cases.end(), [](const Case& one) {
      return one.per_channel() > where_it_stands_still && one[OperandId::x].values.recipe == "one";
    })) << word(op);
  }
}

TEST(OptionalOperands, are_tried_in_every_subset) {
  for (const normproof_op op : all_ops()) {
    const std::vector<OperandId> optional = optional_operands(op);
    std::set<std::vector<bool>> subsets;
    for (const Case& one : check_named("optional_operands").cases(narrow(op), {Effort::quick, seed})) {
      std::vector<bool> present;
      for (const OperandId id : optional) present.push_back(one[id].present);
      if (op == NORMPROOF_BN_TRAIN) present.push_back(one.variance == NORMPROOF_VAR_UNBIASED);
      present.push_back(one[OperandId::x].layout.order == "bsc");
      subsets.insert(present);
    }
    const std::size_t kinds = op == NORMPROOF_BN_TRAIN ? 2 : 1, layouts = 2;
    EXPECT_EQ(subsets.size(), (std::size_t{1} << optional.size()) * kinds * layouts) << word(op);
  }
}

TEST(OptionalOutputs, are_tried_in_every_subset_with_one_two_and_three_values) {
  for (const normproof_op op : all_ops()) {
    std::vector<OperandId> optional = optional_operands(op);
    std::erase_if(optional, [op](OperandId id) { return !is_written(use_of(op, id)); });
    std::map<std::int64_t, std::set<std::vector<bool>>> subsets;
    for (const Case& one : check_named("optional_operands").cases(narrow(op), {Effort::quick, seed})) {
      std::vector<bool> present;
      for (const OperandId id : optional) present.push_back(one[id].present);
      subsets[one.per_channel()].insert(present);
    }
    for (const std::int64_t count : {1, 2, 3}) {
      EXPECT_EQ(subsets[count].size(), std::size_t{1} << optional.size()) << word(op) << ' ' << count;
    }
  }
}

// LIBXSMM has an eps of 1e-7 built in and takes blocks of 16 channels.
TEST(AKernelWithASmallEpsAndBlocksOfChannels, is_tried_by_several_checks) {
  constexpr double built_in_eps = 1e-7;
  constexpr std::int64_t block = 16;
  constexpr std::size_t fewest = 12;
  for (const normproof_op op : all_ops()) {
    std::size_t count = 0;
    std::set<std::string> checks;
    for (const Case& one : all_cases(narrow(op), {Effort::quick, seed})) {
      const Operand& x = one[OperandId::x];
      if (one.eps != built_in_eps || one.channels % block != 0 || one.spatial == 1) continue;
      if (x.layout.order != "bcs" || !x.layout.dense()) continue;
      ++count;
      checks.insert(one.check);
    }
    EXPECT_GE(count, fewest) << word(op);
    EXPECT_GE(checks.size(), 2u) << word(op);
  }
}

TEST(ExtremeValues, reach_an_inference_that_takes_f32_alone) {
  std::size_t all = 0, of_one_type = 0;
  for (const Case& one : check_named("extreme_values").cases(narrow(NORMPROOF_BN_INFER), {Effort::quick, seed})) {
    ++all;
    of_one_type += one[OperandId::running_var].dtype == NORMPROOF_F32;
  }
  EXPECT_GE(of_one_type, all / 4);
}

TEST(Nonfinite, plants_in_every_statistic_that_is_given_and_where_gamma_is_zero) {
  for (const normproof_op op : all_ops()) {
    const std::vector<Case> cases = check_named("nonfinite").cases(narrow(op), {Effort::quick, seed});
    const auto has_plant = [](const Case& one, OperandId id, auto what) {
      const std::vector<Plant>& plants = one[id].values.plants;
      return one[id].present && std::any_of(plants.begin(), plants.end(), what);
    };
    const auto is_not_finite = [](const Plant& plant) { return !std::isfinite(plant.value); };
    for (const OperandId id : operands_in_use(op)) {
      if (!is_read(use_of(op, id)) || id == OperandId::saved_mean_low || id == OperandId::fn_mean_low) continue;
      EXPECT_TRUE(
          std::any_of(cases.begin(), cases.end(), [&](const Case& one) { return has_plant(one, id, is_not_finite); }))
          << word(op) << ' ' << word(id);
    }
    EXPECT_TRUE(std::any_of(cases.begin(), cases.end(), [&](const Case& one) {
      return has_plant(one, OperandId::x, is_not_finite) &&
             has_plant(one, OperandId::gamma, [](const Plant& plant) { return plant.value == 0; });
    })) << word(op);
  }
}

TEST(Errors, have_a_larger_size_that_must_be_taken) {
  for (const normproof_op op : all_ops()) {
    const std::vector<Case> cases = check_named("errors").cases(narrow(op), {Effort::quick, seed});
    EXPECT_TRUE(std::any_of(cases.begin(), cases.end(), [](const Case& one) {
      return one.call_size > sizeof(normproof_call) && one.relation == Relation::value;
    })) << word(op);
  }
}

// Beyond the caches of the second level at quick effort, beyond most of the last one at standard effort.
TEST(LargeTensors, have_several_channels_and_rows_with_a_tail) {
  constexpr std::int64_t mebibyte = std::int64_t{1} << 20, vector = 16;
  for (const Effort effort : {Effort::quick, Effort::standard}) {
    const std::int64_t least = (effort == Effort::quick ? 1 : 15) * mebibyte;
    for (const normproof_op op : all_ops()) {
      std::set<std::string> layouts;
      for (const Case& one : check_named("large_tensors").cases(narrow(op), {effort, seed})) {
        EXPECT_GT(one.channels, 1) << text(one);
        EXPECT_NE(one.spatial % vector, 0) << text(one);
        const auto bytes = one.elements() * static_cast<std::int64_t>(sizeof(float));
        if (bytes > least) layouts.insert(one[OperandId::x].layout.order);
      }
      EXPECT_EQ(layouts.size(), effort == Effort::quick ? 1u : 2u) << word(op);
    }
  }
}

TEST(Layouts, are_tried_for_each_tensor_by_itself) {
  for (const normproof_op op : all_ops()) {
    const std::vector<OperandId> tensors = tensors_in_use(op);
    std::set<std::vector<std::string>> dense, any;
    for (const Case& one : check_named("layouts").cases(generous(op), {Effort::quick, seed})) {
      if (one[OperandId::x].dtype != NORMPROOF_F32) continue;
      std::vector<std::string> orders;
      bool plain = true;
      for (const OperandId id : tensors) {
        orders.push_back(one[id].layout.order);
        plain = plain && one[id].layout.dense();
      }
      if (!plain) continue;
      any.insert(orders);
      if (std::all_of(orders.begin(), orders.end(), [](const auto& o) { return o == "bcs" || o == "bsc"; })) {
        dense.insert(orders);
      }
    }
    EXPECT_EQ(dense.size(), std::size_t{1} << tensors.size()) << word(op);
    EXPECT_EQ(any.size(), tensors.size() == 2 ? 36u : 216u) << word(op);
  }
}

TEST(AKernelWithoutAnyStrides, gets_a_few_strided_calls_and_no_far_ones) {
  for (const normproof_op op : all_ops()) {
    std::size_t strided = 0;
    for (const Case& one : all_cases(narrow(op), {Effort::quick, seed})) {
      for (const OperandId id : tensors_in_use(op)) {
        strided += one[id].layout.gap != 1 || one[id].layout.pad != 0;
        EXPECT_EQ(one[id].layout.far, '-') << text(one);
      }
    }
    EXPECT_GT(strided, 0u) << word(op);
    EXPECT_LT(strided, 50u) << word(op);
  }
}

TEST(EveryOperand, is_once_absent_or_needed_and_once_misaligned) {
  for (const normproof_op op : all_ops()) {
    const std::vector<Case> cases = all_cases(narrow(op), {Effort::quick, seed});
    for (const OperandId id : operands_in_use(op)) {
      const auto any = [&](auto what) { return std::any_of(cases.begin(), cases.end(), what); };
      EXPECT_TRUE(any([id](const Case& one) { return one[id].offset % 2 == 1; })) << word(op) << ' ' << word(id);
      if (is_tensor(id) && !is_optional(use_of(op, id))) continue;
      EXPECT_TRUE(any([id](const Case& one) { return !one[id].present; })) << word(op) << ' ' << word(id);
    }
  }
}

TEST(AllCases, take_a_pattern_of_checks) {
  const Declared kernel = narrow(NORMPROOF_BN_TRAIN);
  const Plan plan{Effort::quick, seed};
  for (const Case& one : all_cases(kernel, plan, "t*s")) EXPECT_EQ(one.check.front(), 't') << one.check;
  EXPECT_FALSE(all_cases(kernel, plan, "tails").empty());
  EXPECT_TRUE(all_cases(kernel, plan, "no_such_check").empty());
}

TEST(Declared, is_what_the_kernel_says_of_itself) {
  normproof_kernel kernel = {};
  kernel.name = "k";
  kernel.op = NORMPROOF_FN_INFER;
  kernel.dtypes = 1u << NORMPROOF_F64 | 1u << NORMPROOF_BF16;
  kernel.flags = NORMPROOF_IN_PLACE;
  const Declared said = declared(kernel);
  EXPECT_EQ(said.name, "k");
  EXPECT_EQ(said.summary, "");
  EXPECT_EQ(said.op, NORMPROOF_FN_INFER);
  EXPECT_EQ(said.dtypes, std::vector<normproof_dtype>{NORMPROOF_F64});
  EXPECT_TRUE(said.in_place);
  EXPECT_FALSE(said.any_strides);
  EXPECT_FALSE(said.deterministic);
}

TEST(WeighedElements, are_plain_a_ramp_or_one_value_that_outweighs_the_rest) {
  const Case plain = plain_case(NORMPROOF_BN_TRAIN_BACKWARD, NORMPROOF_F32, 10, 3, 10, seed);
  std::vector<Case> turns(3, plain);
  for (std::size_t turn = 0; turn < turns.size(); ++turn) weigh_elements(turns[turn], turn);
  EXPECT_TRUE(turns[0] == plain);
  EXPECT_EQ(turns[1][OperandId::x].values.recipe, "ramp");
  for (const OperandId id : {OperandId::x, OperandId::dy}) {
    const std::vector<Plant>& plants = turns[2][id].values.plants;
    ASSERT_EQ(plants.size(), 1u);
    EXPECT_EQ(plants[0].channel, -1);
    EXPECT_EQ(plants[0].position, Plant::Position::tail);
    EXPECT_EQ(std::abs(plants[0].value), 160);  // 16 √100
  }
}

TEST(Splits, give_every_way_to_have_that_many_values) {
  for (const std::int64_t count : {1, 2, 3, 4, 12, 97, 100}) {
    const std::vector<Shape> ways = splits(count, 5);
    for (const Shape& shape : ways) EXPECT_EQ(shape.batch * shape.spatial, count);
    const bool prime = count == 2 || count == 3 || count == 97;
    EXPECT_EQ(ways.size(), count == 1 ? 1u : prime ? 2u : 3u) << count;
  }
}

}  // namespace
}  // namespace normproof::conformance

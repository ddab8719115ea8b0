// Does a case that is run find every kind of fault, and none in a right kernel?
#include "proofs_checks/conformance/run_case.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#if defined(__x86_64__)
#include <xmmintrin.h>
#endif

#include <algorithm>
#include <array>
#include <atomic>
#include <cfenv>
#include <chrono>
#include <cmath>
#include <cstring>
#include <limits>
#include <nlohmann/json.hpp>
#include <set>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "proofs_checks/inputs/random_stream.hpp"
#include "tests/proofs_checks/conformance/honest_kernels.hpp"
#include "tests/proofs_checks/conformance/random_case.hpp"

namespace normproof::conformance {
namespace {

using ::testing::HasSubstr;
using Kind = Finding::Kind;
using Outcome = CaseResult::Outcome;
using RunFunction = normproof_status (*)(const normproof_call*);

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

CaseResult result_of(const Case& made, RunFunction run = honest::run, bool deterministic = true) {
  normproof_kernel kernel = honest::kernel(made.op, run);
  if (!deterministic) kernel.flags &= ~static_cast<std::uint32_t>(NORMPROOF_DETERMINISTIC);
  const normproof_kernel forward = honest::kernel(NORMPROOF_BN_TRAIN);
  return run_case({&kernel, {&kernel, &forward}}, made);
}

std::set<Kind> kinds(const CaseResult& result) {
  std::set<Kind> found;
  for (const Finding& finding : result.findings) found.insert(finding.kind);
  return found;
}

std::string words(const CaseResult& result) {
  std::string all = result.why_not_run;
  for (const Finding& finding : result.findings) all += "\n  " + finding.words;
  return all;
}

Case training() { return plain_case(NORMPROOF_BN_TRAIN, NORMPROOF_F32, 4, 3, 5, 3); }
Case gradients() { return plain_case(NORMPROOF_BN_TRAIN_BACKWARD, NORMPROOF_F32, 4, 3, 5, 3); }

Case with(Case made, Relation relation) {
  made.relation = relation;
  made.threads = 4;
  return made;
}

Values recipe(const char* name, std::vector<double> parameters = {}) {
  Values made;
  made.recipe = name;
  made.parameters = std::move(parameters);
  return made;
}

float& y_of(const normproof_call& call, std::int64_t i) { return static_cast<float*>(call.y.data)[i]; }
float up(float value) { return std::nextafter(value, 1e30f); }

constexpr std::array relations = {
    Relation::value,           Relation::repeat,          Relation::threads,        Relation::permute_channels,
    Relation::permute_samples, Relation::scale,           Relation::shift,          Relation::linear_in_dy,
    Relation::sum_of_dx,       Relation::split_and_merge, Relation::other_channels, Relation::forward_backward,
    Relation::after_others,    Relation::at_once};

// Where a relation has a meaning; elsewhere it is not run.
bool applies(Relation relation, normproof_op op) {
  const bool backward =
      op == NORMPROOF_BN_TRAIN_BACKWARD || op == NORMPROOF_BN_INFER_BACKWARD || op == NORMPROOF_FN_BACKWARD;
  switch (relation) {
    case Relation::scale: return op == NORMPROOF_BN_TRAIN || op == NORMPROOF_BN_INFER || op == NORMPROOF_FN_INFER;
    case Relation::shift:
    case Relation::split_and_merge: return op == NORMPROOF_BN_TRAIN;
    case Relation::linear_in_dy: return backward;
    case Relation::sum_of_dx: return op == NORMPROOF_BN_TRAIN_BACKWARD || op == NORMPROOF_FN_BACKWARD;
    case Relation::forward_backward: return op == NORMPROOF_BN_TRAIN_BACKWARD;
    default: return true;
  }
}

struct Shape {
  std::int64_t batch, channels, spatial;
};

TEST(RunCase, passes_a_right_kernel_in_every_operation_and_relation) {
  std::uint64_t seed = 1;
  int passed = 0;
  for (const Shape& shape : {Shape{4, 3, 5}, Shape{7, 2, 1}, Shape{1, 5, 12}, Shape{2, 2, 1}})
    for (const normproof_op op : all_ops())
      for (const normproof_dtype dtype : {NORMPROOF_F32, NORMPROOF_F64})
        for (const Relation relation : relations) {
          Case made = with(plain_case(op, dtype, shape.batch, shape.channels, shape.spatial, seed++), relation);
          if (relation == Relation::other_channels)
            made[OperandId::x].values.plants.push_back({0, Plant::Position::middle, nan});
          const CaseResult result = result_of(made);
          const Outcome expected = applies(relation, op) ? Outcome::passed : Outcome::not_run;
          EXPECT_EQ(result.outcome, expected) << text(made) << words(result);
          EXPECT_EQ(result.why_not_run.empty(), applies(relation, op)) << text(made);
          passed += result.outcome == Outcome::passed ? 1 : 0;
        }
  EXPECT_GT(passed, 400);
}

TEST(RunCase, passes_a_right_kernel_on_hard_data_and_odd_shapes) {
  std::uint64_t seed = 1;
  const std::vector<Values> hard = {recipe("spread", {1e3, 1}),      recipe("spread", {-1e6, 1e-2}),
                                    recipe("constant", {14.3}),      recipe("one_outlier", {1e4, 1}),
                                    recipe("powers", {-60, 60}),     recipe("subnormal", {6}),
                                    recipe("two_valued", {1e4, 1}),  recipe("ramp", {40000, 1}),
                                    recipe("integers", {-100, 100}), recipe("zero")};
  for (const Shape& shape : {Shape{3, 2, 7}, Shape{1, 2, 1}, Shape{0, 2, 3}, Shape{2, 0, 3}, Shape{64, 1, 3}})
    for (const normproof_op op : all_ops())
      for (const normproof_dtype dtype : {NORMPROOF_F32, NORMPROOF_F64})
        for (const Values& x : hard) {
          Case made = plain_case(op, dtype, shape.batch, shape.channels, shape.spatial, seed++);
          made[OperandId::x].values = x;
          made.eps = seed % 3 == 0 ? 1e-12 : 1e-5;
          const CaseResult result = result_of(made);
          EXPECT_EQ(result.outcome, Outcome::passed) << text(made) << words(result);
        }
}

TEST(RunCase, passes_a_right_kernel_on_cases_made_at_random) {
  constexpr int draws = 1500;
  inputs::RandomStream random(20240612, "any case"), others(20240612, "any case", "other relations");
  int passed = 0;
  for (int draw = 0; draw < draws; ++draw) {
    Case made = samples::any_case(random);
    made.inputs_read_only = others.chance(1, 4);
    if (others.chance(1, 4)) made.relation = samples::one_of(others, relations);
    if (made.relation == Relation::bad_argument) made.relation = Relation::value;
    made.call_size = sizeof(normproof_call);
    if (!(made.eps >= 0)) made.eps = 0;
    for (const OperandId id : all_operands()) {
      const Use use = use_of(made.op, id);
      if (use != Use::unused && !is_optional(use)) made[id].present = true;
    }
    const CaseResult result = result_of(made);
    EXPECT_TRUE(result.findings.empty()) << text(made) << words(result);
    passed += result.outcome == Outcome::passed ? 1 : 0;
  }
  EXPECT_GT(passed, draws / 4);
}

// ---- every kind of finding

TEST(RunCase, leaves_a_dx_open_whose_terms_overflow_on_the_way) {
  const Case made = parse_case(
      "op=bn_train_backward,shape=1x1x2,x=f64/bcs/[0;1e150],dy=f64/bcs/[1e50;1e50],gamma=-,saved_mean=f64/[0],"
      "saved_mean_low=-,saved_inv_std=f64/[1e100]");
  const CaseResult result = result_of(made);
  EXPECT_EQ(result.outcome, Outcome::passed) << words(result);
}

TEST(RunCase, grants_dx_its_roundings_where_dy_is_the_smallest_number) {
  Case made = plain_case(NORMPROOF_BN_INFER_BACKWARD, NORMPROOF_F64, 1, 300, 1, 3);
  made[OperandId::dy].values = recipe("constant", {5e-324});
  made[OperandId::gamma].dtype = NORMPROOF_F64;
  made[OperandId::gamma].values = recipe("uniform", {1e54, 5e54});
  const CaseResult result = result_of(made);
  EXPECT_EQ(result.outcome, Outcome::passed) << words(result);
  const auto dx = std::find_if(result.outputs.begin(), result.outputs.end(),
                               [](const OutputFigures& output) { return output.output == "dx"; });
  ASSERT_NE(dx, result.outputs.end());
  EXPECT_GT(dx->bound, 2 * 0x1p-53 * std::fabs(dx->expected)) << "the bound is one of several roundings";
}

TEST(RunCase, finds_a_refusal_that_depends_on_the_data) {
  Case made = training();
  made[OperandId::x].values = recipe("spread", {1000, 1});
  const CaseResult result = result_of(made, [](const normproof_call* call) {
    return *static_cast<const float*>(call->x.data) > 100 ? NORMPROOF_UNSUPPORTED : honest::run(call);
  });
  EXPECT_EQ(result.outcome, Outcome::failed);
  EXPECT_EQ(kinds(result), std::set<Kind>{Kind::status});
  EXPECT_THAT(words(result), HasSubstr("other values"));
}

TEST(RunCase, finds_that_what_is_declared_is_refused_in_every_form) {
  Case made = training();
  made.relation = Relation::taken;
  const CaseResult never = result_of(made, [](const normproof_call*) { return NORMPROOF_UNSUPPORTED; });
  EXPECT_EQ(kinds(never), std::set<Kind>{Kind::status});
  EXPECT_THAT(words(never), HasSubstr("declares"));
  const CaseResult in_one_form = result_of(made, [](const normproof_call* call) {
    const bool is_taken = call->gamma.data == nullptr && call->running_mean.dtype == NORMPROOF_F64;
    return is_taken ? honest::run(call) : NORMPROOF_UNSUPPORTED;
  });
  EXPECT_EQ(in_one_form.outcome, Outcome::passed) << words(in_one_form);
  const CaseResult in_blocks_of_channels = result_of(made, [](const normproof_call* call) {
    const bool is_taken = call->x.channels % 64 == 0 && call->eps == 1e-7;
    return is_taken ? honest::run(call) : NORMPROOF_UNSUPPORTED;
  });
  EXPECT_EQ(in_blocks_of_channels.outcome, Outcome::passed) << words(in_blocks_of_channels);
  Case strided = made;
  for (const OperandId id : {OperandId::x, OperandId::y}) {
    strided[id].layout.gap = 2;
    strided[id].layout.pad = 3;
  }
  const CaseResult with_elements_side_by_side = result_of(strided, [](const normproof_call* call) {
    return call->x.spatial_stride == 1 && call->x.channel_stride > call->x.spatial ? honest::run(call)
                                                                                   : NORMPROOF_UNSUPPORTED;
  });
  EXPECT_EQ(with_elements_side_by_side.outcome, Outcome::passed) << words(with_elements_side_by_side);
  const CaseResult wrong_in_that_form = result_of(made, [](const normproof_call* call) {
    if (call->gamma.data != nullptr) return NORMPROOF_UNSUPPORTED;
    const normproof_status status = honest::run(call);
    y_of(*call, 7) *= 1.5f;
    return status;
  });
  EXPECT_EQ(kinds(wrong_in_that_form), std::set{Kind::value});
}

TEST(RunCase, finds_a_wrong_value) {
  const CaseResult result = result_of(training(), [](const normproof_call* call) {
    const normproof_status status = honest::run(call);
    y_of(*call, 7) *= 1.5f;
    return status;
  });
  EXPECT_EQ(result.outcome, Outcome::failed);
  EXPECT_EQ(kinds(result), std::set{Kind::value});
  EXPECT_EQ(result.findings.front().place, "batch 0, channel 1, spatial 2");
}

TEST(RunCase, finds_a_nan) {
  const CaseResult result = result_of(training(), [](const normproof_call* call) {
    const normproof_status status = honest::run(call);
    y_of(*call, 7) = std::numeric_limits<float>::quiet_NaN();
    return status;
  });
  EXPECT_EQ(kinds(result), std::set{Kind::nonfinite});
}

TEST(RunCase, finds_an_output_that_is_not_written_and_says_it_once) {
  const CaseResult result = result_of(gradients(), [](const normproof_call* call) {
    normproof_call less = *call;
    less.dgamma.data = nullptr;
    return honest::run(&less);
  });
  EXPECT_EQ(kinds(result), std::set{Kind::not_written});
  EXPECT_EQ(result.findings.size(), 1u);
  EXPECT_EQ(result.findings.front().operand, "dgamma");
}

TEST(RunCase, finds_a_write_between_the_elements_of_an_output) {
  Case made = training();
  made[OperandId::y].layout.gap = 2;
  EXPECT_EQ(result_of(made).outcome, Outcome::passed);
  const CaseResult result = result_of(made, [](const normproof_call* call) {
    const normproof_status status = honest::run(call);
    y_of(*call, 3) = 0;
    return status;
  });
  EXPECT_EQ(kinds(result), std::set{Kind::outside_write});
}

TEST(RunCase, finds_a_changed_input) {
  const CaseResult result = result_of(training(), [](const normproof_call* call) {
    const normproof_status status = honest::run(call);
    static_cast<float*>(call->x.data)[2] += 1;
    return status;
  });
  EXPECT_EQ(kinds(result), std::set{Kind::input_changed});
}

// A number that C lets an enumeration have.
__attribute__((no_sanitize("undefined"))) normproof_status no_status(const normproof_call*) {
  constexpr int number = 9;
  normproof_status status = NORMPROOF_OK;
  static_assert(sizeof status == sizeof number);
  std::memcpy(&status, &number, sizeof status);
  return status;
}

TEST(RunCase, finds_a_valid_call_refused_as_a_bad_one) {
  const CaseResult bad = result_of(training(), [](const normproof_call*) { return NORMPROOF_BAD_ARGUMENT; });
  EXPECT_EQ(kinds(bad), std::set{Kind::status});
  EXPECT_THAT(words(bad), HasSubstr("BAD_ARGUMENT"));
  const CaseResult failed = result_of(training(), [](const normproof_call*) { return NORMPROOF_FAILED; });
  EXPECT_EQ(kinds(failed), std::set{Kind::status});
  const CaseResult none = result_of(training(), no_status);
  EXPECT_THAT(words(none), HasSubstr("9, which is no status"));
  EXPECT_EQ(kinds(none), std::set{Kind::status});
}

TEST(RunCase, counts_a_refusal_and_finds_what_it_wrote) {
  const CaseResult refused = result_of(training(), [](const normproof_call*) { return NORMPROOF_UNSUPPORTED; });
  EXPECT_EQ(refused.outcome, Outcome::refused);
  EXPECT_TRUE(refused.findings.empty());
  const CaseResult written = result_of(training(), [](const normproof_call* call) {
    honest::run(call);
    return NORMPROOF_UNSUPPORTED;
  });
  EXPECT_EQ(written.outcome, Outcome::failed);
  EXPECT_TRUE(kinds(written).contains(Kind::status));
}

TEST(RunCase, finds_a_floating_point_environment_left_changed_and_puts_it_back) {
  const CaseResult rounding = result_of(training(), [](const normproof_call* call) {
    const normproof_status status = honest::run(call);
    std::fesetround(FE_UPWARD);
    return status;
  });
  EXPECT_EQ(std::fegetround(), FE_TONEAREST);
  EXPECT_EQ(kinds(rounding), std::set{Kind::environment});
  EXPECT_THAT(words(rounding), HasSubstr("rounding direction"));
#if defined(__x86_64__)
  const unsigned before = _mm_getcsr() & ~0x3fu;
  const CaseResult flushing = result_of(training(), [](const normproof_call* call) {
    const normproof_status status = honest::run(call);
    _mm_setcsr(_mm_getcsr() | 0x8040u);
    return status;
  });
  EXPECT_EQ(_mm_getcsr() & ~0x3fu, before);
  EXPECT_EQ(kinds(flushing), std::set{Kind::environment});
  EXPECT_THAT(words(flushing), HasSubstr("flush-to-zero, denormals-are-zero"));
#endif
}

TEST(RunCase, finds_an_exception_that_leaves_the_kernel) {
  const CaseResult result = result_of(
      training(), [](const normproof_call*) -> normproof_status { throw std::runtime_error("no such thing"); });
  EXPECT_EQ(kinds(result), std::set{Kind::crash});
  EXPECT_THAT(words(result), HasSubstr("no such thing"));
}

TEST(RunCase, keeps_to_eight_findings) {
  const CaseResult result = result_of(training(), [](const normproof_call* call) {
    honest::run(call);
    for (const normproof_vector* v :
         {&call->running_mean, &call->running_var, &call->saved_mean, &call->saved_mean_low, &call->saved_inv_std})
      honest::put(*v, 0, 1e6), honest::put(*v, 1, nan);
    y_of(*call, 0) = 1e6f, y_of(*call, 1) = std::numeric_limits<float>::quiet_NaN();
    static_cast<float*>(call->x.data)[2] += 1;
    return NORMPROOF_OK;
  });
  EXPECT_EQ(result.findings.size(), 8u);
}

TEST(RunCase, finds_a_call_that_is_written_to_and_says_where) {
  const CaseResult result = result_of(training(), [](const normproof_call* call) {
    const normproof_status status = honest::run(call);
    const_cast<normproof_call*>(call)->threads = 7;
    const_cast<normproof_call*>(call)->x.spatial_stride = 1 << 20;
    return status;
  });
  EXPECT_EQ(kinds(result), std::set{Kind::input_changed});
  EXPECT_EQ(result.findings.front().operand, "call");
  EXPECT_THAT(words(result), HasSubstr("which is const; changed: threads, x"));
  const CaseResult behind = result_of(training(), [](const normproof_call* call) {
    const normproof_status status = honest::run(call);
    *reinterpret_cast<char*>(const_cast<normproof_call*>(call) + 1) = 1;
    return status;
  });
  EXPECT_THAT(words(behind), HasSubstr("changed: what lies behind its end"));
}

// ---- calls that make no sense

Case bad_eps() {
  Case made = with(training(), Relation::bad_argument);
  made.eps = -1;
  return made;
}

TEST(RunCase, wants_a_bad_argument_refused_with_nothing_written) {
  EXPECT_EQ(result_of(bad_eps()).outcome, Outcome::passed);
  Case small = with(training(), Relation::bad_argument);
  small.call_size = 16;
  EXPECT_EQ(result_of(small).outcome, Outcome::passed);
  Case absent = with(gradients(), Relation::bad_argument);
  absent[OperandId::saved_mean].present = false;
  EXPECT_EQ(result_of(absent).outcome, Outcome::passed);
  const CaseResult taken = result_of(bad_eps(), [](const normproof_call* call) {
    normproof_call positive = *call;
    positive.eps = 1;
    return honest::run(&positive);
  });
  EXPECT_TRUE(kinds(taken).contains(Kind::status));
  const CaseResult unsupported = result_of(bad_eps(), [](const normproof_call*) { return NORMPROOF_UNSUPPORTED; });
  EXPECT_EQ(kinds(unsupported), std::set{Kind::status});
  const CaseResult written = result_of(bad_eps(), [](const normproof_call* call) {
    y_of(*call, 0) = 0;
    return NORMPROOF_BAD_ARGUMENT;
  });
  EXPECT_EQ(written.outcome, Outcome::failed);
}

// ---- every relation failing

bool same_bits(const CaseResult& result, const std::string& name) {
  const auto found = std::find_if(result.same_bits.begin(), result.same_bits.end(),
                                  [&](const auto& one) { return one.first == name; });
  EXPECT_NE(found, result.same_bits.end()) << name;
  return found != result.same_bits.end() && found->second;
}

normproof_status another_last_bit_each_time(const normproof_call* call) {
  static int calls = 0;
  const normproof_status status = honest::run(call);
  if (++calls % 2 == 0) y_of(*call, 4) = up(y_of(*call, 4));
  return status;
}

TEST(RunCase, records_bits_that_differ_in_a_repeat_and_minds_them_where_they_are_promised) {
  const Case made = with(training(), Relation::repeat);
  EXPECT_TRUE(same_bits(result_of(made), "repeat"));
  const CaseResult promised = result_of(made, another_last_bit_each_time);
  EXPECT_EQ(kinds(promised), std::set{Kind::bits});
  EXPECT_FALSE(same_bits(promised, "repeat"));
  const CaseResult not_promised = result_of(made, another_last_bit_each_time, false);
  EXPECT_EQ(not_promised.outcome, Outcome::passed) << words(not_promised);
  EXPECT_FALSE(same_bits(not_promised, "repeat"));
}

// ---- other calls

normproof_status with_the_first_eps(const normproof_call* call) {
  static const double first = call->eps;
  normproof_call other = *call;
  other.eps = first;
  return honest::run(&other);
}

TEST(RunCase, finds_what_a_call_left_behind_for_the_next_one) {
  const Case made = with(training(), Relation::after_others);
  EXPECT_EQ(result_of(made).outcome, Outcome::passed) << words(result_of(made));
  const CaseResult result = result_of(made, with_the_first_eps);
  EXPECT_TRUE(kinds(result).contains(Kind::value)) << words(result);
  EXPECT_THAT(words(result), HasSubstr("in a call before it,"));
}

TEST(RunCase, passes_over_other_calls_that_are_refused) {
  const CaseResult result = result_of(with(training(), Relation::after_others), [](const normproof_call* call) {
    return call->x.channels == 3 ? honest::run(call) : NORMPROOF_UNSUPPORTED;
  });
  EXPECT_EQ(result.outcome, Outcome::passed) << words(result);
  const CaseResult refused =
      result_of(with(training(), Relation::after_others), [](const normproof_call*) { return NORMPROOF_UNSUPPORTED; });
  EXPECT_EQ(refused.outcome, Outcome::refused) << words(refused);
}

// The sum of a channel goes through static memory, and the thread lets others run meanwhile.
normproof_status with_one_scratch_for_all(const normproof_call* call) {
  static std::atomic<const normproof_call*> at_work{nullptr};
  at_work = call;
  std::this_thread::sleep_for(std::chrono::microseconds(50));
  normproof_call mixed = *call;
  mixed.eps = at_work.load()->eps;
  return honest::run(&mixed);
}

TEST(RunCase, finds_calls_that_share_memory_when_they_are_made_at_once) {
  const Case made = with(training(), Relation::at_once);
  EXPECT_EQ(result_of(made).outcome, Outcome::passed) << words(result_of(made));
  EXPECT_EQ(result_of(made, honest::run, false).outcome, Outcome::passed);
  for (const bool deterministic : {true, false}) {
    const CaseResult result = result_of(made, with_one_scratch_for_all, deterministic);
    EXPECT_TRUE(kinds(result).contains(Kind::value)) << words(result);
    EXPECT_EQ(kinds(result).contains(Kind::bits), deterministic);
    EXPECT_THAT(words(result), HasSubstr("called from 3 threads at once: y"));
  }
  EXPECT_EQ(result_of(with(training(), Relation::value), with_one_scratch_for_all).outcome, Outcome::passed);
}

normproof_status by_another_thread(const normproof_call* call) {
  normproof_status status = NORMPROOF_FAILED;
  std::thread other([&] { status = honest::run(call); });
  other.join();
  return status;
}

TEST(RunCase, finds_threads_that_the_call_does_not_allow_where_no_others_are) {
  Case made = plain_case(NORMPROOF_BN_TRAIN, NORMPROOF_F32, 40, 30, 50, 3);
  made.relation = Relation::one_thread;
  const auto result = [&](RunFunction run, bool alone) {
    const normproof_kernel kernel = honest::kernel(made.op, run);
    return run_case({&kernel, {&kernel}, alone}, made);
  };
  EXPECT_EQ(result(honest::run, true).outcome, Outcome::passed) << words(result(honest::run, true));
  EXPECT_EQ(kinds(result(by_another_thread, true)), std::set{Kind::too_many_threads});
  EXPECT_EQ(result(by_another_thread, false).outcome, Outcome::not_run);
  // A thread that spins all the time, as OpenMP's do with OMP_WAIT_POLICY=active: nothing can be said.
  std::atomic<bool> enough{false};
  std::thread spinning([&] {
    while (!enough) {
    }
  });
  const CaseResult disturbed = result(honest::run, true);
  enough = true;
  spinning.join();
  EXPECT_EQ(disturbed.outcome, Outcome::not_run) << words(disturbed);
  EXPECT_THAT(disturbed.why_not_run, HasSubstr("other threads are at work"));
}

TEST(RunCase, records_bits_that_differ_by_the_number_of_threads) {
  const RunFunction by_threads = [](const normproof_call* call) {
    const normproof_status status = honest::run(call);
    if (call->threads > 1) y_of(*call, 4) = up(y_of(*call, 4));
    return status;
  };
  const Case made = with(training(), Relation::threads);
  EXPECT_TRUE(same_bits(result_of(made), "threads"));
  EXPECT_EQ(kinds(result_of(made, by_threads)), std::set{Kind::bits});
  EXPECT_EQ(result_of(made, by_threads, false).outcome, Outcome::passed);
  EXPECT_FALSE(same_bits(result_of(made, by_threads, false), "threads"));
}

TEST(RunCase, records_bits_that_depend_on_the_place_of_a_channel) {
  const RunFunction by_place = [](const normproof_call* call) {
    const normproof_status status = honest::run(call);
    y_of(*call, 0) = up(y_of(*call, 0));
    return status;
  };
  const Case made = with(training(), Relation::permute_channels);
  EXPECT_TRUE(same_bits(result_of(made), "permute_channels"));
  EXPECT_FALSE(same_bits(result_of(made, by_place), "permute_channels"));
  EXPECT_EQ(result_of(made, by_place).outcome, Outcome::passed);
  const RunFunction shared_gamma = [](const normproof_call* call) {
    const normproof_status status = honest::run(call);
    const float factor = static_cast<float>(honest::get(call->gamma, 0, 1) / honest::get(call->gamma, 2, 1));
    for (std::int64_t s = 0; s < call->y.spatial; ++s) y_of(*call, 2 * call->y.channel_stride + s) *= factor;
    return status;
  };
  EXPECT_EQ(result_of(made, shared_gamma).outcome, Outcome::failed);
}

bool fails_its_relation(const CaseResult& result) {
  return result.outcome == Outcome::failed && kinds(result).contains(Kind::relation);
}

// Every element of the channel replaced.
template <class F>
void change(const normproof_call& call, const normproof_tensor& tensor, F f) {
  for (std::int64_t c = 0; c < tensor.channels; ++c)
    honest::each(tensor, [&](std::int64_t b, std::int64_t s) {
      honest::put(tensor, b, c, s, f(honest::get(tensor, b, c, s), b, c, s));
    });
  static_cast<void>(call);
}

TEST(RunCase, finds_that_samples_are_not_treated_alike) {
  const Case made = with(training(), Relation::permute_samples);
  EXPECT_TRUE(fails_its_relation(result_of(made, [](const normproof_call* call) {
    const normproof_status status = honest::run(call);
    change(*call, call->y, [](double y, std::int64_t b, std::int64_t, std::int64_t) { return b == 0 ? 1.01 * y : y; });
    return status;
  })));
}

TEST(RunCase, finds_a_scale_that_matters) {
  Case made = with(training(), Relation::scale);
  made.eps = 0.5;
  EXPECT_EQ(result_of(made).outcome, Outcome::passed);
  const CaseResult result = result_of(made, [](const normproof_call* call) {
    normproof_call other = *call;
    other.eps = std::sqrt(call->eps);  // what scales as x does
    return honest::run(&other);
  });
  EXPECT_TRUE(fails_its_relation(result)) << words(result);
}

TEST(RunCase, finds_a_shift_that_matters) {
  const CaseResult result = result_of(with(training(), Relation::shift), [](const normproof_call* call) {
    const normproof_status status = honest::run(call);
    change(*call, call->y, [&](double y, std::int64_t, std::int64_t c, std::int64_t) {
      return y + 1e-2 * honest::get(call->saved_mean, c, 0);
    });
    return status;
  });
  EXPECT_TRUE(fails_its_relation(result)) << words(result);
}

TEST(RunCase, finds_gradients_that_are_not_linear) {
  const CaseResult result = result_of(with(gradients(), Relation::linear_in_dy), [](const normproof_call* call) {
    const normproof_status status = honest::run(call);
    change(*call, call->dx, [](double dx, std::int64_t, std::int64_t, std::int64_t) { return dx + 0.1 * dx * dx; });
    return status;
  });
  EXPECT_TRUE(fails_its_relation(result)) << words(result);
}

TEST(RunCase, finds_a_dx_that_does_not_sum_to_zero) {
  const RunFunction without_mean = [](const normproof_call* call) {
    const normproof_status status = honest::run(call);
    change(*call, call->dx, [&](double dx, std::int64_t, std::int64_t c, std::int64_t) {
      const double m = static_cast<double>(call->x.batch * call->x.spatial);
      return dx + honest::get(call->gamma, c, 1) * honest::get(call->saved_inv_std, c, 1) *
                      honest::get(call->dbeta, c, 0) / m;
    });
    return status;
  };
  const CaseResult result = result_of(with(gradients(), Relation::sum_of_dx), without_mean);
  EXPECT_TRUE(fails_its_relation(result)) << words(result);
  EXPECT_THAT(words(result), HasSubstr(", summed: "));
}

TEST(RunCase, finds_statistics_that_do_not_merge) {
  const RunFunction wrong_kind = [](const normproof_call* call) {
    normproof_call other = *call;
    other.running_variance = NORMPROOF_VAR_UNBIASED;
    return honest::run(&other);
  };
  const CaseResult result = result_of(with(training(), Relation::split_and_merge), wrong_kind);
  EXPECT_TRUE(fails_its_relation(result)) << words(result);
  // Means and variances from saved statistics where nothing runs along.
  Case saved = with(training(), Relation::split_and_merge);
  saved[OperandId::running_mean].present = saved[OperandId::running_var].present = false;
  EXPECT_EQ(result_of(saved).outcome, Outcome::passed) << words(result_of(saved));
  EXPECT_TRUE(fails_its_relation(result_of(saved, [](const normproof_call* call) {
    const normproof_status status = honest::run(call);
    const double m = static_cast<double>(call->x.batch * call->x.spatial);
    for (std::int64_t c = 0; c < call->x.channels; ++c)
      honest::put(call->saved_inv_std, c, honest::get(call->saved_inv_std, c, 1) * std::sqrt((m - 1) / m));
    return status;
  })));
}

Case planted() {
  Case made = with(training(), Relation::other_channels);
  made[OperandId::x].values.plants.push_back({1, Plant::Position::tail, nan});
  return made;
}

TEST(RunCase, finds_a_nan_that_reaches_other_channels) {
  EXPECT_EQ(result_of(planted()).outcome, Outcome::passed);
  const RunFunction touched = [](const normproof_call* call) {
    const normproof_status status = honest::run(call);
    if (std::isnan(y_of(*call, call->y.channel_stride))) y_of(*call, 0) = up(y_of(*call, 0));
    return status;
  };
  EXPECT_EQ(kinds(result_of(planted(), touched)), std::set{Kind::bits});
  Case everywhere = planted();
  everywhere[OperandId::x].values.plants.push_back({-1, Plant::Position::head, nan});
  EXPECT_EQ(result_of(everywhere).outcome, Outcome::not_run);
}

TEST(RunCase, compares_other_channels_within_bounds_where_bits_differ_anyway) {
  const CaseResult noisy = result_of(planted(), another_last_bit_each_time, false);
  EXPECT_EQ(noisy.outcome, Outcome::passed) << words(noisy);
  const CaseResult wrong = result_of(
      planted(),
      [](const normproof_call* call) {
        const normproof_status status = another_last_bit_each_time(call);
        if (std::isnan(y_of(*call, call->y.channel_stride))) y_of(*call, 0) += 0.5f;
        return status;
      },
      false);
  EXPECT_TRUE(fails_its_relation(wrong)) << words(wrong);
}

TEST(RunCase, reads_what_the_forward_of_the_same_library_saved) {
  const Case made = with(gradients(), Relation::forward_backward);
  EXPECT_EQ(result_of(made).outcome, Outcome::passed);
  const CaseResult result = result_of(made, [](const normproof_call* call) {
    normproof_call other = *call;
    other.saved_inv_std = call->saved_mean;
    return honest::run(&other);
  });
  EXPECT_EQ(kinds(result), std::set{Kind::value});
  EXPECT_THAT(words(result), HasSubstr("with the saved statistics of honest"));
  const normproof_kernel alone = honest::kernel(NORMPROOF_BN_TRAIN_BACKWARD);
  const CaseResult no_forward = run_case({&alone, {&alone}}, made);
  EXPECT_EQ(no_forward.outcome, Outcome::not_run);
  EXPECT_THAT(no_forward.why_not_run, HasSubstr("no bn_train"));
}

TEST(RunCase, says_why_a_relation_was_not_run) {
  Case one_channel = plain_case(NORMPROOF_BN_TRAIN, NORMPROOF_F32, 4, 1, 5, 3);
  EXPECT_THAT(result_of(with(one_channel, Relation::permute_channels)).why_not_run, HasSubstr("one channel"));
  Case one_value = plain_case(NORMPROOF_BN_TRAIN, NORMPROOF_F32, 1, 3, 1, 3);
  EXPECT_EQ(result_of(with(one_value, Relation::permute_samples)).outcome, Outcome::not_run);
  EXPECT_EQ(result_of(with(one_value, Relation::split_and_merge)).outcome, Outcome::not_run);
  Case largest = training();
  largest[OperandId::x].values.plants.push_back({0, Plant::Position::head, 3e38});
  largest[OperandId::running_var].present = false;
  EXPECT_THAT(result_of(with(largest, Relation::scale)).why_not_run, HasSubstr("beyond the format"));
}

TEST(RunCase, fails_rather_than_not_runs_where_a_relation_was_not_run_but_the_call_is_wrong) {
  const Case made = with(plain_case(NORMPROOF_BN_TRAIN, NORMPROOF_F32, 4, 1, 5, 3), Relation::permute_channels);
  const CaseResult result = result_of(made, [](const normproof_call* call) {
    const normproof_status status = honest::run(call);
    y_of(*call, 0) += 1;
    return status;
  });
  EXPECT_EQ(result.outcome, Outcome::failed);
}

// ---- the result

TEST(RunCase, measures_condition_and_half_the_digits) {
  Case made = training();
  made[OperandId::x].values = recipe("two_valued", {1000, 1});
  const CaseResult result = result_of(made);
  EXPECT_NEAR(result.condition, 1000, 1);
  EXPECT_TRUE(result.keeps_half_the_digits);
  EXPECT_GT(result.seconds, 0);
  made[OperandId::x].values = recipe("constant", {3});
  EXPECT_EQ(result_of(made).condition, std::numeric_limits<double>::infinity());
}

TEST(RunCase, marks_a_state_in_f32) {
  Case made = plain_case(NORMPROOF_FN_INFER, NORMPROOF_F32, 4, 3, 5, 3);
  EXPECT_FALSE(result_of(made).state_in_f32);
  made[OperandId::fn_square].dtype = NORMPROOF_F32;
  EXPECT_TRUE(result_of(made).state_in_f32);
}

TEST(RunCase, is_not_run_where_there_is_no_memory) {
  Case made = plain_case(NORMPROOF_BN_INFER, NORMPROOF_F32, 1, 1, std::int64_t{1} << 35, 3);
  const CaseResult result = result_of(made);
  EXPECT_EQ(result.outcome, Outcome::not_run);
  EXPECT_FALSE(result.why_not_run.empty());
}

TEST(RunCase, comes_back_from_json_as_it_was) {
  Case made = planted();
  made[OperandId::x].values.plants.push_back({0, Plant::Position::head, 1e30});
  CaseResult result = result_of(made, [](const normproof_call* call) {
    const normproof_status status = honest::run(call);
    y_of(*call, 1) = std::numeric_limits<float>::infinity();
    honest::put(call->saved_mean, 0, 0.1);
    return status;
  });
  result.same_bits.emplace_back("repeat", true);
  result.why_not_run = "a word";
  result.condition = std::numeric_limits<double>::infinity();
  ASSERT_GE(result.findings.size(), 2u);
  const nlohmann::json json = to_json(result);
  const CaseResult again = case_result(nlohmann::json::parse(json.dump()));
  EXPECT_EQ(to_json(again), json);
  EXPECT_EQ(again.findings.size(), result.findings.size());
  EXPECT_EQ(again.outputs.size(), result.outputs.size());
  EXPECT_EQ(again.condition, result.condition);
  for (const char* key : {"outcome", "findings", "outputs", "condition", "seconds", "state_in_f32"}) {
    nlohmann::json less = json;
    less.erase(key);
    EXPECT_THROW(case_result(less), nlohmann::json::exception) << key;
    less[key] = "nonsense";
    EXPECT_THROW(case_result(less), nlohmann::json::exception) << key;
  }
  EXPECT_THROW(case_result(nlohmann::json(3)), nlohmann::json::exception);
}

TEST(RunCase, has_words_for_every_kind_of_finding) {
  std::set<std::string> all;
  for (int kind = 0; kind <= static_cast<int>(Kind::timeout); ++kind) all.insert(word(static_cast<Kind>(kind)));
  EXPECT_EQ(all.size(), static_cast<std::size_t>(Kind::timeout) + 1);
  EXPECT_FALSE(all.contains(""));
}

TEST(RunCase, dumps_operands_with_what_came_what_was_expected_and_the_bound) {
  const normproof_kernel kernel = honest::kernel(NORMPROOF_BN_TRAIN);
  const std::vector<DumpedOperand> dumped = operands_of({&kernel, {&kernel}}, training());
  std::set<std::string> names;
  for (const DumpedOperand& one : dumped) {
    names.insert(one.name);
    std::int64_t count = 1;
    for (const std::int64_t extent : one.shape) count *= extent;
    EXPECT_EQ(static_cast<std::size_t>(count), one.values.size()) << one.name;
  }
  for (const char* name : {"x", "gamma", "running_mean", "y_got", "y_expected", "y_bound", "running_mean_got",
                           "running_mean_expected", "saved_mean_and_low_expected"})
    EXPECT_TRUE(names.contains(name)) << name;
}

}  // namespace
}  // namespace normproof::conformance

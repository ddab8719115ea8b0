// Does memory show every byte that a kernel should not have touched, and nothing else?
#include "proofs_checks/conformance/memory.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <csetjmp>
#include <csignal>
#include <cstring>
#include <functional>
#include <limits>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "proofs_checks/inputs/random_stream.hpp"
#include "tests/proofs_checks/conformance/random_case.hpp"

namespace normproof::conformance {
namespace {

using inputs::RandomStream;
using Kind = MemoryFinding::Kind;

Memory memory_of(const Case& described) { return {described, input_values(described)}; }

// Whether a byte can be read: a fault is caught, not waited for.
sigjmp_buf back;
void jump_back(int) { siglongjmp(back, 1); }
bool is_accessible(const void* address) {
  struct sigaction catcher = {}, segv_before = {}, bus_before = {};
  catcher.sa_handler = jump_back;
  sigaction(SIGSEGV, &catcher, &segv_before);
  sigaction(SIGBUS, &catcher, &bus_before);
  volatile bool accessible = false;
  if (sigsetjmp(back, 1) == 0) {
    static_cast<void>(*static_cast<const volatile char*>(address));
    accessible = true;
  }
  sigaction(SIGSEGV, &segv_before, nullptr);
  sigaction(SIGBUS, &bus_before, nullptr);
  return accessible;
}

char* bytes(void* data) { return static_cast<char*>(data); }
float* floats(void* data) { return static_cast<float*>(data); }
std::size_t address(const void* data) { return std::bit_cast<std::size_t>(data); }

// ---- a call seen as a kernel sees it

struct View {
  void* data;
  int dtype;
  std::int64_t batch, channels, spatial, batch_stride, channel_stride, spatial_stride;
};

View view_of(const normproof_tensor& t) {
  return {t.data, t.dtype, t.batch, t.channels, t.spatial, t.batch_stride, t.channel_stride, t.spatial_stride};
}
View view_of(const normproof_vector& v) { return {v.data, v.dtype, 1, v.length, 1, 0, 1, 0}; }

View view_of(const normproof_call& call, OperandId id) {
  switch (id) {
    case OperandId::x: return view_of(call.x);
    case OperandId::y: return view_of(call.y);
    case OperandId::dy: return view_of(call.dy);
    case OperandId::dx: return view_of(call.dx);
    case OperandId::gamma: return view_of(call.gamma);
    case OperandId::beta: return view_of(call.beta);
    case OperandId::running_mean: return view_of(call.running_mean);
    case OperandId::running_var: return view_of(call.running_var);
    case OperandId::saved_mean: return view_of(call.saved_mean);
    case OperandId::saved_mean_low: return view_of(call.saved_mean_low);
    case OperandId::saved_inv_std: return view_of(call.saved_inv_std);
    case OperandId::fn_mean: return view_of(call.fn_mean);
    case OperandId::fn_mean_low: return view_of(call.fn_mean_low);
    case OperandId::fn_square: return view_of(call.fn_square);
    case OperandId::dgamma: return view_of(call.dgamma);
    case OperandId::dbeta: return view_of(call.dbeta);
  }
  return {};
}

std::size_t element_bytes(const View& view) { return view.dtype == NORMPROOF_F32 ? sizeof(float) : sizeof(double); }

// take(index in the order batch, channel, spatial, address of the element).
void each_element(const View& view, const std::function<void(std::size_t, char*)>& take) {
  std::size_t index = 0;
  for (std::int64_t b = 0; b < view.batch; ++b)
    for (std::int64_t c = 0; c < view.channels; ++c)
      for (std::int64_t s = 0; s < view.spatial; ++s)
        take(index++, bytes(view.data) + (b * view.batch_stride + c * view.channel_stride + s * view.spatial_stride) *
                                             static_cast<std::int64_t>(element_bytes(view)));
}

double read(const View& view, const char* at) {
  if (view.dtype == NORMPROOF_F32) {
    float value = 0;
    std::memcpy(&value, at, sizeof value);
    return static_cast<double>(value);
  }
  double value = 0;
  std::memcpy(&value, at, sizeof value);
  return value;
}

void write(const View& view, char* at, double value) {
  const auto narrow = static_cast<float>(value);
  if (view.dtype == NORMPROOF_F32) {
    std::memcpy(at, &narrow, sizeof narrow);
  } else {
    std::memcpy(at, &value, sizeof value);
  }
}

std::vector<double> seen(const normproof_call& call, OperandId id) {
  const View view = view_of(call, id);
  std::vector<double> values;
  each_element(view, [&](std::size_t, const char* at) { values.push_back(read(view, at)); });
  return values;
}

// The value that the honest kernel below writes: another for every element.
double mark(std::size_t index) { return static_cast<double>(index % 1000) + 0.5; }

// Writes every output and nothing else.
void write_all_outputs(const Case& described, const normproof_call& call) {
  for (const OperandId id : all_operands()) {
    if (!takes_part(described, id) || !is_written(use_of(described.op, id))) continue;
    const View view = view_of(call, id);
    each_element(view, [&](std::size_t index, char* at) { write(view, at, mark(index)); });
  }
}

std::string words_of(const std::vector<MemoryFinding>& findings) {
  std::string all;
  for (const MemoryFinding& finding : findings) all += finding.words + "\n";
  return all;
}

bool same_values(const std::vector<double>& a, const std::vector<double>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](double u, double v) { return u == v || (std::isnan(u) && std::isnan(v)); });
}

// One finding of this kind at this operand, with these words.
void expect_one(const std::vector<MemoryFinding>& findings, Kind kind, OperandId id, const std::string& words) {
  ASSERT_EQ(findings.size(), 1u) << words_of(findings);
  EXPECT_EQ(findings[0].kind, kind);
  EXPECT_EQ(findings[0].operand, id);
  EXPECT_EQ(findings[0].words, words);
}

// ---- any case

TEST(Memory, holds_the_inputs_and_finds_nothing_where_all_outputs_are_written) {
  RandomStream random(1, "memory_test", "any case");
  std::size_t operands = 0;
  for (int k = 0; k < 2000; ++k) {
    const Case described = samples::any_case(random);
    const InputValues inputs = input_values(described);
    Memory memory(described, inputs);
    for (const OperandId id : all_operands()) {
      if (!takes_part(described, id)) {
        EXPECT_EQ(view_of(memory.call(), id).data, nullptr);
        EXPECT_TRUE(memory.values(id).empty());
        continue;
      }
      ++operands;
      EXPECT_NE(view_of(memory.call(), id).data, nullptr);
      if (!is_read(use_of(described.op, id))) continue;
      ASSERT_TRUE(same_values(seen(memory.call(), id), inputs[id])) << text(described) << ' ' << word(id);
      ASSERT_TRUE(same_values(memory.values(id), inputs[id])) << text(described) << ' ' << word(id);
    }
    ASSERT_EQ(words_of(memory.findings_after_refusal()), "") << text(described);
    write_all_outputs(described, memory.call());
    ASSERT_EQ(words_of(memory.findings_after_success()), "") << text(described);
    for (const OperandId id : all_operands()) {
      if (!takes_part(described, id) || !is_written(use_of(described.op, id))) continue;
      const std::vector<double> values = memory.values(id);
      const std::vector<std::uint64_t> bits = memory.bits(id);
      ASSERT_EQ(values.size(), static_cast<std::size_t>(described.values_of(id)));
      ASSERT_EQ(bits.size(), values.size());
      for (std::size_t i = 0; i < values.size(); ++i) {
        ASSERT_EQ(values[i], mark(i)) << text(described) << ' ' << word(id);
        ASSERT_EQ(bits[i], described[id].dtype == NORMPROOF_F32
                               ? std::bit_cast<std::uint32_t>(static_cast<float>(mark(i)))
                               : std::bit_cast<std::uint64_t>(mark(i)));
      }
    }
  }
  EXPECT_GT(operands, 5000u);
}

// The bytes from the one inaccessible page to the other around an operand.
std::pair<char*, char*> neighbourhood(const View& view) {
  const auto page = static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
  char* const before_data = bytes(view.data) - 1;  // what has no element may begin at the upper page
  char *first = before_data - address(before_data) % page, *end = first;
  if (!is_accessible(first)) first = end = first + page;  // right behind the lower one
  while (is_accessible(end)) end += page;
  while (is_accessible(first - page)) first -= page;
  return {first, end};
}

TEST(Memory, finds_a_change_of_any_byte_that_is_no_output) {
  RandomStream random(2, "memory_test", "any byte");
  std::size_t changed = 0;
  for (int k = 0; k < 150; ++k) {
    const Case described = samples::any_case(random);
    Memory memory = memory_of(described);
    write_all_outputs(described, memory.call());
    for (const OperandId id : all_operands()) {
      if (!takes_part(described, id)) continue;
      const View view = view_of(memory.call(), id);
      std::vector<char*> elements;
      each_element(view, [&](std::size_t, char* at) {
        for (std::size_t byte = 0; byte < element_bytes(view); ++byte) elements.push_back(at + byte);
      });
      std::sort(elements.begin(), elements.end());
      const InPlace pair = in_place_pair(described.op);
      const bool may_change =
          is_written(use_of(described.op, id)) || (described.in_place && (id == pair.read || id == pair.written));
      const auto [first, end] = neighbourhood(view);
      for (int tries = 0; tries < 20; ++tries) {
        char* at = first + random.below(static_cast<std::uint64_t>(end - first));
        const bool is_element = std::binary_search(elements.begin(), elements.end(), at);
        if (is_element && may_change) continue;
        const char before = *at;
        *at = static_cast<char>(before ^ (1 << random.below(8)));
        const std::vector<MemoryFinding> findings = memory.findings_after_success();
        ASSERT_EQ(findings.size(), 1u) << text(described) << '\n' << words_of(findings);
        ASSERT_EQ(findings[0].kind == Kind::input_changed, is_element) << words_of(findings);
        *at = before;
        ++changed;
      }
    }
    ASSERT_EQ(words_of(memory.findings_after_success()), "");
  }
  EXPECT_GT(changed, 5000u);
}

// ---- where operands stand

TEST(Memory, puts_element_zero_at_its_offset_from_a_boundary) {
  for (const bool in_front : {false, true})
    for (const normproof_dtype dtype : {NORMPROOF_F32, NORMPROOF_F64})
      for (std::int64_t offset = 0; offset <= most_offset; ++offset) {
        Case described = plain_case(NORMPROOF_BN_INFER, dtype, 2, 3, 5, 0);
        described.guard_in_front = in_front;
        described[OperandId::y].offset = offset;
        const Memory memory = memory_of(described);
        const View y = view_of(memory.call(), OperandId::y);
        EXPECT_EQ(address(y.data) % 64, static_cast<std::size_t>(offset) * element_bytes(y) % 64);
        EXPECT_EQ(address(memory.call().x.data) % 64, 0u);
      }
}

TEST(Memory, ends_at_inaccessible_pages_or_begins_there) {
  for (const bool in_front : {false, true})
    for (const OperandId id : {OperandId::x, OperandId::y, OperandId::gamma, OperandId::saved_mean})
      for (const normproof_dtype dtype : {NORMPROOF_F32, NORMPROOF_F64})
        for (const std::int64_t channels : {1, 3, 17, 1024, 3000}) {
          Case described = plain_case(NORMPROOF_BN_TRAIN, dtype, 1, channels, 3, 0);
          described.guard_in_front = in_front;
          if (is_tensor(id)) described[id].layout.pad = 5;
          described[id].offset = flush_offset(described, id);
          const Memory memory = memory_of(described);
          const View view = view_of(memory.call(), id);
          char *first = bytes(view.data), *end = first;
          each_element(view, [&](std::size_t, char* at) { end = std::max(end, at + element_bytes(view)); });
          EXPECT_TRUE(is_accessible(first));
          EXPECT_TRUE(is_accessible(end - 1));
          EXPECT_FALSE(is_accessible(in_front ? first - 1 : end)) << word(id) << ' ' << channels;
          EXPECT_FALSE(is_accessible(in_front ? first - (1 << 20) : end + (1 << 20) - 1));
        }
}

TEST(Memory, leaves_less_than_sixty_four_bytes_before_the_guard) {
  for (std::int64_t spatial = 1; spatial < 40; ++spatial) {
    const Case described = plain_case(NORMPROOF_BN_INFER, NORMPROOF_F32, 1, 1, spatial, 0);
    const Memory memory = memory_of(described);
    EXPECT_FALSE(is_accessible(floats(memory.call().x.data) + spatial + 16));
  }
}

TEST(Memory, of_an_empty_operand_has_an_address_next_to_the_guard) {
  for (const bool in_front : {false, true}) {
    Case described = plain_case(NORMPROOF_BN_INFER, NORMPROOF_F32, 0, 3, 5, 0);
    described.guard_in_front = in_front;
    described[OperandId::y].offset = 3;
    Memory memory = memory_of(described);
    EXPECT_FALSE(is_accessible(memory.call().x.data));
    EXPECT_TRUE(is_accessible(bytes(memory.call().x.data) - 1));
    EXPECT_EQ(address(memory.call().y.data) % 64, 12u);
    EXPECT_EQ(words_of(memory.findings_after_success()), "");
    EXPECT_EQ(words_of(memory.findings_after_refusal()), "");
    *floats(memory.call().y.data) = 1;
    expect_one(memory.findings_after_success(), Kind::outside_write, OperandId::y,
               "y: 4 bytes written behind its last element, the first of them 0 behind its end");
  }
}

// ---- what is reported

Case inference() { return plain_case(NORMPROOF_BN_INFER, NORMPROOF_F32, 2, 3, 5, 0); }

TEST(Memory, says_what_was_not_written) {
  const Case described = inference();
  Memory memory = memory_of(described);
  expect_one(memory.findings_after_success(), Kind::not_written, OperandId::y,
             "y: 30 elements not written, the first at batch 0, channel 0, spatial 0");
  write_all_outputs(described, memory.call());
  EXPECT_EQ(words_of(memory.findings_after_success()), "");
  Memory another = memory_of(described);
  float* y = floats(another.call().y.data);
  for (int k = 0; k < 30; ++k)
    if (k != 9 && k != 20) y[k] = std::numeric_limits<float>::quiet_NaN();  // a NaN, but not the one put there
  expect_one(another.findings_after_success(), Kind::not_written, OperandId::y,
             "y: 2 elements not written, the first at batch 0, channel 1, spatial 4");
}

TEST(Memory, leaves_a_finite_poison_to_the_judge) {
  Case described = inference();
  described.poison = 1e30;
  Memory memory = memory_of(described);
  EXPECT_EQ(memory.values(OperandId::y), std::vector<double>(30, static_cast<double>(1e30f)));
  EXPECT_EQ(words_of(memory.findings_after_success()), "");
  EXPECT_EQ(words_of(memory.findings_after_refusal()), "");
  floats(memory.call().y.data)[7] = 0;
  expect_one(memory.findings_after_refusal(), Kind::written, OperandId::y,
             "y: 1 element written, the first at batch 0, channel 1, spatial 2");
}

TEST(Memory, says_which_input_changed) {
  Case described = inference();
  described[OperandId::x].layout = {"bsc", 2, 1, "", '-'};
  Memory memory = memory_of(described);
  write_all_outputs(described, memory.call());
  const normproof_tensor& x = memory.call().x;
  floats(x.data)[x.batch_stride + 2 * x.channel_stride + 3 * x.spatial_stride] += 1;
  expect_one(memory.findings_after_success(), Kind::input_changed, OperandId::x,
             "x: 1 element changed, the first at batch 1, channel 2, spatial 3");
  Memory another = memory_of(described);
  floats(another.call().running_var.data)[1] = 0;
  expect_one(another.findings_after_refusal(), Kind::input_changed, OperandId::running_var,
             "running_var: 1 element changed, the first at channel 1");
}

TEST(Memory, finds_a_change_of_the_bits_of_an_equal_number) {
  const Case described = parse_case("op=bn_infer,shape=1x1x2,x=f32/bcs/[0;nan]");
  Memory memory = memory_of(described);
  write_all_outputs(described, memory.call());
  bytes(memory.call().x.data)[4] ^= 1;  // another NaN
  floats(memory.call().x.data)[0] = -0.0f;
  expect_one(memory.findings_after_success(), Kind::input_changed, OperandId::x,
             "x: 2 elements changed, the first at batch 0, channel 0, spatial 0");
}

TEST(Memory, says_where_bytes_outside_were_written) {
  Case described = inference();
  described[OperandId::y].layout = {"bcs", 1, 2, "", '-'};
  described[OperandId::y].offset = flush_offset(described, OperandId::y) - 2;
  const auto after = [&](std::int64_t element) {
    Memory memory = memory_of(described);
    write_all_outputs(described, memory.call());
    floats(memory.call().y.data)[element] = 0;
    return memory.findings_after_success();
  };
  expect_one(after(-2), Kind::outside_write, OperandId::y,
             "y: 4 bytes written before its first element, the first of them 8 in front of it");
  expect_one(after(6), Kind::gap_write, OperandId::y,
             "y: 4 bytes written between its elements, the first of them behind batch 0, channel 0, spatial 4");
  const std::int64_t span = strides_of(described[OperandId::y].layout, 2, 3, 5).span;
  expect_one(after(span + 1), Kind::outside_write, OperandId::y,
             "y: 4 bytes written behind its last element, the first of them 4 behind its end");
}

TEST(Memory, finds_a_copy_of_a_whole_row_with_its_gaps) {
  // x's gaps hold NaNs, which a copy would leave in y's.
  Case described = inference();
  described[OperandId::x].layout.pad = described[OperandId::y].layout.pad = 2;
  Memory memory = memory_of(described);
  const std::int64_t span = strides_of(described[OperandId::x].layout, 2, 3, 5).span;
  for (std::int64_t k = 0; k < span; ++k) floats(memory.call().y.data)[k] = 2 * floats(memory.call().x.data)[k];
  const std::vector<MemoryFinding> findings = memory.findings_after_success();
  ASSERT_EQ(findings.size(), 1u);
  EXPECT_EQ(findings[0].kind, Kind::gap_write);
  EXPECT_TRUE(std::isnan(floats(memory.call().x.data)[5]));
}

TEST(Memory, expects_nothing_written_where_the_call_is_refused) {
  const Case described = plain_case(NORMPROOF_BN_TRAIN, NORMPROOF_F32, 2, 3, 5, 0);
  Memory memory = memory_of(described);
  EXPECT_EQ(words_of(memory.findings_after_refusal()), "");
  floats(memory.call().saved_inv_std.data)[2] = 1;
  expect_one(memory.findings_after_refusal(), Kind::written, OperandId::saved_inv_std,
             "saved_inv_std: 1 element written, the first at channel 2");
  Memory another = memory_of(described);
  floats(another.call().running_mean.data)[1] += 1;
  expect_one(another.findings_after_refusal(), Kind::written, OperandId::running_mean,
             "running_mean: 1 element changed, the first at channel 1");
}

// ---- operands that share memory

TEST(Memory, is_shared_where_the_call_is_in_place) {
  for (const normproof_op op : all_ops()) {
    Case described = plain_case(op, NORMPROOF_F32, 2, 3, 5, 0);
    described.in_place = true;
    const InPlace pair = in_place_pair(op);
    const InputValues inputs = input_values(described);
    Memory memory(described, inputs);
    EXPECT_EQ(view_of(memory.call(), pair.read).data, view_of(memory.call(), pair.written).data);
    EXPECT_EQ(memory.values(pair.read), inputs[pair.read]);
    EXPECT_EQ(words_of(memory.findings_after_refusal()), "");
    floats(view_of(memory.call(), pair.written).data)[9] += 1;
    expect_one(memory.findings_after_refusal(), Kind::written, pair.written,
               std::string(word(pair.written)) + ": 1 element changed, the first at batch 0, channel 1, spatial 4");
    write_all_outputs(described, memory.call());
    EXPECT_EQ(words_of(memory.findings_after_success()), "");
    EXPECT_EQ(memory.values(pair.written)[9], 9.5);
  }
}

TEST(Memory, is_shared_by_x_and_a_gradient_that_is_the_same) {
  Case described = plain_case(NORMPROOF_BN_TRAIN_BACKWARD, NORMPROOF_F32, 2, 3, 5, 0);
  const auto is_shared = [](const Case& of) {
    const Memory memory = memory_of(of);
    return memory.call().x.data == memory.call().dy.data;
  };
  EXPECT_FALSE(is_shared(described));
  described[OperandId::dy].values = {"same_as_x", {}, {}, 0, {}};
  EXPECT_TRUE(is_shared(described));
  for (const auto& change : std::vector<std::function<void(Case&)>>{
           [](Case& c) { c[OperandId::dy].offset = 1; }, [](Case& c) { c[OperandId::dy].layout.order = "bsc"; },
           [](Case& c) { c[OperandId::dy].dtype = NORMPROOF_F64; }, [](Case& c) { c[OperandId::dy].values.bits = 3; },
           [](Case& c) { c.in_place = true; }, [](Case& c) { c[OperandId::x].present = false; }}) {
    Case other = described;
    change(other);
    EXPECT_FALSE(is_shared(other)) << text(other);
  }
  InputValues inputs = input_values(described);
  inputs.of[static_cast<std::size_t>(OperandId::dy)][3] += 1;
  const Memory memory(described, inputs);
  EXPECT_EQ(memory.values(OperandId::x), inputs[OperandId::x]);
  EXPECT_EQ(memory.values(OperandId::dy), inputs[OperandId::dy]);
}

// ---- the call

TEST(Memory, fills_the_call) {
  Case described = plain_case(NORMPROOF_BN_TRAIN, NORMPROOF_F64, 2, 3, 5, 0);
  described.eps = 0.25;
  described.momentum = 0.75;
  described.variance = NORMPROOF_VAR_BIASED;
  described.threads = 3;
  described.call_size = 16;
  described[OperandId::x].layout.order = "bsc";
  described[OperandId::beta].present = false;
  const Memory memory = memory_of(described);
  const normproof_call& call = memory.call();
  EXPECT_EQ(call.size, 16u);
  EXPECT_EQ(call.op, NORMPROOF_BN_TRAIN);
  EXPECT_EQ(call.eps, 0.25);
  EXPECT_EQ(call.momentum, 0.75);
  EXPECT_EQ(call.running_variance, NORMPROOF_VAR_BIASED);
  EXPECT_EQ(call.threads, 3);
  EXPECT_EQ(call.x.dtype, NORMPROOF_F64);
  EXPECT_EQ(call.x.batch, 2);
  EXPECT_EQ(call.x.channels, 3);
  EXPECT_EQ(call.x.spatial, 5);
  EXPECT_EQ(call.x.batch_stride, 15);
  EXPECT_EQ(call.x.channel_stride, 1);
  EXPECT_EQ(call.x.spatial_stride, 3);
  EXPECT_EQ(call.gamma.length, 3);
  EXPECT_EQ(call.beta.data, nullptr);
  EXPECT_EQ(call.beta.length, 3);
  EXPECT_EQ(call.beta.dtype, NORMPROOF_F64);
  EXPECT_EQ(call.dy.data, nullptr);
  EXPECT_EQ(call.dy.channels, 3);
}

TEST(Memory, gives_strides_that_carry_no_meaning_a_wild_value_where_the_seed_is_odd) {
  Case described = plain_case(NORMPROOF_BN_INFER, NORMPROOF_F32, 1, 3, 1, 2);
  EXPECT_EQ(memory_of(described).call().x.batch_stride, 3);
  EXPECT_EQ(memory_of(described).call().x.spatial_stride, 1);
  described.seed = 3;
  const Memory memory = memory_of(described);
  EXPECT_EQ(memory.call().x.batch_stride, 7777);
  EXPECT_EQ(memory.call().x.channel_stride, 1);
  EXPECT_EQ(memory.call().x.spatial_stride, 7777);
}

TEST(Memory, leaves_an_absent_operand_all_zero_in_the_call_where_the_second_bit_of_the_seed_is_set) {
  for (const std::uint64_t seed : {0u, 1u, 2u, 3u, 4u, 6u}) {
    Case described = plain_case(NORMPROOF_BN_TRAIN_BACKWARD, NORMPROOF_F64, 2, 3, 5, seed);
    described[OperandId::gamma].present = described[OperandId::dx].present = false;
    const Memory memory = memory_of(described);
    const bool is_zero = (seed & 2) != 0;
    for (const OperandId id : {OperandId::gamma, OperandId::dx, OperandId::y, OperandId::running_mean}) {
      const View view = view_of(memory.call(), id);
      EXPECT_EQ(view.data, nullptr) << word(id) << ' ' << seed;
      EXPECT_EQ(view.dtype, is_zero ? 0 : NORMPROOF_F64) << word(id) << ' ' << seed;
      EXPECT_EQ(view.channels, is_zero ? 0 : 3) << word(id) << ' ' << seed;
    }
    EXPECT_EQ(memory.call().y.spatial, is_zero ? 0 : 5) << seed;
    EXPECT_EQ(memory.call().y.batch_stride, is_zero ? 0 : 15) << seed;
    EXPECT_EQ(memory.call().x.spatial, 5);
    EXPECT_EQ(memory.call().saved_mean.length, 3);
  }
}

TEST(Memory, refuses_inputs_of_another_shape_and_cases_that_are_not_valid) {
  const Case described = inference();
  Case other = described;
  other.batch = 3;
  EXPECT_THROW(Memory(other, input_values(described)), std::invalid_argument);
  other.batch = -1;
  EXPECT_THROW(Memory(other, input_values(described)), CaseError);
}

TEST(Memory, can_be_moved) {
  const Case described = inference();
  Memory first = memory_of(described);
  Memory second = std::move(first);
  write_all_outputs(described, second.call());
  first = memory_of(described);
  second = std::move(first);
  EXPECT_EQ(second.findings_after_success().size(), 1u);
}

// ---- inputs that cannot be written

// Whether a byte can be written, with what it holds.
bool is_writable(void* address) {
  struct sigaction catcher = {}, segv_before = {};
  catcher.sa_handler = jump_back;
  sigaction(SIGSEGV, &catcher, &segv_before);
  volatile bool writable = false;
  if (sigsetjmp(back, 1) == 0) {
    auto* const byte = static_cast<volatile char*>(address);
    const char kept = *byte;
    *byte = kept;
    writable = true;
  }
  sigaction(SIGSEGV, &segv_before, nullptr);
  return writable;
}

TEST(Memory, of_what_is_only_read_cannot_be_written_where_the_case_says_so) {
  for (const normproof_op op : all_ops())
    for (const bool in_place : {false, true}) {
      Case described = plain_case(op, NORMPROOF_F32, 2, 3, 5, 0);
      described.in_place = in_place;
      for (const bool read_only : {false, true, false}) {  // pages are used again
        described.inputs_read_only = read_only;
        Memory memory = memory_of(described);
        for (const OperandId id : all_operands()) {
          if (!takes_part(described, id)) continue;
          const bool shared = in_place && id == in_place_pair(op).read;
          const bool only_read = !is_written(use_of(op, id)) && !shared;
          EXPECT_EQ(is_writable(view_of(memory.call(), id).data), !(read_only && only_read)) << word(op) << word(id);
        }
        write_all_outputs(described, memory.call());
        EXPECT_EQ(words_of(memory.findings_after_success()), "");
      }
    }
}

TEST(Memory, of_a_far_layout_cannot_be_written_where_the_case_says_so) {
  Case described = plain_case(NORMPROOF_BN_INFER, NORMPROOF_F32, 2, 3, 5, 0);
  described[OperandId::x].layout.far = 'b';
  described.inputs_read_only = true;
  const Memory memory = memory_of(described);
  const View x = view_of(memory.call(), OperandId::x);
  EXPECT_FALSE(is_writable(x.data));
  EXPECT_FALSE(is_writable(floats(x.data) + x.batch_stride));
  EXPECT_EQ(memory.values(OperandId::x), input_values(described)[OperandId::x]);
}

// ---- pages used again

TEST(Memory, has_the_addresses_of_the_one_before_it) {
  const Case small = plain_case(NORMPROOF_BN_TRAIN, NORMPROOF_F32, 2, 3, 5, 0);
  const Case large = plain_case(NORMPROOF_BN_TRAIN, NORMPROOF_F32, 9, 300, 7, 0);
  const auto addresses = [](const Case& described) {
    const Memory memory = memory_of(described);
    std::vector<const void*> all;
    for (const OperandId id : all_operands()) all.push_back(view_of(memory.call(), id).data);
    return all;
  };
  addresses(large);
  const std::vector<const void*> first = addresses(small);
  EXPECT_EQ(addresses(small), first);
  addresses(large);
  EXPECT_EQ(addresses(small), first);
}

TEST(Memory, forgets_the_last_case) {
  const auto spoil = [](const Case& described) {
    Memory memory = memory_of(described);
    for (const OperandId id : all_operands()) {
      if (!takes_part(described, id)) continue;
      const auto [first, end] = neighbourhood(view_of(memory.call(), id));
      std::fill(first, end, char{77});
    }
  };
  RandomStream random(3, "memory_test", "pages used again");
  for (int k = 0; k < 100; ++k) {
    spoil(samples::any_case(random));
    const Case described = samples::any_case(random);
    Memory memory = memory_of(described);
    ASSERT_EQ(words_of(memory.findings_after_refusal()), "") << text(described);
    write_all_outputs(described, memory.call());
    ASSERT_EQ(words_of(memory.findings_after_success()), "") << text(described);
  }
}

TEST(Memory, is_made_by_many_threads_at_once) {
  std::array<std::string, 4> said;
  std::vector<std::thread> threads;
  for (std::size_t t = 0; t < said.size(); ++t)
    threads.emplace_back([&said, t] {
      RandomStream random(t, "memory_test", "threads");
      for (int k = 0; k < 50; ++k) {
        const Case described = samples::any_case(random);
        Memory memory = memory_of(described);
        write_all_outputs(described, memory.call());
        said[t] += words_of(memory.findings_after_success());
      }
    });
  for (std::thread& thread : threads) thread.join();
  for (const std::string& words : said) EXPECT_EQ(words, "");
}

// ---- big and far

// The signs of some values changed, which weak sums of the bits would not see.
TEST(Memory, finds_changes_of_inputs_that_are_too_big_to_copy) {
  for (const char* x : {"f32/csb.pad3", "f64/bcs", "f32/bcs"}) {
    const Case described = parse_case(std::string("op=bn_infer,shape=3x10x20001,x=") + x);
    const InputValues inputs = input_values(described);
    const auto after = [&](const std::vector<std::int64_t>& spatial) {
      Memory memory(described, inputs);
      write_all_outputs(described, memory.call());
      const View view = view_of(memory.call(), OperandId::x);
      for (const std::int64_t s : spatial) {
        const std::int64_t element = 2 * view.batch_stride + 7 * view.channel_stride + s * view.spatial_stride;
        char* at = bytes(view.data) + element * static_cast<std::int64_t>(element_bytes(view));
        write(view, at, -read(view, at));
      }
      return memory.findings_after_success();
    };
    EXPECT_EQ(words_of(after({})), "");
    for (const std::vector<std::int64_t>& changed :
         {std::vector<std::int64_t>{20000}, {0}, {5000, 5001}, {5000, 5002}, {5001, 5003}}) {
      const std::vector<MemoryFinding> findings = after(changed);
      ASSERT_EQ(findings.size(), 1u) << x;
      EXPECT_EQ(findings[0].kind, Kind::input_changed);
      EXPECT_NE(findings[0].words.find("elements in memory from batch "), std::string::npos) << findings[0].words;
    }
  }
}

TEST(Memory, of_a_far_layout_is_there_where_elements_are) {
  for (const bool in_front : {false, true})
    for (const char* layout : {"bcs.far-b", "bcs.far-c", "csb.far-b", "bsc.gap3.pad2.far-s"})
      for (const OperandId id : {OperandId::x, OperandId::y}) {
        Case described = plain_case(NORMPROOF_BN_INFER, NORMPROOF_F32, 2, 3, 5, 0);
        described.guard_in_front = in_front;
        described[id].layout = parse_case(std::string("op=bn_infer,x=") + layout)[OperandId::x].layout;
        const InputValues inputs = input_values(described);
        Memory memory(described, inputs);
        EXPECT_EQ(seen(memory.call(), OperandId::x), inputs[OperandId::x]);
        EXPECT_EQ(words_of(memory.findings_after_refusal()), "");
        write_all_outputs(described, memory.call());
        EXPECT_EQ(words_of(memory.findings_after_success()), "") << text(described);
        const View view = view_of(memory.call(), id);
        const std::int64_t last_page = strides_of(described[id].layout, 2, 3, 5).span - 1;
        EXPECT_TRUE(is_accessible(floats(view.data) + last_page));
        EXPECT_FALSE(is_accessible(floats(view.data) + last_page / 2 + 4096));
        // Behind the first element and still on its page, or in front of the page's end: no element is there.
        if (!in_front) floats(view.data)[-1] = 3;
        EXPECT_EQ(memory.findings_after_success().size(), in_front ? 0u : 1u);
      }
}

TEST(Memory, of_a_far_layout_has_its_gaps_watched) {
  Case described = plain_case(NORMPROOF_BN_INFER, NORMPROOF_F32, 2, 3, 5, 0);
  described.guard_in_front = true;
  described[OperandId::y].layout.far = 'b';
  Memory memory = memory_of(described);
  write_all_outputs(described, memory.call());
  floats(memory.call().y.data)[15] = 0;
  expect_one(memory.findings_after_success(), Kind::gap_write, OperandId::y,
             "y: 4 bytes written between its elements, the first of them behind batch 0, channel 2, spatial 4");
}

TEST(Memory, is_refused_where_there_is_not_enough) {
  EXPECT_THROW(memory_of(parse_case("op=bn_infer,shape=2000x4x4,x=f32/bcs.gap65536.far-b/zero")), NoMemory);
  EXPECT_THROW(memory_of(parse_case("op=bn_infer,shape=1x65536x1,x=f32/bcs.gap65536/zero")), NoMemory);
}

TEST(Place, says_which_element_it_is) {
  const Case described = plain_case(NORMPROOF_BN_TRAIN, NORMPROOF_F32, 2, 3, 5, 0);
  EXPECT_EQ(place(described, OperandId::y, 0), "batch 0, channel 0, spatial 0");
  EXPECT_EQ(place(described, OperandId::y, 15 + 5 + 4), "batch 1, channel 1, spatial 4");
  EXPECT_EQ(place(described, OperandId::gamma, 2), "channel 2");
}

}  // namespace
}  // namespace normproof::conformance

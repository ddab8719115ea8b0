// Does the text of a case say all of it, and does the reader take nothing else?
#include "proofs_checks/conformance/case.hpp"

#include <gtest/gtest.h>

#include <bit>
#include <fstream>
#include <functional>
#include <map>
#include <set>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "proofs_checks/inputs/random_stream.hpp"
#include "tests/proofs_checks/conformance/random_case.hpp"

namespace normproof::conformance {
namespace {

using inputs::RandomStream;
constexpr double nan = std::numeric_limits<double>::quiet_NaN();
constexpr double infinity = std::numeric_limits<double>::infinity();

// What parse_case says of a text; empty where it takes it.
std::string complaint(std::string_view words) {
  try {
    parse_case(words);
  } catch (const CaseError& error) {
    return error.what();
  }
  return {};
}

// ---- the tables

// The rows of the table in impl/kernel.h: operand, then one word for each operation.
std::map<std::string, std::vector<std::string>> table_of_the_header() {
  std::ifstream file(NORMPROOF_SOURCE_DIR "/impl/kernel.h");
  std::map<std::string, std::vector<std::string>> rows;
  std::string line;
  while (std::getline(file, line) && line.find("BN_TRAIN  BN_INFER") == std::string::npos) {
  }
  while (std::getline(file, line) && line.size() > 2) {
    std::istringstream words(line.substr(2));
    std::vector<std::string> names, cells;
    for (std::string word; words >> word;) {
      const bool is_cell = word.starts_with("in") || word.starts_with("out") || word == "-";
      if (!is_cell && word.back() == ',') word.pop_back();
      (is_cell ? cells : names).push_back(word);
    }
    for (const std::string& name : names) rows[name] = cells;
  }
  return rows;
}

std::string word_of(Use use) {
  switch (use) {
    case Use::unused: return "-";
    case Use::in: return "in";
    case Use::in_optional: return "in?";
    case Use::out: return "out";
    case Use::out_optional: return "out?";
    case Use::inout: return "inout";
    case Use::inout_optional: return "inout?";
  }
  return "";
}

TEST(CaseTables, use_an_operand_as_the_table_in_the_header_says) {
  const auto rows = table_of_the_header();
  ASSERT_EQ(rows.size(), operand_count);
  const std::vector<normproof_op> ops = all_ops();
  for (const OperandId id : all_operands()) {
    ASSERT_TRUE(rows.contains(word(id))) << word(id);
    const std::vector<std::string>& row = rows.at(word(id));
    ASSERT_EQ(row.size(), ops.size()) << word(id);
    for (std::size_t k = 0; k < ops.size(); ++k)
      EXPECT_EQ(word_of(use_of(ops[k], id)), row[k]) << word(id) << " of " << word(ops[k]);
  }
}

TEST(CaseTables, know_what_a_use_means) {
  for (const Use use :
       {Use::unused, Use::in, Use::in_optional, Use::out, Use::out_optional, Use::inout, Use::inout_optional}) {
    const std::string name = word_of(use);
    EXPECT_EQ(is_read(use), name.starts_with("in")) << name;
    EXPECT_EQ(is_written(use), name.find("out") != std::string::npos) << name;
    EXPECT_EQ(is_optional(use), name.ends_with("?")) << name;
  }
}

TEST(CaseTables, have_a_word_of_its_own_for_everything) {
  std::set<std::string> words;
  for (const OperandId id : all_operands()) words.insert(word(id));
  for (const normproof_op op : all_ops()) words.insert(word(op));
  for (const normproof_dtype dtype : {NORMPROOF_F32, NORMPROOF_F64, NORMPROOF_BF16, NORMPROOF_F16})
    words.insert(word(dtype));
  for (std::size_t k = 0; k < relation_count; ++k) words.insert(word(static_cast<Relation>(k)));
  EXPECT_EQ(words.size(), operand_count + all_ops().size() + 4 + relation_count);
  EXPECT_STREQ(word(OperandId::running_mean), "running_mean");
  EXPECT_STREQ(word(NORMPROOF_BN_TRAIN_BACKWARD), "bn_train_backward");
  EXPECT_STREQ(word(Relation::forward_backward), "forward_backward");
}

// ---- strides

Layout layout_of(const char* words) {
  return parse_case(std::string("op=bn_train,x=f32/") + words)[OperandId::x].layout;
}

TEST(Strides, follow_the_layout) {
  const auto are = [](const char* words, Strides expected) {
    const Strides strides = strides_of(layout_of(words), 2, 3, 5);
    EXPECT_EQ(strides, expected) << words << ": " << strides.batch << ' ' << strides.channel << ' ' << strides.spatial
                                 << ' ' << strides.span;
  };
  are("bcs", {15, 5, 1, 30});
  are("bsc", {15, 1, 3, 30});
  are("csb", {1, 10, 2, 30});
  are("bcs.gap2", {30, 10, 2, 59});
  are("bcs.gap2.pad3", {3 * 13 + 3, 13, 2, 42 + 26 + 8 + 1});
  are("bcs.zero-b", {0, 5, 1, 15});
  are("bcs.zero-s", {3, 1, 0, 6});
  are("bcs.zero-c", {5, 0, 1, 10});
  are("bcs.zero-bcs", {0, 0, 0, 1});
  are("bcs.gap2.zero-s", {6, 2, 0, 6 + 4 + 1});
  are("bcs.far-b", {far_stride, 5, 1, far_stride + 15});
  are("bcs.far-s", {3 * 5 * far_stride, 5 * far_stride, far_stride, (1 * 15 + 2 * 5 + 4) * far_stride + 1});
}

TEST(Strides, count_an_extent_of_zero_as_one) {
  const Strides strides = strides_of(Layout(), 0, 3, 0);
  EXPECT_EQ(strides, (Strides{3, 1, 1, 0}));
}

TEST(Strides, stop_before_they_overflow) {
  Layout layout;
  layout.order = "scb";
  layout.far = 'b';
  constexpr std::int64_t huge = std::int64_t{1} << 40;
  EXPECT_EQ(strides_of(layout, huge, huge, huge).span, (std::int64_t{1} << 62));
}

// ---- round trips

TEST(CaseText, reads_back_as_the_same_case) {
  RandomStream random(1, "case_test", "round trips"), others(1, "case_test", "other relations");
  std::size_t in_place = 0, literal = 0;
  for (int k = 0; k < 3000; ++k) {
    Case described = samples::any_case(random);
    described.inputs_read_only = others.chance(1, 4);
    if (others.chance(1, 4)) described.relation = static_cast<Relation>(others.below(relation_count));
    const std::string words = text(described);
    ASSERT_EQ(complaint(words), "") << words;
    const Case read = parse_case(words);
    ASSERT_TRUE(read == described) << words;
    ASSERT_EQ(text(read), words);
    ASSERT_EQ(words.find_first_of(" \t\n'\"\\`"), std::string::npos) << words;
    in_place += described.in_place ? 1 : 0;
    literal += described[OperandId::x].values.literal.empty() ? 0 : 1;
  }
  EXPECT_GT(in_place, 100u);
  EXPECT_GT(literal, 50u);
}

// One change to a case for each thing that a text can say.
std::vector<std::function<void(Case&)>> changes() {
  const auto x = [](Case& c) -> Operand& { return c[OperandId::x]; };
  return {
      [](Case& c) { c.check = "tails"; },
      [](Case& c) { ++c.batch; },
      [](Case& c) { ++c.channels; },
      [](Case& c) { ++c.spatial; },
      [](Case& c) { c.eps = 0; },
      [](Case& c) { c.eps = -0.0; },
      [](Case& c) { c.eps = nan; },
      [](Case& c) { c.momentum = 1; },
      [](Case& c) { c.variance = NORMPROOF_VAR_BIASED; },
      [](Case& c) { c.threads = 2; },
      [](Case& c) { c.in_place = true; },
      [](Case& c) { c.guard_in_front = true; },
      [](Case& c) { c.inputs_read_only = true; },
      [](Case& c) { c.poison = 1e30; },
      [](Case& c) { c.call_size = 8; },
      [](Case& c) { c.relation = Relation::repeat; },
      [](Case& c) { c.seed = 1; },
      [x](Case& c) { x(c).dtype = NORMPROOF_F64; },
      [x](Case& c) { x(c).offset = 3; },
      [x](Case& c) { x(c).layout.order = "bsc"; },
      [x](Case& c) { x(c).layout.gap = 2; },
      [x](Case& c) { x(c).layout.pad = 2; },
      [x](Case& c) { x(c).layout.zero = "b"; },
      [x](Case& c) { x(c).layout.far = 'b'; },
      [x](Case& c) { x(c).values.recipe = "normal"; },
      [x](Case& c) { x(c).values.parameters[0] = 3; },
      [x](Case& c) {
        x(c).values.plants = {{0, Plant::Position::tail, nan}};
      },
      [x](Case& c) {
        x(c).values.plants = {{0, Plant::Position::middle, nan}};
      },
      [x](Case& c) {
        x(c).values.plants = {{-1, Plant::Position::tail, nan}};
      },
      [x](Case& c) {
        x(c).values.plants = {{0, Plant::Position::tail, infinity}};
      },
      [x](Case& c) { x(c).values.bits = 3; },
      [x](Case& c) { x(c).values.literal = {1, 2, 3, 4, 5, 6, 7, 8}; },
      [x](Case& c) { x(c).values.literal = {1, 2, 3, 4, 5, 6, 7, nan}; },
      [](Case& c) { c[OperandId::beta].present = false; },
      [](Case& c) { c[OperandId::saved_mean].present = false; },
      [](Case& c) { c[OperandId::running_var].dtype = NORMPROOF_F64; },
  };
}

TEST(CaseText, says_every_difference) {
  const Case plain = plain_case(NORMPROOF_BN_TRAIN, NORMPROOF_F32, 2, 2, 2, 0);
  std::vector<Case> cases = {plain};
  for (const auto& change : changes()) change(cases.emplace_back(plain));
  std::set<std::string> texts;
  for (std::size_t i = 0; i < cases.size(); ++i) {
    texts.insert(text(cases[i]));
    for (std::size_t j = 0; j < cases.size(); ++j)
      EXPECT_EQ(cases[i] == cases[j], i == j) << text(cases[i]) << '\n' << text(cases[j]);
  }
  EXPECT_EQ(texts.size(), cases.size());
}

TEST(CaseText, leaves_out_what_means_nothing) {
  Case plain = plain_case(NORMPROOF_BN_TRAIN, NORMPROOF_F32, 2, 3, 4, 0);
  plain[OperandId::beta].present = false;
  Case other = plain;
  other[OperandId::beta].dtype = NORMPROOF_F64;
  other[OperandId::beta].values.recipe = "one";
  other[OperandId::y].values.recipe = "one";     // nobody reads it
  other[OperandId::gamma].layout.order = "scb";  // a vector has none
  other[OperandId::dy].dtype = NORMPROOF_F64;    // not an operand of bn_train
  EXPECT_TRUE(plain == other);
  EXPECT_EQ(text(other), "op=bn_train,shape=2x3x4,beta=-");
  EXPECT_EQ(text(plain), text(other));
}

TEST(CaseText, reads_the_example) {
  const Case described =
      parse_case("check=tails,op=bn_train,shape=2x3x7,x=f32/bsc/@1/spread(3;0.5),y=f32/bcs.gap2.pad3,beta=-,eps=1e-05");
  Case expected = plain_case(NORMPROOF_BN_TRAIN, NORMPROOF_F32, 2, 3, 7, 0);
  expected.check = "tails";
  expected[OperandId::x].layout.order = "bsc";
  expected[OperandId::x].offset = 1;
  expected[OperandId::x].values.parameters = {3, 0.5};
  expected[OperandId::y].layout.gap = 2;
  expected[OperandId::y].layout.pad = 3;
  expected[OperandId::beta].present = false;
  EXPECT_TRUE(described == expected) << text(described);
  EXPECT_EQ(text(described),
            "check=tails,op=bn_train,shape=2x3x7,x=f32/bsc/@1/spread(3;0.5),y=f32/bcs.gap2.pad3,beta=-");
}

TEST(CaseText, takes_keys_in_any_order_and_fields_one_by_one) {
  const Case described = parse_case("gamma=f32,x=f64/spread(1;2),seed=18446744073709551615,dy=@3,op=bn_train_backward");
  Case expected = plain_case(NORMPROOF_BN_TRAIN_BACKWARD, NORMPROOF_F64, 1, 1, 1, 18446744073709551615u);
  expected[OperandId::gamma].dtype = NORMPROOF_F32;
  expected[OperandId::x].values.parameters = {1, 2};
  expected[OperandId::dy].offset = 3;
  EXPECT_TRUE(described == expected) << text(described);
}

TEST(CaseText, writes_numbers_that_read_back_exactly) {
  RandomStream random(2, "case_test", "numbers");
  for (int k = 0; k < 20000; ++k) {
    const double value = samples::any_number(random);
    const std::string digits = number_text(value);
    const double read = parse_case("op=bn_train,eps=" + digits).eps;
    if (std::isnan(value)) {
      EXPECT_TRUE(std::isnan(read));
    } else {
      EXPECT_EQ(std::bit_cast<std::uint64_t>(read), std::bit_cast<std::uint64_t>(value)) << digits;
    }
  }
  EXPECT_EQ(number_text(1e-5), "1e-05");
  EXPECT_EQ(number_text(-infinity), "-inf");
  EXPECT_EQ(number_text(-nan), "nan");
}

// ---- what is refused

TEST(CaseText, complains_in_one_line_that_says_what_and_where) {
  struct Bad {
    const char* words;
    std::size_t character;
    const char* what;
  };
  const std::vector<Bad> all = {
      {"", 1, "'' is not key=value"},
      {"op", 1, "'op' is not key=value"},
      {"op=bn_train,", 13, "'' is not key=value"},
      {"op=bn_train,hue=3", 13, "unknown key 'hue'"},
      {"op=bn_train,op=bn_train", 13, "a second op"},
      {"op=batch_norm", 4, "unknown operation 'batch_norm'"},
      {"op=bn_train,shape=2x3", 19, "a shape is BATCHxCHANNELSxSPATIAL"},
      {"op=bn_train,shape=2x3x4x5", 25, "a shape is BATCHxCHANNELSxSPATIAL"},
      {"op=bn_train,shape=2xthreex4", 21, "'three' is no whole number"},
      {"op=bn_train,shape=2x-3x4", 21, "-3 is not in 0 to 1099511627776"},
      {"op=bn_train,shape=2x99999999999999999999x4", 21, "is not in 0 to"},
      {"op=bn_train,shape=1000000x1000000x1", 19, "shape: more than 68719476736 elements"},
      {"op=bn_train,shape=0x1000000x1000000", 19, "shape: more than 68719476736 elements"},
      {"op=bn_train,dy=f32/bcs/zero", 16, "bn_train does not use dy"},
      {"op=bn_train,dy=-", 16, "bn_train does not use dy"},
      {"op=bn_train,x=f31/bcs/zero", 15, "'f31'"},
      {"op=bn_train,x=bf16/bcs/zero", 15, "bf16 is reserved"},
      {"op=bn_train,x=f32/bcc/zero", 19, "unknown recipe 'bcc'"},
      {"op=bn_train,x=f32/bcs.gap0/zero", 26, "0 is not in 1 to 65536"},
      {"op=bn_train,x=f32/bcs.gap2.gap3/zero", 28, "a second gap"},
      {"op=bn_train,x=f32/bcs.zero-sb/zero", 23, "zero- takes some of b, c, s, in this order"},
      {"op=bn_train,x=f32/bcs.far-x/zero", 23, "far- takes one of b, c, s"},
      {"op=bn_train,x=f32/bcs.near/zero", 23, "unknown layout field 'near'"},
      {"op=bn_train,x=f32/bcs.zero-b.far-b/zero", 15, "x: an extent is far or has stride 0, not both"},
      {"op=bn_train,shape=1x1x4000000000,x=f32/bsc.far-b/zero", 36, "reaches beyond its stride"},
      {"op=bn_train,shape=1x1x100000,x=f32/bcs.far-s/zero", 32, "x: it reaches too far in memory"},
      {"op=bn_train,y=f32/bcs.zero-b", 15, "y: a stride of 0 is for inputs alone"},
      {"op=bn_train,x=f32/bcs/@64/zero", 24, "64 is not in 0 to 63"},
      {"op=bn_train,x=f32/bcs/@1/@2", 26, "unknown recipe '@2'"},
      {"op=bn_train,x=f32/bcs/@1/zero/zero", 31, "too many fields in an operand"},
      {"op=bn_train,y=f32/bcs/zero", 23, "'zero' is out of place in y"},
      {"op=bn_train,gamma=f32/bcs/one", 23, "unknown recipe 'bcs'"},
      {"op=bn_train,x=f32/bcs/normal(1)", 15, "x: normal takes 2 parameters, not 1"},
      {"op=bn_train,x=f32/bcs/normal(1;2", 29, "'(1;2' is not closed"},
      {"op=bn_train,x=f32/bcs/normal(1;2x)", 32, "'2x' is no number"},
      {"op=bn_train,x=f32/bcs/normal(1;inf)", 15, "x: a parameter is not finite"},
      {"op=bn_train,x=f32/bcs/normal(1;2;3;4;5;6;7;8;9)", 46, "too many parameters"},
      {"op=bn_train,x=f32/bcs/uniform(2;1)", 15, "x: uniform: low is above high"},
      {"op=bn_train,x=f32/bcs/integers(1;1.5)", 15, "x: integers takes whole numbers"},
      {"op=bn_train,x=f32/bcs/powers(-1200;0)", 15, "x: powers takes exponents -1100 to 1023"},
      {"op=bn_train,x=f32/bcs/subnormal(60)", 15, "x: subnormal takes 0 to 52"},
      {"op=bn_train,x=f32/bcs/same_as_x", 15, "x: same_as_x is for dy"},
      {"op=bn_train,gamma=f32/from_x", 19, "gamma: from_x is for statistics"},
      {"op=bn_train_backward,saved_mean=f32/from_x(1;2)", 33, "saved_mean: from_x takes no parameters here"},
      {"op=bn_train,x=f32/bcs/zero!0.tail", 28, "a plant is !CHANNEL.POSITION.VALUE"},
      {"op=bn_train,x=f32/bcs/zero!0.end.1", 30, "unknown position 'end'"},
      {"op=bn_train,x=f32/bcs/zero!-2.tail.1", 28, "-2 is not in -1 to"},
      {"op=bn_train,x=f32/bcs/zero!0.tail.1e999", 35, "1e999 is beyond f64"},
      {"op=bn_train,x=f32/bcs/zero~54", 28, "54 is not in 1 to 53"},
      {"op=bn_train,x=f32/bcs/[]", 24, "'' is no number"},
      {"op=bn_train,x=f32/bcs/[1;2", 23, "'[1;2' is not closed"},
      {"op=bn_train,x=f32/bcs/[1;2]", 15, "x: 2 values listed, 1 needed"},
      {"op=bn_train,eps=1e-5 ", 17, "'1e-5 ' is no number"},
      {"op=bn_train,eps=0x1p3", 17, "'0x1p3' is no number"},
      {"op=bn_train,eps=infinity", 17, "'infinity' is no number"},
      {"op=bn_train,eps=+1", 17, "'+1' is no number"},
      {"op=bn_train,poison=inf", 20, "poison: it is nan or finite"},
      {"op=bn_train,threads=0", 21, "0 is not in 1 to 4096"},
      {"op=bn_train,in_place=1", 22, "unknown answer '1'"},
      {"op=bn_train,guard=left", 19, "unknown side 'left'"},
      {"op=bn_train,variance=sample", 22, "unknown kind of variance 'sample'"},
      {"op=bn_train,relation=none", 22, "unknown relation 'none'"},
      {"op=bn_train,seed=-1", 18, "'-1' is no whole number"},
      {"op=bn_train,call_size=4294967296", 23, "4294967296 is not in 0 to 4294967295"},
      {"op=bn_train,check=a/b", 19, "check: a check's name"},
      {"op=bn_train,in_place=yes,y=f32/bsc", 22, "in_place: y must have dtype, layout and offset of x"},
      {"op=bn_train_backward,in_place=yes,dx=-", 31, "in_place: dy and dx must be there"},
      {"op=bn_train,\xff\n\x01=3", 13, "unknown key '\?\?\?'"},
  };
  for (const Bad& bad : all) {
    const std::string said = complaint(bad.words);
    EXPECT_TRUE(said.starts_with("case, character " + std::to_string(bad.character) + ": ")) << bad.words << '\n'
                                                                                             << said;
    EXPECT_NE(said.find(bad.what), std::string::npos) << bad.words << '\n' << said;
    EXPECT_EQ(said.find('\n'), std::string::npos) << said;
  }
}

TEST(CaseText, keeps_messages_short_where_the_text_is_long) {
  EXPECT_LT(complaint("op=" + std::string(1 << 20, 'a')).size(), 200u);
  EXPECT_LT(complaint(std::string(1 << 20, ',')).size(), 200u);
  std::string literal = "op=bn_train,shape=1x1x5000,x=f32/bcs/[0";
  for (int k = 1; k < 5000; ++k) literal += ";0";
  EXPECT_NE(complaint(literal + "]").find("too many values"), std::string::npos);
}

// Any bytes either read as a case, which then has a text that reads back, or throw CaseError.
void expect_case_or_complaint(const std::string& words, std::size_t& taken) {
  try {
    const Case described = parse_case(words);
    ++taken;
    ASSERT_TRUE(parse_case(text(described)) == described) << words;
  } catch (const CaseError& error) {
    ASSERT_EQ(std::string_view(error.what()).find('\n'), std::string_view::npos);
  }
}

TEST(CaseText, takes_any_bytes) {
  RandomStream random(3, "case_test", "bytes");
  static constexpr char listed[] = "=,/.;()[]!~@-0123456789xbcsfinae\0\xff \n";
  constexpr std::string_view bytes(listed, sizeof listed - 1);
  std::size_t taken = 0;
  for (int k = 0; k < 30000; ++k) {
    std::string words = text(samples::any_case(random));
    for (std::uint64_t edits = 1 + random.below(3); edits > 0 && !words.empty(); --edits) {
      const std::size_t at = random.below(words.size());
      const char byte = bytes[random.below(bytes.size())];
      switch (random.below(4)) {
        case 0: words[at] = byte; break;
        case 1: words.insert(at, 1, byte); break;
        case 2: words.erase(at, 1 + random.below(8)); break;
        default: words.insert(at, words.substr(random.below(words.size()), random.below(20)));
      }
    }
    expect_case_or_complaint(words, taken);
  }
  EXPECT_GT(taken, 100u);  // some edits leave a case
}

TEST(Case, is_refused_where_made_by_hand_as_where_read) {
  Case described = plain_case(NORMPROOF_BN_TRAIN, NORMPROOF_F32, 2, 3, 4, 0);
  require_valid(described);
  described[OperandId::x].layout.order = "nchw";
  EXPECT_THROW(require_valid(described), CaseError);
  described[OperandId::x].layout.order = "bcs";
  described[OperandId::dy].present = true;
  EXPECT_THROW(require_valid(described), CaseError);
}

TEST(PlainCase, is_valid_and_has_every_operand_that_the_operation_uses) {
  for (const normproof_op op : all_ops())
    for (const normproof_dtype dtype : {NORMPROOF_F32, NORMPROOF_F64}) {
      const Case plain = plain_case(op, dtype, 2, 3, 4, 5);
      require_valid(plain);
      for (const OperandId id : all_operands()) {
        EXPECT_EQ(takes_part(plain, id), use_of(op, id) != Use::unused);
        if (!takes_part(plain, id)) continue;
        const bool is_state = std::string(word(id)).starts_with("fn_");
        EXPECT_EQ(plain[id].dtype, is_state ? NORMPROOF_F64 : dtype) << word(id);
      }
      EXPECT_EQ(text(plain), std::string("op=") + word(op) + ",shape=2x3x4" +
                                 (dtype == NORMPROOF_F64 ? ",x=f64/bcs" : "") + ",seed=5");
    }
}

}  // namespace
}  // namespace normproof::conformance

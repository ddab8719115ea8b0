// What may a case say, and how does it read as text?
#include "proofs_checks/conformance/case.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <map>
#include <optional>
#include <span>
#include <system_error>
#include <utility>

#include "proofs_checks/conformance/recipes.hpp"

namespace normproof::conformance {
namespace {

// ---- the tables

constexpr std::array<normproof_op, 7> ops = {
    NORMPROOF_BN_TRAIN, NORMPROOF_BN_INFER, NORMPROOF_BN_TRAIN_BACKWARD, NORMPROOF_BN_INFER_BACKWARD,
    NORMPROOF_FN_TRAIN, NORMPROOF_FN_INFER, NORMPROOF_FN_BACKWARD};
constexpr std::array<const char*, ops.size()> op_words = {
    "bn_train", "bn_infer", "bn_train_backward", "bn_infer_backward", "fn_train", "fn_infer", "fn_backward"};
constexpr std::array<const char*, operand_count> operand_words = {"x",
                                                                  "y",
                                                                  "dy",
                                                                  "dx",
                                                                  "gamma",
                                                                  "beta",
                                                                  "running_mean",
                                                                  "running_var",
                                                                  "saved_mean",
                                                                  "saved_mean_low",
                                                                  "saved_inv_std",
                                                                  "fn_mean",
                                                                  "fn_mean_low",
                                                                  "fn_square",
                                                                  "dgamma",
                                                                  "dbeta"};
constexpr std::array<const char*, 4> dtype_words = {"f32", "f64", "bf16", "f16"};  // 1 … 4
constexpr std::array<const char*, relation_count> relation_words = {
    "value",   "bad_argument", "repeat",    "threads",         "permute_channels", "permute_samples",  "scale",
    "shift",   "linear_in_dy", "sum_of_dx", "split_and_merge", "other_channels",   "forward_backward", "after_others",
    "at_once", "one_thread",   "taken"};
constexpr std::array<const char*, 3> position_words = {"head", "middle", "tail"};
constexpr std::array<const char*, 2> variance_words = {"biased", "unbiased"};
constexpr std::array<const char*, 2> yes_words = {"no", "yes"};
constexpr std::array<const char*, 2> guard_words = {"back", "front"};
constexpr std::array<const char*, 2> access_words = {"writable", "read_only"};

std::optional<std::size_t> index_of(normproof_op op) {
  const auto found = std::find(ops.begin(), ops.end(), op);
  if (found == ops.end()) return std::nullopt;
  return static_cast<std::size_t>(found - ops.begin());
}

using UseRow = std::array<Use, operand_count>;
constexpr Use none = Use::unused, in = Use::in, may_in = Use::in_optional, out = Use::out, may_out = Use::out_optional,
              inout = Use::inout, may_inout = Use::inout_optional;
// The columns of the table in impl/kernel.h, one a row.
constexpr std::array<UseRow, ops.size()> uses = {{
    // x, y, dy, dx, gamma, beta, running (2), saved (3), fn (3), dgamma, dbeta
    {in, out, none, none, may_in, may_in, may_inout, may_inout, may_out, may_out, may_out, none, none, none, none,
     none},
    {in, out, none, none, may_in, may_in, in, in, none, none, none, none, none, none, none, none},
    {in, none, in, may_out, may_in, none, none, none, in, may_in, in, none, none, none, may_out, may_out},
    {in, none, in, may_out, may_in, none, in, in, none, none, none, none, none, none, may_out, may_out},
    {in, out, none, none, may_in, may_in, none, none, none, none, none, inout, may_inout, inout, none, none},
    {in, out, none, none, may_in, may_in, none, none, none, none, none, in, may_in, in, none, none},
    {in, none, in, may_out, may_in, none, none, none, none, none, none, in, may_in, in, may_out, may_out},
}};

// ---- numbers

bool same_number(double a, double b) {
  if (std::isnan(a) || std::isnan(b)) return std::isnan(a) && std::isnan(b);
  return a == b && std::signbit(a) == std::signbit(b);
}

bool same_numbers(const std::vector<double>& a, const std::vector<double>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), same_number);
}

// Counts stop here, so that no arithmetic on them overflows.
constexpr std::int64_t unbounded = std::int64_t{1} << 62;

std::int64_t times(std::int64_t a, std::int64_t b) {
  std::int64_t product = 0;
  return __builtin_mul_overflow(a, b, &product) ? unbounded : std::min(product, unbounded);
}

std::int64_t plus(std::int64_t a, std::int64_t b) { return a > unbounded - b ? unbounded : a + b; }

// ---- what a case may say

struct Problem {
  std::string key, what;
};
using MayBeProblem = std::optional<Problem>;

bool is_order(std::string_view order) {
  return order.size() == 3 && std::string_view("bcs").find(order[0]) != order.npos &&
         std::is_permutation(order.begin(), order.end(), std::string_view("bcs").begin());
}

// "", "b", …, "bcs": some of the three, in this order.
bool is_some_of_bcs(std::string_view letters) {
  std::size_t next = 0;
  for (const char letter : letters) {
    const std::size_t found = std::string_view("bcs").find(letter, next);
    if (found == std::string_view::npos) return false;
    next = found + 1;
  }
  return true;
}

std::int64_t stride_along(const Strides& strides, char extent) {
  return extent == 'b' ? strides.batch : extent == 'c' ? strides.channel : strides.spatial;
}

std::string layout_problem(const Layout& layout, const Case& described, bool written) {
  if (!is_order(layout.order)) return "a layout's order is bcs, bsc, cbs, csb, sbc or scb";
  if (layout.gap < 1 || layout.gap > most_gap) return fmt::format("gap is 1 to {}", most_gap);
  if (layout.pad < 0 || layout.pad > most_pad) return fmt::format("pad is 0 to {}", most_pad);
  if (!is_some_of_bcs(layout.zero)) return "zero names some of b, c, s, in this order";
  if (written && !layout.zero.empty()) return "a stride of 0 is for inputs alone";
  if (layout.far != '-') {
    if (!is_some_of_bcs({&layout.far, 1})) return "far names one of b, c, s";
    if (layout.zero.find(layout.far) != std::string::npos) return "an extent is far or has stride 0, not both";
    Layout near = layout;
    near.far = '-';
    const Strides strides = strides_of(near, described.batch, described.channels, described.spatial);
    if (stride_along(strides, layout.far) > far_stride)
      return "what is inside the far extent reaches beyond its stride";
  }
  if (strides_of(layout, described.batch, described.channels, described.spatial).span > most_span)
    return "it reaches too far in memory";
  return {};
}

std::string values_problem(const Values& values, const Case& described, OperandId id) {
  if (values.literal.size() > most_literals) return fmt::format("at most {} values may be listed", most_literals);
  if (!values.literal.empty()) {
    if (static_cast<std::int64_t>(values.literal.size()) == described.values_of(id)) return {};
    return fmt::format("{} values listed, {} needed", values.literal.size(), described.values_of(id));
  }
  if (values.bits < 0 || values.bits > most_bits) return fmt::format("bits are 0 to {}", most_bits);
  if (values.plants.size() > most_plants) return fmt::format("at most {} plants", most_plants);
  for (const Plant& plant : values.plants)
    if (plant.channel < -1 || plant.channel > most_extent) return "a plant's channel is -1 or a channel";
  return recipe_problem(values, id);
}

std::string operand_problem(const Case& described, OperandId id) {
  const Operand& operand = described[id];
  const Use use = use_of(described.op, id);
  if (!operand.present) return {};
  if (use == Use::unused) return fmt::format("{} does not use it", word(described.op));
  if (operand.dtype != NORMPROOF_F32 && operand.dtype != NORMPROOF_F64) return "its dtype is f32 or f64";
  if (operand.offset < 0 || operand.offset > most_offset) return fmt::format("its offset is 0 to {}", most_offset);
  std::string problem;
  if (is_tensor(id)) problem = layout_problem(operand.layout, described, is_written(use));
  if (problem.empty() && is_read(use)) problem = values_problem(operand.values, described, id);
  return problem;
}

std::string shape_problem(const Case& described) {
  std::int64_t elements = 1;
  for (const std::int64_t extent : {described.batch, described.channels, described.spatial}) {
    if (extent < 0 || extent > most_extent) return fmt::format("an extent is 0 to {}", most_extent);
    elements = times(elements, std::max<std::int64_t>(extent, 1));
  }
  if (elements > most_elements) return fmt::format("more than {} elements", most_elements);
  return {};
}

std::string in_place_problem(const Case& described) {
  const InPlace pair = in_place_pair(described.op);
  const Operand &read = described[pair.read], &written = described[pair.written];
  const char *read_word = word(pair.read), *written_word = word(pair.written);
  if (!read.present || !written.present) return fmt::format("{} and {} must be there", read_word, written_word);
  if (read.dtype != written.dtype || read.layout != written.layout || read.offset != written.offset)
    return fmt::format("{} must have dtype, layout and offset of {}", written_word, read_word);
  return {};
}

bool is_name(std::string_view name) {
  return name.size() <= most_check_name && std::all_of(name.begin(), name.end(), [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
         });
}

MayBeProblem problem_of(const Case& described) {
  if (!index_of(described.op)) return Problem{"op", "no such operation"};
  if (!is_name(described.check)) return Problem{"check", "a check's name has a-z, 0-9 and _ in it, 64 at most"};
  if (std::string problem = shape_problem(described); !problem.empty()) return Problem{"shape", std::move(problem)};
  for (const OperandId id : all_operands())
    if (std::string problem = operand_problem(described, id); !problem.empty())
      return Problem{word(id), std::move(problem)};
  if (described.variance != NORMPROOF_VAR_BIASED && described.variance != NORMPROOF_VAR_UNBIASED)
    return Problem{"variance", "it is biased or unbiased"};
  if (described.threads < 1 || described.threads > most_threads)
    return Problem{"threads", fmt::format("threads are 1 to {}", most_threads)};
  if (described.in_place)
    if (std::string problem = in_place_problem(described); !problem.empty())
      return Problem{"in_place", std::move(problem)};
  if (std::isinf(described.poison)) return Problem{"poison", "it is nan or finite"};
  if (static_cast<std::size_t>(described.relation) >= relation_words.size())
    return Problem{"relation", "no such relation"};
  return std::nullopt;
}

// ---- writing

template <class Items, class Write>
std::string joined(const Items& items, char between, Write&& write) {
  std::string all;
  for (const auto& item : items) {
    if (!all.empty()) all += between;
    all += write(item);
  }
  return all;
}

std::string text_of(const Layout& layout) {
  std::string words = layout.order;
  if (layout.gap != 1) words += fmt::format(".gap{}", layout.gap);
  if (layout.pad != 0) words += fmt::format(".pad{}", layout.pad);
  if (!layout.zero.empty()) words += ".zero-" + layout.zero;
  if (layout.far != '-') words += fmt::format(".far-{}", layout.far);
  return words;
}

std::string text_of(const Values& values) {
  if (!values.literal.empty()) return "[" + joined(values.literal, ';', number_text) + "]";
  std::string words = values.recipe;
  if (!values.parameters.empty()) words += "(" + joined(values.parameters, ';', number_text) + ")";
  for (const Plant& plant : values.plants)
    words += fmt::format("!{}.{}.{}", plant.channel, position_words[static_cast<std::size_t>(plant.position)],
                         number_text(plant.value));
  if (values.bits != 0) words += fmt::format("~{}", values.bits);
  return words;
}

std::string text_of(const Operand& operand, const Operand& plain, OperandId id, bool read) {
  if (!operand.present) return "-";
  std::string words = word(operand.dtype);
  if (is_tensor(id)) words += "/" + text_of(operand.layout);
  if (operand.offset != 0) words += fmt::format("/@{}", operand.offset);
  if (read && operand.values != plain.values) words += "/" + text_of(operand.values);
  return words;
}

bool same_where_it_means_something(const Operand& a, const Operand& b, OperandId id, Use use) {
  if (!a.present || !b.present) return a.present == b.present;
  return a.dtype == b.dtype && a.offset == b.offset && (!is_tensor(id) || a.layout == b.layout) &&
         (!is_read(use) || a.values == b.values);
}

normproof_dtype dtype_of_x(const Operand& x) { return x.present ? x.dtype : NORMPROOF_F32; }

// ---- reading

constexpr std::size_t most_shown = 40;

// The words as they may stand in a message of one line.
std::string shown(std::string_view words) {
  std::string safe;
  for (const char c : words.substr(0, most_shown)) safe += c >= ' ' && c <= '~' ? c : '?';
  return words.size() > most_shown ? safe + "…" : safe;
}

// A piece of the text that knows where in it it stands.
struct Part {
  std::string_view words;
  std::size_t at = 0;

  [[noreturn]] void fail(std::string_view what) const {
    throw CaseError(fmt::format("case, character {}: {}", at + 1, what));
  }
  bool empty() const { return words.empty(); }
  bool starts_with(std::string_view start) const { return words.starts_with(start); }
  Part from(std::size_t begin, std::size_t count = std::string_view::npos) const {
    return {words.substr(begin, count), at + begin};
  }
  // Before the first separator and behind it; the second is absent where there is none.
  std::pair<Part, std::optional<Part>> cut(char separator) const {
    const std::size_t found = words.find(separator);
    if (found == std::string_view::npos) return {*this, std::nullopt};
    return {from(0, found), from(found + 1)};
  }
  std::vector<Part> split(char separator, std::size_t most, const char* too_many) const {
    std::vector<Part> parts;
    for (std::optional<Part> rest = *this; rest;) {
      if (parts.size() == most) rest->fail(too_many);
      auto [part, behind] = rest->cut(separator);
      parts.push_back(part);
      rest = behind;
    }
    return parts;
  }
};

constexpr std::size_t most_digits = 64;

template <class Whole>
Whole whole(const Part& part, Whole low, Whole high) {
  Whole value = 0;
  const char *first = part.words.data(), *last = first + part.words.size();
  const auto [end, error] = std::from_chars(first, last, value);
  if (part.empty() || end != last || error == std::errc::invalid_argument)
    part.fail(fmt::format("'{}' is no whole number", shown(part.words)));
  if (error != std::errc() || value < low || value > high)
    part.fail(fmt::format("{} is not in {} to {}", shown(part.words), low, high));
  return value;
}

double number(const Part& part) {
  constexpr double infinite = std::numeric_limits<double>::infinity();
  if (part.words == "nan") return std::numeric_limits<double>::quiet_NaN();
  if (part.words == "inf") return infinite;
  if (part.words == "-inf") return -infinite;
  const bool plausible = !part.empty() && part.words.size() <= most_digits &&
                         part.words.find_first_not_of("0123456789.eE+-") == std::string_view::npos;
  double value = 0;
  const char *first = part.words.data(), *last = first + part.words.size();
  const auto [end, error] =
      plausible ? std::from_chars(first, last, value) : std::from_chars_result{first, std::errc::invalid_argument};
  if (error == std::errc::result_out_of_range) part.fail(fmt::format("{} is beyond f64", shown(part.words)));
  if (error != std::errc() || end != last) part.fail(fmt::format("'{}' is no number", shown(part.words)));
  return value;
}

// Which of the words it is.
std::size_t choice(const Part& part, std::span<const char* const> words, std::string_view kind) {
  const auto found = std::find(words.begin(), words.end(), part.words);
  if (found == words.end()) part.fail(fmt::format("unknown {} '{}'", kind, shown(part.words)));
  return static_cast<std::size_t>(found - words.begin());
}

Layout read_layout(const Part& part) {
  Layout layout;
  constexpr std::size_t fields = 5;
  const std::vector<Part> parts = part.split('.', fields, "too many fields in a layout");
  layout.order = parts[0].words;
  if (!is_order(layout.order)) parts[0].fail(fmt::format("'{}' is no order of b, c, s", shown(layout.order)));
  std::array<bool, 4> seen = {};
  const auto field_is = [&](const Part& field, std::string_view start, std::size_t which) {
    if (!field.starts_with(start)) return false;
    if (std::exchange(seen[which], true)) field.fail(fmt::format("a second {}", start));
    return true;
  };
  for (const Part& field : std::span(parts).subspan(1)) {
    const auto behind = [&](std::string_view start) { return field.from(start.size()); };
    if (field_is(field, "gap", 0)) {
      layout.gap = whole<std::int64_t>(behind("gap"), 1, most_gap);
    } else if (field_is(field, "pad", 1)) {
      layout.pad = whole<std::int64_t>(behind("pad"), 0, most_pad);
    } else if (field_is(field, "zero-", 2)) {
      layout.zero = behind("zero-").words;
      if (layout.zero.empty() || !is_some_of_bcs(layout.zero)) field.fail("zero- takes some of b, c, s, in this order");
    } else if (field_is(field, "far-", 3)) {
      const std::string_view letter = behind("far-").words;
      if (letter.size() != 1 || !is_some_of_bcs(letter)) field.fail("far- takes one of b, c, s");
      layout.far = letter[0];
    } else {
      field.fail(fmt::format("unknown layout field '{}'", shown(field.words)));
    }
  }
  return layout;
}

Plant read_plant(const Part& part) {
  const auto [channel, behind_channel] = part.cut('.');
  if (!behind_channel) part.fail("a plant is !CHANNEL.POSITION.VALUE");
  const auto [position, value] = behind_channel->cut('.');
  if (!value) part.fail("a plant is !CHANNEL.POSITION.VALUE");
  return {whole<std::int64_t>(channel, -1, most_extent),
          static_cast<Plant::Position>(choice(position, position_words, "position")), number(*value)};
}

std::vector<double> read_numbers(const Part& part, std::size_t most, const char* too_many) {
  std::vector<double> numbers;
  for (const Part& one : part.split(';', most, too_many)) numbers.push_back(number(one));
  return numbers;
}

// What stands between the two brackets that the part begins and ends with.
Part inside(const Part& part, char close) {
  if (part.words.size() < 2 || part.words.back() != close)
    part.fail(fmt::format("'{}' is not closed", shown(part.words)));
  return part.from(1, part.words.size() - 2);
}

Values read_recipe(const Part& part) {
  Values values;
  const auto [before_bits, bits] = part.cut('~');
  if (bits) values.bits = whole<int>(*bits, 1, most_bits);
  const auto [call, plants] = before_bits.cut('!');
  if (plants)
    for (const Part& plant : plants->split('!', most_plants, "too many plants"))
      values.plants.push_back(read_plant(plant));
  const auto [name, behind] = call.cut('(');
  values.recipe = name.words;
  if (behind)
    values.parameters = read_numbers(inside(call.from(name.words.size()), ')'), most_parameters, "too many parameters");
  const auto& known = recipes();
  if (std::none_of(known.begin(), known.end(), [&](const Recipe& r) { return r.name == values.recipe; }))
    name.fail(fmt::format("unknown recipe '{}'", shown(name.words)));
  return values;
}

Values read_values(const Part& part) {
  if (!part.starts_with("[")) return read_recipe(part);
  Values values;
  values.literal = read_numbers(inside(part, ']'), most_literals, "too many values");
  return values;
}

bool is_layout(const Part& part) { return is_order(part.cut('.').first.words); }

// The fields that are there are put over those of the plain operand.
Operand read_operand(const Part& part, OperandId id, normproof_op op, const Operand& plain) {
  const Use use = use_of(op, id);
  if (use == Use::unused) part.fail(fmt::format("{} does not use {}", word(op), word(id)));
  Operand operand = plain;
  if (part.words == "-") {
    operand.present = false;
    return operand;
  }
  constexpr std::size_t fields = 4;
  const std::vector<Part> parts = part.split('/', fields, "too many fields in an operand");
  std::size_t next = 0;
  const auto more = [&] { return next < parts.size(); };
  const auto dtype_is = [&](const Part& field) {
    return std::find(dtype_words.begin(), dtype_words.end(), field.words) != dtype_words.end();
  };
  if (more() && dtype_is(parts[next])) {
    const std::size_t dtype = choice(parts[next], dtype_words, "dtype");
    operand.dtype = static_cast<normproof_dtype>(dtype + 1);
    if (operand.dtype != NORMPROOF_F32 && operand.dtype != NORMPROOF_F64)
      parts[next].fail(fmt::format("{} is reserved: a dtype is f32 or f64", word(operand.dtype)));
    ++next;
  }
  if (more() && is_tensor(id) && is_layout(parts[next])) operand.layout = read_layout(parts[next++]);
  if (more() && parts[next].starts_with("@"))
    operand.offset = whole<std::int64_t>(parts[next++].from(1), 0, most_offset);
  if (more() && is_read(use)) operand.values = read_values(parts[next++]);
  if (more()) parts[next].fail(fmt::format("'{}' is out of place in {}", shown(parts[next].words), word(id)));
  return operand;
}

void read_shape(const Part& part, Case& described) {
  constexpr std::size_t rank = 3;
  const std::vector<Part> extents = part.split('x', rank, "a shape is BATCHxCHANNELSxSPATIAL");
  if (extents.size() != rank) part.fail("a shape is BATCHxCHANNELSxSPATIAL");
  described.batch = whole<std::int64_t>(extents[0], 0, most_extent);
  described.channels = whole<std::int64_t>(extents[1], 0, most_extent);
  described.spatial = whole<std::int64_t>(extents[2], 0, most_extent);
}

constexpr std::array<const char*, 14> scalar_keys = {"check",    "op",        "shape",    "eps",   "momentum",
                                                     "variance", "threads",   "in_place", "guard", "inputs",
                                                     "poison",   "call_size", "relation", "seed"};

// What stands behind each key.
using Entries = std::map<std::string_view, Part>;

Entries entries_of(std::string_view words) {
  Entries entries;
  constexpr std::size_t keys = scalar_keys.size() + operand_count;
  for (const Part& pair : Part{words}.split(',', keys, "more than there are keys; one case is wanted")) {
    const auto [key, value] = pair.cut('=');
    if (!value) pair.fail(fmt::format("'{}' is not key=value", shown(pair.words)));
    const auto among = [&, name = key.words](const auto& known) {
      return std::find(known.begin(), known.end(), name) != known.end();
    };
    if (!among(scalar_keys) && !among(operand_words)) key.fail(fmt::format("unknown key '{}'", shown(key.words)));
    if (!entries.emplace(key.words, *value).second) key.fail(fmt::format("a second {}", key.words));
  }
  return entries;
}

void read_scalars(const Entries& entries, Case& described) {
  const auto with = [&](std::string_view key, auto&& read) {
    if (const auto entry = entries.find(key); entry != entries.end()) read(entry->second);
  };
  with("check", [&](const Part& part) { described.check = part.words; });
  with("op", [&](const Part& part) { described.op = ops[choice(part, op_words, "operation")]; });
  with("shape", [&](const Part& part) { read_shape(part, described); });
  with("eps", [&](const Part& part) { described.eps = number(part); });
  with("momentum", [&](const Part& part) { described.momentum = number(part); });
  with("variance", [&](const Part& part) {
    described.variance = static_cast<normproof_variance_kind>(choice(part, variance_words, "kind of variance"));
  });
  with("threads", [&](const Part& part) { described.threads = whole<int>(part, 1, most_threads); });
  with("in_place", [&](const Part& part) { described.in_place = choice(part, yes_words, "answer") == 1; });
  with("guard", [&](const Part& part) { described.guard_in_front = choice(part, guard_words, "side") == 1; });
  with("inputs", [&](const Part& part) { described.inputs_read_only = choice(part, access_words, "access") == 1; });
  with("poison", [&](const Part& part) { described.poison = number(part); });
  with("call_size", [&](const Part& part) {
    described.call_size = whole<std::uint32_t>(part, 0, std::numeric_limits<std::uint32_t>::max());
  });
  with("relation",
       [&](const Part& part) { described.relation = static_cast<Relation>(choice(part, relation_words, "relation")); });
  with("seed", [&](const Part& part) {
    described.seed = whole<std::uint64_t>(part, 0, std::numeric_limits<std::uint64_t>::max());
  });
}

void read_operands(const Entries& entries, Case& described) {
  normproof_dtype dtype = NORMPROOF_F32;
  for (const OperandId id : all_operands()) {
    const Operand plain = plain_operand(described.op, dtype, id);
    const auto entry = entries.find(word(id));
    described[id] = entry == entries.end() ? plain : read_operand(entry->second, id, described.op, plain);
    if (id == OperandId::x) dtype = dtype_of_x(described[id]);  // x is the first
  }
}

}  // namespace

// ---- the tables

Use use_of(normproof_op op, OperandId id) {
  const std::optional<std::size_t> row = index_of(op);
  return row ? uses[*row][static_cast<std::size_t>(id)] : Use::unused;
}

bool is_read(Use use) {
  return use == Use::in || use == Use::in_optional || use == Use::inout || use == Use::inout_optional;
}

bool is_written(Use use) {
  return use == Use::out || use == Use::out_optional || use == Use::inout || use == Use::inout_optional;
}

bool is_optional(Use use) { return use == Use::in_optional || use == Use::out_optional || use == Use::inout_optional; }

const char* word(OperandId id) { return operand_words[static_cast<std::size_t>(id)]; }

const char* word(normproof_op op) {
  const std::optional<std::size_t> row = index_of(op);
  return row ? op_words[*row] : "unknown_op";
}

const char* word(normproof_dtype dtype) {
  const std::size_t index = static_cast<std::size_t>(dtype) - 1;
  return index < dtype_words.size() ? dtype_words[index] : "unknown_dtype";
}

const char* word(Relation relation) { return relation_words[static_cast<std::size_t>(relation)]; }

std::vector<normproof_op> all_ops() { return {ops.begin(), ops.end()}; }

std::array<OperandId, operand_count> all_operands() {
  std::array<OperandId, operand_count> ids = {};
  for (std::size_t k = 0; k < ids.size(); ++k) ids[k] = static_cast<OperandId>(k);
  return ids;
}

InPlace in_place_pair(normproof_op op) {
  if (use_of(op, OperandId::dy) != Use::unused) return {OperandId::dy, OperandId::dx};
  return {OperandId::x, OperandId::y};
}

Strides strides_of(const Layout& layout, std::int64_t batch, std::int64_t channels, std::int64_t spatial) {
  Strides strides;
  std::int64_t room = layout.gap;  // what lies inside takes, where the innermost extents have stride 0
  std::int64_t last = 0;           // the last element's distance from the first
  bool innermost = true;
  for (auto letter = layout.order.rbegin(); letter != layout.order.rend(); ++letter, innermost = false) {
    const std::int64_t extent = std::max<std::int64_t>(1, *letter == 'b' ? batch : *letter == 'c' ? channels : spatial);
    std::int64_t& stride = *letter == 'b' ? strides.batch : *letter == 'c' ? strides.channel : strides.spatial;
    if (layout.zero.find(*letter) != std::string::npos) continue;
    stride = *letter == layout.far ? far_stride : innermost ? layout.gap : plus(room, layout.pad);
    room = times(stride, extent);
    last = plus(last, times(stride, extent - 1));
  }
  strides.span = batch > 0 && channels > 0 && spatial > 0 ? plus(last, 1) : 0;
  return strides;
}

// ---- cases

bool Plant::operator==(const Plant& other) const {
  return channel == other.channel && position == other.position && same_number(value, other.value);
}

bool Values::operator==(const Values& other) const {
  if (!literal.empty() || !other.literal.empty()) return same_numbers(literal, other.literal);
  return recipe == other.recipe && same_numbers(parameters, other.parameters) && plants == other.plants &&
         bits == other.bits;
}

bool takes_part(const Case& described, OperandId id) {
  return described[id].present && use_of(described.op, id) != Use::unused;
}

bool Case::operator==(const Case& other) const {
  const bool same_scalars = check == other.check && op == other.op && batch == other.batch &&
                            channels == other.channels && spatial == other.spatial && same_number(eps, other.eps) &&
                            same_number(momentum, other.momentum) && variance == other.variance &&
                            threads == other.threads && in_place == other.in_place &&
                            guard_in_front == other.guard_in_front && inputs_read_only == other.inputs_read_only &&
                            same_number(poison, other.poison) && call_size == other.call_size &&
                            relation == other.relation && seed == other.seed;
  if (!same_scalars) return false;
  const std::array<OperandId, operand_count> ids = all_operands();
  return std::all_of(ids.begin(), ids.end(), [&](OperandId id) {
    const Use use = use_of(op, id);
    return use == Use::unused || same_where_it_means_something((*this)[id], other[id], id, use);
  });
}

Operand plain_operand(normproof_op op, normproof_dtype dtype_of_x, OperandId id) {
  Operand operand;
  const Use use = use_of(op, id);
  operand.present = use != Use::unused;
  if (!operand.present) return operand;
  const bool full_norm_state = id == OperandId::fn_mean || id == OperandId::fn_mean_low || id == OperandId::fn_square;
  operand.dtype = full_norm_state ? NORMPROOF_F64 : dtype_of_x;
  if (!is_read(use)) return operand;
  const auto holds = [&](const char* recipe, std::vector<double> parameters) {
    operand.values.recipe = recipe;
    operand.values.parameters = std::move(parameters);
    return operand;
  };
  switch (id) {
    case OperandId::x: return holds("spread", {0.75, 1.5});
    case OperandId::dy: return holds("correlated", {0.3, 1, 0.5});
    case OperandId::gamma: return holds("signed", {0.5, 2});
    case OperandId::beta: return holds("normal", {0.25, 1});
    case OperandId::running_mean: return holds("normal", {0.5, 2});
    case OperandId::running_var: return holds("uniform", {4, 20});
    case OperandId::fn_mean:
    case OperandId::fn_square: return op == NORMPROOF_FN_TRAIN ? holds("from_x", {0.5, 1.3}) : holds("from_x", {});
    default: return holds("from_x", {});
  }
}

Case plain_case(normproof_op op, normproof_dtype dtype, std::int64_t batch, std::int64_t channels, std::int64_t spatial,
                std::uint64_t seed) {
  Case plain;
  plain.op = op;
  plain.batch = batch;
  plain.channels = channels;
  plain.spatial = spatial;
  plain.seed = seed;
  for (const OperandId id : all_operands()) plain[id] = plain_operand(op, dtype, id);
  return plain;
}

void require_valid(const Case& described) {
  if (const MayBeProblem problem = problem_of(described))
    throw CaseError(fmt::format("case: {}: {}", problem->key, problem->what));
}

// ---- text

std::string number_text(double value) {
  if (std::isnan(value)) return "nan";
  if (std::isinf(value)) return value > 0 ? "inf" : "-inf";
  std::array<char, 32> digits = {};  // the longest is -2.2250738585072014e-308
  return {digits.data(), std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr};
}

std::string text(const Case& described) {
  static const Case plain;
  std::string words;
  const auto add = [&](std::string_view key, std::string_view value) {
    words += fmt::format("{}{}={}", words.empty() ? "" : ",", key, value);
  };
  if (!described.check.empty()) add("check", described.check);
  add("op", word(described.op));
  add("shape", fmt::format("{}x{}x{}", described.batch, described.channels, described.spatial));
  normproof_dtype dtype = NORMPROOF_F32;
  for (const OperandId id : all_operands()) {
    const Use use = use_of(described.op, id);
    const Operand plain_one = plain_operand(described.op, dtype, id);
    if (use != Use::unused && !same_where_it_means_something(described[id], plain_one, id, use))
      add(word(id), text_of(described[id], plain_one, id, is_read(use)));
    if (id == OperandId::x) dtype = dtype_of_x(described[id]);
  }
  if (!same_number(described.eps, plain.eps)) add("eps", number_text(described.eps));
  if (!same_number(described.momentum, plain.momentum)) add("momentum", number_text(described.momentum));
  if (described.variance != plain.variance) add("variance", variance_words[described.variance]);
  if (described.threads != plain.threads) add("threads", std::to_string(described.threads));
  if (described.in_place) add("in_place", yes_words[1]);
  if (described.guard_in_front) add("guard", guard_words[1]);
  if (described.inputs_read_only) add("inputs", access_words[1]);
  if (!same_number(described.poison, plain.poison)) add("poison", number_text(described.poison));
  if (described.call_size != plain.call_size) add("call_size", std::to_string(described.call_size));
  if (described.relation != plain.relation) add("relation", word(described.relation));
  if (described.seed != plain.seed) add("seed", std::to_string(described.seed));
  return words;
}

Case parse_case(std::string_view words) {
  const Entries entries = entries_of(words);
  Case described;
  read_scalars(entries, described);
  read_operands(entries, described);
  if (const MayBeProblem problem = problem_of(described)) {
    const auto entry = entries.find(problem->key);
    const Part place = entry == entries.end() ? Part{words} : entry->second;
    place.fail(problem->key + ": " + problem->what);
  }
  return described;
}

}  // namespace normproof::conformance

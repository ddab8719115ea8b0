// What is one call of a kernel, complete enough to be made again from one line of text?
//
// What       A Case fixes everything that a call depends on: operation, shape, every operand's type, strides, place in
//            memory and values, scalars, and what is asked of the outcome (`relation`). Nothing in it depends on where
//            it runs, so text(case) on a command line repeats it: normproof validate LIB --kernel NAME --case TEXT.
// Text       key=value pairs joined by ',' with no blank and no quote in them: inside single quotes a shell leaves them
//            alone. Example:
//              check=tails,op=bn_train,shape=2x3x7,x=f32/bsc/@1/spread(3;0.5),y=f32/bcs.gap2.pad3,beta=-,eps=1e-05
//            Keys: check, op, shape (batch x channels x spatial), the operands by name, eps, momentum,
//            variance (unbiased, biased), threads, in_place (no, yes), guard (back, front), inputs (writable,
//            read_only), poison, call_size, relation, seed. text() writes them in this order; parse_case takes any.
//            What is left out has its default.
//            An operand: fields joined by '/': dtype, layout (tensors), @offset, values (inputs). '-' alone: absent.
//            A field that is left out is that of plain_operand(op, dtype of x, operand), and so is an operand without
//            a key. Operands that the operation does not use have no key. Numbers read back exactly.
// Errors     parse_case throws CaseError: one line, what and at which character, counted from 1. It takes any bytes.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "impl/kernel.h"

namespace normproof::conformance {

enum class OperandId {
  x,
  y,
  dy,
  dx,
  gamma,
  beta,
  running_mean,
  running_var,
  saved_mean,
  saved_mean_low,
  saved_inv_std,
  fn_mean,
  fn_mean_low,
  fn_square,
  dgamma,
  dbeta
};
inline constexpr std::size_t operand_count = 16;
inline constexpr std::size_t tensor_count = 4;  // the first four are tensors, the others vectors

// What an operation does with an operand: the table in impl/kernel.h.
enum class Use { unused, in, in_optional, out, out_optional, inout, inout_optional };
Use use_of(normproof_op op, OperandId id);
inline bool is_tensor(OperandId id) { return static_cast<std::size_t>(id) < tensor_count; }
bool is_read(Use use);     // in, inout
bool is_written(Use use);  // out, inout
bool is_optional(Use use);
const char* word(OperandId id);           // "running_mean"
const char* word(normproof_op op);        // "bn_train_backward"
const char* word(normproof_dtype dtype);  // "f32"
std::vector<normproof_op> all_ops();
std::array<OperandId, operand_count> all_operands();

// What a case may say; parse_case and require_valid refuse more.
inline constexpr std::int64_t most_extent = std::int64_t{1} << 40;
inline constexpr std::int64_t most_elements = std::int64_t{1} << 36;  // extents of 0 counted as 1
inline constexpr std::int64_t most_span = std::int64_t{1} << 43;      // from the first element to the last one
inline constexpr std::int64_t most_gap = std::int64_t{1} << 16;
inline constexpr std::int64_t most_pad = std::int64_t{1} << 16;
inline constexpr std::int64_t most_offset = 63;
inline constexpr std::size_t most_parameters = 8, most_plants = 64, most_literals = 4096;
inline constexpr int most_threads = 4096;
inline constexpr int most_bits = 53;
inline constexpr std::size_t most_check_name = 64;
inline constexpr std::int64_t far_stride = (std::int64_t{1} << 31) + 16;

// The operands that share memory where a call is in place: x and y, or dy and dx.
struct InPlace {
  OperandId read, written;
};
InPlace in_place_pair(normproof_op op);

// How the elements of a tensor lie in memory. `order` names the extents from the outermost to the innermost one: "bcs"
// is N×C×spatial, "bsc" N×spatial×C. The innermost stride is `gap`, each outer one the room that what is inside takes
// plus `pad`. The extents in `zero` ("", "b", "bs", …; in the order b, c, s) get stride 0 (inputs only) and take the
// room of one; the one in `far` ('-' for none) gets a stride of far_stride, in memory that is mapped sparsely.
// Text: bcs, bsc.gap2.pad3, bcs.zero-bs, csb.far-b
struct Layout {
  std::string order = "bcs";
  std::int64_t gap = 1;
  std::int64_t pad = 0;
  std::string zero;
  char far = '-';
  bool operator==(const Layout&) const = default;
  bool dense() const { return gap == 1 && pad == 0 && zero.empty() && far == '-'; }
};

// In elements. `span` is how far the memory of the tensor reaches: from its first element to behind its last one. For
// the strides an extent of 0 counts as 1: none is 0 but where the layout says so. Counts beyond 2^62 stop there.
struct Strides {
  std::int64_t batch = 0, channel = 0, spatial = 0;
  std::int64_t span = 0;
  bool operator==(const Strides&) const = default;
};
Strides strides_of(const Layout& layout, std::int64_t batch, std::int64_t channels, std::int64_t spatial);

// A value put over the recipe's: in channel `channel` (−1: every channel), at position head, middle, tail of its
// batch·spatial values, counted batch by batch (0, m/2, m − 1). A vector has one value in a channel, whatever the
// position. A later plant wins; one in a channel that the case has not got is idle, so that a case can be made smaller.
// Text: !CHANNEL.POSITION.VALUE, for example !0.tail.nan
struct Plant {
  std::int64_t channel = 0;
  enum class Position { head, middle, tail } position = Position::head;
  double value = 0;  // may be NaN or ±∞
  bool operator==(const Plant& other) const;
};

// What an input holds. A recipe is a function of (seed, operand, channel, position in the channel) alone, so that a
// smaller shape holds a part of the same values; every value is rounded to the operand's dtype. With `bits` > 0 the
// significand is first rounded to that many bits (shrinking makes values simple so). `literal`, where not empty, is all
// the values in the order batch, channel, spatial, and recipe, plants and bits are not used.
// Text: NAME(p;p)!plant!plant~BITS or [v;v;v]; recipes.hpp lists the names and their parameters.
struct Values {
  std::string recipe = "zero";
  std::vector<double> parameters;
  std::vector<Plant> plants;
  int bits = 0;
  std::vector<double> literal;
  bool operator==(const Values& other) const;  // NaN is equal to NaN
};

struct Operand {
  bool present = true;
  normproof_dtype dtype = NORMPROOF_F32;
  Layout layout;            // tensors only
  std::int64_t offset = 0;  // of element 0 from a 64-byte boundary, in elements
  Values values;            // of what is read
  bool operator==(const Operand&) const = default;
};

// What is asked of the outcome. Every relation judges its first call like `value` does, unless it says otherwise.
enum class Relation {
  value,             // every output within its bound, nothing else in memory touched
  bad_argument,      // the call makes no sense: BAD_ARGUMENT, nothing written
  repeat,            // the call made twice: same bits
  threads,           // with threads = 1 and with case.threads: same bits
  permute_channels,  // channels in another order: the same bits, each at its channel
  permute_samples,   // samples in another order: outputs move along, statistics agree within their bounds
  scale,             // x → 2 x, eps → 4 eps: y agrees within its bounds
  shift,             // x → x + a constant that is exact: y agrees within the bounds of both
  linear_in_dy,      // dx(a dy1 + b dy2) = a dx(dy1) + b dx(dy2) within the bounds of all three; dgamma, dbeta too
  sum_of_dx,         // Σ dx = 0 over a channel within the sum of the bounds
  split_and_merge,   // the statistics of two halves, merged, are those of the whole within the bounds of all three
  other_channels,    // with the plants and without them: channels that have none keep their bits
  forward_backward,  // the library's own BN_TRAIN (f32 or f64 like x) makes saved_*; the backward call reads them
  after_others,  // behind other calls (other_calls.hpp), each of them judged, and once more behind another: same bits
  at_once,       // beside other calls (other_calls.hpp) in other threads, many times: what each gives alone
  one_thread,    // with threads = 1 no thread but the caller's does any work
  taken,         // the call is not refused, or one like it (calls_alike of other_calls.hpp) is not
};
inline constexpr std::size_t relation_count = static_cast<std::size_t>(Relation::taken) + 1;
const char* word(Relation relation);

struct Case {
  std::string check;  // the id of the check that it belongs to
  normproof_op op = NORMPROOF_BN_TRAIN;
  std::int64_t batch = 1, channels = 1, spatial = 1;
  std::array<Operand, operand_count> operands;
  double eps = 1e-5;
  double momentum = 0.1;
  normproof_variance_kind variance = NORMPROOF_VAR_UNBIASED;
  int threads = 1;
  bool in_place = false;          // y is x, dx is dy
  bool guard_in_front = false;    // the inaccessible page is before the first element, not after the last one
  bool inputs_read_only = false;  // what is only read is mapped so during the call: a write to it ends the process
  double poison = std::numeric_limits<double>::quiet_NaN();  // what outputs hold before the call; NaN, or finite
  std::uint32_t call_size = sizeof(normproof_call);          // what call.size says
  Relation relation = Relation::value;
  std::uint64_t seed = 0;

  Operand& operator[](OperandId id) { return operands[static_cast<std::size_t>(id)]; }
  const Operand& operator[](OperandId id) const { return operands[static_cast<std::size_t>(id)]; }
  std::int64_t per_channel() const { return batch * spatial; }  // m
  std::int64_t elements() const { return batch * channels * spatial; }
  // How many values the operand has: elements of a tensor, channels of a vector.
  std::int64_t values_of(OperandId id) const { return is_tensor(id) ? elements() : channels; }
  // Equal in all that means something: not in what an absent operand would be, nor in values that nobody reads.
  bool operator==(const Case& other) const;
};

// Present and used by the operation.
bool takes_part(const Case& described, OperandId id);

// A call of op on this shape with every operand present, dense N×C×spatial, x, dy, gamma, beta, running statistics and
// saved statistics that are no special case (distinct channels, gamma of both signs, running_var 4 … 20), saved and FN
// state made from x (before FN_TRAIN's update the state is another one than the batch's); FN state in f64, all else of
// the dtype of x. Checks change from here what they are about.
Case plain_case(normproof_op op, normproof_dtype dtype, std::int64_t batch, std::int64_t channels, std::int64_t spatial,
                std::uint64_t seed);
// One operand of it; absent where op does not use it.
Operand plain_operand(normproof_op op, normproof_dtype dtype_of_x, OperandId id);

class CaseError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

std::string text(const Case& described);
Case parse_case(std::string_view words);    // parse_case(text(c)) is c for every valid c
void require_valid(const Case& described);  // throws CaseError where a case asks for what it may not

// A number as it stands in a text, and back: the shortest that reads back exactly; nan, inf, -inf.
std::string number_text(double value);

}  // namespace normproof::conformance

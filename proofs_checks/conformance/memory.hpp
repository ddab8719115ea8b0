// Where do the operands of a call lie, and was anything touched that should not be?
//
// Guards     Each operand has pages of its own between two inaccessible stretches of 1 MiB. Element 0 stands `offset`
//            elements behind a 64-byte boundary. With the guard at the back the end is as near to the upper stretch as
//            that allows: fewer than 64 bytes lie between, and none at flush_offset. With the guard in front the first
//            element is `offset` elements (modulo 64 bytes) behind the lower stretch. Where there is no element the
//            address is within 64 bytes of the upper stretch, and not NULL.
// Patterns   All other bytes of these pages, and the gaps that strides leave, hold a pattern that is checked later. In
//            what is only read it is a NaN, so that a value made from it shows; in what is written it is a number.
// Contents   Outputs hold Case::poison before the call (of NaNs one with a payload of its own), what is read its
//            values, inout operands theirs. What is only read is checked later: bit by bit up to 1 MiB, beyond that by
//            two 64-bit hashes of each 4096 elements.
// Read only  With Case::inputs_read_only the pages of what is only read cannot be written from the end of the
//            constructor on; the kernel that tries ends its process.
// Sharing    in_place: y has the memory of x (dx of dy), which then may change. A dy that is same_as_x with x's dtype,
//            layout, offset and values, and no plants or bits, has the memory of x, unless the call is in place.
// Strides    One along an extent of 0 or 1 carries no meaning. Where the seed is odd such a stride is 7777 in the call.
// Absent     Has no data. By the second bit of the seed its other fields are 0, or as they would be if it were there.
// far        Address space is reserved for all of it; only the pages that elements lie in are there.
// Cost       Pages are kept for the next case by each thread and filled anew. Under memory checkers the same holds.
// Addresses  The next memory of a thread, for operands of the same sizes, has the addresses of the one that was there
//            before it: what a kernel keeps by address meets other values.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "proofs_checks/conformance/case.hpp"
#include "proofs_checks/conformance/recipes.hpp"

namespace normproof::conformance {

// What the memory of an operand shows after the call.
struct MemoryFinding {
  enum class Kind { outside_write, gap_write, input_changed, not_written, written } kind;
  OperandId operand;
  std::string words;  // "y: 3 elements not written, the first at batch 0, channel 1, spatial 4"
};

class Memory {
 public:
  // Throws CaseError where the case is not valid, NoMemory where the memory cannot be had. The inputs are the case's,
  // or as many others.
  Memory(const Case& described, const InputValues& inputs);
  ~Memory();
  Memory(Memory&&) noexcept;
  Memory& operator=(Memory&&) noexcept;

  const normproof_call& call() const;
  normproof_call& call();

  // What an operand holds now, in the order batch, channel, spatial (vectors: by channel); empty where it is absent.
  std::vector<double> values(OperandId id) const;
  // The same, as bit patterns.
  std::vector<std::uint64_t> bits(OperandId id) const;

  // After a call that returned OK: writes outside, changed inputs, elements of an output that still hold the poison (a
  // NaN with a payload of its own; a finite poison that survives is a wrong value, which the judge sees).
  std::vector<MemoryFinding> findings_after_success() const;
  // After a call that refused or failed: every operand must be as it was.
  std::vector<MemoryFinding> findings_after_refusal() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

// The offset with which the operand ends right at the inaccessible pages behind it, or begins right at those in front.
std::int64_t flush_offset(const Case& described, OperandId id);

// Which element is the i-th of `values`, in words: "batch 0, channel 1, spatial 4" or "channel 2".
std::string place(const Case& described, OperandId id, std::size_t i);

}  // namespace normproof::conformance

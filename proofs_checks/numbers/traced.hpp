// Which number type records the formula that it takes part in?
//
// What       Arithmetic on a Traced appends nodes to the tape of the Recording that is open on this thread. Claims call
//            it Number.
// Assumes    A Traced is used only while the Recording that made it is open. An integer that has met no other number
//            yet needs no recording.
// Why fold   x + 0, x − 0, x · 1, x / 1 and x · 0 are folded while recording: the tangents of constants are literal
//            zeros, and a derivative would otherwise be mostly nodes that add them. A folded operand stays on the tape,
//            so a point where it has no value is still outside the domain.
#pragma once

#include "proofs_checks/numbers/tape.hpp"

namespace normproof::numbers {

class Traced {
 public:
  Traced() = default;
  Traced(int integer) : integer_(integer) {}  // NOLINT(google-explicit-constructor): generic code writes T(2) and 2 * x

  static Traced node(NodeIndex index) {
    Traced traced;
    traced.node_ = index;
    traced.literal_ = false;
    return traced;
  }

  bool is_literal() const { return literal_; }
  bool is_literal(int integer) const { return literal_ && integer_ == integer; }
  bool is_nonnegative_literal() const { return literal_ && integer_ >= 0; }

  // The node of this number on the open recording; a literal is recorded at its first use.
  NodeIndex index() const;

  Traced& operator+=(const Traced& other) { return *this = *this + other; }
  Traced& operator-=(const Traced& other) { return *this = *this - other; }
  Traced& operator*=(const Traced& other) { return *this = *this * other; }
  Traced& operator/=(const Traced& other) { return *this = *this / other; }

  friend Traced operator+(const Traced& a, const Traced& b);
  friend Traced operator-(const Traced& a, const Traced& b);
  friend Traced operator*(const Traced& a, const Traced& b);
  friend Traced operator/(const Traced& a, const Traced& b);
  friend Traced operator-(const Traced& a);

 private:
  NodeIndex node_ = 0;
  int integer_ = 0;
  bool literal_ = true;
};

Traced sqrt(const Traced& x);
Traced select_positive(const Traced& condition, const Traced& if_positive, const Traced& otherwise);
Traced smooth(Smooth function, int order, const Traced& x);

// Opens a tape for this thread until it goes out of scope; recordings nest.
class Recording {
 public:
  Recording();
  ~Recording();
  Recording(const Recording&) = delete;
  Recording& operator=(const Recording&) = delete;

  Traced variable();  // a new free variable
  const Tape& tape() const { return tape_; }

 private:
  friend class Traced;
  friend Traced record(Operation operation, NodeIndex a, NodeIndex b, NodeIndex c, Smooth function, int order);
  Tape tape_;
  Recording* outer_;
};

}  // namespace normproof::numbers

#include "proofs_checks/numbers/elementary.hpp"

// What do computed results look like in the standard model of floating point, fl(a op b) = (a op b)(1 + δ)?
//
// What       A number on T whose every operation multiplies its result by 1 + δ, a fresh δ each time. The δ's are those
//            of the innermost Roundings<T> of this thread, in the order of the operations; running out of them is an
//            error, and so is leaving some over: a bound must be tried with exactly the roundings that happen.
// Source     N. J. Higham, Accuracy and Stability of Numerical Algorithms, 2nd ed. (2002), (2.4).
// Why        With the δ's as free inputs, |computed − exact| ≤ bound is an inequality between numbers, which engines
//            decide as they decide any other. Real roundings are one choice of the δ's among many.
#pragma once

#include <cstddef>
#include <stdexcept>
#include <utility>
#include <vector>

namespace normproof::numbers {

template <class T>
class Roundings {
 public:
  explicit Roundings(std::vector<T> deltas) : deltas_(std::move(deltas)), outer_(innermost()) { innermost() = this; }
  ~Roundings() { innermost() = outer_; }
  Roundings(const Roundings&) = delete;
  Roundings& operator=(const Roundings&) = delete;

  static const T& next() {
    Roundings* roundings = innermost();
    if (roundings == nullptr || roundings->used_ == roundings->deltas_.size())
      throw std::logic_error("more roundings happen than there are δ's");
    return roundings->deltas_[roundings->used_++];
  }

  std::size_t used() const { return used_; }
  void all_must_be_used() const {
    if (used_ != deltas_.size()) throw std::logic_error("fewer roundings happen than there are δ's");
  }

 private:
  static Roundings*& innermost() {
    thread_local Roundings* roundings = nullptr;
    return roundings;
  }

  std::vector<T> deltas_;
  std::size_t used_ = 0;
  Roundings* outer_;
};

template <class T>
class Perturbed {
 public:
  Perturbed() = default;
  Perturbed(int integer) : value_(integer) {}                // NOLINT(google-explicit-constructor): T(2), exact
  explicit Perturbed(T value) : value_(std::move(value)) {}  // exact
  const T& value() const { return value_; }

  friend Perturbed operator+(const Perturbed& a, const Perturbed& b) { return rounded(a.value_ + b.value_); }
  friend Perturbed operator-(const Perturbed& a, const Perturbed& b) { return rounded(a.value_ - b.value_); }
  friend Perturbed operator*(const Perturbed& a, const Perturbed& b) { return rounded(a.value_ * b.value_); }
  friend Perturbed operator/(const Perturbed& a, const Perturbed& b) { return rounded(a.value_ / b.value_); }
  friend Perturbed sqrt(const Perturbed& a) { return rounded(sqrt(a.value_)); }
  Perturbed& operator+=(const Perturbed& b) { return *this = *this + b; }

 private:
  static Perturbed rounded(const T& exact) { return Perturbed(exact * (T(1) + Roundings<T>::next())); }

  T value_ = T(0);
};

}  // namespace normproof::numbers

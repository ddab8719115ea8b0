// What does a claim speak about: which named arrays, of what kind and shape?
//
// What       An InputSpec names an array, its role and its shape in the named dimensions. The role tells every
//            generator what values are natural and which are hostile; the shape is filled in by Sizes. BasicInputs<T>
//            holds the arrays themselves on a number type T; a claim's formula is a function of Inputs =
//            BasicInputs<Number>.
#pragma once

#include <Eigen/Core>
#include <map>
#include <stdexcept>
#include <string>
#include <vector>

#include "proofs_checks/numbers/dual.hpp"
#include "proofs_checks/numbers/traced.hpp"
#include "proofs_checks/verdict.hpp"

namespace normproof {

using Number = numbers::Traced;

enum class Dimension { one, batch, channels, hidden, outputs, channels_plus_one, hidden_plus_one };

enum class Role {
  activation,  // x: any real; real data stand in for arrays of this role and shape batch × channels
  upstream,    // ∂ℓ/∂y: any real
  scale,       // γ: any real, 0 and negative included
  shift,       // β: any real
  epsilon,     // ε ≥ 0
  rate,        // α in [0, 1]
  weight,      // entries of W: any real
  mean,        // a statistic that is given: any real
  variance,    // a statistic that is given: ≥ 0
  direction,   // v: the direction of a derivative
  target,      // y of a loss: any real
  choice       // one of finitely many values, which its InputSpec lists
};

struct InputSpec {
  std::string name;
  Role role = Role::activation;
  Dimension rows = Dimension::one;
  Dimension columns = Dimension::one;
  // Where it is not empty, every entry takes these values alone, and all assignments are enumerated (at most 4096 a
  // size): masks of a ReLU pattern, a few data points, indices.
  std::vector<int> values = {};
};

int extent(Dimension dimension, const Sizes& sizes);

template <class T>
using Array = Eigen::Array<T, Eigen::Dynamic, Eigen::Dynamic>;

template <class T>
class BasicInputs {
 public:
  Sizes sizes;

  const Array<T>& operator()(const std::string& name) const {
    const auto found = arrays_.find(name);
    if (found == arrays_.end()) throw std::logic_error("the claim has no input named " + name);
    return found->second;
  }
  const T& scalar(const std::string& name) const { return (*this)(name)(0, 0); }
  bool has(const std::string& name) const { return arrays_.count(name) > 0; }
  void set(const std::string& name, Array<T> values) { arrays_[name] = std::move(values); }
  void set(const std::string& name, const T& value) { arrays_[name] = Array<T>::Constant(1, 1, value); }
  const std::map<std::string, Array<T>>& arrays() const { return arrays_; }

 private:
  std::map<std::string, Array<T>> arrays_;
};

using Inputs = BasicInputs<Number>;

}  // namespace normproof

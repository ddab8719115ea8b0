// Which activations does the reference network know, and what are their derivatives?
//
//   identity: x      relu: max{x, 0}, derivative 1 where x > 0, else 0      tanh      softplus: log(1 + eˣ)
//
// Source. LL19 (1), (2) leave σ open.
//
// T is never compared: the functions come from T's own namespace (elementary.hpp for double).
#pragma once

#include "impl/reference/elementary.hpp"

namespace normproof::reference {

enum class Activation { identity, relu, tanh, softplus };

template <class T>
T activation(Activation kind, const T& x) {
  switch (kind) {
    case Activation::relu: return relu(x);
    case Activation::tanh: return tanh(x);
    case Activation::softplus: return softplus(x);
    case Activation::identity: break;
  }
  return x;
}

template <class T>
T activation_slope(Activation kind, const T& x) {
  switch (kind) {
    case Activation::relu: return relu_slope(x);
    case Activation::tanh: return tanh_slope(x);
    case Activation::softplus: return softplus_slope(x);
    case Activation::identity: break;
  }
  return T(1);
}

}  // namespace normproof::reference

// Is each operand read and written in its own data type?
//
// Tried      every operand by itself, every two, and all vectors together in the other type than that of x; at standard
//            effort every combination of types. A kernel may refuse a combination.
// Causes     a parameter read in the type of x, a branch for a pair of types that writes nothing, f64 statistics
//            narrowed
#include <array>

#include "proofs_checks/conformance/case_maker.hpp"

namespace normproof::conformance::checks {
namespace {

constexpr std::array<Shape, 4> shapes = {{{3, 5, 7}, {4, 17, 1}, {2, 8, 16}, {1, 3, 33}}};

void flip(Operand& operand) { operand.dtype = operand.dtype == NORMPROOF_F32 ? NORMPROOF_F64 : NORMPROOF_F32; }

void add(CaseMaker& maker, const std::vector<OperandId>& flipped, std::size_t i) {
  Case made = maker.plain(cycle(shapes, i));
  for (const OperandId id : flipped) flip(made[id]);
  lay_out(made, i % 2 == 0 ? "bcs" : "bsc");
  maker.add_once(made);
}

void make_every_combination(CaseMaker& maker, const std::vector<OperandId>& others) {
  for (std::size_t choice = 0; choice < std::size_t{1} << others.size(); ++choice) {
    std::vector<OperandId> flipped;
    for (std::size_t bit = 0; bit < others.size(); ++bit) {
      if ((choice >> bit) & 1) flipped.push_back(others[bit]);
    }
    add(maker, flipped, choice);
  }
}

void make(CaseMaker& maker) {
  std::vector<OperandId> others = operands_in_use(maker.op());
  std::erase(others, OperandId::x);
  std::vector<OperandId> vectors = others;
  std::erase_if(vectors, [](OperandId id) { return is_tensor(id); });
  std::size_t i = 0;
  for (std::size_t k = 0; k < shapes.size(); ++k) {
    add(maker, {}, i);
    add(maker, vectors, i);
    add(maker, others, i++);
  }
  for (std::size_t a = 0; a < others.size(); ++a) {
    for (std::size_t k = 0; k < shapes.size(); ++k) add(maker, {others[a]}, i++);
    for (std::size_t b = 0; b < a; ++b) add(maker, {others[a], others[b]}, i++);
  }
  if (maker.wide()) make_every_combination(maker, others);
}

}  // namespace

Check types() {
  return {.title = "each operand in f32 and in f64, alone, in pairs, all",
          .why = "with one type for everything, an operand that is read in the wrong type reads right",
          .cases = made_by("types", make)};
}

}  // namespace normproof::conformance::checks

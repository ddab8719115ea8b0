// What is known of a program's results over a whole box of inputs?
//
// What       ProgramOverBox runs a program on enclosures, one for each input, and then answers:
//              does a stated lower bound of right − left hold for every entry and every point of the box that has
//              values there? By the natural enclosure, else by the mean value theorem: with G ∋ ∂f/∂xᵢ over the box,
//                f(x) ≥ f(c) + Σᵢ Gᵢ (xᵢ − cᵢ),  cᵢ the end where f is least in xᵢ if Gᵢ has one sign, else the middle;
//              does the box certainly lie outside the hypotheses or the domain?
//            The derivatives come from one backward sweep over the program.
// Assumes    A root of a negative number and a quotient by zero have no value, and points without values are outside
//            the domain: roots are enclosed over the part of their argument that is not negative. Derivatives are used
//            only where every root's argument is positive and every condition has one sign.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "proofs_checks/certificates/cover.hpp"
#include "proofs_checks/certificates/enclosure.hpp"
#include "proofs_checks/certificates/program.hpp"

namespace normproof::certificates {

class ProgramOverBox {
 public:
  // `trouble` is set where the program and the inputs do not belong together.
  ProgramOverBox(const std::vector<Instruction>& program, const std::vector<std::string>& inputs, std::string& trouble);

  void run(const Box& box);

  // The following are about the box of the last run().
  bool outside_domain() const { return outside_; }
  bool is_certainly_not_positive(std::size_t result) const;
  bool is_certainly_negative(std::size_t result) const;
  // right − left ≥ bound wherever both have values?
  bool differ_by(std::size_t left, std::size_t right, const Fraction& bound);

 private:
  enum class Code { input, integer, add, subtract, multiply, divide, negate, root, select, smooth };
  struct Step {
    Code code = Code::integer;
    std::size_t a = 0, b = 0, c = 0;
    std::size_t input = 0;
  };

  void evaluate(std::vector<Enclosure>& results, std::vector<char>& known, const std::vector<Enclosure>& inputs);
  bool sweep_back(std::size_t left, std::size_t right);  // false where there are no derivatives to use
  bool sweep_step(std::size_t k);
  void contribute(std::size_t to, const Enclosure& amount);

  const std::vector<Instruction>& program_;
  std::vector<Step> steps_;
  std::vector<Enclosure> inputs_, results_, centre_, at_centre_, adjoints_;
  std::vector<char> known_, known_at_centre_, has_adjoint_;
  std::vector<Enclosure> slopes_;
  bool outside_ = false, clipped_ = false;
  Enclosure first_, second_;  // for intermediate results
};

}  // namespace normproof::certificates

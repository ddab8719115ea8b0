// How are a program's results, and their derivatives, enclosed over a box?
#include "proofs_checks/certificates/program_over_box.hpp"

#include <algorithm>
#include <map>

namespace normproof::certificates {

ProgramOverBox::ProgramOverBox(const std::vector<Instruction>& program, const std::vector<std::string>& inputs,
                               std::string& trouble)
    : program_(program),
      inputs_(inputs.size()),
      results_(program.size()),
      centre_(inputs.size()),
      at_centre_(program.size()),
      adjoints_(program.size()),
      slopes_(inputs.size()) {
  static const std::map<std::string, Code> codes = {
      {"input", Code::input},       {"integer", Code::integer},   {"add", Code::add},
      {"subtract", Code::subtract}, {"multiply", Code::multiply}, {"divide", Code::divide},
      {"negate", Code::negate},     {"sqrt", Code::root},         {"select_positive", Code::select}};
  std::vector<char> used(inputs.size(), 0);
  for (std::size_t k = 0; k < program.size(); ++k) {
    const Instruction& instruction = program[k];
    Step step;
    const auto known = codes.find(instruction.operation);
    step.code = known == codes.end() ? Code::smooth : known->second;
    if (!instruction.operands.empty()) step.a = instruction.operands[0];
    if (instruction.operands.size() > 1) step.b = instruction.operands[1];
    if (instruction.operands.size() > 2) step.c = instruction.operands[2];
    if (step.code == Code::input) {
      const auto found = std::find(inputs.begin(), inputs.end(), instruction.input);
      if (found == inputs.end()) {
        trouble =
            "instruction " + std::to_string(k) + " asks for " + instruction.input + ", which is not among the inputs";
        return;
      }
      step.input = static_cast<std::size_t>(found - inputs.begin());
      used[step.input] = 1;
    }
    steps_.push_back(step);
  }
  if (std::find(used.begin(), used.end(), 0) != used.end())
    trouble = "an input is listed that the program does not use";
}

void ProgramOverBox::run(const Box& box) {
  for (std::size_t i = 0; i < box.size(); ++i) inputs_[i].set(box[i].low, box[i].high);
  outside_ = clipped_ = false;
  evaluate(results_, known_, inputs_);
}

void ProgramOverBox::evaluate(std::vector<Enclosure>& results, std::vector<char>& known,
                              const std::vector<Enclosure>& inputs) {
  known.assign(steps_.size(), 0);
  for (std::size_t k = 0; k < steps_.size(); ++k) {
    const Step& step = steps_[k];
    Enclosure& result = results[k];
    const Enclosure &a = results[step.a], &b = results[step.b];
    const bool takes_one = step.code == Code::negate || step.code == Code::root || step.code == Code::smooth;
    if (step.code != Code::input && step.code != Code::integer) {
      if (!known[step.a] || (!takes_one && !known[step.b]) || (step.code == Code::select && !known[step.c])) continue;
    }
    switch (step.code) {
      case Code::input: result = inputs[step.input]; break;
      case Code::integer: result.set(program_[k].integer); break;
      case Code::add: add(result, a, b); break;
      case Code::subtract: subtract(result, a, b); break;
      case Code::multiply:
        if (step.a == step.b)
          square(result, a);
        else
          multiply(result, a, b);
        break;
      case Code::divide:
        if (b.is_zero()) outside_ = true;
        if (!b.is_positive() && !b.is_negative()) continue;
        divide(result, a, b);
        break;
      case Code::negate: negate(result, a); break;
      case Code::root:
        if (a.is_negative()) {
          outside_ = true;
          continue;
        }
        if (!a.is_nonnegative()) clipped_ = true;
        root(result, a);
        break;
      case Code::select:
        if (a.is_positive())
          result = b;
        else if (a.is_nonpositive())
          result = results[step.c];
        else
          hull(result, b, results[step.c]);
        break;
      case Code::smooth:
        if (program_[k].operation == "log" && !a.is_positive()) {
          if (a.is_nonpositive()) outside_ = true;
          continue;
        }
        smooth(result, program_[k].operation, program_[k].integer, a);
        break;
    }
    known[k] = result.is_finite() ? 1 : 0;
  }
}

bool ProgramOverBox::is_certainly_not_positive(std::size_t result) const {
  return known_[result] && results_[result].is_nonpositive();
}

bool ProgramOverBox::is_certainly_negative(std::size_t result) const {
  return known_[result] && results_[result].is_negative();
}

bool ProgramOverBox::differ_by(std::size_t left, std::size_t right, const Fraction& bound) {
  if (left == right) return mpq_sgn(bound.get()) <= 0;
  if (!known_[left] || !known_[right]) return false;
  const auto reaches = [&](mpfr_srcptr low) { return mpfr_number_p(low) != 0 && mpfr_cmp_q(low, bound.get()) >= 0; };
  subtract(first_, results_[right], results_[left]);
  if (reaches(first_.low)) return true;
  if (clipped_ || !sweep_back(left, right)) return false;

  Enclosure lost, width, term;  // Σ |Gᵢ| |xᵢ − cᵢ|, rounded up
  for (std::size_t i = 0; i < inputs_.size(); ++i) {
    const Enclosure &slope = slopes_[i], &input = inputs_[i];
    Enclosure& at = centre_[i];
    if (!slope.is_finite()) return false;
    if (slope.is_nonnegative() || slope.is_nonpositive()) {
      mpfr_set(at.low, slope.is_nonnegative() ? input.low : input.high, MPFR_RNDD);
      mpfr_set(at.high, at.low, MPFR_RNDU);
      continue;
    }
    mpfr_add(at.low, input.low, input.high, MPFR_RNDD);
    mpfr_div_2ui(at.low, at.low, 1, MPFR_RNDD);
    mpfr_set(at.high, at.low, MPFR_RNDU);
    // The greater distance from the centre to an end, times the greatest slope.
    mpfr_sub(width.high, input.high, at.low, MPFR_RNDU);
    mpfr_sub(width.low, at.low, input.low, MPFR_RNDU);
    mpfr_max(width.high, width.high, width.low, MPFR_RNDU);
    mpfr_mul(term.high, width.high, mpfr_cmpabs(slope.low, slope.high) > 0 ? slope.low : slope.high, MPFR_RNDA);
    mpfr_abs(term.high, term.high, MPFR_RNDU);
    mpfr_add(lost.high, lost.high, term.high, MPFR_RNDU);
  }
  const bool outside = outside_;
  evaluate(at_centre_, known_at_centre_, centre_);
  outside_ = outside;
  if (clipped_ || !known_at_centre_[left] || !known_at_centre_[right]) return false;
  subtract(first_, at_centre_[right], at_centre_[left]);
  mpfr_sub(first_.low, first_.low, lost.high, MPFR_RNDD);
  return reaches(first_.low);
}

void ProgramOverBox::contribute(std::size_t to, const Enclosure& amount) {
  if (has_adjoint_[to]) {
    mpfr_add(adjoints_[to].low, adjoints_[to].low, amount.low, MPFR_RNDD);
    mpfr_add(adjoints_[to].high, adjoints_[to].high, amount.high, MPFR_RNDU);
  } else {
    adjoints_[to] = amount;
    has_adjoint_[to] = 1;
  }
}

bool ProgramOverBox::sweep_step(std::size_t k) {
  const Step& step = steps_[k];
  const Enclosure &adjoint = adjoints_[k], &a = results_[step.a], &b = results_[step.b];
  switch (step.code) {
    case Code::input:
      add(first_, slopes_[step.input], adjoint);
      slopes_[step.input] = first_;
      break;
    case Code::integer: break;
    case Code::add:
      contribute(step.a, adjoint);
      contribute(step.b, adjoint);
      break;
    case Code::subtract:
      contribute(step.a, adjoint);
      negate(first_, adjoint);
      contribute(step.b, first_);
      break;
    case Code::multiply:
      multiply(first_, adjoint, b);
      multiply(second_, adjoint, a);
      contribute(step.a, first_);
      contribute(step.b, second_);
      break;
    case Code::divide:  // ∂(a/b) = ∂a/b − (a/b) ∂b/b
      divide(first_, adjoint, b);
      contribute(step.a, first_);
      multiply(second_, first_, results_[k]);
      negate(first_, second_);
      contribute(step.b, first_);
      break;
    case Code::negate:
      negate(first_, adjoint);
      contribute(step.a, first_);
      break;
    case Code::root:
      if (!results_[k].is_positive()) return false;
      divide(first_, adjoint, results_[k]);
      mpfr_div_2ui(first_.low, first_.low, 1, MPFR_RNDD);
      mpfr_div_2ui(first_.high, first_.high, 1, MPFR_RNDU);
      contribute(step.a, first_);
      break;
    case Code::select:
      if (!a.is_positive() && !a.is_nonpositive()) return false;
      contribute(a.is_positive() ? step.b : step.c, adjoint);
      break;
    case Code::smooth:
      if (program_[k].operation == "log") {
        divide(first_, adjoint, a);
      } else {
        if (program_[k].integer >= most_derivatives) return false;
        smooth(second_, program_[k].operation, program_[k].integer + 1, a);
        multiply(first_, adjoint, second_);
      }
      contribute(step.a, first_);
      break;
  }
  return true;
}

bool ProgramOverBox::sweep_back(std::size_t left, std::size_t right) {
  has_adjoint_.assign(steps_.size(), 0);
  for (Enclosure& slope : slopes_) slope.set(0);
  contribute(left, Enclosure(-1));
  contribute(right, Enclosure(1));
  for (std::size_t k = steps_.size(); k-- > 0;) {
    if (!has_adjoint_[k]) continue;
    if (!known_[k] || !adjoints_[k].is_finite()) return false;
    if (!sweep_step(k)) return false;
  }
  return true;
}

}  // namespace normproof::certificates

// How is a refutation written, read and redone?
#include "proofs_checks/certificates/refutation.hpp"

#include <map>
#include <set>

#include "proofs_checks/certificates/fraction.hpp"

namespace normproof::certificates {

namespace {

Json content(const Refutation& r) {
  Json inputs = Json::object();
  for (const auto& [name, value] : r.inputs) inputs[name] = value;
  Json json = heading_json(Refutation::kind, r);
  json["entry"] = r.entry;
  json["relation"] = r.relation;
  json["inputs"] = inputs;
  json["program"] = program_json(r.program);
  json["positive"] = r.positive;
  json["nonnegative"] = r.nonnegative;
  json["left"] = {{"instruction", r.left}, {"value", r.left_value}};
  json["right"] = {{"instruction", r.right}, {"value", r.right_value}};
  return json;
}

// The arithmetic itself. An empty string, or why there is no value.
std::string evaluate(const Refutation& r, std::vector<Fraction>& results) {
  std::map<std::string, Fraction> inputs;
  for (const auto& [name, value] : r.inputs) inputs[name] = fraction(value, name);
  std::set<std::string> used;
  results.assign(r.program.size(), {});
  std::size_t bits_left = Refutation::most_bits;
  for (std::size_t k = 0; k < r.program.size(); ++k) {
    const Instruction& step = r.program[k];
    const auto operand = [&](std::size_t which) { return results[step.operands[which]].get(); };
    mpq_ptr result = results[k].get();
    const std::string where = "instruction " + std::to_string(k);
    if (step.operation == "input") {
      const auto found = inputs.find(step.input);
      if (found == inputs.end()) return where + " asks for " + step.input + ", which is not among the inputs";
      used.insert(step.input);
      mpq_set(result, found->second.get());
    } else if (step.operation == "integer") {
      mpq_set_si(result, step.integer, 1);
    } else if (step.operation == "add") {
      mpq_add(result, operand(0), operand(1));
    } else if (step.operation == "subtract") {
      mpq_sub(result, operand(0), operand(1));
    } else if (step.operation == "multiply") {
      mpq_mul(result, operand(0), operand(1));
    } else if (step.operation == "divide") {
      if (mpq_sgn(operand(1)) == 0) return where + " divides by 0";
      mpq_div(result, operand(0), operand(1));
    } else if (step.operation == "negate") {
      mpq_neg(result, operand(0));
    } else if (step.operation == "sqrt") {
      mpq_srcptr x = operand(0);
      if (mpq_sgn(x) < 0 || mpz_perfect_square_p(mpq_numref(x)) == 0 || mpz_perfect_square_p(mpq_denref(x)) == 0)
        return where + " takes the root of a number that is no square";
      mpz_sqrt(mpq_numref(result), mpq_numref(x));
      mpz_sqrt(mpq_denref(result), mpq_denref(x));
    } else if (step.operation == "select_positive") {
      mpq_set(result, mpq_sgn(operand(0)) > 0 ? operand(1) : operand(2));
    } else {
      return where + ": " + step.operation + " has no rational value";
    }
    const std::size_t bits = mpz_sizeinbase(mpq_numref(result), 2) + mpz_sizeinbase(mpq_denref(result), 2);
    if (bits > Refutation::most_result_bits || bits > bits_left) return where + " makes too long a number";
    bits_left -= bits;
  }
  if (used.size() != inputs.size()) return "an input is listed that the program does not use";
  return {};
}

std::string shown(const std::string& number) {
  constexpr std::size_t most_characters = 80;
  return number.size() <= most_characters ? number : number.substr(0, most_characters) + "…";
}

// An empty string, or which hypothesis does not hold.
std::string broken_hypothesis(const Refutation& r, const std::vector<Fraction>& results) {
  const auto words = [&](std::size_t k, const char* wanted) {
    return "the point does not satisfy the hypotheses: instruction " + std::to_string(k) + ", which must " + wanted +
           ", is " + shown(results[k].text());
  };
  for (const std::size_t k : r.positive)
    if (mpq_sgn(results[k].get()) <= 0) return words(k, "be positive");
  for (const std::size_t k : r.nonnegative)
    if (mpq_sgn(results[k].get()) < 0) return words(k, "not be negative");
  return {};
}

}  // namespace

std::string to_json(const Refutation& refutation) {
  Json json = content(refutation);
  json["digest"] = digest(content(refutation));
  return json.dump(1) + "\n";
}

Refutation refutation_from(const Json& json) {
  Refutation r;
  read_heading(json, r);
  r.entry = field<std::string>(json, "entry");
  r.relation = field<std::string>(json, "relation");
  if (r.relation != "=" && r.relation != "≤") throw Malformed("the relation is neither = nor ≤");
  const Json inputs = field<Json>(json, "inputs");
  if (!inputs.is_object()) throw Malformed("the inputs are not an object");
  for (const auto& [name, value] : inputs.items()) {
    if (!value.is_string()) throw Malformed(name + ": expected a fraction in a string");
    fraction(value.get<std::string>(), name);
    r.inputs.emplace_back(name, value.get<std::string>());
  }
  r.program = program_from(field<Json>(json, "program"));
  r.positive = indices_from(json, "positive", r.program.size());
  r.nonnegative = indices_from(json, "nonnegative", r.program.size());
  const auto side = [&](const char* name, std::size_t& instruction, std::string& value) {
    const Json object = field<Json>(json, name);
    instruction = index_of(field<Json>(object, "instruction"), r.program.size(), name);
    value = field<std::string>(object, "value");
    fraction(value, name);
  };
  side("left", r.left, r.left_value);
  side("right", r.right, r.right_value);
  r.digest = field<std::string>(json, "digest");
  return r;
}

Recheck recheck(const Refutation& r) {
  std::vector<Fraction> results;
  const std::string trouble = evaluate(r, results);
  if (!trouble.empty()) return {false, trouble};
  const std::string left = results[r.left].text(), right = results[r.right].text();
  if (left != r.left_value) return {false, "the left side is " + shown(left) + ", recorded is " + shown(r.left_value)};
  if (right != r.right_value)
    return {false, "the right side is " + shown(right) + ", recorded is " + shown(r.right_value)};
  const std::string broken = broken_hypothesis(r, results);
  if (!broken.empty()) return {false, broken};
  const int order = mpq_cmp(results[r.left].get(), results[r.right].get());
  const bool fails = r.relation == "=" ? order != 0 : order > 0;
  const std::string both = shown(left) + " " + r.relation + " " + shown(right);
  if (!fails) return {false, both + ": the relation holds, nothing is refuted"};
  if (r.digest != digest(content(r)))
    return {false, "the digest does not belong to the rest of the file: something was changed"};
  return {true, both + " fails"};
}

}  // namespace normproof::certificates

// How is a certificate written, read and redone?
#include "proofs_checks/certificates/certificate.hpp"

#include <gmp.h>

#include <algorithm>
#include <cstdint>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <set>

namespace normproof::certificates {

namespace {

using Json = nlohmann::ordered_json;

constexpr const char* schema = "normproof.certificate.v1";
constexpr std::size_t most_instructions = 100000;
constexpr std::size_t most_digits = 4000;

// Operations and how many operands each has.
const std::map<std::string, std::size_t>& operand_counts() {
  static const std::map<std::string, std::size_t> counts = {{"input", 0},    {"integer", 0},  {"add", 2},
                                                            {"subtract", 2}, {"multiply", 2}, {"divide", 2},
                                                            {"negate", 1},   {"sqrt", 1},     {"select_positive", 3}};
  return counts;
}

Json content(const Certificate& c) {
  Json inputs = Json::object();
  for (const auto& [name, value] : c.inputs) inputs[name] = value;
  Json program = Json::array();
  for (const Instruction& instruction : c.program) {
    Json line = {instruction.operation};
    if (instruction.operation == "input") line.push_back(instruction.input);
    if (instruction.operation == "integer") line.push_back(instruction.integer);
    for (const std::size_t operand : instruction.operands) line.push_back(operand);
    program.push_back(line);
  }
  return {{"schema", schema},
          {"kind", "refutation"},
          {"claim", c.claim},
          {"reading", c.reading},
          {"statement", c.statement},
          {"sizes",
           {{"batch", c.sizes.batch},
            {"channels", c.sizes.channels},
            {"hidden", c.sizes.hidden},
            {"outputs", c.sizes.outputs},
            {"choice", c.sizes.choice}}},
          {"entry", c.entry},
          {"relation", c.relation},
          {"inputs", inputs},
          {"program", program},
          {"left", {{"instruction", c.left}, {"value", c.left_value}}},
          {"right", {{"instruction", c.right}, {"value", c.right_value}}}};
}

std::string digest(const Json& json) {
  std::uint64_t hash = 0xcbf29ce484222325;
  for (const char c : json.dump()) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3;
  std::string text(16, '0');
  for (std::size_t k = 16; k-- > 0; hash >>= 4) text[k] = "0123456789abcdef"[hash & 15];
  return text;
}

// GMP's rationals, held by value; deliberately not numbers::Rational.
class Fraction {
 public:
  Fraction() { mpq_init(value_); }
  Fraction(const Fraction& other) : Fraction() { mpq_set(value_, other.value_); }
  Fraction& operator=(const Fraction& other) {
    mpq_set(value_, other.value_);
    return *this;
  }
  ~Fraction() { mpq_clear(value_); }
  mpq_ptr get() { return value_; }
  mpq_srcptr get() const { return value_; }

  std::string text() const {
    std::string buffer(mpz_sizeinbase(mpq_numref(value_), 10) + mpz_sizeinbase(mpq_denref(value_), 10) + 3, '\0');
    mpq_get_str(buffer.data(), 10, value_);
    buffer.resize(std::char_traits<char>::length(buffer.c_str()));
    return buffer;
  }

 private:
  mpq_t value_;
};

Fraction fraction(const std::string& text, const std::string& where) {
  const auto bad = [&](const std::string& why) {
    return Malformed(where + ": expected a fraction in lowest terms such as -3/2, found \"" + text.substr(0, 40) +
                     "\" (" + why + ")");
  };
  if (text.size() > most_digits) throw bad("too long");
  // GMP takes more than a fraction (signs and blanks in odd places) and then trips over it: the shape comes first.
  const std::size_t sign = !text.empty() && text[0] == '-' ? 1 : 0, slash = std::min(text.find('/'), text.size());
  const auto digits = [&](std::size_t from, std::size_t to) {
    return from < to &&
           std::all_of(text.begin() + static_cast<std::ptrdiff_t>(from), text.begin() + static_cast<std::ptrdiff_t>(to),
                       [](char c) { return c >= '0' && c <= '9'; });
  };
  if (!digits(sign, slash) || (slash < text.size() && !digits(slash + 1, text.size()))) throw bad("not a fraction");
  Fraction parsed;
  if (mpq_set_str(parsed.get(), text.c_str(), 10) != 0) throw bad("not a fraction");
  if (mpz_sgn(mpq_denref(parsed.get())) == 0) throw bad("the denominator is 0");
  mpq_canonicalize(parsed.get());
  if (parsed.text() != text) throw bad("written in full it is " + parsed.text());
  return parsed;
}

template <class T>
T field(const Json& json, const char* name) {
  if (!json.is_object() || !json.contains(name)) throw Malformed(std::string("the field \"") + name + "\" is missing");
  try {
    return json.at(name).get<T>();
  } catch (const Json::exception&) {
    throw Malformed(std::string("the field \"") + name + "\" is of another type than a certificate has there");
  }
}

std::size_t index_of(const Json& json, std::size_t limit, const std::string& where) {
  if (!json.is_number_unsigned() || json.get<std::size_t>() >= limit)
    throw Malformed(where + ": expected the number of an earlier instruction, found " + json.dump());
  return json.get<std::size_t>();
}

Instruction instruction_from(const Json& line, std::size_t number) {
  const std::string where = "instruction " + std::to_string(number);
  if (!line.is_array() || line.empty() || !line[0].is_string()) throw Malformed(where + ": expected [operation, …]");
  Instruction instruction;
  instruction.operation = line[0].get<std::string>();
  const auto known = operand_counts().find(instruction.operation);
  if (known == operand_counts().end()) throw Malformed(where + ": no operation is called " + instruction.operation);
  const bool leaf = known->second == 0;
  if (line.size() != 1 + (leaf ? 1 : known->second)) throw Malformed(where + ": a wrong number of operands");
  if (instruction.operation == "input") {
    if (!line[1].is_string()) throw Malformed(where + ": expected the name of an input");
    instruction.input = line[1].get<std::string>();
  } else if (instruction.operation == "integer") {
    if (!line[1].is_number_integer()) throw Malformed(where + ": expected an integer");
    instruction.integer = line[1].get<long>();
  } else {
    for (std::size_t k = 1; k < line.size(); ++k) instruction.operands.push_back(index_of(line[k], number, where));
  }
  return instruction;
}

// The arithmetic itself. An empty string, or why there is no value.
std::string evaluate(const Certificate& c, std::vector<Fraction>& results) {
  std::map<std::string, Fraction> inputs;
  for (const auto& [name, value] : c.inputs) inputs[name] = fraction(value, name);
  std::set<std::string> used;
  results.assign(c.program.size(), {});
  for (std::size_t k = 0; k < c.program.size(); ++k) {
    const Instruction& step = c.program[k];
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
    }
  }
  if (used.size() != inputs.size()) return "an input is listed that the program does not use";
  return {};
}

}  // namespace

std::string to_json(const Certificate& certificate) {  // the digest is computed anew
  Json json = content(certificate);
  json["digest"] = digest(content(certificate));
  return json.dump(1) + "\n";
}

Certificate from_json(const std::string& text) {
  Json json;
  try {
    json = Json::parse(text);
  } catch (const Json::exception&) {
    throw Malformed("not a JSON document");
  }
  if (!json.is_object()) throw Malformed("not a JSON object");
  if (field<std::string>(json, "schema") != schema) throw Malformed(std::string("the schema is not ") + schema);
  if (field<std::string>(json, "kind") != "refutation") throw Malformed("this version knows refutations only");
  Certificate c;
  c.claim = field<std::string>(json, "claim");
  c.reading = field<std::string>(json, "reading");
  c.statement = field<std::string>(json, "statement");
  const Json sizes = field<Json>(json, "sizes");
  c.sizes = {.batch = field<int>(sizes, "batch"),
             .channels = field<int>(sizes, "channels"),
             .hidden = field<int>(sizes, "hidden"),
             .outputs = field<int>(sizes, "outputs"),
             .choice = field<int>(sizes, "choice")};
  c.entry = field<std::string>(json, "entry");
  c.relation = field<std::string>(json, "relation");
  if (c.relation != "=" && c.relation != "≤") throw Malformed("the relation is neither = nor ≤");
  const Json inputs = field<Json>(json, "inputs");
  if (!inputs.is_object()) throw Malformed("the inputs are not an object");
  for (const auto& [name, value] : inputs.items()) {
    if (!value.is_string()) throw Malformed(name + ": expected a fraction in a string");
    fraction(value.get<std::string>(), name);
    c.inputs.emplace_back(name, value.get<std::string>());
  }
  const Json program = field<Json>(json, "program");
  if (!program.is_array() || program.empty()) throw Malformed("the program is not a list of instructions");
  if (program.size() > most_instructions) throw Malformed("the program has more than 100000 instructions");
  for (const Json& line : program) c.program.push_back(instruction_from(line, c.program.size()));
  const auto side = [&](const char* name, std::size_t& instruction, std::string& value) {
    const Json object = field<Json>(json, name);
    instruction = index_of(field<Json>(object, "instruction"), c.program.size(), name);
    value = field<std::string>(object, "value");
    fraction(value, name);
  };
  side("left", c.left, c.left_value);
  side("right", c.right, c.right_value);
  c.digest = field<std::string>(json, "digest");
  return c;
}

Recheck recheck(const Certificate& c) {
  std::vector<Fraction> results;
  const std::string trouble = evaluate(c, results);
  if (!trouble.empty()) return {false, trouble};
  const std::string left = results[c.left].text(), right = results[c.right].text();
  if (left != c.left_value) return {false, "the left side is " + left + ", recorded is " + c.left_value};
  if (right != c.right_value) return {false, "the right side is " + right + ", recorded is " + c.right_value};
  const int order = mpq_cmp(results[c.left].get(), results[c.right].get());
  const bool fails = c.relation == "=" ? order != 0 : order > 0;
  if (!fails) return {false, left + " " + c.relation + " " + right + ": the relation holds, nothing is refuted"};
  if (c.digest != digest(content(c)))
    return {false, "the digest does not belong to the rest of the file: something was changed"};
  return {true, left + " " + c.relation + " " + right + " fails"};
}

}  // namespace normproof::certificates

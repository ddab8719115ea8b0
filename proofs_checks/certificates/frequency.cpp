// How is a test of a frequency written, read and decided again?
#include "proofs_checks/certificates/frequency.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace normproof::certificates {

namespace {

constexpr const char* digits = "0123456789abcdef";
constexpr const char* name_of_the_test = "binomial, one-sided on either side";
constexpr std::size_t bits_of_a_digit = 4;

std::string written(const std::vector<bool>& happened) {
  std::string text((happened.size() + bits_of_a_digit - 1) / bits_of_a_digit, '0');
  std::vector<unsigned> values(text.size(), 0);
  for (std::size_t k = 0; k < happened.size(); ++k)
    if (happened[k]) values[k / bits_of_a_digit] |= 8U >> (k % bits_of_a_digit);
  for (std::size_t k = 0; k < text.size(); ++k) text[k] = digits[values[k]];
  return text;
}

std::vector<bool> read(const std::string& text, long replicas) {
  const auto count = static_cast<std::size_t>(replicas);
  if (text.size() != (count + bits_of_a_digit - 1) / bits_of_a_digit)
    throw Malformed("the field \"happened\" has not as many digits as there are replicas");
  const std::string alphabet = digits;
  std::vector<bool> happened;
  for (std::size_t k = 0; k < text.size() * bits_of_a_digit; ++k) {
    const std::size_t value = alphabet.find(text[k / bits_of_a_digit]);
    if (value == std::string::npos) throw Malformed("the field \"happened\" has a digit that is not hexadecimal");
    const bool bit = ((value << (k % bits_of_a_digit)) & 8U) != 0;
    if (k < count)
      happened.push_back(bit);
    else if (bit)
      throw Malformed("the field \"happened\" has more replicas than it says");
  }
  return happened;
}

Json content(const FrequencyTest& test) {
  Json json = heading_json(FrequencyTest::kind, test);
  json["event"] = test.event;
  json["relation"] = test.relation;
  json["threshold"] = {{"numerator", test.numerator}, {"denominator", test.denominator}};
  json["test"] = name_of_the_test;
  json["alpha"] = test.alpha;
  json["seed"] = test.seed;
  json["replicas"] = test.happened.size();
  json["happened"] = written(test.happened);
  json["verdict"] = test.verdict;
  return json;
}

// P(X ≤ most) for X binomial, from its terms, smallest first.
long double at_most(long most, long trials, long double p) {
  if (most < 0) return 0;
  std::vector<long double> terms;
  for (long k = 0; k <= most; ++k)
    terms.push_back(
        std::exp(std::lgamma(static_cast<long double>(trials) + 1) - std::lgamma(static_cast<long double>(k) + 1) -
                 std::lgamma(static_cast<long double>(trials - k) + 1) + static_cast<long double>(k) * std::log(p) +
                 static_cast<long double>(trials - k) * std::log1p(-p)));
  std::sort(terms.begin(), terms.end());
  return std::accumulate(terms.begin(), terms.end(), 0.0L);
}

}  // namespace

std::string to_json(const FrequencyTest& test) {
  Json json = content(test);
  json["digest"] = digest(content(test));
  return json.dump(1) + "\n";
}

FrequencyTest frequency_test_from(const Json& json) {
  FrequencyTest test;
  read_heading(json, test);
  test.event = field<std::string>(json, "event");
  test.relation = field<std::string>(json, "relation");
  if (test.relation != "≥" && test.relation != "≤") throw Malformed("the relation is neither ≥ nor ≤");
  const Json threshold = field<Json>(json, "threshold");
  test.numerator = field<int>(threshold, "numerator");
  test.denominator = field<int>(threshold, "denominator");
  if (test.numerator <= 0 || test.denominator <= test.numerator || std::gcd(test.numerator, test.denominator) != 1)
    throw Malformed("the threshold is not a fraction between 0 and 1 in lowest terms");
  if (field<std::string>(json, "test") != name_of_the_test) throw Malformed("this version knows no such test");
  test.alpha = field<double>(json, "alpha");
  // From 1/2 on the same count could both hold and refute.
  if (!(test.alpha > 0 && test.alpha < 0.5)) throw Malformed("alpha is not between 0 and 1/2");
  test.seed = field<std::uint64_t>(json, "seed");
  const long replicas = field<long>(json, "replicas");
  if (replicas <= 0 || replicas > FrequencyTest::most_replicas)
    throw Malformed("the number of replicas is not between 1 and 1000000");
  test.happened = read(field<std::string>(json, "happened"), replicas);
  test.verdict = field<std::string>(json, "verdict");
  if (test.verdict != "holds" && test.verdict != "refuted") throw Malformed("the verdict is neither holds nor refuted");
  test.digest = field<std::string>(json, "digest");
  return test;
}

Recheck recheck(const FrequencyTest& test) {
  const long trials = static_cast<long>(test.happened.size());
  const long events = std::count(test.happened.begin(), test.happened.end(), true);
  const bool at_least = test.relation == "≥";
  const long double ratio = static_cast<long double>(test.numerator) / static_cast<long double>(test.denominator);
  const long count = at_least ? events : trials - events;
  const long double p = at_least ? ratio : 1 - ratio;
  const bool refuted = at_most(count, trials, p) <= test.alpha;
  const bool holds = at_most(trials - count, trials, 1 - p) <= test.alpha;
  const std::string counted = std::to_string(events) + " of " + std::to_string(trials) + " replicas";
  const std::string decided = refuted ? "refuted" : holds ? "holds" : "inconclusive";
  if (decided != test.verdict)
    return {false, counted + ": the verdict is " + decided + ", recorded is " + test.verdict};
  if (test.digest != digest(content(test)))
    return {false, "the digest does not belong to the rest of the file: something was changed"};
  return {true, counted + ": P(" + test.event + ") " + test.relation + " " + std::to_string(test.numerator) + "/" +
                    std::to_string(test.denominator) + " " + (refuted ? "is refuted" : "holds") +
                    ", by a test that errs with probability " + Json(test.alpha).dump() + ": not exact"};
}

}  // namespace normproof::certificates

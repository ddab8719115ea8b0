// Which texts are fractions?
#include "proofs_checks/certificates/fraction.hpp"

#include <algorithm>

#include "proofs_checks/certificates/document.hpp"

namespace normproof::certificates {

namespace {

constexpr std::size_t most_digits = 4000;
constexpr std::size_t shown_characters = 40;

}  // namespace

std::string Fraction::text() const {
  std::string buffer(mpz_sizeinbase(mpq_numref(value_), 10) + mpz_sizeinbase(mpq_denref(value_), 10) + 3, '\0');
  mpq_get_str(buffer.data(), 10, value_);
  buffer.resize(std::char_traits<char>::length(buffer.c_str()));
  return buffer;
}

Fraction fraction(const std::string& text, const std::string& where) {
  const auto bad = [&](const std::string& why) {
    return Malformed(where + ": expected a fraction in lowest terms such as -3/2, found \"" +
                     text.substr(0, shown_characters) + "\" (" + why + ")");
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

Fraction dyadic_fraction(const std::string& text, const std::string& where, std::size_t most_bits) {
  Fraction parsed = fraction(text, where);
  const std::size_t bits = mpz_sizeinbase(mpq_denref(parsed.get()), 2);
  if (mpz_scan1(mpq_denref(parsed.get()), 0) + 1 != bits)
    throw Malformed(where + ": expected a denominator that is a power of two, found \"" +
                    text.substr(0, shown_characters) + "\"");
  if (bits > most_bits || mpz_sizeinbase(mpq_numref(parsed.get()), 2) > most_bits)
    throw Malformed(where + ": more than " + std::to_string(most_bits) + " bits in a fraction");
  return parsed;
}

}  // namespace normproof::certificates

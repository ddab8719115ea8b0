// Does text fit its columns, and do numbers never look better than they are?
#include "proofs_checks/report/text.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace normproof::report {
namespace {

const std::string x_hat = "x\xCC\x82";  // x and a combining circumflex

TEST(Columns, count_characters_and_not_bytes) {
  EXPECT_EQ(columns_of("γ ε⁻³"), 5);
  EXPECT_EQ(columns_of(x_hat), 1);
}

TEST(Columns, count_a_stray_byte_as_one) { EXPECT_EQ(columns_of("a\xFFz"), 3); }

TEST(Cut, leaves_text_that_fits) { EXPECT_EQ(cut("γ = 1", 5), "γ = 1"); }

TEST(Cut, never_splits_a_character) { EXPECT_EQ(cut("γγγγ", 3), "γγ…"); }

TEST(Cut, keeps_a_hat_with_its_letter) { EXPECT_EQ(cut(x_hat + x_hat + x_hat, 2), x_hat + "…"); }

TEST(Wrapped, breaks_at_blanks_alone) {
  EXPECT_EQ(wrapped("one two three", 8), (std::vector<std::string>{"one two", "three"}));
  EXPECT_EQ(wrapped("unbreakable a", 4), (std::vector<std::string>{"unbreakable", "a"}));
  EXPECT_EQ(wrapped("", 4), (std::vector<std::string>{""}));
}

TEST(Wrapped, keeps_line_breaks) { EXPECT_EQ(wrapped("a\n\nb", 9), (std::vector<std::string>{"a", "", "b"})); }

TEST(One_line, holds_no_control_character) {
  EXPECT_EQ(one_line("a\nb\tc"), "a b c");
  EXPECT_EQ(one_line("\x1b[31m"), "\uFFFD[31m");
}

TEST(One_line, is_valid_utf8_whatever_it_is_given) {
  EXPECT_EQ(one_line("\xC3"), "\uFFFD");
  EXPECT_EQ(one_line("\xED\xA0\x80"), "\uFFFD\uFFFD\uFFFD");  // a surrogate
  EXPECT_EQ(one_line("\xC0\xAF"), "\uFFFD\uFFFD");            // an overlong slash
}

TEST(Probability, is_never_printed_smaller_than_it_is) {
  EXPECT_EQ(probability_words(1e-38), "10^-38");
  EXPECT_EQ(probability_words(1.0001e-38), "10^-37");
  EXPECT_EQ(probability_words(0.5), "0.50");
  EXPECT_EQ(probability_words(0.101), "0.11");
  EXPECT_EQ(probability_words(0), "0");
  for (double p = 1; p > 1e-300; p *= 0.37) {
    const std::string text = probability_words(p);
    const double printed = text.compare(0, 3, "10^") == 0 ? std::pow(10, std::stoi(text.substr(3))) : std::stod(text);
    EXPECT_GE(printed, p) << text;
  }
}

TEST(Probability, that_is_not_a_number_says_so) {
  EXPECT_EQ(probability_words(std::numeric_limits<double>::quiet_NaN()), "not a number");
}

TEST(Shell_quoted, leaves_plain_words_and_wraps_others) {
  EXPECT_EQ(shell_quoted("data/mnist"), "data/mnist");
  EXPECT_EQ(shell_quoted("my data"), "'my data'");
  EXPECT_EQ(shell_quoted("it's"), "'it'\\''s'");
  EXPECT_EQ(shell_quoted(""), "''");
}

}  // namespace
}  // namespace normproof::report

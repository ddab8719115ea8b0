// Which small faults can be put into a kernel's source by machine?
//
// What       An operator changes one place of one line of code. Operators (Offutt's sufficient set, and what goes
//            wrong in kernels): a term dropped, an operator replaced, a bound off by one, strides or operands
//            exchanged, a comparison shifted, a statement deleted, a block skipped, a constant changed.
// Assumes    Sources in the house's format: one statement a line, comments on // lines.
// Source     A. J. Offutt et al., An experimental determination of sufficient mutant operators, ACM TOSEM 5 (1996).
#pragma once

#include <cstddef>
#include <regex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace normproof::tests {

struct SourceMutant {
  std::size_t line = 0;  // from 1
  std::string operator_name;
  std::string before, after;  // the line
};

namespace mutation_detail {

inline std::string trimmed(const std::string& line) {
  const std::size_t first = line.find_first_not_of(' ');
  return first == std::string::npos ? "" : line.substr(first, line.find_last_not_of(' ') - first + 1);
}

// Lines that compute; declarations of names and types alone are left as they are.
inline bool is_code(const std::string& line) {
  const std::string text = trimmed(line);
  if (text.empty() || text.starts_with("//") || text.starts_with("#") || text.starts_with("namespace") ||
      text.starts_with("using ") || text.starts_with("template") || text.starts_with("struct ") ||
      text.starts_with("static_assert") || text.find("declare(") != std::string::npos) {
    return false;
  }
  return text.find_first_of("=+-*/<>(") != std::string::npos;
}

struct Rule {
  const char* name;
  std::regex from;
  const char* to;
};

// Every match of a rule is a mutant of its own. Code is clang-formatted, so that binary operators stand between blanks.
inline const std::vector<Rule>& rules() {
  static const std::vector<Rule> all = [] {
    std::vector<Rule> made;
    const auto rule = [&](const char* name, const char* from, const char* to) {
      made.push_back({name, std::regex(from), to});
    };
    // One factor, call or bracket after a + or −.
    rule("term_dropped", R"( [+-] [A-Za-z0-9_.:]+(\([^()]*\))?( [*/] [A-Za-z0-9_.]+(\([^()]*\))?)*)", "");
    rule("plus_to_minus", R"( \+ )", " - ");
    rule("minus_to_plus", R"( - )", " + ");
    rule("times_to_over", R"( \* )", " / ");
    rule("over_to_times", R"( / )", " * ");
    rule("accumulate_to_assign", R"( \+= )", " = ");
    rule("bound_one_less", R"(; (\w+) < ([^;]+);)", "; $1 < $2 - 1;");
    rule("bound_one_more", R"(; (\w+) < ([^;]+);)", "; $1 <= $2;");
    rule("start_at_one", R"((for \([^;]* = )0;)",
         "$01"
         "1;");
    rule("block_skipped", R"((for \([^;]*; )(\w+) \+ (\w+) <= ([^;]+);)", "$1$2 + 2 * $3 <= $4;");
    rule("less_to_at_most", R"( < (?![^;]*;[^;]*\)))", " <= ");
    rule("less_to_greater", R"( < (?![^;]*;[^;]*\)))", " > ");
    rule("equal_to_unequal", R"( == )", " != ");
    rule("and_to_or", R"( && )", " || ");
    rule("or_to_and", R"( \|\| )", " && ");
    rule("strides_exchanged", R"(batch_stride)", "spatial_stride");
    rule("strides_exchanged", R"(channel_stride)", "batch_stride");
    rule("strides_exchanged", R"(spatial_stride)", "channel_stride");
    rule("extents_exchanged", R"(\bspatial\b(?!\())", "batch");
    rule("operand_replaced", R"(\bmean\b(?!\())", "variance");
    rule("operand_replaced", R"(\bvariance\b(?!\())", "mean");
    rule("operand_replaced", R"(\bgamma\b(?!\())", "beta");
    rule("operand_replaced", R"(\bbeta\b(?!\())", "gamma");
    rule("operand_replaced", R"(\bdy\b(?!\())", "x");
    // The extents of y are those of x by the interface: nothing would change.
    rule("operand_replaced", R"(\bx\b(?!\(|\.batch\b|\.channels\b|\.spatial\b|\.dtype\b))", "y");
    rule("operand_replaced", R"(\bx_hat\b(?!\())", "x");
    rule("operand_replaced", R"(\bdgamma\b(?!\())", "dbeta");
    rule("operand_replaced", R"(\binv_std\b(?!\())", "variance");
    rule("root_dropped", R"(std::sqrt\()", "(");
    rule("one_to_two", R"(\b1\b(?!\.|u))", "2");
    rule("two_to_three", R"(\b2\b(?!\.|u))", "3");
    return made;
  }();
  return all;
}

}  // namespace mutation_detail

// All of them, in the order of lines. The function's own text is lines of a whole file.
inline std::vector<SourceMutant> mutants_of(const std::vector<std::string>& lines) {
  namespace detail = mutation_detail;
  std::vector<SourceMutant> mutants;
  for (std::size_t k = 0; k < lines.size(); ++k) {
    const std::string code = lines[k].substr(0, lines[k].find("//"));
    if (!detail::is_code(code)) continue;
    const auto keep = [&](const char* name, std::string changed) {
      if (changed != code) mutants.push_back({k + 1, name, lines[k], std::move(changed)});
    };
    for (const detail::Rule& rule : detail::rules()) {
      for (auto match = std::sregex_iterator(code.begin(), code.end(), rule.from); match != std::sregex_iterator();
           ++match) {
        const auto at = static_cast<std::size_t>(match->position());
        keep(rule.name,
             code.substr(0, at) + match->format(rule.to) + code.substr(at + static_cast<std::size_t>(match->length())));
      }
    }
    const std::string text = detail::trimmed(code);
    const bool is_statement = text.ends_with(";") && !text.starts_with("return") && !text.starts_with("for") &&
                              !text.starts_with("const ") && !text.starts_with("double ") &&
                              !text.starts_with("float ") && !text.starts_with("std::") && !text.starts_with("auto ") &&
                              !text.starts_with("}") && !text.starts_with("constexpr") && !text.starts_with("if");
    if (is_statement && (text.find(" = ") != std::string::npos || text.find("+= ") != std::string::npos ||
                         text.find("(") != std::string::npos)) {
      keep("statement_deleted", code.substr(0, code.find_first_not_of(' ')) + ";");
    }
  }
  return mutants;
}

}  // namespace normproof::tests

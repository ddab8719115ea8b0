// What does the program normproof do with its arguments?
#include "proofs_checks/cli/program.hpp"

#include <fmt/format.h>

#include <array>
#include <exception>
#include <ostream>
#include <streambuf>
#include <string_view>

#include "proofs_checks/cli/options.hpp"
#include "proofs_checks/cli/reproduce.hpp"
#include "proofs_checks/cli/surroundings.hpp"
#include "proofs_checks/cli/validate.hpp"
#include "proofs_checks/cli/verbs.hpp"
#include "proofs_checks/report/text.hpp"

namespace normproof::cli {
namespace {

constexpr const char* help =
    "normproof: decides the published theory of batch normalization by machine.\n"
    "\n"
    "usage: normproof VERB [ARGUMENT...]\n"
    "\n"
    "  list      claims with their sources, readings and recorded verdicts\n"
    "  explain   one claim in full\n"
    "  verify    decide claims, hold the verdicts against the ledger, write reports\n"
    "  record    write verdicts into the ledger\n"
    "  recheck   redo the arithmetic of certificates, from their files alone\n"
    "  diff      what changed between two reports\n"
    "  validate  hold the kernels of a library to references with proved error bounds\n"
    "  kernels   the built-in kernels, and which would run for a shape\n"
    "  reproduce measure what a figure or table of a paper shows, and draw it\n"
    "\n"
    "  verify and reproduce share their measurements among ranks: mpirun -n 4 normproof verify --out DIR\n"
    "  --help, --version; normproof VERB --help shows the options of a verb\n"
    "\n"
    "exit status: 0 all is as recorded, 1 something differs or a kernel fails, 2 the call or an input file was wrong,\n"
    "130 interrupted\n";

using Verb = int (*)(const std::vector<std::string>&, const Program&, const Streams&);

struct NamedVerb {
  std::string_view name;
  Verb run;
  bool on_many_ranks = false;
};

constexpr std::array<NamedVerb, 9> verbs = {{
    {"list", [](const std::vector<std::string>& rest, const Program& program,
                const Streams& streams) { return list(parse_list(rest), program, streams); }},
    {"explain", [](const std::vector<std::string>& rest, const Program& program,
                   const Streams& streams) { return explain(parse_explain(rest), program, streams); }},
    {"verify",
     [](const std::vector<std::string>& rest, const Program& program, const Streams& streams) {
       return verify(parse_verify(rest), program, streams);
     },
     true},
    {"record", [](const std::vector<std::string>& rest, const Program& program,
                  const Streams& streams) { return record(parse_record(rest), program, streams); }},
    {"recheck", [](const std::vector<std::string>& rest, const Program& program,
                   const Streams& streams) { return recheck(parse_recheck(rest), program, streams); }},
    {"diff", [](const std::vector<std::string>& rest, const Program&,
                const Streams& streams) { return diff(parse_diff(rest), streams); }},
    {"validate", [](const std::vector<std::string>& rest, const Program&,
                    const Streams& streams) { return validate(parse_validate(rest), streams); }},
    {"kernels", [](const std::vector<std::string>& rest, const Program&,
                   const Streams& streams) { return kernels(parse_kernels(rest), streams); }},
    {"reproduce",
     [](const std::vector<std::string>& rest, const Program& program, const Streams& streams) {
       return reproduce(parse_reproduce(rest), program, streams);
     },
     true},
}};

std::string verbs_in_words() {
  std::string text;
  for (const NamedVerb& verb : verbs) text += fmt::format("{}{}", text.empty() ? "" : ", ", verb.name);
  return text;
}

int run_verb(const std::vector<std::string>& arguments, const Program& program, const Streams& streams) {
  if (arguments.empty()) throw UsageError(fmt::format("expected a verb ({}), found none", verbs_in_words()));
  const std::string& first = arguments.front();
  if (first == "--help" || first == "-h" || first == "help") throw HelpWanted{help};
  if (first == "--version") throw HelpWanted{fmt::format("normproof {}\n", version())};
  for (const NamedVerb& verb : verbs) {
    if (verb.name != first) continue;
    if (program.ranks->size() > 1 && !verb.on_many_ranks)
      throw UsageError(fmt::format("expected one process, found {} ranks", program.ranks->size()));
    return verb.run({arguments.begin() + 1, arguments.end()}, program, streams);
  }
  throw UsageError(fmt::format("expected a verb ({}), found {}", verbs_in_words(), first));
}

// "normproof verify", as far as there is a verb.
std::string called(const std::vector<std::string>& arguments) {
  for (const NamedVerb& verb : verbs) {
    if (!arguments.empty() && verb.name == arguments.front()) return fmt::format("normproof {}", verb.name);
  }
  return "normproof";
}

// Takes everything, and shows nothing.
class Nowhere : public std::streambuf {
 protected:
  int_type overflow(int_type character) override { return traits_type::not_eof(character); }
  std::streamsize xsputn(const char*, std::streamsize count) override { return count; }
};

// `complaints` is where a call that fails says so: of several ranks the lowest that fails does.
int run_beside_others(const std::vector<std::string>& arguments, const Program& program, const Streams& streams,
                      std::ostream& complaints) {
  Ranks& ranks = *program.ranks;
  const auto say = [&](const char* words) {
    complaints << report::one_line(fmt::format("{}: {}", called(arguments), words)) << '\n';
  };
  int status = exit_wrong_call;
  try {
    status = run_verb(arguments, program, streams);
  } catch (const HelpWanted& wanted) {
    streams.out << wanted.text;
    status = exit_agrees;
  } catch (const FailedElsewhere&) {
    return exit_wrong_call;
  } catch (const FailedHere& error) {
    say(error.what());
    return exit_wrong_call;
  } catch (const std::exception& error) {
    if (ranks.lowest_failing(true) == ranks.rank()) say(error.what());
    return exit_wrong_call;
  }
  // Ranks meet here for the last time, unless all have left together because of a failure that all know.
  streams.out.flush();
  const bool unwritten = !streams.out;
  if (unwritten) say("standard output cannot be written");
  ranks.lowest_failing(unwritten);
  return unwritten ? exit_wrong_call : status;
}

}  // namespace

int run(const std::vector<std::string>& arguments, const Program& program, const Streams& streams) {
  if (program.ranks->rank() == 0) return run_beside_others(arguments, program, streams, streams.err);
  Nowhere nowhere;
  std::ostream silence(&nowhere);
  return run_beside_others(arguments, program, {silence, silence}, streams.err);
}

}  // namespace normproof::cli

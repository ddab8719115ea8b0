// Does `normproof validate` judge kernels that it has never seen, and does nothing that they do take it along?
//
// The libraries are those of tests/conformance_libraries, one fault each.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <thread>
#include <vector>

#include "impl/data/npy.hpp"
#include "tests/cli/started_program.hpp"
#include "tests/impl/data/temporary_folder.hpp"

namespace normproof::cli {
namespace {

namespace fs = std::filesystem;
using data::contents;
using data::TemporaryFolder;
using testing::AnyOf;
using testing::HasSubstr;
using testing::Not;
using Json = nlohmann::json;

std::string library(const std::string& name) { return std::string(NORMPROOF_TEST_LIBRARIES) + "/" + name + ".so"; }

// A build with a sanitizer dies in the sanitizer's own way.
const auto by_a_sanitizer = HasSubstr("Sanitizer: SEGV");

// Without `run` and what a clock says.
Json without_times(Json json) {
  if (json.is_object()) {
    json.erase("run");
    std::vector<std::string> timed;
    for (const auto& [key, value] : json.items())
      if (key.size() >= 7 && key.compare(key.size() - 7, 7, "seconds") == 0) timed.push_back(key);
    for (const std::string& key : timed) json.erase(key);
  }
  for (auto& value : json)
    if (value.is_structured()) value = without_times(value);
  return json;
}

// Runs the program with a folder of its own to write to.
class Validate : public testing::Test {
 protected:
  Answer run(std::vector<std::string> arguments, const std::vector<std::string>& environment = {}) const {
    arguments.insert(arguments.begin(), {NORMPROOF_PROGRAM, "validate"});
    return started_.run(std::move(arguments), environment);
  }

  std::string in_folder(const std::string& name) const { return (folder_.path() / name).string(); }

  // The report of a run that is quick and of these checks alone.
  Json report(const std::string& of, const std::string& checks, std::vector<std::string> further = {}) {
    std::vector<std::string> arguments = {library(of), "--check",          checks, "--effort", "quick",
                                          "--json",    in_folder("r.json")};
    arguments.insert(arguments.end(), further.begin(), further.end());
    answer_ = run(arguments);
    EXPECT_EQ(answer_.err, "");
    return Json::parse(contents(in_folder("r.json")));
  }

  Json report_of_case(const std::string& of, const std::string& case_text) {
    answer_ = run({library(of), "--case", case_text, "--json", in_folder("case.json")});
    EXPECT_EQ(answer_.err, "");
    return Json::parse(contents(in_folder("case.json")));
  }

  void expect_wrong_call(const std::vector<std::string>& arguments, const std::string& what) const {
    std::string line;
    for (const std::string& argument : arguments) line += " " + argument;
    const Answer answer = run(arguments);
    EXPECT_EQ(answer.status, 2) << line << answer.err;
    EXPECT_EQ(answer.out, "") << line;
    EXPECT_EQ(std::count(answer.err.begin(), answer.err.end(), '\n'), 1) << line << ": " << answer.err;
    EXPECT_THAT(answer.err, HasSubstr(what)) << line;
    EXPECT_TRUE(fs::is_empty(folder_.path())) << line << " left something behind";
  }

  // A command line as the program prints it, by a shell.
  int by_shell(std::string command) const {
    const std::string name = "normproof validate";
    const std::size_t at = command.find(name);
    EXPECT_NE(at, std::string::npos) << command;
    command.replace(at, name.size(), "'" + std::string(NORMPROOF_PROGRAM) + "' validate");
    const int status = std::system((command + " > /dev/null").c_str());
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  }

  TemporaryFolder folder_;
  StartedProgram started_;
  Answer answer_;
};

TEST_F(Validate, finds_that_a_right_kernel_conforms) {
  const Json json = report("conforms", "[tf]*");
  EXPECT_EQ(answer_.status, 0) << answer_.out;
  const Json& kernel = json["kernels"][0];
  EXPECT_EQ(kernel["verdict"], "conforms");
  EXPECT_EQ(kernel["name"], "batch_norm_infer_right");
  EXPECT_THAT((std::vector<std::string>{"correctly_rounded", "compensated", "two_pass"}),
              testing::Contains(kernel["stability_class"].get<std::string>()));
  EXPECT_EQ(json["library"]["kernels"], 1);
  for (const Json& check : kernel["checks"]) {
    if (check["not_applicable"].is_string()) continue;
    EXPECT_GT(check["cases"], 0);
    EXPECT_EQ(check["failed"], 0);
    EXPECT_EQ(check["cases"], check["passed"].get<int>() + check["refused"].get<int>());
  }
}

TEST_F(Validate, holds_the_built_in_kernels) {
  const Answer answer = run({"--builtin", "--check", "few_values", "--effort", "quick"});
  EXPECT_EQ(answer.status, 0) << answer.out << answer.err;
}

TEST_F(Validate, prints_a_line_that_shows_the_smallest_failure_again) {
  const Json json = report("forgets_the_last_element", "tails");
  EXPECT_EQ(answer_.status, 1);
  const Json& finding = json["kernels"][0]["checks"][0]["findings"][0];
  EXPECT_EQ(finding["kind"], "not_written");
  EXPECT_EQ(finding["operand"], "y");
  EXPECT_EQ(finding["shrunk"], true);
  EXPECT_THAT(finding["case"].get<std::string>(), HasSubstr("shape=1x1x1"));
  const std::string rerun = finding["rerun"];
  EXPECT_THAT(answer_.out, HasSubstr(rerun));
  EXPECT_EQ(by_shell(rerun), 1) << rerun;
  const Answer again = run({library("forgets_the_last_element"), "--case", finding["case"]});
  EXPECT_EQ(again.status, 1);
  EXPECT_THAT(again.out, HasSubstr("y_expected = "));
  EXPECT_THAT(again.out, HasSubstr("y_got = "));
  const Answer other = run({library("conforms"), "--case", finding["case"]});
  EXPECT_EQ(other.status, 0) << other.out;
  EXPECT_THAT(other.out, HasSubstr("this call passes"));
}

TEST_F(Validate, reads_a_case_from_a_file) {
  folder_.put("case", "op=bn_infer,shape=1x1x3\n");
  EXPECT_EQ(run({library("forgets_the_last_element"), "--case", "@" + in_folder("case")}).status, 1);
  EXPECT_EQ(run({library("conforms"), "--case", "@" + in_folder("case")}).status, 0);
}

TEST_F(Validate, says_that_a_call_was_refused_and_does_not_pass_it) {
  const Answer answer = run({library("refuses_everything"), "--case", "op=bn_infer,shape=1x1x3"});
  EXPECT_EQ(answer.status, 1);
  EXPECT_THAT(answer.out, HasSubstr("this call is refused"));
}

TEST_F(Validate, finds_a_kernel_that_refuses_everything_inconclusive) {
  const Json json = report("refuses_everything", "few_values");
  EXPECT_EQ(answer_.status, 1);
  EXPECT_EQ(json["kernels"][0]["verdict"], "inconclusive");
  EXPECT_THAT(json["kernels"][0]["why"].get<std::string>(), HasSubstr("no number was compared"));
}

TEST_F(Validate, accepts_a_one_pass_variance_where_it_is_asked_to) {
  const Json json = report("variance_in_one_pass", "channel_statistics");
  EXPECT_EQ(answer_.status, 1);
  EXPECT_EQ(json["kernels"][0]["verdict"], "fails");
  EXPECT_EQ(json["kernels"][0]["stability_class"], "one_pass");
  EXPECT_EQ(json["accept"], nullptr);
  const Json accepted =
      report("variance_in_one_pass", "channel_statistics", {"--accept", "one_pass", "--out", in_folder("out")});
  EXPECT_EQ(answer_.status, 0) << answer_.out;
  EXPECT_EQ(accepted["kernels"][0]["verdict"], "conforms");
  EXPECT_EQ(accepted["accept"], "one_pass");
  const Json& check = accepted["kernels"][0]["checks"][0];
  EXPECT_GT(check["accepted"], 0);
  EXPECT_EQ(check["accepted"], check["failed"]);
  const Answer one_call =
      run({library("variance_in_one_pass"), "--accept", "one_pass", "--case", check["findings"][0]["case"]});
  EXPECT_EQ(one_call.status, 0) << one_call.out;
  EXPECT_THAT(one_call.out, HasSubstr("accepted as one_pass"));
  const std::string certificate = contents(in_folder("out/certificate-batch_norm_train_one_pass.md"));
  EXPECT_THAT(certificate.substr(0, certificate.find('\n')), HasSubstr("accepted as one\\_pass"));
}

TEST_F(Validate, makes_a_crash_a_finding_and_goes_on) {
  const Json json = report("crashes_in_a_call", "few_values");
  EXPECT_EQ(answer_.status, 1);
  const Json& check = json["kernels"][0]["checks"][0];
  EXPECT_GT(check["passed"], 0);
  const Json& finding = check["findings"][0];
  EXPECT_EQ(finding["kind"], "crash");
  EXPECT_THAT(finding["words"].get<std::string>(), AnyOf(HasSubstr("SIGSEGV at a NULL pointer"), by_a_sanitizer));
  EXPECT_THAT(finding["words"].get<std::string>(), AnyOf(HasSubstr("about to read what is not there"), by_a_sanitizer));
  EXPECT_EQ(by_shell(finding["rerun"]), 1);
}

TEST_F(Validate, tells_beside_which_operand_a_call_crashed) {
  const Json json = report("reads_too_far", "few_values");
  EXPECT_EQ(answer_.status, 1);
  const Json& finding = json["kernels"][0]["checks"][0]["findings"][0];
  EXPECT_EQ(finding["kind"], "crash");
  EXPECT_THAT(finding["words"].get<std::string>(), AnyOf(HasSubstr("right behind the end of x"), by_a_sanitizer));
  EXPECT_THAT(finding["case"].get<std::string>(), HasSubstr("shape=1x1x1"));
}

TEST_F(Validate, tells_which_input_a_kernel_wrote_to_and_put_back) {
  const Json json = report("writes_to_an_input", "guards");
  EXPECT_EQ(answer_.status, 1);
  const Json& check = json["kernels"][0]["checks"][0];
  EXPECT_LT(check["failed"], 50);  // so many deaths would end the run of the kernel
  const Json& finding = check["findings"][0];
  EXPECT_EQ(finding["kind"], "crash");
#if defined(__x86_64__)
  EXPECT_THAT(finding["words"].get<std::string>(),
              AnyOf(HasSubstr("0 bytes into x: the kernel wrote to x, which is an input"), by_a_sanitizer));
#endif
  EXPECT_THAT(finding["case"].get<std::string>(), HasSubstr("inputs=read_only"));
  EXPECT_EQ(by_shell(finding["rerun"]), 1);
}

TEST_F(Validate, finds_what_a_call_leaves_behind_and_shows_it_again_by_one_line) {
  const Json json = report("keeps_the_first_eps", "history");
  EXPECT_EQ(answer_.status, 1);
  const Json& finding = json["kernels"][0]["checks"][0]["findings"][0];
  EXPECT_EQ(finding["kind"], "value");
  EXPECT_EQ(finding["operand"], "y");
  EXPECT_THAT(finding["case"].get<std::string>(), HasSubstr("relation=after_others"));
  EXPECT_EQ(by_shell(finding["rerun"]), 1);
  const Json again = report_of_case("keeps_the_first_eps", finding["case"]);
  const Json& same = again["kernels"][0]["checks"][0]["findings"][0];
  for (const char* key : {"kind", "operand", "place", "words"}) EXPECT_EQ(same[key], finding[key]) << key;
}

TEST_F(Validate, finds_memory_that_is_taken_for_zero) {
#if defined(__SANITIZE_THREAD__) || defined(__SANITIZE_ADDRESS__)
  GTEST_SKIP() << "the sanitizer's malloc() fills what it gives with nothing, or with a small number";
#endif
  const Json json = report("takes_memory_for_zero", "few_values");
  EXPECT_EQ(answer_.status, 1);
  const Json& check = json["kernels"][0]["checks"][0];
  EXPECT_GT(2 * check["failed"].get<int>(), check["cases"].get<int>());  // some fail by chance
}

TEST_F(Validate, finds_a_mode_that_loading_sets_and_judges_the_calls_without_it) {
  const Json json = report("sets_a_mode_on_load", "few_values");
  EXPECT_EQ(answer_.status, 1);
  const Json& checks = json["kernels"][0]["checks"];
  EXPECT_EQ(checks[0]["id"], "loading");
  EXPECT_EQ(checks[0]["failed"], 1);
  EXPECT_EQ(checks[0]["findings"][0]["kind"], "environment");
#if defined(__x86_64__)
  EXPECT_THAT(checks[0]["findings"][0]["words"].get<std::string>(), HasSubstr("flush-to-zero, denormals-are-zero"));
#endif
  EXPECT_EQ(checks[1]["id"], "few_values");
  EXPECT_EQ(checks[1]["failed"], 0);
  EXPECT_EQ(by_shell(checks[0]["findings"][0]["rerun"]), 1);
  folder_.put("known", "batch_norm_infer_right loading environment\n");
  EXPECT_EQ(run({library("sets_a_mode_on_load"), "--check", "few_values", "--effort", "quick", "--expect",
                 in_folder("known")})
                .status,
            0);
}

TEST_F(Validate, makes_an_exit_a_finding) {
  const Json json = report("exits_in_a_call", "few_values");
  EXPECT_EQ(answer_.status, 1);
  const Json& check = json["kernels"][0]["checks"][0];
  EXPECT_GT(check["passed"], 0);
  EXPECT_EQ(check["findings"][0]["words"], "exit status 0");
}

TEST_F(Validate, makes_a_call_that_never_returns_a_finding) {
  const Json json = report("hangs_in_a_call", "few_values", {"--timeout", "0.5"});
  EXPECT_EQ(answer_.status, 1);
  const Json& check = json["kernels"][0]["checks"][0];
  EXPECT_EQ(check["findings"][0]["kind"], "timeout");
  EXPECT_EQ(check["failed"], 5);
  EXPECT_THAT(check["why_not_run"][0]["why"].get<std::string>(), HasSubstr("hung 5 times"));
  EXPECT_THAT(check["findings"][0]["rerun"].get<std::string>(), HasSubstr(" --timeout 0.5"));
}

TEST_F(Validate, takes_nothing_that_a_kernel_prints_for_a_result) {
  const Json json = report("prints_garbage", "few_values");
  EXPECT_EQ(answer_.status, 1);
  const Json& check = json["kernels"][0]["checks"][0];
  EXPECT_GT(check["passed"], 0);
  EXPECT_EQ(check["failed"], check["findings"][0]["cases"]);
  EXPECT_THAT(check["findings"][0]["words"].get<std::string>(), HasSubstr("what came back is no result"));
  EXPECT_THAT(answer_.out.substr(0, 9), "normproof");
}

TEST_F(Validate, comes_to_an_end_with_a_kernel_that_ends_every_worker) {
  const Json json = report("always_crashes", "tails");
  EXPECT_EQ(answer_.status, 1);
  const Json& check = json["kernels"][0]["checks"][0];
  EXPECT_EQ(check["failed"], 50);
  EXPECT_EQ(check["cases"], 50 + check["not_run"].get<int>());
  EXPECT_THAT(json["kernels"][0]["not_tested"].dump(), HasSubstr("had ended 50 workers"));
}

TEST_F(Validate, walks_the_table_of_a_later_header) {
  const Json json = report("has_a_later_header", "few_values");
  EXPECT_EQ(answer_.status, 0) << answer_.out;
  EXPECT_EQ(json["kernels"][1]["name"], "batch_norm_infer_second");
}

TEST_F(Validate, gives_its_workers_and_nothing_else_the_environment_for_them) {
  report("aborts_when_told", "few_values", {"--kernel", "*"});
  EXPECT_EQ(answer_.status, 0);
  const std::vector<std::string> arguments = {library("aborts_when_told"), "--case", "op=bn_infer,shape=1x1x1"};
  const Answer told = run(arguments, {"NORMPROOF_WORKER_ENV=A=b  NORMPROOF_TEST_ABORTS=now"});
  EXPECT_EQ(told.status, 1);
  EXPECT_THAT(told.out, HasSubstr("told to abort: now"));
  EXPECT_THAT(told.out, HasSubstr("NORMPROOF_WORKER_ENV='A=b NORMPROOF_TEST_ABORTS=now' normproof validate"));
}

TEST_F(Validate, reports_the_same_for_any_jobs) {
  for (const char* name : {"forgets_the_last_element", "crashes_in_a_call"}) {
    const Json one = without_times(report(name, "[fl]*", {"--jobs", "1"}));
    const Json three = without_times(report(name, "[fl]*", {"--jobs", "3"}));
    EXPECT_EQ(one, three) << name;
    EXPECT_TRUE(one["kernels"][0]["checks"].size() > 1);
  }
}

TEST_F(Validate, writes_its_reports_whole_and_runs_earlier_failures_first) {
  const std::string out = in_folder("out");
  const std::string of = library("forgets_the_last_element");
  EXPECT_EQ(run({of, "--check", "few_values", "--effort", "quick", "--out", out}).status, 1);
  const auto names = [&] {
    std::vector<std::string> found;
    for (const auto& entry : fs::directory_iterator(out)) found.push_back(entry.path().filename().string());
    std::sort(found.begin(), found.end());
    return found;
  };
  EXPECT_EQ(names(), (std::vector<std::string>{"certificate-batch_norm_infer_odd.md", "conformance.json",
                                               "failures.txt", "junit.xml"}));
  EXPECT_THAT(contents(out + "/junit.xml"), HasSubstr("classname=\"batch_norm_infer_odd\" name=\"few_values\""));
  EXPECT_THAT(contents(out + "/junit.xml"), HasSubstr("<failure message=\""));
  EXPECT_THAT(contents(out + "/certificate-batch_norm_infer_odd.md"), HasSubstr("## What was not tested"));
  EXPECT_THAT(contents(out + "/failures.txt"), HasSubstr("batch_norm_infer_odd\tcheck=few_values,"));

  EXPECT_EQ(run({of, "--check", "empty", "--effort", "quick", "--out", out}).status, 1);
  const Json json = Json::parse(contents(out + "/conformance.json"));
  EXPECT_EQ(json["kernels"][0]["checks"][0]["id"], "earlier_failures");
  EXPECT_GT(json["kernels"][0]["checks"][0]["failed"], 0);
  EXPECT_THAT(contents(out + "/failures.txt"), HasSubstr("check=few_values"));

  const Answer mended = run({library("conforms"), "--check", "empty", "--effort", "quick", "--out", out});
  EXPECT_EQ(mended.status, 0) << mended.out;
  EXPECT_THAT(mended.out, Not(HasSubstr("earlier_failures")));
  EXPECT_THAT(contents(out + "/failures.txt"), Not(HasSubstr("check=")));
}

TEST_F(Validate, lets_known_failures_pass_and_finds_those_that_are_gone) {
  const std::string of = library("forgets_the_last_element");
  const auto with = [&](const std::string& lines) {
    folder_.put("known", lines);
    return run({of, "--check", "few_values", "--effort", "quick", "--expect", in_folder("known")});
  };
  EXPECT_EQ(with("batch_norm_infer_odd few_values not_written\n").status, 0);
  EXPECT_EQ(with("batch_norm_infer_odd tails not_written\n").status, 1);
  const Answer gone = with("batch_norm_infer_odd few_values not_written\nbatch_norm_infer_odd few_values crash\n");
  EXPECT_EQ(gone.status, 1);
  EXPECT_THAT(gone.out, HasSubstr("expected to fail, but passes: batch_norm_infer_odd few_values crash (line 2)"));
  const Answer malformed = with("\nbatch_norm_infer_odd few_values\n");
  EXPECT_EQ(malformed.status, 2);
  EXPECT_THAT(malformed.err, HasSubstr("line 2"));
  EXPECT_EQ(with("batch_norm_infer_add few_values crash\n").status, 2);
}

TEST_F(Validate, dumps_the_operands_of_what_fails) {
  const std::string dump = in_folder("dump");
  EXPECT_EQ(
      run({library("forgets_the_last_element"), "--check", "few_values", "--effort", "quick", "--dump", dump}).status,
      1);
  const fs::path of_finding = fs::path(dump) / "batch_norm_infer_odd-few_values-not_written-y";
  EXPECT_EQ(data::read_npy(of_finding / "x.npy").shape, (std::vector<std::int64_t>{1, 1, 1}));
  EXPECT_TRUE(fs::exists(of_finding / "y_expected.npy"));
  const std::string text = contents(of_finding / "case.txt");
  EXPECT_EQ(run({library("forgets_the_last_element"), "--case", "@" + (of_finding / "case.txt").string()}).status, 1)
      << text;
  EXPECT_EQ(run({library("crashes_in_a_call"), "--case", "op=bn_infer,shape=1x1x3", "--dump", in_folder("d2")}).status,
            1);
  EXPECT_EQ(data::read_npy(in_folder("d2/batch_norm_infer_crashes/x.npy")).values.size(), 3U);
}

TEST_F(Validate, reports_what_it_has_when_it_is_interrupted) {
  const std::string json = in_folder("r.json");
  const pid_t child =
      started_.start({NORMPROOF_PROGRAM, "validate", "--builtin", "--effort", "deep", "--jobs", "2", "--json", json});
  std::this_thread::sleep_for(std::chrono::seconds(2));
  kill(child, SIGINT);
  const Answer answer = started_.finish(child);
  EXPECT_EQ(answer.status, 130) << answer.err;
  EXPECT_THAT(answer.out, HasSubstr("interrupted"));
  const Json report = Json::parse(contents(json));
  EXPECT_EQ(report["run"]["complete"], false);
  for (const Json& kernel : report["kernels"]) EXPECT_NE(kernel["verdict"], "conforms");
}

TEST_F(Validate, turns_a_library_that_cannot_be_used_into_one_line) {
  const auto expect = [&](const std::string& name, const std::string& what) {
    expect_wrong_call({library(name), "--timeout", "2", "--out", in_folder("out")}, what);
  };
  expect("dies_on_load", "ended the process while loading: ");
  expect("exits_on_load", "ended the process while loading: exit status 0");
  expect("hangs_on_load", "was not loaded within 2 s");
  expect("lacks_the_entry_point", "expected the symbol normproof_kernels, found none");
  expect("knows_another_version", "expected version 1 of the interface");
  expect("states_another_version", "expected abi_version 1, found 2");
  expect("lies_about_its_sizes", "size = 8");
  expect("knows_every_version", "expected NULL for version 0 of the interface, which it cannot know");
  expect_wrong_call({in_folder("none.so")}, "expected a library of kernels, found nothing");
  expect_wrong_call({folder_.path().string()}, "expected a library of kernels, found a folder");
  const TemporaryFolder other;
  expect_wrong_call({other.put("text.so", "this is no library\n").string()}, "expected a shared library");
}

TEST_F(Validate, wants_a_call_that_means_something) {
  const std::string good = library("conforms");
  expect_wrong_call({}, "expected a library or --builtin");
  expect_wrong_call({good, good}, "expected one library, found 2");
  expect_wrong_call({good, "--builtin"}, "a library and --builtin");
  expect_wrong_call({good, "--nonsense"}, "--nonsense");
  expect_wrong_call({good, "--kernel", "nosuch*"}, "no kernel matches nosuch*");
  expect_wrong_call({good, "--check", "nosuch*"}, "no check matches nosuch*");
  expect_wrong_call({good, "--effort", "fast"}, "--effort fast");
  expect_wrong_call({good, "--seed", "-1"}, "--seed");
  expect_wrong_call({good, "--jobs", "0"}, "--jobs 0");
  expect_wrong_call({good, "--accept", "two_pass"}, "--accept two_pass: expected one_pass");
  for (const char* seconds : {"0", "-1", "x", "nan", "inf", "1e9", ""})
    expect_wrong_call({good, "--timeout", seconds}, "--timeout");
  expect_wrong_call({good, "--case", ""}, "--case");
  expect_wrong_call({good, "--case", "nonsense"}, "--case");
  expect_wrong_call({good, "--case", "@" + in_folder("none")}, "none");
  expect_wrong_call({good, "--case", "op=fn_train,shape=1x1x1"}, "no kernel that was chosen does fn_train");
  expect_wrong_call({good, "--case", "op=bn_infer", "--check", "tails"}, "--case and --check");
  expect_wrong_call({good, "--case", "op=bn_infer", "--seed", "1"}, "--case and --seed");
  expect_wrong_call({good, "--case", "op=bn_infer", "--expect", "x"}, "--case and --expect");
  expect_wrong_call({good, "--expect", in_folder("none")}, "none");
  const TemporaryFolder other;
  const std::string file = other.put("a_file", "not a folder").string();
  for (const char* option : {"--out", "--json", "--junit", "--dump"})
    expect_wrong_call({good, option, file + "/below"}, "a_file");
  expect_wrong_call({good, "--json", in_folder("r"), "--junit", in_folder("r")}, "two reports");
}

TEST_F(Validate, wants_an_environment_for_its_workers_that_is_one) {
  const Answer answer = run({library("conforms")}, {"NORMPROOF_WORKER_ENV=LD_PRELOAD"});
  EXPECT_EQ(answer.status, 2);
  EXPECT_THAT(answer.err, HasSubstr("NORMPROOF_WORKER_ENV: expected NAME=VALUE, found LD_PRELOAD"));
}

TEST_F(Validate, turns_a_file_of_earlier_failures_that_is_none_into_one_line) {
  folder_.put("failures.txt", "# library conforms.so\nnonsense\n");
  const Answer answer = run({library("conforms"), "--out", folder_.path().string()});
  EXPECT_EQ(answer.status, 2);
  EXPECT_THAT(answer.err, HasSubstr("failures.txt: expected a kernel, a tab and a case in line 2"));
}

TEST(Kernels, are_shown_and_explained) {
  const StartedProgram started;
  const Answer shown = started.run({NORMPROOF_PROGRAM, "kernels"});
  EXPECT_EQ(shown.status, 0);
  EXPECT_THAT(shown.out, HasSubstr("bn_train; x in f32"));
  const Answer explained = started.run({NORMPROOF_PROGRAM, "kernels", "--explain", "32x64x56x56"});
  EXPECT_EQ(explained.status, 0);
  EXPECT_THAT(explained.out, HasSubstr("batch 32, channels 64, spatial 3136: 100352 values in a channel"));
  EXPECT_THAT(explained.out, HasSubstr("bn_train: batch_norm_train"));
  EXPECT_THAT(explained.out, HasSubstr("vector target "));
  EXPECT_THAT(explained.out, HasSubstr("N×spatial×C: 100352 rows of 64 columns"));
  for (const char* shape : {"", "3", "3x", "x3", "3x-1", "axb", "1x99999999999999999999", "9999999999x9999999999"}) {
    const Answer wrong = started.run({NORMPROOF_PROGRAM, "kernels", "--explain", shape});
    EXPECT_EQ(wrong.status, 2) << shape;
    EXPECT_EQ(std::count(wrong.err.begin(), wrong.err.end(), '\n'), 1) << shape;
  }
}

TEST(Checks, are_listed) {
#ifdef NORMPROOF_WITHOUT_CLAIMS
  GTEST_SKIP() << "a build without the claims has no verb list";
#endif
  const StartedProgram started;
  const Json json = Json::parse(started.run({NORMPROOF_PROGRAM, "list", "--checks", "--json"}).out);
  ASSERT_GT(json["checks"].size(), 10U);
  for (const Json& check : json["checks"]) {
    EXPECT_NE(check["title"], "") << check;
    EXPECT_NE(check["why"], "") << check;
  }
  const Answer one = started.run({NORMPROOF_PROGRAM, "list", "--checks", "tails"});
  EXPECT_EQ(one.out.substr(0, 6), "tails\n");
  EXPECT_THAT(one.out, HasSubstr("1 check\n"));
  EXPECT_EQ(started.run({NORMPROOF_PROGRAM, "list", "--checks", "nosuch*"}).status, 2);
}

}  // namespace
}  // namespace normproof::cli

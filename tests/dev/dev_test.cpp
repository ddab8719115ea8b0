// Does ./dev install just what is missing, pass its arguments through, and tell the truth about what ran?
//
// Each test runs a copy of the script in a folder of its own, with stand-ins for every tool that would touch the
// machine (dpkg-query, apt-get, sudo, id, cmake, ctest) on a PATH that holds nothing else but ordinary small tools.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <utility>

namespace {

namespace fs = std::filesystem;
using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;

struct Outcome {
  int status = -1;
  std::string out, err;
};

class Dev : public testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = (fs::temp_directory_path() / "normproof_dev_XXXXXX").string();
    ASSERT_NE(mkdtemp(pattern.data()), nullptr);
    tree_ = pattern;
    const fs::path source = NORMPROOF_SOURCE_DIR;
    for (const char* file : {"dev", "packages.txt"}) fs::copy_file(source / file, tree_ / file);
    for (const char* tool : {"bash", "env", "dirname", "awk", "sed", "grep", "sort", "comm", "cat", "mkdir", "rm",
                             "nproc", "find", "cp", "chmod", "true"}) {
      link_tool(tool);
    }
    stand_in("dpkg-query",
             "shift 3; for p; do case \" $MISSING \" in *\" $p \"*) ;; *) echo \"installed $p\" ;; esac; done");
    stand_in("apt-get", "echo \"$*\" >>\"$TREE/apt.log\"");
    stand_in("id", "echo \"${USER_ID:-0}\"");
    // Configures and builds: the program says how it was called.
    stand_in("cmake",
             "echo \"$*\" >>\"$TREE/cmake.log\"; [ -z \"${BUILD_FAILS:-}\" ] || { echo 'x.cpp:1: error'; exit 1; }\n"
             "mkdir -p \"$TREE/build/release/bin\"; cp \"$TREE/bin/program\" \"$TREE/build/release/bin/normproof\"");
    stand_in("program", "echo \"program: $*\"; exit \"${PROGRAM_STATUS:-0}\"");
    stand_in("ctest",
             "echo \"$*\" >>\"$TREE/ctest.log\"; cp \"$TREE/junit.xml\" \"$TREE/build/release/test-report.xml\";"
             "exit \"${CTEST_STATUS:-0}\"");
  }

  void TearDown() override { fs::remove_all(tree_); }

  void link_tool(const std::string& tool) {
    fs::create_directories(tree_ / "bin");
    for (const char* folder : {"/usr/bin", "/bin"}) {
      if (!fs::exists(fs::path(folder) / tool)) continue;
      fs::create_symlink(fs::path(folder) / tool, tree_ / "bin" / tool);
      return;
    }
    FAIL() << tool << " is not installed";
  }

  void stand_in(const std::string& tool, const std::string& script) {
    fs::create_directories(tree_ / "bin");
    std::ofstream(tree_ / "bin" / tool) << "#!/usr/bin/env bash\n" << script << '\n';
    fs::permissions(tree_ / "bin" / tool, fs::perms::owner_all);
  }

  void tests_that_ran(const std::string& cases) {
    std::ofstream(tree_ / "junit.xml") << "<?xml version=\"1.0\"?>\n<testsuite name=\"x\">\n"
                                       << cases << "</testsuite>\n";
  }

  Outcome dev(const std::string& arguments, const std::string& environment = "") const {
    const std::string command = "cd / && env -i PATH=" + (tree_ / "bin").string() + " TREE=" + tree_.string() + ' ' +
                                environment + " " + (tree_ / "dev").string() + ' ' + arguments + " >" +
                                (tree_ / "out").string() + " 2>" + (tree_ / "err").string() + " </dev/null";
    const int raw = std::system(command.c_str());
    return {WIFEXITED(raw) ? WEXITSTATUS(raw) : -1, text_of("out"), text_of("err")};
  }

  std::string text_of(const std::string& file) const {
    std::ifstream in(tree_ / file);
    std::ostringstream text;
    text << in.rdbuf();
    return text.str();
  }

  static std::ptrdiff_t lines(const std::string& text) { return std::count(text.begin(), text.end(), '\n'); }

  fs::path tree_;
};

const std::string passed_case =
    "\t<testcase name=\"a.b\" classname=\"a.b\" time=\"0\" status=\"run\">\n\t</testcase>\n";
const std::string failed_case =
    "\t<testcase name=\"a.c\" classname=\"a.c\" time=\"0\" status=\"fail\">\n\t\t<failure "
    "message=\"\"/>\n\t</testcase>\n";
const std::string skipped_case =
    "\t<testcase name=\"a.d\" classname=\"a.d\" time=\"0\" status=\"notrun\">\n"
    "\t\t<skipped message=\"SKIP_REGULAR_EXPRESSION_MATCHED\"/>\n\t</testcase>\n";
const std::string missing_case =
    "\t<testcase name=\"a.e\" classname=\"a.e\" time=\"0\" status=\"notrun\">\n"
    "\t\t<skipped message=\"Unable to find executable: x\"/>\n\t</testcase>\n";

TEST_F(Dev, gives_its_arguments_to_every_benchmark) {
  fs::create_directories(tree_ / "build/release/bench");
  fs::copy_file(tree_ / "bin/program", tree_ / "build/release/bench/one");
  const Outcome run = dev("bench --benchmark_filter=x");
  EXPECT_EQ(run.status, 0) << run.err;
  EXPECT_EQ(run.out, "program: --benchmark_filter=x\n");
}

TEST_F(Dev, stops_at_a_file_that_is_not_formatted) {
  fs::create_directories(tree_ / "theory");
  std::ofstream(tree_ / "theory/x.hpp") << "// x\n";
  stand_in("clang-format", "for last; do :; done; echo \"$last:1:1: error: code should be formatted\" >&2; exit 1");
  const Outcome run = dev("tidy");
  EXPECT_EQ(run.status, 1);
  EXPECT_EQ(run.err,
            "theory/x.hpp:1:1: error: code should be formatted\n"
            "dev: clang-format -i would change the lines above\n");
  EXPECT_FALSE(fs::exists(tree_ / "cmake.log"));
}

TEST_F(Dev, runs_clang_tidy_on_formatted_files) {
  fs::create_directories(tree_ / "theory");
  std::ofstream(tree_ / "theory/x.hpp") << "// x\n";
  stand_in("clang-format", "exit 0");
  EXPECT_EQ(dev("tidy").status, 0);
  EXPECT_THAT(text_of("cmake.log"), HasSubstr("--preset tidy"));
}

TEST_F(Dev, says_in_one_line_that_a_verb_is_unknown) {
  const Outcome run = dev("dance");
  EXPECT_EQ(run.status, 2);
  EXPECT_EQ(run.err, "dev: unknown verb 'dance'; see ./dev --help\n");
}

TEST_F(Dev, says_in_one_line_that_there_is_no_verb) {
  const Outcome run = dev("");
  EXPECT_EQ(run.status, 2);
  EXPECT_EQ(lines(run.err), 1);
}

TEST_F(Dev, explains_every_verb) {
  const Outcome run = dev("--help");
  EXPECT_EQ(run.status, 0);
  for (const char* verb : {"verify", "test", "bench", "tidy"}) EXPECT_THAT(run.out, HasSubstr(verb));
}

TEST_F(Dev, installs_nothing_and_says_nothing_when_all_packages_are_there) {
  const Outcome run = dev("verify");
  EXPECT_EQ(run.status, 0);
  EXPECT_EQ(run.err, "");
  EXPECT_FALSE(fs::exists(tree_ / "apt.log"));
}

TEST_F(Dev, installs_what_is_missing_of_its_own_group_and_says_so_first) {
  const Outcome run = dev("verify", "MISSING='libmpfi-dev g++ libgtest-dev'");
  EXPECT_EQ(run.status, 0);
  EXPECT_EQ(run.err, "dev: installing 2 Debian packages: g++ libmpfi-dev\n");
  EXPECT_THAT(text_of("apt.log"), HasSubstr("--no-install-recommends install g++ libmpfi-dev\n"));
  EXPECT_THAT(text_of("apt.log"), Not(HasSubstr("update")));
}

TEST_F(Dev, fetches_the_package_lists_only_when_a_package_is_not_known) {
  stand_in("apt-get",
           "echo \"$*\" >>\"$TREE/apt.log\"; [[ $* == *update* || -f $TREE/updated ]] || exit 100; : >$TREE/updated");
  const Outcome run = dev("verify", "MISSING=g++");
  EXPECT_EQ(run.status, 0) << run.err;
  EXPECT_THAT(text_of("apt.log"), HasSubstr(" update\n"));
  EXPECT_THAT(text_of("apt.log"), EndsWith("--no-install-recommends install g++\n"));
}

TEST_F(Dev, uses_sudo_where_it_is_not_root) {
  stand_in("sudo", "echo sudo >>\"$TREE/sudo.log\"; exec \"$@\"");
  EXPECT_EQ(dev("verify", "MISSING=g++ USER_ID=1000").status, 0);
  EXPECT_TRUE(fs::exists(tree_ / "sudo.log"));
  EXPECT_THAT(text_of("apt.log"), HasSubstr("install g++"));
}

TEST_F(Dev, fails_in_one_line_with_neither_root_nor_sudo) {
  const Outcome run = dev("verify", "MISSING=g++ USER_ID=1000");
  EXPECT_EQ(run.status, 3);
  EXPECT_EQ(run.err, "dev: needs root or sudo to install: g++\n");
}

TEST_F(Dev, passes_arguments_through_and_sends_the_report_to_the_build_folder) {
  const Outcome run = dev("verify 'bn_*' --seed 7");
  EXPECT_EQ(run.out, "program: verify bn_* --seed 7 --out " + (tree_ / "build/report").string() + "\n");
}

TEST_F(Dev, leaves_the_report_folder_to_a_caller_who_names_one) {
  EXPECT_EQ(dev("verify --out elsewhere").out, "program: verify --out elsewhere\n");
  EXPECT_EQ(dev("verify --out=elsewhere").out, "program: verify --out=elsewhere\n");
}

TEST_F(Dev, ends_with_the_status_of_the_program) { EXPECT_EQ(dev("verify", "PROGRAM_STATUS=130").status, 130); }

TEST_F(Dev, shows_the_output_of_a_build_that_fails) {
  const Outcome run = dev("verify", "BUILD_FAILS=1");
  EXPECT_EQ(run.status, 3);
  EXPECT_THAT(run.err, HasSubstr("x.cpp:1: error\n"));
}

TEST_F(Dev, ends_a_test_run_with_the_counts_alone_on_the_last_line) {
  tests_that_ran(passed_case + skipped_case + passed_case);
  const Outcome run = dev("test");
  EXPECT_EQ(run.status, 0) << run.err;
  EXPECT_THAT(run.out, HasSubstr("skipped: a.d\n"));
  EXPECT_THAT(run.out, HasSubstr("./dev test --deep"));
  EXPECT_THAT(run.out, EndsWith("\n2 passed, 0 failed, 1 skipped\n"));
}

TEST_F(Dev, fails_when_a_test_fails) {
  tests_that_ran(passed_case + failed_case);
  const Outcome run = dev("test", "CTEST_STATUS=8");
  EXPECT_EQ(run.status, 1);
  EXPECT_THAT(run.out, EndsWith("\n1 passed, 1 failed, 0 skipped\n"));
}

TEST_F(Dev, counts_a_test_that_could_not_start_as_failed) {
  tests_that_ran(passed_case + missing_case);
  const Outcome run = dev("test");
  EXPECT_EQ(run.status, 1);
  EXPECT_THAT(run.out, EndsWith("\n1 passed, 1 failed, 0 skipped\n"));
}

TEST_F(Dev, fails_when_no_test_ran) {
  tests_that_ran(skipped_case);
  const Outcome run = dev("test");
  EXPECT_EQ(run.status, 1);
  EXPECT_THAT(run.out, EndsWith("\n0 passed, 0 failed, 1 skipped\n"));
}

TEST_F(Dev, leaves_the_deep_tests_out_unless_asked) {
  tests_that_ran(passed_case);
  dev("test");
  EXPECT_THAT(text_of("ctest.log"), HasSubstr("-LE deep"));
  EXPECT_THAT(dev("test --deep -R exact").out, Not(HasSubstr("left out")));
  EXPECT_THAT(text_of("ctest.log"), EndsWith("-L deep -R exact\n"));
}

TEST_F(Dev, rejects_a_preset_that_no_test_runs_in) {
  const Outcome run = dev("test --preset fast");
  EXPECT_EQ(run.status, 2);
  EXPECT_EQ(lines(run.err), 1);
}

}  // namespace

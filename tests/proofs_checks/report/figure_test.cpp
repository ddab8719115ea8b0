// Are a figure's data always written, and is it drawn where gnuplot is there to draw it?
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <stdlib.h>

#include <cstdlib>

#include "proofs_checks/report/figure.hpp"
#include "tests/impl/data/temporary_folder.hpp"

namespace normproof::report {
namespace {

namespace fs = std::filesystem;
using data::contents;
using testing::HasSubstr;
using testing::Not;

bool gnuplot_is_installed() { return std::system("gnuplot --version > /dev/null 2>&1") == 0; }

Figure sample_figure() {
  return {"curve", {"x", "y, measured"}, {{"1", "2"}, {"2", "4"}, {"3", "a \"b\""}}, "plot data using 1:2 skip 1"};
}

class Figure_files : public testing::Test {
 protected:
  void SetUp() override { setenv("PATH", path_.c_str(), 1); }
  void TearDown() override { setenv("PATH", path_.c_str(), 1); }

  // From here on gnuplot is what the script says; an empty one: there is none.
  void stand_in(const std::string& script) const {
    if (!script.empty()) {
      const fs::path file = tools_.put("gnuplot", "#!/bin/sh\n" + script + "\n");
      fs::permissions(file, fs::perms::owner_all);
    }
    setenv("PATH", tools_.path().c_str(), 1);
  }

  std::string svg() const { return (folder_.path() / "curve.svg").string(); }

  data::TemporaryFolder folder_, tools_;
  std::string path_ = std::getenv("PATH");
};

TEST_F(Figure_files, hold_the_data_as_csv) {
  stand_in("");
  const std::string words = write_figure(sample_figure(), folder_.path());
  EXPECT_EQ(contents(folder_.path() / "curve.csv"), "x,\"y, measured\"\n1,2\n2,4\n3,\"a \"\"b\"\"\"\n");
  EXPECT_EQ(words, (folder_.path() / "curve.csv").string() + " written; not drawn, for gnuplot is not installed");
  EXPECT_FALSE(fs::exists(svg()));
  EXPECT_EQ(std::distance(fs::directory_iterator(folder_.path()), fs::directory_iterator()), 1);
}

TEST_F(Figure_files, hold_a_drawing_where_gnuplot_is_installed) {
  if (!gnuplot_is_installed()) GTEST_SKIP() << "gnuplot is not installed";
  const fs::path folder = folder_.path() / "o'clock, x";
  const std::string words = write_figure(sample_figure(), folder);
  EXPECT_THAT(words, HasSubstr("curve.svg written"));
  const std::string drawing = contents(folder / "curve.svg");
  EXPECT_THAT(drawing, HasSubstr("<svg"));
  EXPECT_THAT(drawing, HasSubstr("</svg>"));
  EXPECT_EQ(write_figure(sample_figure(), folder), words);
  EXPECT_EQ(contents(folder / "curve.svg"), drawing);
}

TEST_F(Figure_files, say_in_one_line_what_gnuplot_did_not_understand) {
  if (!gnuplot_is_installed()) GTEST_SKIP() << "gnuplot is not installed";
  Figure figure = sample_figure();
  write_figure(figure, folder_.path());
  ASSERT_TRUE(fs::exists(svg()));
  figure.gnuplot_script = "plot data using 1:2 skip 1\nplot nonsense(";
  const std::string words = write_figure(figure, folder_.path());
  EXPECT_THAT(words, HasSubstr("not drawn, for gnuplot failed: invalid expression"));
  EXPECT_THAT(words, HasSubstr("curve.svg, of other data, removed"));
  EXPECT_THAT(words, Not(HasSubstr("\n")));
  EXPECT_FALSE(fs::exists(svg()));
}

TEST_F(Figure_files, trust_no_drawing_that_is_not_whole) {
  stand_in("echo '<svg>'; exit 0");
  EXPECT_THAT(write_figure(sample_figure(), folder_.path()), HasSubstr("not drawn, for gnuplot failed"));
  stand_in("echo '<svg></svg>'; kill -9 $$");
  EXPECT_THAT(write_figure(sample_figure(), folder_.path()), HasSubstr("not drawn, for gnuplot failed"));
  stand_in("echo '<svg></svg>'");
  EXPECT_THAT(write_figure(sample_figure(), folder_.path()), HasSubstr("curve.svg written"));
}

TEST_F(Figure_files, are_not_lost_in_a_script_longer_than_a_pipe_holds) {
  if (!gnuplot_is_installed()) GTEST_SKIP() << "gnuplot is not installed";
  Figure figure = sample_figure();
  for (int k = 0; k < 8000; ++k) figure.gnuplot_script += "\nx" + std::to_string(k) + " = " + std::to_string(k);
  EXPECT_THAT(write_figure(figure, folder_.path()), HasSubstr("curve.svg written"));
}

TEST(Table_text, puts_columns_below_each_other) {
  EXPECT_EQ(table_text({"rates", {"γ", "exponent"}, {{"0.65", "−0.3"}, {"1", "−1.25"}}}),
            "rates\n  γ     exponent\n  0.65  −0.3\n  1     −1.25\n");
}

}  // namespace
}  // namespace normproof::report

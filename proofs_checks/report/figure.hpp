// How does a figure of measured numbers get into files, and a table onto the terminal?
//
// What       NAME.csv always: RFC 4180, but with lines that end as everywhere else here. NAME.svg where gnuplot is
//            installed: it runs the figure's script after these lines, so that the script only plots:
//              set terminal svg …;  set datafile separator comma;  data = 'the way to NAME.csv'
//            The first line of the data names the columns: plot data using 1:2 skip 1.
// Assumes    gnuplot is found on PATH; it is run without anybody's settings.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace normproof::report {

struct Figure {
  std::string name;  // of its files
  std::vector<std::string> columns;
  std::vector<std::vector<std::string>> rows;
  std::string gnuplot_script;
};

std::string csv_text(const Figure& figure);

// Writes both files. Says in one line what was written where, and why there is no drawing, if there is none: a drawing
// of other data is taken away then. Throws data::FileError where a file cannot be written.
std::string write_figure(const Figure& figure, const std::filesystem::path& folder);

struct Table {
  std::string title;
  std::vector<std::string> columns;
  std::vector<std::vector<std::string>> rows;
};

std::string table_text(const Table& table);

}  // namespace normproof::report

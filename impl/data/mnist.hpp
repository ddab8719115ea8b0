// Where in a directory is the MNIST data set, and what does it hold?
//
// Source: the four IDX files of the MNIST database (LeCun, Cortes & Burges), under the names they are published
// with, each plain or gzipped; where both are there, the plain one is read.
//
// Assumed: the data sets that keep these names (Fashion-MNIST is one) have ten classes and one image size. A missing
// directory or file, a pair whose counts differ, a label above 9 or two image sizes is a FileError: all or nothing.
#pragma once

#include <filesystem>

#include "impl/data/idx.hpp"

namespace normproof::data {

struct Mnist {
  LabelledImages train;
  LabelledImages test;
};

Mnist read_mnist(const std::filesystem::path& directory);

// The 10 000 test images alone: a sixth of the work. The training files need not be there.
LabelledImages read_mnist_test_set(const std::filesystem::path& directory);

}  // namespace normproof::data

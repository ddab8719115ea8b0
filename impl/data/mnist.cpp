// Where in a directory is the MNIST data set, and what does it hold?
#include "impl/data/mnist.hpp"

#include <algorithm>
#include <cstddef>
#include <string>
#include <system_error>

#include "impl/data/file_error.hpp"

namespace normproof::data {
namespace {

constexpr int largest_label = 9;
constexpr const char* train_images_name = "train-images-idx3-ubyte";
constexpr const char* train_labels_name = "train-labels-idx1-ubyte";
constexpr const char* test_images_name = "t10k-images-idx3-ubyte";
constexpr const char* test_labels_name = "t10k-labels-idx1-ubyte";

struct FilePair {
  std::filesystem::path images;
  std::filesystem::path labels;
};

void require_directory(const std::filesystem::path& directory) {
  std::error_code error;
  const auto status = std::filesystem::status(directory, error);
  if (std::filesystem::is_directory(status)) {
    return;
  }
  const bool absent = status.type() == std::filesystem::file_type::not_found;
  throw FileError(directory, "a directory with MNIST's IDX files (t10k-images-idx3-ubyte.gz and so on)",
                  absent  ? "nothing"
                  : error ? error.message()
                          : "a file");
}

std::filesystem::path locate(const std::filesystem::path& directory, const std::string& name) {
  std::error_code unreachable;  // for a reader that is not allowed to look, the file is not there
  for (const std::string& candidate : {name, name + ".gz"}) {
    auto path = directory / candidate;
    if (std::filesystem::exists(path, unreachable)) {
      return path;
    }
  }
  throw FileError(directory, name + " or " + name + ".gz", "neither");
}

LabelledImages read_pair(const FilePair& files) {
  LabelledImages set;
  set.labels = read_idx_labels(files.labels).labels;  // the small file first: it fails sooner
  const auto wrong =
      std::find_if(set.labels.begin(), set.labels.end(), [](std::uint8_t label) { return label > largest_label; });
  if (wrong != set.labels.end()) {
    throw FileError(files.labels, "labels from 0 to " + std::to_string(largest_label),
                    std::to_string(*wrong) + " at position " + std::to_string(wrong - set.labels.begin()));
  }
  set.images = read_idx_images(files.images);
  if (set.labels.size() != static_cast<std::size_t>(set.images.count)) {
    throw FileError(files.labels,
                    std::to_string(set.images.count) + " labels, one per image of " + files.images.filename().string(),
                    std::to_string(set.labels.size()));
  }
  return set;
}

std::string image_size(const IdxImages& images) {
  return std::to_string(images.rows) + " x " + std::to_string(images.columns);
}

}  // namespace

Mnist read_mnist(const std::filesystem::path& directory) {
  require_directory(directory);
  // All four are located before any is read, so that a missing one is reported at once.
  const FilePair train{locate(directory, train_images_name), locate(directory, train_labels_name)};
  const FilePair test{locate(directory, test_images_name), locate(directory, test_labels_name)};
  Mnist mnist;
  mnist.test = read_pair(test);
  mnist.train = read_pair(train);
  if (mnist.test.images.rows != mnist.train.images.rows || mnist.test.images.columns != mnist.train.images.columns) {
    throw FileError(test.images,
                    "images of " + image_size(mnist.train.images) + " pixels as in " + train.images.filename().string(),
                    image_size(mnist.test.images));
  }
  return mnist;
}

LabelledImages read_mnist_test_set(const std::filesystem::path& directory) {
  require_directory(directory);
  const FilePair test{locate(directory, test_images_name), locate(directory, test_labels_name)};
  return read_pair(test);
}

}  // namespace normproof::data

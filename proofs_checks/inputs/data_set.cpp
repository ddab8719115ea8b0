// On which batches of activations are the batch claims decided besides generated points?
#include "proofs_checks/inputs/data_set.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <numeric>
#include <string>
#include <system_error>
#include <vector>

#include "impl/data/file_error.hpp"
#include "impl/data/generated.hpp"
#include "impl/data/mnist.hpp"
#include "impl/data/npy.hpp"
#include "proofs_checks/inputs/random_stream.hpp"

namespace normproof::inputs {
namespace {

using data::LabelledImages;
using evidence::DataBatch;
using evidence::DataSet;
using evidence::Effort;

constexpr int label_count = 10;
constexpr int channels = 2;  // of each batch: one could not show that channels are independent
constexpr std::array<int, 10> rows_in_turn = {64, 64, 64, 2, 64, 64, 3, 64, 64, 16};
constexpr double pixel_unit = 0x1p-8;
constexpr std::uint32_t generated_images =
    2000;  // 200 of each label: a single-label batch of 64 is a fair part of them

int batches_of_each_kind(Effort effort) {
  switch (effort) {
    case Effort::quick: return 10;
    case Effort::standard: return 110;
    case Effort::deep: return 220;
  }
  return 0;
}

// Images of one or two files under one numbering, and which of them carry each label.
class Images {
 public:
  explicit Images(std::vector<LabelledImages> sets) : sets_(std::move(sets)) {
    for (const LabelledImages& set : sets_) {
      for (std::size_t i = 0; i < set.labels.size(); ++i) {
        of_label_[set.labels[i]].push_back(all_.size());
        all_.push_back({&set.images, i});
      }
    }
    every_.resize(all_.size());
    std::iota(every_.begin(), every_.end(), std::size_t{0});
    for (int label = 0; label < label_count; ++label) {
      if (!of_label_[static_cast<std::size_t>(label)].empty()) labels_.push_back(label);
    }
  }
  Images(const Images&) = delete;
  Images& operator=(const Images&) = delete;

  std::size_t pixel_count() const {
    const data::IdxImages& first = sets_.front().images;
    return static_cast<std::size_t>(first.rows) * static_cast<std::size_t>(first.columns);
  }
  double pixel(std::size_t image, std::size_t position) const {
    const Place& place = all_[image];
    return pixel_unit * place.images->pixels[place.index * pixel_count() + position];
  }
  const std::vector<std::size_t>& every() const { return every_; }
  const std::vector<std::size_t>& of_label(int label) const { return of_label_[static_cast<std::size_t>(label)]; }
  const std::vector<int>& labels() const { return labels_; }  // those that occur

 private:
  struct Place {
    const data::IdxImages* images;
    std::size_t index;
  };
  std::vector<LabelledImages> sets_;
  std::vector<Place> all_;
  std::vector<std::size_t> every_;
  std::array<std::vector<std::size_t>, 256> of_label_;  // a label is a byte; the readers let 0 … 9 through
  std::vector<int> labels_;
};

// Different ones in random order; fewer than wanted where there are not enough.
std::vector<std::size_t> draw(const std::vector<std::size_t>& from, int count, RandomStream& random) {
  const std::size_t wanted = std::min(static_cast<std::size_t>(count), from.size());
  std::vector<std::size_t> drawn;
  while (drawn.size() < wanted) {
    const std::size_t candidate = from[random.below(from.size())];
    // Batches are small, so that looking through them is cheaper than copying the list they are drawn from.
    if (std::find(drawn.begin(), drawn.end(), candidate) == drawn.end()) drawn.push_back(candidate);
  }
  return drawn;
}

Eigen::ArrayXXd pixel_columns(const Images& images, const std::vector<std::size_t>& rows,
                              const std::array<std::size_t, channels>& positions) {
  Eigen::ArrayXXd batch(static_cast<Eigen::Index>(rows.size()), channels);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    for (std::size_t j = 0; j < channels; ++j) {
      batch(static_cast<Eigen::Index>(i), static_cast<Eigen::Index>(j)) = images.pixel(rows[i], positions[j]);
    }
  }
  return batch;
}

Eigen::ArrayXXd pre_activations(const Images& images, const std::vector<std::size_t>& rows, RandomStream& random) {
  const std::size_t pixels = images.pixel_count();
  const double deviation = 1 / std::sqrt(static_cast<double>(pixels));
  std::vector<double> weights(pixels * channels);
  for (double& weight : weights) weight = deviation * random.normal();
  Eigen::ArrayXXd batch(static_cast<Eigen::Index>(rows.size()), channels);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    for (std::size_t j = 0; j < channels; ++j) {
      double sum = 0;
      for (std::size_t k = 0; k < pixels; ++k) sum += images.pixel(rows[i], k) * weights[k * channels + j];
      batch(static_cast<Eigen::Index>(i), static_cast<Eigen::Index>(j)) = sum;
    }
  }
  return batch;
}

std::vector<DataBatch> batches(const Images& images, Effort effort, std::uint64_t seed) {
  std::vector<DataBatch> all;
  for (const bool of_pixels : {true, false}) {
    for (const bool mixed : {true, false}) {
      const char* kind = of_pixels ? "pixel columns" : "first-layer pre-activations";
      const char* labels = mixed ? "mixed labels" : "single label";
      RandomStream random(seed, "data set", kind, labels);
      for (int k = 0; k < batches_of_each_kind(effort); ++k) {
        const int label = images.labels()[random.below(images.labels().size())];
        const int rows = rows_in_turn[static_cast<std::size_t>(k) % rows_in_turn.size()];
        const std::vector<std::size_t> chosen = draw(mixed ? images.every() : images.of_label(label), rows, random);
        const std::string whose = mixed ? labels : fmt::format("label {} alone", label);
        if (of_pixels) {
          const std::array<std::size_t, channels> positions = {random.below(images.pixel_count()),
                                                               random.below(images.pixel_count())};
          all.push_back({fmt::format("pixel columns {}, {}, {}, batch {} ({} rows)", positions[0], positions[1], whose,
                                     k + 1, chosen.size()),
                         pixel_columns(images, chosen, positions)});
        } else {
          all.push_back(
              {fmt::format("first-layer pre-activations, {}, batch {} ({} rows)", whose, k + 1, chosen.size()),
               pre_activations(images, chosen, random)});
        }
      }
    }
  }
  return all;
}

// Quick effort does not read the training images, yet a directory without them is wrong at every effort.
void require_training_files(const std::filesystem::path& directory) {
  for (const char* name : {"train-images-idx3-ubyte", "train-labels-idx1-ubyte"}) {
    const std::string zipped = fmt::format("{}.gz", name);
    std::error_code error;
    if (std::filesystem::exists(directory / name, error)) continue;
    if (std::filesystem::exists(directory / zipped, error)) continue;
    throw data::FileError(directory, fmt::format("{} or {}", name, zipped), "neither");
  }
}

}  // namespace

DataSet real_data(const std::filesystem::path& directory, Effort effort, std::uint64_t seed) {
  DataSet set;
  set.real = true;
  std::vector<LabelledImages> sources;
  if (effort == Effort::quick) {
    sources.push_back(data::read_mnist_test_set(directory));
    require_training_files(directory);
    set.name = fmt::format("MNIST ({} test images)", sources[0].images.count);
  } else {
    data::Mnist mnist = data::read_mnist(directory);
    set.name = fmt::format("MNIST ({} + {} images)", mnist.train.images.count, mnist.test.images.count);
    sources.push_back(std::move(mnist.train));
    sources.push_back(std::move(mnist.test));
  }
  set.batches = batches(Images(std::move(sources)), effort, seed);
  return set;
}

DataSet generated_data(Effort effort, std::uint64_t seed) {
  DataSet set;
  std::vector<LabelledImages> sources;
  sources.push_back(data::generated_digits(seed, generated_images));
  set.name = fmt::format("generated digits ({} images)", generated_images);
  set.batches = batches(Images(std::move(sources)), effort, seed);
  return set;
}

// A formula is recorded entry by entry: at 4096 rows the longest tape has some hundred thousand nodes.
constexpr std::size_t most_rows = 4096;

DataSet user_batch(const std::filesystem::path& file) {
  const data::NpyArray array = data::read_npy(file);
  if (array.shape.empty() || array.shape.size() > 2) {
    throw data::FileError(file, "an array of one or two dimensions (rows, or rows x channels)",
                          fmt::format("{} dimensions", array.shape.size()));
  }
  if (array.values.empty()) throw data::FileError(file, "at least one row and one channel", "none");
  const auto rows = static_cast<std::size_t>(array.shape[0]);
  if (rows > most_rows) throw data::FileError(file, fmt::format("at most {} rows", most_rows), std::to_string(rows));
  const std::size_t width = array.values.size() / rows;
  for (std::size_t k = 0; k < array.values.size(); ++k) {
    if (std::isfinite(array.values[k])) continue;
    throw data::FileError(file, "finite values",
                          fmt::format("{} in row {}, channel {}", array.values[k], k / width + 1, k % width + 1));
  }
  DataSet set;
  set.user = true;
  set.real = true;
  set.name = file.filename().string();
  for (std::size_t first = 0; first < width; first += channels) {
    const std::size_t group = std::min<std::size_t>(channels, width - first);
    DataBatch batch;
    batch.name = fmt::format("{}, channel{} {}{} of {} ({} rows)", set.name, group > 1 ? "s" : "", first + 1,
                             group > 1 ? fmt::format(", {}", first + 2) : "", width, rows);
    batch.activations.resize(static_cast<Eigen::Index>(rows), static_cast<Eigen::Index>(group));
    for (std::size_t i = 0; i < rows; ++i) {
      for (std::size_t j = 0; j < group; ++j) {
        batch.activations(static_cast<Eigen::Index>(i), static_cast<Eigen::Index>(j)) =
            array.values[i * width + first + j];
      }
    }
    set.batches.push_back(std::move(batch));
  }
  return set;
}

std::string words(const DataSet& data) {
  return fmt::format("{}, {}: {} {}", data.name,
                     data.user   ? "a user's batch"
                     : data.real ? "real"
                                 : "generated stand-in",
                     data.batches.size(), data.batches.size() == 1 ? "batch" : "batches");
}

}  // namespace normproof::inputs

// On which batches of activations are the batch claims decided besides generated points?
//
// What       Four kinds of batches, as many of each: pixel columns (two pixels drawn uniformly, so that many columns
//            are constant zero) and the pre-activations of a random first layer (two units, weights of mean 0 and
//            variance 1/fan-in), each in mixed-label and in single-label batches. Seven of ten batches have 64 rows,
//            the others 2, 3 and 16. Pixels are divided by 256: exact binary fractions in [0, 1).
// Size       40 batches at quick effort, 440 at standard, 880 at deep. Evidence on real data asks for 200 at least, and
//            where ε = 0 every batch with a constant pixel column is outside: near half of them. What quick effort
//            finds is less, and its name says how many they were.
// Assumes    The seed alone decides which images, pixels and weights; no libm, so the same bits on every machine.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "proofs_checks/evidence/settings.hpp"

namespace normproof::inputs {

// MNIST, or a set in its format: the directory must hold the four files. Quick effort reads the test images only.
// Throws data::FileError.
evidence::DataSet real_data(const std::filesystem::path& directory, evidence::Effort effort, std::uint64_t seed);

// The stand-in where there are no real data: generated digits.
evidence::DataSet generated_data(evidence::Effort effort, std::uint64_t seed);

// A user's own batch from a .npy file: rows × channels, or one channel; wide ones in groups of two channels.
// Throws data::FileError unless it has one or two dimensions, is not empty, and all values are finite.
evidence::DataSet user_batch(const std::filesystem::path& file);

// "MNIST (60000 + 10000 images), real: 440 batches".
std::string words(const evidence::DataSet& data);

}  // namespace normproof::inputs

// Which data stand in for MNIST where there is none?
//
// Ten digit glyphs, 7 × 10 cells each, drawn at twice their size (20 pixels high, as MNIST's digits are) and blurred
// once with the kernel (1, 2, 1)/4 in both directions; then, for each image, a shift by at most 2 columns and 1 row,
// one stroke brightness, and noise on every pixel that has ink:
//
//     pixel = clamp(⌊glyph · brightness / 256⌋ + noise, 0, 255),    brightness ∈ [160, 255],  noise ∈ [−24, 24].
//
// What it shares with MNIST, because normalization is sensitive to it: many pixel columns are zero in every image
// (the two outermost rows and four outermost columns on each side, and more), some are zero in almost every image,
// and the classes differ in mean. What it lacks: variety within a class. A verdict on these data says nothing about
// handwriting.
//
// Every pixel comes from integer arithmetic on Philox4x32-10 (Salmon, Moraes, Dror & Shaw, SC'11) under the key
// `seed`: the bits are the same on every machine. Image i depends on the seed and i alone, so a smaller set is the
// beginning of a larger one with the same seed. Each run of ten images that begins at a multiple of ten holds every
// label once, in random order.
#pragma once

#include <cstdint>

#include "impl/data/idx.hpp"

namespace normproof::data {

// Throws std::invalid_argument where count is negative.
LabelledImages generated_digits(std::uint64_t seed, int count);

}  // namespace normproof::data

// Is the work beyond one block, one tile, one chunk done?
//
// Tried      each extent one less and one more than sizes that blocks have: 256, 512, … 8192; channel counts such as 65
//            and 97; images of 147×147; rows of 41, 49 and others by which dividing is not multiplying.
// Causes     no loop over blocks, only the first 64 channels, elements beyond the local size never read, a partial
//            block merged with the weight of a full one
#include <array>

#include "proofs_checks/conformance/case_maker.hpp"

namespace normproof::conformance::checks {
namespace {

constexpr std::array<std::int64_t, 17> sizes = {255,  256,  257,  300,  511,  512,  513,  769, 1023,
                                                1025, 2047, 2049, 3588, 4095, 4097, 8191, 8193};
constexpr std::array<std::int64_t, 6> larger_sizes = {12289, 16383, 16385, 24577, 32767, 32769};
constexpr std::array<std::int64_t, 10> channel_counts = {24, 48, 63, 65, 80, 96, 97, 129, 160, 257};
constexpr std::array<std::int64_t, 5> image_sizes = {49, 196, 289, 784, 21609};  // 7², 14², 17², 28², 147²
// n·(1/n) is below 1 in f64 or f32: an index that is found so is one too low at a border of samples or channels.
constexpr std::array<std::int64_t, 4> not_divided_by_reciprocal = {41, 47, 49, 55};
constexpr std::array<std::int64_t, 3> few = {1, 2, 3};
constexpr std::array<std::int64_t, 2> more = {2, 3};

// From here on one of the two layouts is enough at quick effort, and the first type alone.
constexpr std::int64_t large = 1024;

void of_size(CaseMaker& maker, std::int64_t n, std::size_t i) {
  const std::int64_t a = cycle(few, i), b = cycle(few, i / few.size());
  for (const Shape& shape : {Shape{a, b, n}, Shape{2, n, a}, Shape{n, a, b}}) {
    Case made = maker.plain(shape);
    weigh_elements(made, i++);
    if (maker.wide() || n < large) {
      maker.add_dense(made);
    } else {
      lay_out(made, i % 2 == 0 ? "bcs" : "bsc");
      maker.add(made);
    }
  }
}

void make(CaseMaker& maker) {
  std::size_t i = 0;
  for (std::size_t round = 0; round < maker.by_effort(1, 4, few.size() * few.size()); ++round, ++i) {
    for (const std::int64_t n : sizes)
      if (maker.wide() || n < large || maker.is_first_type()) of_size(maker, n, i++);
    if (maker.wide()) {
      for (const std::int64_t n : larger_sizes) of_size(maker, n, i++);
    }
    for (const std::int64_t channels : channel_counts) maker.add_dense(maker.plain({cycle(few, i++), channels, 49}));
    for (const std::int64_t spatial : image_sizes) {
      Case made = maker.plain({1, cycle(few, i++), spatial});
      maker.add_dense(made);
      weigh_elements(made, 2);
      maker.add_dense(made);
    }
    for (const std::int64_t spatial : not_divided_by_reciprocal) {
      Case made = maker.plain({cycle(more, i), cycle(more, i + 1), spatial});
      weigh_elements(made, i++);
      maker.add_dense(made);
    }
  }
}

}  // namespace

Check block_sizes() {
  return {.title = "extents around the sizes that blocks and tiles have",
          .why = "sizes below one block never show that nothing loops over blocks",
          .cases = made_by("block_sizes", make)};
}

}  // namespace normproof::conformance::checks

// Are covers told from what has a gap, exactly?
#include "proofs_checks/certificates/cover.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "proofs_checks/inputs/random_stream.hpp"

namespace normproof::certificates {
namespace {

Span span(double low, double high) { return {Fraction(low), Fraction(high)}; }

Box unit_box(std::size_t coordinates) { return Box(coordinates, span(0, 1)); }

// So many boxes, by bisection of a drawn box in a drawn coordinate.
std::vector<Box> bisected(std::size_t coordinates, std::size_t count, std::uint64_t seed) {
  inputs::RandomStream stream(seed, "cover_test");
  std::vector<Box> boxes = {unit_box(coordinates)};
  while (boxes.size() < count) {
    const std::size_t which = stream.below(boxes.size()), i = stream.below(coordinates);
    Box half = boxes[which];
    Fraction middle;
    mpq_add(middle.get(), half[i].low.get(), half[i].high.get());
    mpq_div_2exp(middle.get(), middle.get(), 1);
    half[i].low = middle;
    boxes[which][i].high = middle;
    boxes.push_back(half);
  }
  return boxes;
}

TEST(Cover, is_seen_in_boxes_bisected_at_random_and_missed_without_any_one_of_them) {
  for (std::uint64_t seed = 0; seed < 5; ++seed) {
    const std::vector<Box> boxes = bisected(3, 60, seed);
    EXPECT_FALSE(find_gap(unit_box(3), boxes));
    for (std::size_t k = 0; k < boxes.size(); ++k) {
      std::vector<Box> others = boxes;
      others.erase(others.begin() + static_cast<std::ptrdiff_t>(k));
      const std::optional<Gap> gap = find_gap(unit_box(3), others);
      ASSERT_TRUE(gap);
      EXPECT_FALSE(gap->too_intricate);
      for (std::size_t i = 0; i < 3; ++i) {
        EXPECT_FALSE(gap->piece[i].low < boxes[k][i].low);
        EXPECT_FALSE(boxes[k][i].high < gap->piece[i].high);
      }
    }
  }
}

TEST(Cover, of_ten_thousand_boxes_is_seen) {
  const std::vector<Box> boxes = bisected(6, 10000, 1);
  EXPECT_FALSE(find_gap(unit_box(6), boxes));
}

TEST(Cover, may_overlap_and_stick_out_and_need_no_tree_of_cuts) {
  // A pinwheel: no single cut leaves all its boxes whole.
  const std::vector<Box> pinwheel = {{span(0, 0.625), span(0, 0.375)},
                                     {span(0.625, 1), span(0, 0.625)},
                                     {span(0.375, 1), span(0.625, 1)},
                                     {span(0, 0.375), span(0.375, 1)},
                                     {span(0.375, 0.625), span(0.375, 0.625)}};
  EXPECT_FALSE(find_gap(unit_box(2), pinwheel));
  for (std::size_t k = 0; k < pinwheel.size(); ++k) {
    std::vector<Box> others = pinwheel;
    others.erase(others.begin() + static_cast<std::ptrdiff_t>(k));
    EXPECT_TRUE(find_gap(unit_box(2), others)) << k;
  }
  EXPECT_FALSE(find_gap(unit_box(2), {{span(-1, 0.75), span(0, 2)}, {span(0.25, 1), span(-3, 1)}}));
}

TEST(Cover, has_a_gap_however_narrow_it_is) {
  const double hair = std::ldexp(1.0, -80);
  Fraction above_half(0.5);
  const Fraction epsilon(hair);
  mpq_add(above_half.get(), above_half.get(), epsilon.get());
  EXPECT_TRUE(find_gap(unit_box(1), {{span(0, 0.5)}, {{above_half, Fraction(1.0)}}}));
  EXPECT_FALSE(find_gap(unit_box(1), {{span(0, 0.5)}, {span(0.5, 1)}}));
}

TEST(Cover, is_not_made_of_boxes_without_an_inside) {
  EXPECT_TRUE(find_gap(unit_box(2), {{span(0, 0.5), span(0, 1)}, {span(0.75, 0.75), span(0, 1)}}));
  EXPECT_TRUE(find_gap(unit_box(2), {}));
}

TEST(Cover, of_a_fixed_coordinate_holds_its_value) {
  const Box region = {span(2, 2), span(0, 1)};
  EXPECT_FALSE(find_gap(region, {{span(2, 2), span(0, 0.5)}, {span(1, 3), span(0.5, 1)}}));
  EXPECT_TRUE(find_gap(region, {{span(2, 2), span(0, 0.5)}, {span(2.5, 3), span(0.5, 1)}}));
}

}  // namespace
}  // namespace normproof::certificates

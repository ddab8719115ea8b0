// Along which faces is the region cut?
#include "proofs_checks/certificates/cover.hpp"

#include <algorithm>
#include <cstddef>

namespace normproof::certificates {

namespace {

constexpr std::size_t most_pieces_per_box = 64, spare_pieces = 1024;
constexpr std::size_t most_steps = 20'000'000;  // coordinates of boxes looked at, for all pieces together

struct Ranks {
  std::size_t low = 0, high = 0;
};
using RankBox = std::vector<Ranks>;

// One coordinate's faces, in order and without repetition.
std::vector<const Fraction*> faces_of(const Box& region, const std::vector<Box>& boxes, std::size_t coordinate) {
  std::vector<const Fraction*> faces = {&region[coordinate].low, &region[coordinate].high};
  for (const Box& box : boxes) {
    faces.push_back(&box[coordinate].low);
    faces.push_back(&box[coordinate].high);
  }
  std::sort(faces.begin(), faces.end(), [](const Fraction* a, const Fraction* b) { return *a < *b; });
  faces.erase(std::unique(faces.begin(), faces.end(), [](const Fraction* a, const Fraction* b) { return *a == *b; }),
              faces.end());
  return faces;
}

std::size_t rank(const std::vector<const Fraction*>& faces, const Fraction& value) {
  const auto found = std::lower_bound(faces.begin(), faces.end(), value,
                                      [](const Fraction* face, const Fraction& v) { return *face < v; });
  return static_cast<std::size_t>(found - faces.begin());
}

struct Piece {
  RankBox extent;
  std::vector<std::size_t> boxes;  // those that may meet its inside
};

bool contains(const RankBox& box, const RankBox& piece) {
  for (std::size_t d = 0; d < piece.size(); ++d)
    if (box[d].low > piece[d].low || box[d].high < piece[d].high) return false;
  return true;
}

// A coordinate that the region does not extend in has no inside: there a box must hold the one value.
bool meets_inside(const RankBox& box, const RankBox& piece) {
  for (std::size_t d = 0; d < piece.size(); ++d) {
    if (box[d].low == box[d].high && piece[d].low != piece[d].high) return false;
    const bool flat = piece[d].low == piece[d].high;
    const bool meets = flat ? box[d].low <= piece[d].low && piece[d].low <= box[d].high
                            : std::max(box[d].low, piece[d].low) < std::min(box[d].high, piece[d].high);
    if (!meets) return false;
  }
  return true;
}

struct Cut {
  std::size_t coordinate = 0, face = 0;
  std::size_t split = 0, larger = 0;  // boxes on both sides of it, and on the side that has more
  bool better_than(const Cut& other) const {
    return split != other.split ? split < other.split : larger < other.larger;
  }
};

// Some box meets the inside of the piece without containing it, so that some face lies inside.
Cut best_cut(const Piece& piece, const std::vector<RankBox>& boxes) {
  std::optional<Cut> best;
  std::vector<std::size_t> lows, highs;
  for (std::size_t d = 0; d < piece.extent.size(); ++d) {
    lows.clear();
    highs.clear();
    for (const std::size_t k : piece.boxes) {
      lows.push_back(boxes[k][d].low);
      highs.push_back(boxes[k][d].high);
    }
    std::sort(lows.begin(), lows.end());
    std::sort(highs.begin(), highs.end());
    const auto consider = [&](std::size_t face) {
      if (face <= piece.extent[d].low || face >= piece.extent[d].high) return;
      const auto below = static_cast<std::size_t>(std::lower_bound(lows.begin(), lows.end(), face) - lows.begin());
      const auto above = static_cast<std::size_t>(highs.end() - std::upper_bound(highs.begin(), highs.end(), face));
      const Cut cut = {d, face, below + above - piece.boxes.size(), std::max(below, above)};
      if (!best || cut.better_than(*best)) best = cut;
    };
    for (std::size_t k = 0; k < lows.size(); ++k) {
      if (k == 0 || lows[k] != lows[k - 1]) consider(lows[k]);
      if (k == 0 || highs[k] != highs[k - 1]) consider(highs[k]);
    }
  }
  return *best;
}

}  // namespace

std::optional<Gap> find_gap(const Box& region, const std::vector<Box>& boxes) {
  std::vector<std::vector<const Fraction*>> faces;
  Piece whole;
  std::vector<RankBox> ranked(boxes.size(), RankBox(region.size()));
  for (std::size_t d = 0; d < region.size(); ++d) {
    faces.push_back(faces_of(region, boxes, d));
    whole.extent.push_back({rank(faces[d], region[d].low), rank(faces[d], region[d].high)});
    for (std::size_t k = 0; k < boxes.size(); ++k)
      ranked[k][d] = {rank(faces[d], boxes[k][d].low), rank(faces[d], boxes[k][d].high)};
  }
  for (std::size_t k = 0; k < boxes.size(); ++k) whole.boxes.push_back(k);
  const auto in_fractions = [&](const RankBox& extent) {
    Box box;
    for (std::size_t d = 0; d < extent.size(); ++d)
      box.push_back({*faces[d][extent[d].low], *faces[d][extent[d].high]});
    return box;
  };

  std::size_t pieces_left = most_pieces_per_box * boxes.size() + spare_pieces;
  std::size_t steps_left = most_steps;
  std::vector<Piece> open = {whole};
  while (!open.empty()) {
    Piece piece = std::move(open.back());
    open.pop_back();
    const std::size_t steps = piece.boxes.size() * region.size();
    if (pieces_left-- == 0 || steps > steps_left) return Gap{in_fractions(piece.extent), true};
    steps_left -= steps;
    bool covered = false;
    std::vector<std::size_t> meeting;
    for (const std::size_t k : piece.boxes) {
      if (!meets_inside(ranked[k], piece.extent)) continue;
      meeting.push_back(k);
      covered = covered || contains(ranked[k], piece.extent);
    }
    if (covered) continue;
    if (meeting.empty()) return Gap{in_fractions(piece.extent), false};
    piece.boxes = meeting;
    const Cut cut = best_cut(piece, ranked);
    Piece below = piece;
    below.extent[cut.coordinate].high = cut.face;
    piece.extent[cut.coordinate].low = cut.face;
    open.push_back(std::move(below));
    open.push_back(std::move(piece));
  }
  return std::nullopt;
}

}  // namespace normproof::certificates

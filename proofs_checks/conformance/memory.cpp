// How do the operands of a call get memory that shows what is done to it?
#include "proofs_checks/conformance/memory.hpp"

#include <fmt/format.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstring>
#include <stdexcept>
#include <utility>

namespace normproof::conformance {
namespace {

using Byte = unsigned char;

constexpr std::size_t alignment = 64;
constexpr std::size_t guard_bytes = std::size_t{1} << 20;   // on either side
constexpr std::size_t most_islands = std::size_t{1} << 14;  // each takes two of the 65530 mappings of a process
// Over an extent of one, which nobody may look at.
constexpr std::array<std::int64_t, 4> wild_strides = {7777, 0, -1, std::int64_t{1} << 62};

// An f32 or f64 of these bytes is a NaN; of those an ordinary number, far from any value.
constexpr Byte pattern_of_read = 0xff, pattern_of_written = 0xa5;
// Quiet NaNs that no arithmetic makes.
constexpr std::uint64_t poison_f32 = 0x7fd5a1eb, poison_f64 = 0x7ffa5eedb1a5c0de;

std::size_t page_bytes() {
  static const auto bytes = static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
  return bytes;
}

std::size_t rounded_up(std::size_t bytes, std::size_t unit) { return (bytes + unit - 1) / unit * unit; }

std::size_t bytes_of(normproof_dtype dtype) { return dtype == NORMPROOF_F32 ? sizeof(float) : sizeof(double); }

// ---- pages

// Address space between two guards; `open` makes pages of it accessible.
class Mapping {
 public:
  Mapping() = default;
  explicit Mapping(std::size_t bytes) : bytes_(bytes) {
    void* got = mmap(nullptr, bytes + 2 * guard_bytes, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (got == MAP_FAILED) throw NoMemory(fmt::format("{} bytes of address space were refused", bytes));
    base_ = static_cast<Byte*>(got);
  }
  ~Mapping() {
    if (base_ != nullptr) munmap(base_, bytes_ + 2 * guard_bytes);
  }
  Mapping(Mapping&& other) noexcept
      : base_(std::exchange(other.base_, nullptr)), bytes_(std::exchange(other.bytes_, 0)) {}
  Mapping& operator=(Mapping&& other) noexcept {
    std::swap(base_, other.base_);
    std::swap(bytes_, other.bytes_);
    return *this;
  }

  Byte* begin() const { return base_ + guard_bytes; }
  Byte* end() const { return begin() + bytes_; }
  std::size_t bytes() const { return bytes_; }
  void open(Byte* from, Byte* to) const {
    if (mprotect(from, static_cast<std::size_t>(to - from), PROT_READ | PROT_WRITE) != 0)
      throw NoMemory(fmt::format("{} bytes of memory were refused", to - from));
  }
  // False where it is refused.
  bool close_to_writes(Byte* from, Byte* to) const {
    return mprotect(from, static_cast<std::size_t>(to - from), PROT_READ) == 0;
  }

 private:
  Byte* base_ = nullptr;
  std::size_t bytes_ = 0;
};

// Open mappings of 1, 2, 4, … pages that the thread has used and may use again.
class Pool {
 public:
  Mapping take(std::size_t bytes) {
    const std::size_t kind = kind_of(bytes);
    if (kind < kinds && !free_[kind].empty()) {
      Mapping mapping = std::move(free_[kind].back());
      free_[kind].pop_back();
      return mapping;
    }
    Mapping mapping(kind < kinds ? page_bytes() << kind : rounded_up(bytes, page_bytes()));
    mapping.open(mapping.begin(), mapping.end());
    if (kind >= kinds) madvise(mapping.begin(), mapping.bytes(), MADV_HUGEPAGE);  // advice: a refusal does no harm
    return mapping;
  }
  void give(Mapping mapping) {
    const std::size_t kind = kind_of(mapping.bytes());
    if (kind < kinds && free_[kind].size() < most_of_a_kind) free_[kind].push_back(std::move(mapping));
  }

 private:
  static constexpr std::size_t kinds = 9;  // up to 256 pages, 1 MiB
  static constexpr std::size_t most_of_a_kind = 2 * operand_count;
  static std::size_t kind_of(std::size_t bytes) {
    const std::size_t pages = std::max<std::size_t>(1, rounded_up(bytes, page_bytes()) / page_bytes());
    return static_cast<std::size_t>(std::bit_width(pages - 1));
  }
  std::array<std::vector<Mapping>, kinds> free_;
};

Pool& pool() {
  thread_local Pool of_thread;
  return of_thread;
}

// ---- the order of elements in memory

// Coordinates of an element.
struct Where {
  std::int64_t batch = 0, channel = 0, spatial = 0;
};

// The extents of an operand from the outermost to the innermost one, without those of one element or of stride 0; the
// innermost that lie side by side make runs. Layouts nest, so the runs ascend.
class Order {
 public:
  struct Extent {
    char letter;
    std::int64_t count, stride;
  };

  Order(const Case& described, OperandId id) {
    if (!is_tensor(id)) {
      strides_ = {0, 1, 0, described.channels};
      add('c', described.channels, 1);
    } else {
      const Layout& layout = described[id].layout;
      strides_ = strides_of(layout, described.batch, described.channels, described.spatial);
      for (const char letter : layout.order) {
        if (letter == 'b') add(letter, described.batch, strides_.batch);
        if (letter == 'c') add(letter, described.channels, strides_.channel);
        if (letter == 's') add(letter, described.spatial, strides_.spatial);
      }
    }
    for (outer_ = used_; outer_ > 0 && extents_[outer_ - 1].stride == run_; --outer_)
      run_ *= extents_[outer_ - 1].count;
  }

  const Strides& strides() const { return strides_; }
  std::int64_t span() const { return strides_.span; }
  std::int64_t run() const { return run_; }
  std::int64_t elements() const {  // in memory: equal places count once
    if (span() == 0) return 0;
    std::int64_t count = 1;
    for (std::size_t k = 0; k < used_; ++k) count *= extents_[k].count;
    return count;
  }

  // Calls take(distance of the run's first element from element 0) for each run, while it returns true.
  template <class Take>
  bool each_run(Take&& take) const {
    return span() == 0 || each_run_from(0, 0, take);
  }

  // The element that is the k-th in memory.
  Where where(std::int64_t k) const {
    Where place;
    for (std::size_t e = used_; e-- > 0;) {
      const std::int64_t at = k % extents_[e].count;
      k /= extents_[e].count;
      (extents_[e].letter == 'b' ? place.batch : extents_[e].letter == 'c' ? place.channel : place.spatial) = at;
    }
    return place;
  }

 private:
  void add(char letter, std::int64_t count, std::int64_t stride) {
    if (count > 1 && stride > 0) extents_[used_++] = {letter, count, stride};
  }
  template <class Take>
  bool each_run_from(std::size_t depth, std::int64_t distance, Take& take) const {
    if (depth == outer_) return take(distance);
    for (std::int64_t k = 0; k < extents_[depth].count; ++k)
      if (!each_run_from(depth + 1, distance + k * extents_[depth].stride, take)) return false;
    return true;
  }

  Strides strides_;
  std::array<Extent, 3> extents_ = {};
  std::size_t used_ = 0, outer_ = 0;
  std::int64_t run_ = 1;
};

// ---- what is kept of inputs

// Two hashes of 64 bits; each step is a bijection of the state, and mixes upper bits into lower ones.
struct Hash {
  std::uint64_t first = 0x9e3779b97f4a7c15, second = 0xc2b2ae3d27d4eb4f;
  bool operator==(const Hash&) const = default;

  void add(const Byte* from, std::size_t bytes) {
    for (; bytes >= sizeof(std::uint64_t); from += sizeof(std::uint64_t), bytes -= sizeof(std::uint64_t)) {
      std::uint64_t word = 0;
      std::memcpy(&word, from, sizeof word);
      add(word);
    }
    if (bytes == 0) return;
    std::uint64_t word = 0;
    std::memcpy(&word, from, bytes);
    add(word);
  }

 private:
  void add(std::uint64_t word) {
    first = std::rotl(first ^ word, 29) * 0xbf58476d1ce4e5b9;
    second = std::rotl(second ^ word, 37) * 0x94d049bb133111eb;
  }
};

constexpr std::size_t most_copied = std::size_t{1} << 20;  // bytes
constexpr std::int64_t hashed_together = 4096;             // elements

// ---- one operand's memory

enum class Role { read, written, read_and_written };

struct Island {
  Byte *begin, *end;
};

class Region {
 public:
  Region(const Case& described, OperandId id, Role role, std::int64_t& bytes_left)
      : id_(id), role_(role), dtype_(described[id].dtype), size_(bytes_of(dtype_)), order_(described, id) {
    const auto span_bytes = static_cast<std::size_t>(order_.span()) * size_;
    if (is_far(described, id)) {
      lay_out_far(described, span_bytes, bytes_left);
    } else {
      take(bytes_left, span_bytes);
      mapping_ = pool().take(span_bytes + alignment);
      islands_.push_back({mapping_.begin(), mapping_.end()});
      data_ = placed(described, span_bytes);
    }
    for (const Island& island : islands_) std::memset(island.begin, pattern(), length(island));
  }
  ~Region() {
    if (sparse_ || mapping_.bytes() == 0) return;
    try {
      if (read_only_) mapping_.open(mapping_.begin(), mapping_.end());
    } catch (const NoMemory&) {
      return;  // the pages go
    }
    pool().give(std::move(mapping_));
  }
  Region(Region&& other) noexcept = default;
  Region& operator=(Region&& other) = delete;

  OperandId id() const { return id_; }
  Role role() const { return role_; }
  Byte* data() const { return data_; }
  const Order& order() const { return order_; }

  void write(const Case& described, const std::vector<double>& values) {
    each(described, [&](std::size_t index, Byte* at) { store(at, bits_of(rounded_to(dtype_, values[index]))); });
    keep();
  }
  void close_to_writes() {
    read_only_ = true;
    for (const Island& island : islands_)
      if (!mapping_.close_to_writes(island.begin, island.end))
        throw NoMemory("pages that cannot be written were refused");
  }
  void poison(const Case& described) {
    poison_ = std::isnan(described.poison) ? (dtype_ == NORMPROOF_F32 ? poison_f32 : poison_f64)
                                           : bits_of(rounded_to(dtype_, described.poison));
    each(described, [&](std::size_t, Byte* at) { store(at, poison_); });
  }

  std::vector<std::uint64_t> bits(const Case& described) const {
    std::vector<std::uint64_t> all(static_cast<std::size_t>(described.values_of(id_)));
    each(described, [&](std::size_t index, const Byte* at) { all[index] = load(at); });
    return all;
  }
  std::vector<double> values(const Case& described) const {
    std::vector<double> all(static_cast<std::size_t>(described.values_of(id_)));
    each(described, [&](std::size_t index, const Byte* at) { all[index] = value_of(load(at)); });
    return all;
  }

  void find_stray_writes(std::vector<MemoryFinding>& findings) const;
  void find_changes(std::vector<MemoryFinding>& findings) const;
  // Elements that still hold the poison, or that do not.
  void find_poison(const Case& described, bool expected, std::vector<MemoryFinding>& findings) const;

 private:
  static bool is_far(const Case& described, OperandId id) {
    const char letter = described[id].layout.far;
    if (!is_tensor(id) || letter == '-' || described.elements() == 0) return false;
    return (letter == 'b' ? described.batch : letter == 'c' ? described.channels : described.spatial) > 1;
  }
  static std::size_t length(const Island& island) { return static_cast<std::size_t>(island.end - island.begin); }
  static void take(std::int64_t& bytes_left, std::size_t bytes) {
    if (bytes_left < 0 || bytes > static_cast<std::size_t>(bytes_left))
      throw NoMemory(fmt::format("more than {} bytes of memory are needed", most_bytes));
    bytes_left -= static_cast<std::int64_t>(bytes);
  }
  Byte pattern() const { return role_ == Role::read ? pattern_of_read : pattern_of_written; }

  // Element 0, for a span of so many bytes in the mapping.
  Byte* placed(const Case& described, std::size_t span_bytes) const {
    const std::size_t behind_boundary = static_cast<std::size_t>(described[id_].offset) * size_ % alignment;
    if (described.guard_in_front && span_bytes > 0) return mapping_.begin() + behind_boundary;
    const std::size_t room = mapping_.bytes() - span_bytes;  // pages are multiples of the alignment
    return mapping_.begin() + (room - (room + alignment - behind_boundary) % alignment);
  }

  void lay_out_far(const Case& described, std::size_t span_bytes, std::int64_t& bytes_left) {
    sparse_ = true;
    const std::size_t page = page_bytes();
    mapping_ = Mapping(rounded_up(span_bytes + alignment, page));
    data_ = placed(described, span_bytes);
    order_.each_run([&](std::int64_t distance) {
      Byte *from = element(distance), *to = element(distance + order_.run());
      from -= static_cast<std::size_t>(from - mapping_.begin()) % page;
      to = mapping_.begin() + rounded_up(static_cast<std::size_t>(to - mapping_.begin()), page);
      if (!islands_.empty() && islands_.back().end >= from) {
        if (to <= islands_.back().end) return true;
        take(bytes_left, static_cast<std::size_t>(to - islands_.back().end));
        islands_.back().end = to;
      } else {
        if (islands_.size() == most_islands) throw NoMemory(fmt::format("more than {} far places", most_islands));
        take(bytes_left, static_cast<std::size_t>(to - from));
        islands_.push_back({from, to});
      }
      return true;
    });
    for (const Island& island : islands_) mapping_.open(island.begin, island.end);
  }

  Byte* element(std::int64_t distance) const { return data_ + static_cast<std::size_t>(distance) * size_; }

  // take(index among the values, address) in the order batch, channel, spatial.
  template <class Take>
  void each(const Case& described, Take&& take) const {
    const Strides& strides = order_.strides();
    const bool tensor = is_tensor(id_);
    const std::int64_t batch = tensor ? described.batch : 1, spatial = tensor ? described.spatial : 1;
    if (described.channels == 0 || spatial == 0) return;  // of so many samples as one likes
    std::size_t index = 0;
    for (std::int64_t b = 0; b < batch; ++b)
      for (std::int64_t c = 0; c < described.channels; ++c) {
        const std::int64_t row = b * strides.batch + c * strides.channel;
        for (std::int64_t s = 0; s < spatial; ++s) take(index++, element(row + s * strides.spatial));
      }
  }

  std::uint64_t bits_of(double value) const {
    if (dtype_ == NORMPROOF_F32) return std::bit_cast<std::uint32_t>(static_cast<float>(value));
    return std::bit_cast<std::uint64_t>(value);
  }
  double value_of(std::uint64_t bits) const {
    if (dtype_ == NORMPROOF_F32) return static_cast<double>(std::bit_cast<float>(static_cast<std::uint32_t>(bits)));
    return std::bit_cast<double>(bits);
  }
  void store(Byte* at, std::uint64_t bits) const {
    if (dtype_ == NORMPROOF_F32) {
      const auto half = static_cast<std::uint32_t>(bits);
      std::memcpy(at, &half, sizeof half);
    } else {
      std::memcpy(at, &bits, sizeof bits);
    }
  }
  std::uint64_t load(const Byte* at) const {
    if (dtype_ == NORMPROOF_F32) {
      std::uint32_t half = 0;
      std::memcpy(&half, at, sizeof half);
      return half;
    }
    std::uint64_t bits = 0;
    std::memcpy(&bits, at, sizeof bits);
    return bits;
  }

  bool is_copied() const { return static_cast<std::size_t>(order_.elements()) * size_ <= most_copied; }
  void keep() {
    if (is_copied()) {
      copy_.reserve(static_cast<std::size_t>(order_.elements()) * size_);
      order_.each_run([&](std::int64_t distance) {
        copy_.insert(copy_.end(), element(distance), element(distance + order_.run()));
        return true;
      });
    } else {
      hashes_ = hashes();
    }
  }
  std::vector<Hash> hashes() const {
    std::vector<Hash> all;
    std::int64_t hashed = 0;  // of all elements
    order_.each_run([&](std::int64_t distance) {
      for (std::int64_t done = 0; done < order_.run();) {
        const std::int64_t within = hashed % hashed_together;
        if (within == 0) all.emplace_back();
        const std::int64_t count = std::min(hashed_together - within, order_.run() - done);
        all.back().add(element(distance + done), static_cast<std::size_t>(count) * size_);
        done += count;
        hashed += count;
      }
      return true;
    });
    return all;
  }

  std::string words_of(std::int64_t k_in_memory) const {
    const Where at = order_.where(k_in_memory);
    if (!is_tensor(id_)) return fmt::format("channel {}", at.channel);
    return fmt::format("batch {}, channel {}, spatial {}", at.batch, at.channel, at.spatial);
  }
  MemoryFinding::Kind kind_of_change() const {
    return role_ == Role::read ? MemoryFinding::Kind::input_changed : MemoryFinding::Kind::written;
  }

  OperandId id_;
  Role role_;
  normproof_dtype dtype_;
  std::size_t size_;
  Order order_;
  bool sparse_ = false, read_only_ = false;
  Mapping mapping_;
  std::vector<Island> islands_;
  Byte* data_ = nullptr;
  std::uint64_t poison_ = 0;
  std::vector<Byte> copy_;    // of the elements as they lie in memory, or
  std::vector<Hash> hashes_;  // of so many together
};

// ---- findings

// Bytes that do not hold the pattern.
struct Strays {
  std::size_t count = 0;
  const Byte* first = nullptr;
  std::int64_t elements_before = 0;  // in memory, before the first one

  void search(const Byte* begin, const Byte* end, Byte pattern, std::int64_t elements) {
    if (begin >= end) return;
    const auto bytes = static_cast<std::size_t>(end - begin);
    if (*begin == pattern && std::memcmp(begin, begin + 1, bytes - 1) == 0) return;
    for (const Byte* at = begin; at != end; ++at) {
      if (*at == pattern) continue;
      if (count++ == 0) {
        first = at;
        elements_before = elements;
      }
    }
  }
};

const char* bytes_word(std::size_t count) { return count == 1 ? "byte" : "bytes"; }
const char* elements_word(std::size_t count) { return count == 1 ? "element" : "elements"; }

void Region::find_stray_writes(std::vector<MemoryFinding>& findings) const {
  const Byte *start = data_, *stop = element(order_.span());
  Strays before, between, behind;
  std::int64_t elements = 0;
  const auto search = [&](const Byte* from, const Byte* to) {
    before.search(from, std::min(to, start), pattern(), elements);
    between.search(std::max(from, start), std::min(to, stop), pattern(), elements);
    behind.search(std::max(from, stop), to, pattern(), elements);
  };
  auto island = islands_.begin();
  const Byte* searched = island->begin;
  order_.each_run([&](std::int64_t distance) {
    const Byte* run = element(distance);
    while (run >= island->end) {
      search(searched, island->end);
      searched = (++island)->begin;
    }
    search(searched, run);
    searched = run + static_cast<std::size_t>(order_.run()) * size_;
    elements += order_.run();
    return true;
  });
  search(searched, island->end);

  const auto report = [&](const Strays& strays, MemoryFinding::Kind kind, const std::string& where) {
    findings.push_back(
        {kind, id_, fmt::format("{}: {} {} written {}", word(id_), strays.count, bytes_word(strays.count), where)});
  };
  if (before.count > 0)
    report(before, MemoryFinding::Kind::outside_write,
           fmt::format("before its first element, the first of them {} in front of it", start - before.first));
  if (between.count > 0)
    report(between, MemoryFinding::Kind::gap_write,
           fmt::format("between its elements, the first of them behind {}", words_of(between.elements_before - 1)));
  if (behind.count > 0)
    report(behind, MemoryFinding::Kind::outside_write,
           fmt::format("behind its last element, the first of them {} behind its end", behind.first - stop));
}

void Region::find_changes(std::vector<MemoryFinding>& findings) const {
  if (is_copied()) {
    std::size_t changed = 0;
    std::int64_t first = 0, elements = 0;
    const Byte* kept = copy_.data();
    const std::size_t run_bytes = static_cast<std::size_t>(order_.run()) * size_;
    order_.each_run([&](std::int64_t distance) {
      const Byte* run = element(distance);
      if (std::memcmp(run, kept, run_bytes) != 0)
        for (std::size_t at = 0; at < run_bytes; at += size_)
          if (std::memcmp(run + at, kept + at, size_) != 0 && changed++ == 0)
            first = elements + static_cast<std::int64_t>(at / size_);
      kept += run_bytes;
      elements += order_.run();
      return true;
    });
    if (changed > 0)
      findings.push_back({kind_of_change(), id_,
                          fmt::format("{}: {} {} changed, the first at {}", word(id_), changed, elements_word(changed),
                                      words_of(first))});
    return;
  }
  const std::vector<Hash> now = hashes();
  const auto [kept, changed] = std::mismatch(hashes_.begin(), hashes_.end(), now.begin());
  if (kept == hashes_.end()) return;
  const std::int64_t first = (kept - hashes_.begin()) * hashed_together;
  findings.push_back({kind_of_change(), id_,
                      fmt::format("{}: changed, first among the {} elements in memory from {} on", word(id_),
                                  std::min(hashed_together, order_.elements() - first), words_of(first))});
}

void Region::find_poison(const Case& described, bool expected, std::vector<MemoryFinding>& findings) const {
  std::size_t count = 0, first = 0;
  each(described, [&](std::size_t index, const Byte* at) {
    if ((load(at) == poison_) == expected) return;
    if (count++ == 0) first = index;
  });
  if (count == 0) return;
  findings.push_back({expected ? MemoryFinding::Kind::written : MemoryFinding::Kind::not_written, id_,
                      fmt::format("{}: {} {} {}, the first at {}", word(id_), count, elements_word(count),
                                  expected ? "written" : "not written", place(described, id_, first))});
}

// ---- which operand lies where

bool shares_x(const Case& described, const InputValues& inputs, OperandId id) {
  if (id != OperandId::dy || described.in_place || !takes_part(described, OperandId::x)) return false;
  const Operand &x = described[OperandId::x], &dy = described[id];
  Values same;
  same.recipe = "same_as_x";
  const auto same_bits = [](double a, double b) {
    return std::bit_cast<std::uint64_t>(a) == std::bit_cast<std::uint64_t>(b);
  };
  const std::vector<double>&of_x = inputs[OperandId::x], &of_dy = inputs[id];
  return dy.values == same && dy.dtype == x.dtype && dy.layout == x.layout && dy.offset == x.offset &&
         std::equal(of_x.begin(), of_x.end(), of_dy.begin(), of_dy.end(), same_bits);
}

Role role_of(const Case& described, OperandId id) {
  const Use use = use_of(described.op, id);
  if (!is_written(use)) return Role::read;
  const bool keeps_input = is_read(use) || (described.in_place && id == in_place_pair(described.op).written);
  return keeps_input ? Role::read_and_written : Role::written;
}

constexpr std::size_t no_region = operand_count;

}  // namespace

struct Memory::Impl {
  Case described;
  std::vector<Region> regions;
  std::array<std::size_t, operand_count> region_of;
  normproof_call call = {};

  const Region* region(OperandId id) const {
    const std::size_t index = region_of[static_cast<std::size_t>(id)];
    return index == no_region ? nullptr : &regions[index];
  }

  explicit Impl(const Case& of) : described(of) {
    region_of.fill(no_region);
    regions.reserve(operand_count);
  }
  ~Impl() {
    while (!regions.empty())
      regions.pop_back();  // the last one first, so that the next memory takes them in this order
  }
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;

  void close_inputs_to_writes() {
    for (Region& region : regions)
      if (region.role() == Role::read) region.close_to_writes();
  }

  void add(OperandId id, const InputValues& inputs, std::int64_t& bytes_left) {
    const InPlace pair = in_place_pair(described.op);
    std::size_t& index = region_of[static_cast<std::size_t>(id)];
    if (described.in_place && id == pair.read) return;  // it comes with what is written
    if (shares_x(described, inputs, id)) {
      index = region_of[static_cast<std::size_t>(OperandId::x)];
      return;
    }
    index = regions.size();
    Region& region = regions.emplace_back(described, id, role_of(described, id), bytes_left);
    const bool in_place = described.in_place && id == pair.written;
    if (in_place) region_of[static_cast<std::size_t>(pair.read)] = index;
    if (region.role() == Role::written) {
      region.poison(described);
    } else {
      region.write(described, inputs[in_place ? pair.read : id]);
    }
  }

  std::int64_t stride_in_call(std::int64_t extent, std::int64_t stride) const {
    const bool wild = extent <= 1 && described.seed % 2 == 1;
    return wild ? wild_strides[described.seed / 4 % wild_strides.size()] : stride;
  }

  // Absent is what has no data. Callers leave its other fields as they are in a call that was set to zero, or fill them
  // in as for the operands that are there.
  bool is_all_zero(OperandId id) const { return !takes_part(described, id) && described.seed / 2 % 2 == 1; }
  int dtype_in_call(OperandId id) const {
    if (takes_part(described, id)) return described[id].dtype;
    return takes_part(described, OperandId::x) ? described[OperandId::x].dtype : NORMPROOF_F32;
  }
  void* data_in_call(OperandId id) const {
    const Region* its = region(id);
    return its == nullptr ? nullptr : its->data();
  }
  normproof_tensor tensor(OperandId id) const {
    if (is_all_zero(id)) return {};
    const Layout layout = takes_part(described, id) ? described[id].layout : Layout();
    const Strides strides = strides_of(layout, described.batch, described.channels, described.spatial);
    return {data_in_call(id),
            dtype_in_call(id),
            described.batch,
            described.channels,
            described.spatial,
            stride_in_call(described.batch, strides.batch),
            stride_in_call(described.channels, strides.channel),
            stride_in_call(described.spatial, strides.spatial)};
  }
  normproof_vector vector(OperandId id) const {
    if (is_all_zero(id)) return {};
    return {data_in_call(id), dtype_in_call(id), described.channels};
  }

  void fill_call() {
    call.size = described.call_size;
    call.op = described.op;
    call.eps = described.eps;
    call.momentum = described.momentum;
    call.running_variance = described.variance;
    call.threads = described.threads;
    for (const auto& [id, at] : {std::pair(OperandId::x, &call.x),
                                 {OperandId::y, &call.y},
                                 {OperandId::dy, &call.dy},
                                 {OperandId::dx, &call.dx}})
      *at = tensor(id);
    for (const auto& [id, at] : {std::pair(OperandId::gamma, &call.gamma),
                                 {OperandId::beta, &call.beta},
                                 {OperandId::running_mean, &call.running_mean},
                                 {OperandId::running_var, &call.running_var},
                                 {OperandId::saved_mean, &call.saved_mean},
                                 {OperandId::saved_mean_low, &call.saved_mean_low},
                                 {OperandId::saved_inv_std, &call.saved_inv_std},
                                 {OperandId::fn_mean, &call.fn_mean},
                                 {OperandId::fn_mean_low, &call.fn_mean_low},
                                 {OperandId::fn_square, &call.fn_square},
                                 {OperandId::dgamma, &call.dgamma},
                                 {OperandId::dbeta, &call.dbeta}})
      *at = vector(id);
  }
};

Memory::Memory(const Case& described, const InputValues& inputs) {
  require_valid(described);
  for (const OperandId id : all_operands())
    if (takes_part(described, id) && is_read(use_of(described.op, id)) &&
        inputs[id].size() != static_cast<std::size_t>(described.values_of(id)))
      throw std::invalid_argument(fmt::format("{}: its values are not those of the case", word(id)));
  impl_ = std::make_unique<Impl>(described);
  std::int64_t bytes_left = most_bytes;
  for (const OperandId id : all_operands())
    if (takes_part(described, id)) impl_->add(id, inputs, bytes_left);
  impl_->fill_call();
  if (described.inputs_read_only) impl_->close_inputs_to_writes();
}

Memory::~Memory() = default;
Memory::Memory(Memory&&) noexcept = default;
Memory& Memory::operator=(Memory&&) noexcept = default;

const normproof_call& Memory::call() const { return impl_->call; }
normproof_call& Memory::call() { return impl_->call; }

std::vector<double> Memory::values(OperandId id) const {
  const Region* region = impl_->region(id);
  return region == nullptr ? std::vector<double>() : region->values(impl_->described);
}

std::vector<std::uint64_t> Memory::bits(OperandId id) const {
  const Region* region = impl_->region(id);
  return region == nullptr ? std::vector<std::uint64_t>() : region->bits(impl_->described);
}

std::vector<MemoryFinding> Memory::findings_after_success() const {
  std::vector<MemoryFinding> findings;
  const bool marked = std::isnan(impl_->described.poison);
  for (const Region& region : impl_->regions) {
    region.find_stray_writes(findings);
    if (region.role() == Role::read) region.find_changes(findings);
    if (region.role() == Role::written && marked) region.find_poison(impl_->described, false, findings);
  }
  return findings;
}

std::vector<MemoryFinding> Memory::findings_after_refusal() const {
  std::vector<MemoryFinding> findings;
  for (const Region& region : impl_->regions) {
    region.find_stray_writes(findings);
    if (region.role() == Role::written) {
      region.find_poison(impl_->described, true, findings);
    } else {
      region.find_changes(findings);
    }
  }
  return findings;
}

std::int64_t flush_offset(const Case& described, OperandId id) {
  if (described.guard_in_front) return 0;
  const std::size_t size = bytes_of(described[id].dtype);
  const std::size_t bytes = static_cast<std::size_t>(Order(described, id).span()) * size;
  return static_cast<std::int64_t>((alignment - bytes % alignment) % alignment / size);
}

std::string place(const Case& described, OperandId id, std::size_t i) {
  if (!is_tensor(id)) return fmt::format("channel {}", i);
  const auto channels = static_cast<std::size_t>(std::max<std::int64_t>(1, described.channels)),
             spatial = static_cast<std::size_t>(std::max<std::int64_t>(1, described.spatial));
  return fmt::format("batch {}, channel {}, spatial {}", i / spatial / channels, i / spatial % channels, i % spatial);
}

}  // namespace normproof::conformance

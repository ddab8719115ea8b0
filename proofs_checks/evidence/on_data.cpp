// How are a reading's activations filled from data, and what is counted?
#include "proofs_checks/evidence/on_data.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <chrono>
#include <limits>
#include <map>
#include <optional>
#include <tuple>

#include "proofs_checks/evidence/comparison.hpp"
#include "proofs_checks/evidence/tightness.hpp"
#include "proofs_checks/inputs/hostile.hpp"

namespace normproof::evidence {

namespace {

bool is_batch_of_activations(const InputSpec& spec) {
  return spec.role == Role::activation && spec.rows == Dimension::batch && spec.columns == Dimension::channels;
}

// The least batches that are always used, and how many nodes may be evaluated beyond them.
struct Budget {
  std::size_t least_batches;
  double nodes;
};
Budget budget_of(Effort effort) {
  switch (effort) {
    case Effort::quick: return {20, 5e5};
    case Effort::standard: return {440, 2e7};
    case Effort::deep: break;
  }
  return {440, std::numeric_limits<double>::infinity()};
}

// One piece of a data batch that fits the reading: its first rows, and a range of its columns.
struct Piece {
  const DataBatch* batch;
  int first_column;
};

// Which extents the reading's own sizes leave free.
struct Extents {
  bool batch_free = false, channels_free = false, square = true;
  Sizes least;
  std::vector<Sizes> listed;  // where nothing is free because other extents vary along
  explicit Extents(const Reading& reading) : least(reading.sizes.back()) {
    const std::vector<Sizes>& sizes = reading.sizes;
    const bool joint = std::any_of(sizes.begin(), sizes.end(), [&](const Sizes& each) {
      return each.hidden != sizes[0].hidden || each.outputs != sizes[0].outputs;
    });
    if (joint || reading.these_sizes_only) {
      listed = sizes;
      square = false;
      return;
    }
    for (const Sizes& each : sizes) {
      batch_free = batch_free || each.batch != sizes[0].batch;
      channels_free = channels_free || each.channels != sizes[0].channels;
      square = square && each.batch == each.channels;
      least.batch = std::min(least.batch, each.batch);
      least.channels = std::min(least.channels, each.channels);
    }
  }

  // The largest listed size that fits into so many rows and columns; none where none does.
  std::optional<Sizes> largest_listed(int rows, int columns) const {
    std::optional<Sizes> largest;
    for (const Sizes& each : listed)
      if (each.batch <= rows && each.channels <= columns &&
          (!largest || each.batch * each.channels > largest->batch * largest->channels))
        largest = each;
    return largest;
  }
};

class OnData {
 public:
  OnData(const std::string& claim_id, const Reading& reading, const Settings& settings)
      : claim_id_(claim_id), reading_(reading), settings_(settings), extents_(reading) {
    for (const InputSpec& spec : reading.inputs)
      if (is_batch_of_activations(spec)) filled_.push_back(spec.name);
  }

  DataOutcome run() {
    const auto start = std::chrono::steady_clock::now();
    if (extents_.square)
      note_ = "it asks for as many channels as samples";
    else
      compare_all();
    Evidence& evidence = outcome_.evidence;
    evidence.grade = Grade::derived_bound;
    evidence.supports = !outcome_.violated;
    const DataSet& data = *settings_.data;
    const char* kind = data.user ? "the given batch" : data.real ? "real data" : "generated stand-in for real data";
    evidence.method = "double against its running error bounds on " + std::string(kind) + ": " + data.name;
    if (libm_) evidence.method += libm_assumption;
    if (!note_.empty()) evidence.method += "; left out, for " + note_;
    if (outcome_.violated) evidence.method += "; violated at " + outcome_.violation;
    if (unsound_ > 0) evidence.method += "; not graded: a running error bound failed against its enclosure";
    evidence.cases = unsound_ > 0 ? 0 : compared_;
    evidence.details.emplace_back("batches", static_cast<long>(batches_));
    evidence.details.emplace_back("batches_left_out", static_cast<long>(data.batches.size() - batches_));
    evidence.details.emplace_back("undecided", undecided_);
    tightness_.report(evidence.details);
    evidence.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    return std::move(outcome_);
  }

 private:
  void compare_all() {
    const auto less = [](const Sizes& a, const Sizes& b) {
      return std::tie(a.batch, a.channels, a.hidden, a.outputs) < std::tie(b.batch, b.channels, b.hidden, b.outputs);
    };
    std::map<Sizes, std::vector<const DataBatch*>, decltype(less)> groups(less);
    for (const DataBatch& batch : settings_.data->batches) {
      Sizes sizes = extents_.least;
      const int rows = static_cast<int>(batch.activations.rows()), columns = static_cast<int>(batch.activations.cols());
      if (!extents_.listed.empty()) {
        const std::optional<Sizes> largest = extents_.largest_listed(rows, columns);
        if (largest) groups[*largest].push_back(&batch);
        continue;
      }
      if (rows < sizes.batch || columns < sizes.channels) continue;
      if (extents_.batch_free) sizes.batch = rows;
      if (extents_.channels_free) sizes.channels = columns;
      groups[sizes].push_back(&batch);
    }
    std::size_t fitting = 0;
    for (const auto& group : groups) fitting += group.second.size();
    if (fitting == 0) {
      note_ = "no batch is large enough";
      return;
    }
    const Budget budget = budget_of(settings_.effort);
    for (const auto& [sizes, batches] : groups) {
      const double share = static_cast<double>(batches.size()) / static_cast<double>(fitting);
      compare_group(sizes, batches, share, budget);
      if (outcome_.violated || interrupted()) return;
    }
  }

  void compare_group(const Sizes& sizes, const std::vector<const DataBatch*>& batches, double share,
                     const Budget& budget) {
    const RecordedReading recorded = record_reading(reading_, sizes);
    Comparison comparison(recorded, reading_.relation);
    libm_ = libm_ || uses_libm(recorded.tape);
    const int pieces = static_cast<int>(batches[0]->activations.cols()) / sizes.channels;
    const double cost = static_cast<double>(recorded.tape.nodes.size()) * pieces;
    const double affordable = std::min(budget.nodes * share / cost, static_cast<double>(batches.size()));
    const double least =
        std::min(static_cast<double>(budget.least_batches) * share + 1, static_cast<double>(batches.size()));
    const std::size_t used = static_cast<std::size_t>(std::max(affordable, least));
    for (std::size_t k = 0; k < used; ++k) {
      const std::size_t index = k * batches.size() / used;  // spread evenly over the group
      const int here = static_cast<int>(batches[index]->activations.cols()) / sizes.channels;
      for (int piece = 0; piece < here; ++piece) {
        compare(recorded, comparison, batches, index, piece * sizes.channels);
        if (outcome_.violated || interrupted()) return;
      }
      ++batches_;
    }
    unsound_ += comparison.oracle_disagreements;
  }

  std::vector<double> fill(const RecordedReading& recorded, const std::vector<const DataBatch*>& batches,
                           std::size_t index, int first_column) const {
    inputs::HostileCase plain;
    plain.key = inputs::RandomStream(settings_.seed, claim_id_, reading_.id, "on data", batches[index]->name,
                                     std::to_string(index), std::to_string(first_column))
                    .next_uint64();
    std::vector<double> values = inputs::draw(plain, recorded.variables);
    for (std::size_t k = 0; k < values.size(); ++k) {
      const VariableInfo& variable = recorded.variables[k];
      const auto found = std::find(filled_.begin(), filled_.end(), variable.array);
      if (found == filled_.end()) continue;
      const std::size_t next = static_cast<std::size_t>(found - filled_.begin());
      const DataBatch& batch = *batches[(index + next) % batches.size()];
      const Eigen::Index columns = batch.activations.cols();
      values[k] = batch.activations(variable.row, (first_column + variable.column) % columns);
    }
    return values;
  }

  void compare(const RecordedReading& recorded, Comparison& comparison, const std::vector<const DataBatch*>& batches,
               std::size_t index, int first_column) {
    const std::vector<double> values = fill(recorded, batches, index, first_column);
    const Judged judged = comparison.in_double(values);
    if (judged.outcome == Outcome::outside) {
      ++outcome_.evidence.outside;
    } else if (judged.outcome == Outcome::violated) {
      const Judged confirmed = comparison.by_intervals(values);
      if (confirmed.outcome != Outcome::violated) {
        ++undecided_;
        return;
      }
      ++compared_;
      outcome_.violated = true;
      outcome_.violation = fmt::format("{}; {}; entry {}: left {}, right {}", words(recorded.sizes),
                                       batches[index]->name, confirmed.entry + 1, confirmed.left, confirmed.right);
      outcome_.worst_input = values;
      outcome_.worst_sizes = recorded.sizes;
    } else if (judged.outcome == Outcome::degenerate || !comparison.says_something()) {
      ++outcome_.evidence.degenerate;
    } else if (!comparison.informative() || !comparison.plain_double_agrees(values)) {
      ++undecided_;
    } else {
      ++compared_;
      tightness_.add(comparison.bound_used());
    }
  }

  bool interrupted() const { return settings_.interrupted != nullptr && settings_.interrupted->load(); }

  const std::string& claim_id_;
  const Reading& reading_;
  const Settings& settings_;
  const Extents extents_;
  std::vector<std::string> filled_;
  std::string note_;
  DataOutcome outcome_;
  Tightness tightness_;
  std::size_t batches_ = 0;
  bool libm_ = false;
  long compared_ = 0, undecided_ = 0, unsound_ = 0;
};

}  // namespace

std::optional<DataOutcome> compare_on_data(const std::string& claim_id, const Reading& reading,
                                           const Settings& settings) {
  const bool applies = std::any_of(reading.inputs.begin(), reading.inputs.end(), is_batch_of_activations);
  if (settings.data == nullptr || settings.data->batches.empty() || !applies || reading.sizes.empty()) return {};
  return OnData(claim_id, reading, settings).run();
}

}  // namespace normproof::evidence

// What does `normproof reproduce` do?
#include "proofs_checks/cli/reproduce.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <optional>
#include <ostream>

#include "proofs_checks/cli/interruption.hpp"
#include "proofs_checks/cli/measuring.hpp"
#include "proofs_checks/cli/progress.hpp"
#include "proofs_checks/cli/selection.hpp"
#include "proofs_checks/cli/surroundings.hpp"
#include "proofs_checks/growth.hpp"
#include "proofs_checks/inputs/data_set.hpp"
#include "proofs_checks/report/figure.hpp"

namespace normproof::cli {
namespace {

namespace fs = std::filesystem;

const Experiment& named(const std::string& id, const std::vector<Experiment>& experiments) {
  const auto found = std::find_if(experiments.begin(), experiments.end(),
                                  [&](const Experiment& experiment) { return experiment.id == id; });
  if (found != experiments.end()) return *found;
  std::vector<std::string> ids;
  ids.reserve(experiments.size());
  for (const Experiment& experiment : experiments) ids.push_back(experiment.id);
  const std::string near = nearest(id, ids);
  throw UsageError(
      fmt::format("no experiment is called {}{}", id, near.empty() ? "" : fmt::format("; the nearest is {}", near)));
}

int interrupted(const Streams& streams, const fs::path& out) {
  streams.err << fmt::format("normproof reproduce: interrupted; --resume {} goes on\n", out.string());
  return exit_interrupted;
}

}  // namespace

int reproduce(const ReproduceOptions& options, const Program& program, const Streams& streams) {
  Ranks& ranks = *program.ranks;
  const Experiment& experiment = named(options.experiment, program.experiments);
  const fs::path out = options.out ? *options.out : options.resume ? *options.resume : fs::path(experiment.id);
  ExperimentCall call;
  call.parameters = checked_parameters(experiment, options.parameters);
  if (!experiment.built()) throw UsageError(fmt::format("{} is not built yet", experiment.id));
  call.jobs = options.jobs.value_or(default_jobs(ranks.on_this_machine()));
  call.settings.effort = options.effort;
  call.settings.seed = options.seed;
  std::optional<Measuring> measuring;
  ranks.together([&] {
    if (options.data) {
      call.data = options.data;
      call.settings.data =
          std::make_shared<const evidence::DataSet>(inputs::real_data(*options.data, options.effort, options.seed));
    }
    if (experiment.check) experiment.check(call);
    const measurements::JournalHeader header{version(), options.seed, evidence::word(options.effort)};
    measuring.emplace(header, out, options.resume, ranks);
  });
  measuring->begin();
  const bool quiet = options.quiet || !streams.progress;
  if (!options.quiet && !measuring->resumed_words().empty())
    streams.err << fmt::format("normproof reproduce: {}\n", measuring->resumed_words());

  const InterruptionWatch watch;
  call.settings.interrupted = &watch.flag();
  call.settings.measurements = measuring->store();
  std::vector<evidence::MeasurementTask> tasks;
  if (experiment.tasks) tasks = experiment.tasks(call);
  measuring->measure(std::move(tasks), call.jobs, watch.flag(), progress_of_measurements(streams.err, !quiet));
  if (ranks.rank() != 0) return exit_agrees;
  if (watch.interrupted()) return interrupted(streams, out);

  ExperimentResult result;
  {
    std::unique_ptr<Progress> progress;
    std::string shown;
    call.progress = [&](std::size_t finished, std::size_t total, const std::string& what) {
      if (!progress || shown != what) progress = std::make_unique<Progress>(streams.err, !quiet, total, what);
      shown = what;
      progress->show(finished);
    };
    try {
      result = experiment.run(call);
    } catch (const Interrupted&) {
      return interrupted(streams, out);
    }
  }
  for (const report::Table& table : result.tables) streams.out << report::table_text(table) << '\n';
  for (const report::Figure& figure : result.figures) streams.out << report::write_figure(figure, out) << '\n';
  return result.status;
}

}  // namespace normproof::cli

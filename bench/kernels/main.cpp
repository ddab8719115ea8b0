// How fast are the float kernels, against the memory and against other libraries, and how many digits are right?
//
// For each operation and shape all contenders run in interleaved rounds in this one process: our kernels, the plain
// ones in double, array code in Eigen, oneDNN, libtorch and LIBXSMM where they are installed, each in every layout that
// it has, and the memory limit: the same bytes, moved. Every figure is a median over rounds, and every ratio was taken
// within a round. Before that each contender must agree with the plain kernel.
//
//   bytes          moved at least: each operand once
//   fraction       of the limit: time of the best copy (forward, inference) or triad (backward) over the time here; low
//                  and high are quartiles over rounds
//   x_best_peer    time of the best peer in any layout, Eigen among them, over the time here; x_reference, x_eigen,
//                  x_one_thread likewise. The label names the best peer, of a limit nothing
//   ulp_…          accuracy of y: the worst error, in ulp of max(|y|, 1), on three data sets of 100352 values a channel
//
// The rounds come first, for Google Benchmark runs one benchmark after the other; then each contender is one benchmark,
// whose time is the median that was measured, and Google Benchmark does what it is good at: context, table, JSON.
#include <benchmark/benchmark.h>
#include <malloc.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <fstream>
#include <iomanip>
#include <iostream>
#include <regex>
#include <sstream>
#include <thread>

#include "bench/kernels/agreement.hpp"
#include "bench/kernels/contender.hpp"
#include "bench/kernels/rounds.hpp"

namespace normproof::bench {
namespace {

struct Options {
  std::string filter = ".*", json;
  int rounds = 9;
  int threads = static_cast<int>(std::clamp(std::thread::hardware_concurrency(), 1U, 2U));
  std::int64_t other_mebibytes = 128;  // more than a core has of any cache
  Clock clock = Clock::wall;
};

// One problem in one state of the caches.
struct Group {
  Operation operation;
  Shape shape;
  bool cold;
  std::vector<int> threads;
  std::string name() const { return name_of(operation) + '/' + shape.name() + (cold ? "/cold" : "/warm"); }
};

bool is_large(const Shape& shape) { return shape.elements() * 4 >= 4 << 20; }

std::vector<Group> groups(const Options& options) {
  using enum Operation;
  const std::vector<Shape> shapes = {{32, 64, 56, 56}, {32, 256, 14, 14}, {128, 512, 7, 7}, {16, 32, 8, 8},
                                     {4096, 1024},     {1024, 4096},      {64, 1024}};
  std::vector<Group> all;
  for (const Operation operation : {forward, backward, inference, full_norm_forward, full_norm_backward}) {
    const bool has_peers = operation != full_norm_forward && operation != full_norm_backward;
    for (const Shape& shape : shapes) {
      std::vector<int> threads = {1};
      if (is_large(shape) && options.threads > 1) threads.push_back(options.threads);
      all.push_back({operation, shape, false, threads});
      if (has_peers && is_large(shape)) all.push_back({operation, shape, true, {1}});
    }
  }
  // From 64 KiB to 64 MiB.
  for (const Operation operation : {forward, backward})
    for (std::int64_t batch = 1; batch <= 1024; batch *= 4) all.push_back({operation, {batch, 64, 16, 16}, false, {1}});
  return all;
}

// A benchmark that reports what was measured before.
void report(const std::string& name, double seconds, const std::string& label,
            const benchmark::UserCounters& counters) {
  benchmark::RegisterBenchmark(name.c_str(),
                               [=](benchmark::State& state) {
                                 for (auto _ : state) state.SetIterationTime(seconds);
                                 state.SetLabel(label);
                                 for (const auto& [counter, value] : counters) {
                                   if (!std::isnan(value.value) || counter.starts_with("ulp")) {
                                     state.counters[counter] = value;
                                   }
                                 }
                               })
      ->UseManualTime()
      ->Iterations(1)
      ->Unit(benchmark::kMicrosecond);
}

void measure_and_report(const Group& group, const Options& options) {
  Problem problem(group.operation, group.shape, std::nullopt);
  const Contenders contenders = all_contenders(problem, group.threads);
  demand_agreement(problem, contenders);
  const Rounds rounds = measure(contenders, {.rounds = options.rounds,
                                             .cold = group.cold,
                                             .other_bytes = options.other_mebibytes << 20,
                                             .clock = options.clock});
  for (std::size_t k = 0; k < contenders.size(); ++k) {
    const Contender& contender = contenders[k];
    const Figures f = figures_of(contenders, rounds, k);
    const auto bytes = static_cast<double>(problem.bytes());
    benchmark::UserCounters counters = {{"bytes", bytes},
                                        {"GB/s", bytes / f.seconds * 1e-9},
                                        {"fraction", f.fraction},
                                        {"low", f.fraction_low},
                                        {"high", f.fraction_high}};
    const bool is_limit = contender.kind == Contender::Kind::limit;
    if (!is_limit) {
      counters["x_best_peer"] = f.over_best_peer;
      counters["x_reference"] = f.over_reference;
      counters["x_eigen"] = f.over_eigen;
    }
    if (contender.threads > 1) counters["x_one_thread"] = f.over_one_thread;
    report(group.name() + "/threads:" + std::to_string(contender.threads) + '/' + contender.name, f.seconds,
           is_limit ? "" : f.best_peer, counters);
  }
}

void judge_and_report_accuracy(const Shape& shape) {
  struct Named {
    const char* counter;
    DataSet data;
  };
  const Named sets[] = {
      {"ulp_mean_0_std_1", {0, 1}}, {"ulp_mean_1e4_std_1e-2", {1e4, 1e-2}}, {"ulp_mean_4096_std_1", {4096, 1}}};
  std::vector<std::pair<std::string, benchmark::UserCounters>> all;
  for (const Named& set : sets) {
    Problem problem(Operation::forward, shape, set.data);
    const ExactStatistics exact = exact_statistics(problem);
    const Contenders contenders = all_contenders(problem, {1});
    std::size_t row = 0;
    for (const Contender& contender : contenders) {
      if (contender.kind == Contender::Kind::limit) continue;
      if (row == all.size()) all.push_back({contender.name, {}});
      all[row++].second[set.counter] = worst_error_in_ulp(problem, exact, contender);
    }
  }
  for (const auto& [name, counters] : all) report("accuracy/" + shape.name() + '/' + name, 0, "", counters);
}

// One line for each contender; Google Benchmark's own table would repeat its head whenever other counters come.
class Lines : public benchmark::ConsoleReporter {
 public:
  void ReportRuns(const std::vector<Run>& runs) override {
    for (const Run& run : runs) {
      std::ostringstream line;
      line << std::left << std::setw(62) << run.run_name.function_name << std::fixed << std::right;
      const auto number = [&](const char* counter, const char* before, int digits, double unit, const char* after) {
        const auto found = run.counters.find(counter);
        if (found == run.counters.end()) return;
        line << before << std::setprecision(digits) << found->second.value / unit << after;
      };
      number("bytes", "  ", 1, 1e6, " MB");
      number("GB/s", "  ", 1, 1, " GB/s");
      number("fraction", "  ", 3, 1, " of the limit");
      number("low", " (", 3, 1, " to ");
      number("high", "", 3, 1, ")");
      number("x_best_peer", "  ", 2, 1, "x ");
      line << run.report_label;
      number("x_one_thread", "  ", 2, 1, "x one thread");
      for (const auto& [counter, value] : run.counters)
        if (counter.starts_with("ulp")) number(counter.c_str(), ("  " + counter + ' ').c_str(), 2, 1, "");
      GetOutputStream() << line.str() << '\n';
    }
  }
  bool ReportContext(const Context& context) override {
    PrintBasicContext(&GetErrorStream(), context);
    return true;
  }
};

std::string processor() {
  std::ifstream file("/proc/cpuinfo");
  for (std::string line; std::getline(file, line);)
    if (line.starts_with("model name")) return line.substr(line.find(": ") + 2);
  return "unknown";
}

void usage() {
  std::cout
      << "usage: normalization_kernels [--filter REGEX] [--rounds N] [--threads N] [--json FILE] [--benchmark_…]\n"
         "\n"
         "  --filter REGEX   measure the groups whose name, like forward/32x64x56x56/warm, it is found in\n"
         "  --rounds N       of which the medians are taken (9)\n"
         "  --threads N      besides one thread, where tensors are large (2, where there are two processors)\n"
         "  --json FILE      where the figures go (beside the program)\n"
         "  --clock WHICH    wall (the default), or processor: for a busy machine, one thread alone\n"
         "  --evict-mib N    mebibytes written to fill the caches with other data (128)\n";
}

[[noreturn]] void refuse(const std::string& why) {
  std::cerr << "normalization_kernels: " << why << '\n';
  std::exit(2);
}

// Takes what is ours out of the arguments; Google Benchmark looks at the rest.
Options options_from(std::vector<char*>& arguments) {
  Options options;
  options.json = std::string(arguments[0]) + ".json";
  std::vector<char*> rest = {arguments[0]};
  for (std::size_t k = 1; k < arguments.size(); ++k) {
    const std::string argument = arguments[k];
    const std::string name = argument.substr(0, argument.find('='));
    const auto value = [&]() -> std::string {
      if (name.size() < argument.size()) return argument.substr(name.size() + 1);
      if (++k < arguments.size()) return arguments[k];
      refuse(name + " needs a value");
    };
    const auto number = [&] {
      const std::string digits = value();
      if (!digits.empty() && digits.size() < 7 && digits.find_first_not_of("0123456789") == std::string::npos &&
          std::stoi(digits) > 0) {
        return std::stoi(digits);
      }
      refuse(name + " is a whole number from 1 on");
    };
    if (name == "--filter" || name == "--benchmark_filter") {
      options.filter = value();
    } else if (name == "--rounds") {
      options.rounds = number();
    } else if (name == "--threads") {
      options.threads = number();
    } else if (name == "--json") {
      options.json = value();
    } else if (name == "--evict-mib") {
      options.other_mebibytes = number();
    } else if (name == "--clock") {
      const std::string which = value();
      if (which != "wall" && which != "processor") refuse("--clock is wall or processor");
      options.clock = which == "wall" ? Clock::wall : Clock::processor;
    } else if (name == "--help") {
      usage();
      std::exit(0);
    } else {
      rest.push_back(arguments[k]);
    }
  }
  if (options.clock == Clock::processor) options.threads = 1;
  arguments = rest;
  return options;
}

int main_program(std::vector<char*> arguments) {
  std::string command = "normalization_kernels";
  for (std::size_t k = 1; k < arguments.size(); ++k) command += std::string(" ") + arguments[k];
  const Options options = options_from(arguments);
  // libtorch allocates its results: memory that is given back would have to be mapped anew in every call.
  mallopt(M_MMAP_MAX, 0);
  mallopt(M_TRIM_THRESHOLD, -1);

  std::string out = "--benchmark_out=" + options.json;
  arguments.insert(arguments.begin() + 1, out.data());
  int count = static_cast<int>(arguments.size());
  benchmark::Initialize(&count, arguments.data());
  if (benchmark::ReportUnrecognizedArguments(count, arguments.data())) return 2;
  benchmark::AddCustomContext("command", command);
  benchmark::AddCustomContext("processor", processor());
  benchmark::AddCustomContext("clock", options.clock == Clock::wall ? "wall" : "processor");
  benchmark::AddCustomContext("rounds", std::to_string(options.rounds));
  for (const Source& source : sources()) benchmark::AddCustomContext("version of " + source.name, source.version);
  const std::regex filter(options.filter);
  const auto wanted = [&](const std::string& name) { return std::regex_search(name, filter); };
  bool any = false;
  for (const Group& group : groups(options)) {
    if (!wanted(group.name())) continue;
    std::cerr << group.name() << '\n';
    measure_and_report(group, options);
    any = true;
  }
  for (const Shape& shape : {Shape{32, 64, 56, 56}, Shape{100352, 64}}) {
    const std::string name = "accuracy/" + shape.name();
    if (!wanted(name)) continue;
    std::cerr << name << '\n';
    judge_and_report_accuracy(shape);
    any = true;
  }
  if (!any) return 0;  // another program's benchmark was asked for

  Lines lines;
  benchmark::RunSpecifiedBenchmarks(&lines);
  benchmark::Shutdown();
  return 0;
}

}  // namespace
}  // namespace normproof::bench

int main(int argc, char** argv) {
  try {
    return normproof::bench::main_program({argv, argv + argc});
  } catch (const std::exception& error) {
    std::cerr << "normalization_kernels: " << error.what() << '\n';
    return 1;
  }
}

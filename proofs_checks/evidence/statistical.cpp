// How is a frequency counted, bounded and judged?
#include "proofs_checks/evidence/statistical.hpp"

#include <boost/math/distributions/binomial.hpp>

#include <chrono>
#include <stdexcept>

#include "proofs_checks/inputs/random_stream.hpp"

namespace normproof::evidence {

namespace {

using Binomial = boost::math::binomial_distribution<double>;
using inputs::RandomStream;

long replicas_of(Effort effort) {
  switch (effort) {
    case Effort::quick: return 2'000;
    case Effort::standard: return 20'000;
    case Effort::deep: break;
  }
  return 200'000;
}

double upper_bound(long successes, long trials, double alpha) {
  if (successes == trials) return 1;
  return Binomial::find_upper_bound_on_p(static_cast<double>(trials), static_cast<double>(successes), alpha);
}

double lower_bound(long successes, long trials, double alpha) {
  if (successes == 0) return 0;
  return Binomial::find_lower_bound_on_p(static_cast<double>(trials), static_cast<double>(successes), alpha);
}

Verdict judge(long successes, long trials, double threshold, double alpha) {
  if (upper_bound(successes, trials, alpha) < threshold) return Verdict::refuted;
  if (lower_bound(successes, trials, alpha) >= threshold) return Verdict::holds;
  return Verdict::inconclusive;
}

// The most successes that still refute p ≥ threshold; −1 where none do.
long most_refuting(long trials, double threshold, double alpha) {
  long low = -1, high = trials;  // judge(low) refutes, or low = −1; judge(high) does not
  while (high - low > 1) {
    const long middle = low + (high - low) / 2;
    (judge(middle, trials, threshold, alpha) == Verdict::refuted ? low : high) = middle;
  }
  return low;
}

// The δ of the header; negative where no violation can be refuted with that power by so many replicas.
double smallest_refuted(long trials, double threshold, double alpha, double missed) {
  const long critical = most_refuting(trials, threshold, alpha);
  const auto power = [&](double p) {
    return p <= 0 ? 1.0 : cdf(Binomial(static_cast<double>(trials), p), static_cast<double>(critical));
  };
  if (critical < 0) return -1;
  double low = 0, high = threshold;  // at threshold − high the power is enough
  constexpr int halvings = 50;
  for (int k = 0; k < halvings; ++k) {
    const double middle = (low + high) / 2;
    (power(threshold - middle) >= 1 - missed ? high : low) = middle;
  }
  return high;
}

long heads(long trials, double probability, RandomStream stream) {
  long count = 0;
  for (long k = 0; k < trials; ++k) count += stream.uniform() < probability ? 1 : 0;
  return count;
}

double threshold_of(const Frequency& stated) {  // of the event, or of its not happening
  const double ratio = static_cast<double>(stated.numerator) / stated.denominator;
  return stated.at_least ? ratio : 1 - ratio;
}

}  // namespace

FrequencyControls run_frequency_controls(const std::string& claim_id, const Reading& reading, const Settings& settings,
                                         double alpha, double missed) {
  const long replicas = replicas_of(settings.effort);
  const double threshold = threshold_of(reading.frequency);
  FrequencyControls controls;
  controls.delta = smallest_refuted(replicas, threshold, alpha, missed);
  const long planted =
      heads(replicas, threshold - controls.delta, RandomStream(settings.seed, claim_id, reading.id, "planted"));
  const long null_run = heads(replicas, threshold, RandomStream(settings.seed, claim_id, reading.id, "null"));
  controls.planted_refuted = controls.delta > 0 && judge(planted, replicas, threshold, alpha) == Verdict::refuted;
  controls.null_refuted = judge(null_run, replicas, threshold, alpha) == Verdict::refuted;
  return controls;
}

FrequencyOutcome test_frequency(const std::string& claim_id, const Reading& reading, const Settings& settings) {
  const Frequency& stated = reading.frequency;
  if (!stated.happens || stated.numerator <= 0 || stated.numerator >= stated.denominator)
    throw std::logic_error(reading.id + ": a frequency needs an event and a threshold between 0 and 1");
  const auto start = std::chrono::steady_clock::now();
  const long replicas = replicas_of(settings.effort);
  const double threshold = threshold_of(stated);

  FrequencyOutcome outcome;
  long events = 0;
  for (long k = 0; k < replicas; ++k) {
    if (settings.interrupted != nullptr && settings.interrupted->load()) {
      outcome.trouble = "interrupted";
      break;
    }
    RandomStream stream(settings.seed, claim_id, reading.id, "replica", std::to_string(k));
    const bool happened = stated.happens(stream);
    outcome.happened.push_back(happened);
    events += happened ? 1 : 0;
  }
  const long run = static_cast<long>(outcome.happened.size());
  const auto turned = [&](long count) { return stated.at_least ? count : run - count; };
  const FrequencyControls controls = run_frequency_controls(claim_id, reading, settings, test_alpha, missed_power);
  if (outcome.trouble.empty() && !controls.planted_refuted) outcome.trouble = "the planted violation was not refuted";
  if (outcome.trouble.empty() && controls.null_refuted) outcome.trouble = "the null run was refuted";
  if (outcome.trouble.empty()) outcome.verdict = judge(turned(events), run, threshold, test_alpha);
  if (outcome.trouble.empty() && outcome.verdict == Verdict::inconclusive)
    outcome.trouble = "the stated frequency lies within the confidence interval of the measured one";

  Evidence& evidence = outcome.evidence;
  evidence.grade = Grade::statistical;
  evidence.supports = outcome.verdict == Verdict::holds;
  evidence.method = "independent replicas, counted, against Clopper–Pearson bounds";
  evidence.cases = run;
  evidence.error_probability = 2 * test_alpha;  // spent, whatever came out
  if (run > 0) {
    const double measured = static_cast<double>(events) / static_cast<double>(run);
    const long count = turned(events);
    const double low = lower_bound(count, run, test_alpha), high = upper_bound(count, run, test_alpha);
    evidence.details.emplace_back("event", stated.event);
    evidence.details.emplace_back("events", events);
    evidence.details.emplace_back("frequency", measured);
    evidence.details.emplace_back("confidence_low", stated.at_least ? low : 1 - high);
    evidence.details.emplace_back("confidence_high", stated.at_least ? high : 1 - low);
  }
  evidence.details.emplace_back("alpha_each_side", test_alpha);
  evidence.details.emplace_back("delta", controls.delta);
  evidence.details.emplace_back("delta_is", std::string("the violation that is refuted with power 1 - 1e-6"));
  evidence.details.emplace_back("planted_violation_refuted", std::string(controls.planted_refuted ? "yes" : "no"));
  evidence.details.emplace_back("null_run_refuted", std::string(controls.null_refuted ? "yes" : "no"));
  evidence.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  return outcome;
}

}  // namespace normproof::evidence

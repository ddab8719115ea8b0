// How is a test of growth exponents written, read and decided again?
#include "proofs_checks/certificates/growth.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>
#include <string>
#include <utility>

namespace normproof::certificates {

namespace {

using Point = GrowthTest::Point;
using Real = long double;

constexpr const char* name_of_the_test = "anytime-valid t test, normal effect size, right Haar scale";
constexpr Real infinity = std::numeric_limits<Real>::infinity();

Json or_null(double number) { return std::isfinite(number) ? Json(number) : Json(nullptr); }

Json point_json(const Point& point) {
  Json json = {{"id", point.id},
               {"problem", point.problem},
               {"gamma", point.gamma},
               {"a", point.a},
               {"lowest", or_null(point.lowest)},
               {"highest", or_null(point.highest)},
               {"allowance_below", point.allowance_below},
               {"allowance_above", point.allowance_above},
               {"near_boundary", point.near_boundary},
               {"sampled", point.sampled},
               {"last_octave", point.last_octave}};
  if (point.groups == 0)
    json["moments"] = nullptr;
  else if (point.sampled)
    json["moments"] = {{"groups", point.groups},
                       {"mean_last", point.mean_last},
                       {"mean_earlier", point.mean_earlier},
                       {"variance_last", point.variance_last},
                       {"variance_earlier", point.variance_earlier},
                       {"covariance", point.covariance}};
  else
    json["moments"] = {
        {"sum_last", point.mean_last}, {"sum_earlier", point.mean_earlier}, {"relative_error", point.relative_error}};
  json["theta_low"] = or_null(point.theta_low);
  json["theta_high"] = or_null(point.theta_high);
  json["verdict"] = point.verdict;
  return json;
}

Json content(const GrowthTest& test) {
  Json json = heading_json(GrowthTest::kind, test);
  json["quantity"] = test.quantity;
  json["range"] = test.range;
  json["test"] = name_of_the_test;
  json["alpha"] = test.alpha;
  json["effect_variance"] = test.effect_variance;
  json["seed"] = test.seed;
  json["effort"] = test.effort;
  json["points"] = Json::array();
  for (const Point& point : test.points) json["points"].push_back(point_json(point));
  json["verdict"] = test.verdict;
  return json;
}

// null is what the end of a range, or of an interval, is where there is none.
double number_or(const Json& json, const char* name, double none) {
  if (json.contains(name) && json.at(name).is_null()) return none;
  return field<double>(json, name);
}

double number(const Json& json, const char* name, double least, double most) {
  const double value = field<double>(json, name);
  if (!(value >= least && value <= most))
    throw Malformed(std::string("the field \"") + name + "\" is out of its range");
  return value;
}

// On one line, whatever the file calls it.
std::string named(const Point& point) { return Json(point.id).dump(); }

bool flag(const Json& json, const char* name) {
  const Json value = field<Json>(json, name);
  if (!value.is_boolean()) throw Malformed(std::string("the field \"") + name + "\" is neither true nor false");
  return value.get<bool>();
}

void read_moments(const Json& json, Point& point) {
  constexpr double most = std::numeric_limits<double>::max(), least = std::numeric_limits<double>::min();
  if (json.is_null()) return;
  if (!point.sampled) {
    point.groups = 1;
    point.mean_last = number(json, "sum_last", least, most);
    point.mean_earlier = number(json, "sum_earlier", least, most);
    point.relative_error = number(json, "relative_error", 0, most);
    return;
  }
  point.groups = field<std::size_t>(json, "groups");
  if (point.groups < 2 || point.groups > GrowthTest::most_groups)
    throw Malformed("the number of groups is not between 2 and 1000000");
  point.mean_last = number(json, "mean_last", least, most);
  point.mean_earlier = number(json, "mean_earlier", least, most);
  point.variance_last = number(json, "variance_last", 0, most);
  point.variance_earlier = number(json, "variance_earlier", 0, most);
  point.covariance = number(json, "covariance", -most, most);
}

Point point_from(const Json& json) {
  constexpr double none = std::numeric_limits<double>::infinity(), most = std::numeric_limits<double>::max();
  Point point;
  point.id = field<std::string>(json, "id");
  point.problem = field<std::string>(json, "problem");
  point.gamma = number(json, "gamma", -most, most);
  point.a = number(json, "a", -most, most);
  point.lowest = number_or(json, "lowest", -none);
  point.highest = number_or(json, "highest", none);
  if (point.lowest > point.highest || (std::isinf(point.lowest) && std::isinf(point.highest)))
    throw Malformed("the range of point " + named(point) + " is empty, or everything");
  point.allowance_below = number(json, "allowance_below", 0, most);
  point.allowance_above = number(json, "allowance_above", 0, most);
  point.near_boundary = flag(json, "near_boundary");
  point.sampled = flag(json, "sampled");
  point.last_octave = field<int>(json, "last_octave");
  if (point.last_octave < 0 || point.last_octave > GrowthTest::most_octave)
    throw Malformed("the last octave is not between 0 and 63");
  read_moments(field<Json>(json, "moments"), point);
  point.theta_low = number_or(json, "theta_low", -none);
  point.theta_high = number_or(json, "theta_high", none);
  point.verdict = field<std::string>(json, "verdict");
  if (point.verdict != "holds" && point.verdict != "refuted" && point.verdict != "inconclusive")
    throw Malformed("the verdict of a point is neither holds, refuted nor inconclusive");
  return point;
}

struct Interval {
  Real theta = 0, low = -infinity, high = infinity;
};

Real exponent(Real ratio) { return std::log2(ratio) / 3; }

// Does the test reject a ratio of the means that is `relative` times the measured one?
class Rejected {
 public:
  Rejected(const Point& point, const GrowthTest& test)
      : n_(static_cast<Real>(point.groups)),
        r_(1 + n_ * static_cast<Real>(test.effect_variance)),
        log_limit_(-std::log(static_cast<Real>(test.alpha))),
        x_(static_cast<Real>(point.variance_last) / point.mean_last / point.mean_last),
        y_(static_cast<Real>(point.variance_earlier) / point.mean_earlier / point.mean_earlier),
        c_(static_cast<Real>(point.covariance) / point.mean_last / point.mean_earlier) {}

  bool nothing_varies() const { return !(x_ + y_ > 0); }
  // Of X/m_X − relative · Y/m_Y, whose mean is 1 − relative.
  bool operator()(Real relative) const {
    return rejects((1 - relative) * (1 - relative), x_ - 2 * c_ * relative + y_ * relative * relative);
  }
  bool at_infinity() const { return rejects(1, y_); }

 private:
  bool rejects(Real squared_mean, Real variance) const {
    if (squared_mean == 0) return false;
    // Both brackets of the Bayes factor times (variance/mean²): no division by a variance that may vanish.
    const Real per_group = std::max<Real>(variance, 0) / squared_mean, t_part = n_ / (n_ - 1);
    const Real log_factor = n_ / 2 * (std::log(per_group + t_part) - std::log(per_group + t_part / r_));
    return log_factor - std::log(r_) / 2 >= log_limit_;
  }

  Real n_, r_, log_limit_, x_, y_, c_;
};

// The measured ratio is never rejected, and on either side of it t² rises to a maximum and falls to its value at 0 or
// infinity: what is rejected there is rejected from one place on.
Interval interval_of(const Point& point, const GrowthTest& test) {
  Interval interval;
  interval.theta = exponent(static_cast<Real>(point.mean_last) / point.mean_earlier);
  if (!point.sampled) {
    const Real error = point.relative_error;
    if (error >= 1) return interval;
    interval.low = interval.theta - exponent((1 + error) / (1 - error));
    interval.high = interval.theta + exponent((1 + error) / (1 - error));
    return interval;
  }
  const Rejected rejected(point, test);
  if (rejected.nothing_varies()) return interval;
  constexpr int halvings = 100;
  const Real far = std::exp2(3 * static_cast<Real>(2 * GrowthTest::farthest));
  const auto end = [&](Real outside) {  // of the logarithm of relative, between 0 and where it is rejected
    Real inside = 0;
    for (int k = 0; k < halvings; ++k) {
      const Real middle = (inside + outside) / 2;
      (rejected(std::exp(middle)) ? outside : inside) = middle;
    }
    return exponent(std::exp(outside));
  };
  if (rejected(0) && rejected(1 / far)) interval.low = interval.theta + end(-std::log(far));
  if (rejected.at_infinity() && rejected(far)) interval.high = interval.theta + end(std::log(far));
  return interval;
}

bool same_end(Real recorded, Real again, Real theta) {
  const auto clipped = [&](Real end) {
    return std::clamp(end - theta, -static_cast<Real>(GrowthTest::farthest), static_cast<Real>(GrowthTest::farthest));
  };
  return std::abs(clipped(recorded) - clipped(again)) <= GrowthTest::slack;
}

// Could this be the verdict of the interval, moved out by the allowance and by something between 0 and slack?
bool may_be(const std::string& verdict, const Point& point, const Interval& interval) {
  const auto decided = [&](Real slack) {
    const Real low = interval.low - point.allowance_below - slack;
    const Real high = interval.high + point.allowance_above + slack;
    if (high < point.lowest || low > point.highest) return "refuted";
    return low >= point.lowest && high < point.highest ? "holds" : "inconclusive";
  };
  return verdict == decided(0) || verdict == decided(GrowthTest::slack);
}

// Of the reading, from those of its points.
std::string combined(const std::vector<Point>& points) {
  std::size_t held = 0;
  bool all = true;
  for (const Point& point : points) {
    if (point.verdict == "refuted") return "refuted";
    held += point.verdict == "holds" ? 1 : 0;
    all = all && (point.verdict == "holds" || point.near_boundary);
  }
  return held > 0 && 2 * held >= points.size() && all ? "holds" : "inconclusive";
}

// What is wrong with a point; empty where nothing is.
std::string objection(const Point& point, const GrowthTest& test) {
  if (point.groups == 0) return point.verdict == "inconclusive" ? "" : named(point) + " has a verdict and no exponent";
  const Interval interval = interval_of(point, test);
  if (!same_end(point.theta_low, interval.low, interval.theta) ||
      !same_end(point.theta_high, interval.high, interval.theta))
    return "the interval of " + named(point) + " is another one, from " +
           Json(static_cast<double>(interval.low)).dump() + " to " + Json(static_cast<double>(interval.high)).dump();
  return may_be(point.verdict, point, interval) ? "" : "the verdict of " + named(point) + " is not " + point.verdict;
}

}  // namespace

std::string to_json(const GrowthTest& test) {
  Json json = content(test);
  json["digest"] = digest(content(test));
  return json.dump(1) + "\n";
}

GrowthTest growth_test_from(const Json& json) {
  constexpr double most = std::numeric_limits<double>::max(), least = std::numeric_limits<double>::min();
  GrowthTest test;
  read_heading(json, test);
  test.quantity = field<std::string>(json, "quantity");
  test.range = field<std::string>(json, "range");
  if (field<std::string>(json, "test") != name_of_the_test) throw Malformed("this version knows no such test");
  test.alpha = field<double>(json, "alpha");
  if (!(test.alpha > 0 && test.alpha < 0.5)) throw Malformed("alpha is not between 0 and 1/2");
  test.effect_variance = number(json, "effect_variance", least, most);
  test.seed = field<std::uint64_t>(json, "seed");
  test.effort = field<std::string>(json, "effort");
  if (test.effort != "quick" && test.effort != "standard" && test.effort != "deep")
    throw Malformed("the effort is neither quick, standard nor deep");
  const Json points = field<Json>(json, "points");
  if (!points.is_array() || points.empty() || points.size() > GrowthTest::most_points)
    throw Malformed("the field \"points\" is not a list of 1 to 10000 points");
  std::set<std::string> ids;
  for (const Json& point : points) {
    test.points.push_back(point_from(point));
    if (!ids.insert(test.points.back().id).second)
      throw Malformed("two points are called " + named(test.points.back()));
  }
  test.verdict = field<std::string>(json, "verdict");
  if (test.verdict != "holds" && test.verdict != "refuted") throw Malformed("the verdict is neither holds nor refuted");
  test.digest = field<std::string>(json, "digest");
  return test;
}

Recheck recheck(const GrowthTest& test) {
  long sampled = 0, held = 0, refuted = 0;
  for (const Point& point : test.points) {
    const std::string wrong = objection(point, test);
    if (!wrong.empty()) return {false, wrong};
    sampled += point.sampled ? 1 : 0;
    held += point.verdict == "holds" ? 1 : 0;
    refuted += point.verdict == "refuted" ? 1 : 0;
  }
  const std::string decided = combined(test.points);
  if (decided != test.verdict) return {false, "the verdict is " + decided + ", recorded is " + test.verdict};
  if (test.digest != digest(content(test)))
    return {false, "the digest does not belong to the rest of the file: something was changed"};
  return {true, "of " + std::to_string(test.points.size()) + " points " + std::to_string(held) + " hold and " +
                    std::to_string(refuted) + " are refuted: " + test.range + " " +
                    (test.verdict == "holds" ? "holds" : "is refuted") +
                    ", within the empirical allowances of its points" +
                    (sampled > 0 ? ", by a test of " + std::to_string(sampled) +
                                       " sampled points that errs with probability " + Json(test.alpha).dump() + " each"
                                 : std::string()) +
                    ": not exact"};
}

}  // namespace normproof::certificates

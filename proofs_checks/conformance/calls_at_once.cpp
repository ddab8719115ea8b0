// What comes of a kernel that is called from several threads at once?
#include "proofs_checks/conformance/calls_at_once.hpp"

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <exception>
#include <system_error>
#include <thread>
#include <utility>

namespace normproof::conformance {
namespace {

// What the threads know of each other.
class Together {
 public:
  explicit Together(std::size_t threads) : threads_(threads) {}

  // They wait awake: one that slept would start too late to meet a short call. False once stop() was called.
  bool wait_for_all() {
    ready_.fetch_add(1);
    while (ready_.load() < threads_ && !stopped_.load()) std::this_thread::yield();
    return !stopped_.load();
  }
  void has_made_its_calls() { done_.fetch_add(1); }
  bool goes_on() const { return done_.load() < threads_ && !stopped_.load(); }
  void stop() { stopped_.store(true); }

 private:
  std::size_t threads_;
  std::atomic<std::size_t> ready_{0}, done_{0};
  std::atomic<bool> stopped_{false};
};

bool ended_alike(const KernelCall& one, const KernelCall& other) {
  const auto same = [](const Finding& a, const Finding& b) { return a.kind == b.kind && a.words == b.words; };
  return one.outcome == other.outcome && one.bits == other.bits &&
         std::equal(one.findings.begin(), one.findings.end(), other.findings.begin(), other.findings.end(), same);
}

class Threads {
 public:
  explicit Threads(Together& together) : together_(together) {}
  ~Threads() {
    if (!complete_) together_.stop();
    for (std::thread& thread : threads_) thread.join();
  }
  Threads(const Threads&) = delete;
  Threads& operator=(const Threads&) = delete;

  template <class Body>
  void start(const Body& body) {
    threads_.emplace_back(body);
  }
  void all_are_there() { complete_ = true; }

 private:
  Together& together_;
  std::vector<std::thread> threads_;
  bool complete_ = false;
};

}  // namespace

std::optional<std::vector<std::vector<KernelCall>>> unlike_alone(const normproof_kernel& kernel,
                                                                 const std::vector<Caller>& callers, int calls,
                                                                 std::size_t most_kept) {
  std::vector<std::vector<KernelCall>> unlike(callers.size());
  std::vector<std::exception_ptr> errors(callers.size());
  Together together(callers.size());
  const auto call = [&](std::size_t k) {
    try {
      if (!together.wait_for_all()) return;
      for (int made = 0; together.goes_on();) {
        KernelCall one = call_kernel(kernel, callers[k].described, callers[k].inputs, Bits::yes);
        if (unlike[k].size() < most_kept && !ended_alike(one, callers[k].alone)) unlike[k].push_back(std::move(one));
        if (++made == calls) together.has_made_its_calls();
      }
    } catch (...) {
      errors[k] = std::current_exception();
      together.stop();
    }
  };
  try {
    Threads threads(together);
    for (std::size_t k = 0; k < callers.size(); ++k) threads.start([&call, k] { call(k); });
    threads.all_are_there();
  } catch (const std::system_error&) {
    return std::nullopt;
  }
  for (const std::exception_ptr& error : errors)
    if (error) std::rethrow_exception(error);
  return unlike;
}

}  // namespace normproof::conformance

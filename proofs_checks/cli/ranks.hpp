// Which processes share a run, and how do they meet?
//
// What       A run on many machines is the same program started size() times, each with a rank of its own from 0 up.
//            Ranks share nothing but a file system: each does its share of the measurements and writes them into its
//            journal, and rank 0 makes the report of all of them. Its status is the run's.
// Why        Ranks that wait for one that has given up would wait for ever. So there is one way to meet: at
//            lowest_failing() each says whether it failed, and at the first meeting with a failure all leave for good.
#pragma once

#include <functional>
#include <memory>
#include <stdexcept>

namespace normproof::cli {

// Some rank failed, and has said so or will.
struct FailedElsewhere {};

// This rank failed, and all know it: what() is the one line that is to be shown.
class FailedHere : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

class Ranks {
 public:
  Ranks() = default;
  Ranks(const Ranks&) = delete;
  Ranks& operator=(const Ranks&) = delete;
  virtual ~Ranks() = default;

  virtual int rank() const = 0;
  virtual int size() const = 0;
  virtual int on_this_machine() const = 0;  // how many of them

  // Waits for all. The lowest rank that failed; size() where none did.
  virtual int lowest_failing(bool failed) = 0;

  // Does the part, then waits for all. Where some rank's part threw, the lowest such rank throws FailedHere and the
  // others FailedElsewhere.
  void together(const std::function<void()>& part);
};

// A run that nobody shares.
class OneProcess : public Ranks {
 public:
  int rank() const override { return 0; }
  int size() const override { return 1; }
  int on_this_machine() const override { return 1; }
  int lowest_failing(bool failed) override { return failed ? 0 : 1; }
};

// The ranks that a launcher (mpirun, srun) started beside this process; OneProcess where it was started by itself,
// which costs nothing: MPI is begun only where the environment shows a launcher. Defined beside the program, so that
// the libraries do without MPI. Without MPI in the build, more than one rank is a UsageError.
std::unique_ptr<Ranks> launched_ranks();

}  // namespace normproof::cli

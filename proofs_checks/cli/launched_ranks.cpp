// Did a launcher of MPI programs start this process, and which others beside it?
//
// The one file that includes mpi.h, and that only where the build has MPI (NORMPROOF_HAS_MPI). It is linked with the
// program, not into the library.
#include <chrono>
#include <cstdlib>
#include <thread>

#include "proofs_checks/cli/options.hpp"
#include "proofs_checks/cli/ranks.hpp"

#ifdef NORMPROOF_HAS_MPI
#include <mpi.h>
#endif

namespace normproof::cli {
namespace {

const char* environment(const char* name) {
  return std::getenv(name);  // NOLINT(concurrency-mt-unsafe): nothing in the program sets variables
}

#ifdef NORMPROOF_HAS_MPI

// Open MPI's mpirun, launchers that speak PMIx (srun, prterun), MPICH's and Intel's.
bool has_launcher() {
  for (const char* name : {"OMPI_COMM_WORLD_SIZE", "PMIX_RANK", "PMI_RANK", "PMI_SIZE"}) {
    if (environment(name) != nullptr) return true;
  }
  return false;
}

class MpiRanks : public Ranks {
 public:
  MpiRanks() {
    int provided = 0;
    MPI_Init_thread(nullptr, nullptr, MPI_THREAD_FUNNELED, &provided);  // other threads never call MPI
    MPI_Comm_rank(MPI_COMM_WORLD, &rank_);
    MPI_Comm_size(MPI_COMM_WORLD, &size_);
    MPI_Comm machine = MPI_COMM_NULL;
    MPI_Comm_split_type(MPI_COMM_WORLD, MPI_COMM_TYPE_SHARED, rank_, MPI_INFO_NULL, &machine);
    MPI_Comm_size(machine, &on_this_machine_);
    MPI_Comm_free(&machine);
  }
  ~MpiRanks() override { MPI_Finalize(); }

  int rank() const override { return rank_; }
  int size() const override { return size_; }
  int on_this_machine() const override { return on_this_machine_; }

  int lowest_failing(bool failed) override {
    const int mine = failed ? rank_ : size_;
    int lowest = size_;
    MPI_Request request = MPI_REQUEST_NULL;
    MPI_Iallreduce(&mine, &lowest, 1, MPI_INT, MPI_MIN, MPI_COMM_WORLD, &request);
    // A blocking call would keep a processor busy for as long as another rank still works on it.
    constexpr std::chrono::milliseconds pause{5};
    int done = 0;
    MPI_Test(&request, &done, MPI_STATUS_IGNORE);
    while (done == 0) {
      std::this_thread::sleep_for(pause);
      MPI_Test(&request, &done, MPI_STATUS_IGNORE);
    }
    return lowest;
  }

 private:
  int rank_ = 0, size_ = 1, on_this_machine_ = 1;
};

#else

int number_in_environment(const char* name) {
  const char* text = environment(name);
  return text == nullptr ? 0 : std::atoi(text);
}

#endif

}  // namespace

std::unique_ptr<Ranks> launched_ranks() {
#ifdef NORMPROOF_HAS_MPI
  if (has_launcher()) return std::make_unique<MpiRanks>();
#else
  // Each of them would take itself for the only one, and all would write into the same place.
  for (const char* name : {"OMPI_COMM_WORLD_SIZE", "PMI_SIZE"}) {
    if (number_in_environment(name) > 1) throw UsageError("expected one process, for this build has no MPI");
  }
#endif
  return std::make_unique<OneProcess>();
}

}  // namespace normproof::cli

// Which libraries does this program have, and how are they told the number of threads?
#include <omp.h>

#include "bench/kernels/contender.hpp"

namespace normproof::bench {

const std::vector<Source>& sources() {
  static const std::vector<Source> all = {
      ours(),     memory_limit(), eigen(),
#ifdef NORMPROOF_BENCH_ONEDNN
      onednn(),
#endif
#ifdef NORMPROOF_BENCH_LIBTORCH
      libtorch(),
#endif
#ifdef NORMPROOF_BENCH_LIBXSMM
      libxsmm(),
#endif
  };
  return all;
}

void use_threads(int threads) {
  static int in_use = 0;
  if (threads == in_use) return;
  in_use = threads;
  omp_set_num_threads(threads);
  for (const Source& source : sources())
    if (source.use_threads != nullptr) source.use_threads(threads);
}

Contenders all_contenders(Problem& problem, const std::vector<int>& threads) {
  Contenders all;
  for (const int count : threads) {
    use_threads(count);
    const std::size_t before = all.size();
    for (const Source& source : sources()) source.add(problem, count, all);
    for (std::size_t k = before; k < all.size(); ++k) all[k].threads = count;
  }
  return all;
}

}  // namespace normproof::bench

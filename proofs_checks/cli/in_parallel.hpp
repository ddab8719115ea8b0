// How are many pieces of work done at once, so that they can be watched and interrupted?
#pragma once

#include <atomic>
#include <cstddef>
#include <functional>

namespace normproof::cli {

// Threads take the pieces in their order, `jobs` at most at once. `tick` is called on the calling thread from time to
// time and whenever a piece ends. An interruption (may be null) keeps what has not begun from beginning. The same does
// an exception that `work` throws; the first one is thrown again when every thread has ended.
void in_parallel(std::size_t pieces, int jobs, const std::atomic<bool>* interrupted,
                 const std::function<void(std::size_t piece)>& work,
                 const std::function<void(std::size_t finished)>& tick);

}  // namespace normproof::cli

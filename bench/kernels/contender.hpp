// What is a contender? Something that does the operation of a problem, or only moves its bytes, with all prepared
// beforehand.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "bench/kernels/problem.hpp"

namespace normproof::bench {

struct Outputs {
  std::vector<float> elements;       // y or dx, as N×C×H×W
  std::vector<float> dgamma, dbeta;  // backward
};

struct Contender {
  // reference: the plain kernel of the same operation, which computes in double; all others must agree with it
  enum class Kind { ours, reference, peer, limit };
  std::string name;  // library:layout
  Kind kind;
  std::function<void()> run;         // what is timed
  std::function<Outputs()> outputs;  // what it wrote; of a limit nothing
  double eps = Problem::eps;         // LIBXSMM has one of its own
  int threads = 1;                   // set by add_all
};
using Contenders = std::vector<Contender>;

// Where contenders come from.
struct Source {
  std::string name, version;
  // Those that this source has for the problem; nothing where it has none. Called with the number of threads in use.
  void (*add)(Problem& problem, int threads, Contenders& contenders);
  void (*use_threads)(int threads);  // for a library that has to be told besides OpenMP; nullptr for others
};
Source ours();
Source memory_limit();
Source eigen();
Source onednn();    // compiled in where the library is installed
Source libtorch();  // likewise
Source libxsmm();   // likewise

// One for each file that is compiled in.
const std::vector<Source>& sources();
// From now on OpenMP, and libraries that have a number of their own, work on so many threads.
void use_threads(int threads);
// The contenders of all sources, for each number of threads. One without a reference in it is for nothing.
Contenders all_contenders(Problem& problem, const std::vector<int>& threads);

}  // namespace normproof::bench

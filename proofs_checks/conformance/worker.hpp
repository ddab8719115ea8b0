// How does a process of its own run cases, so that a kernel can take nothing along but that process?
//
// Started by worker_process.hpp as `normproof __worker FD LIBRARY`, LIBRARY a file or --builtin. It loads the library,
// lists its kernels on FD and answers requests there (worker_protocol.hpp) until the other end is closed.
#pragma once

#include <string>
#include <vector>

namespace normproof::conformance {

// The arguments after the verb. Returns the exit status: 0 the supervisor closed, 2 the call was wrong.
int work(const std::vector<std::string>& arguments);

}  // namespace normproof::conformance

// How does a C++ program validate a kernel that it holds itself, without a library to load?
//
// Through libnormproof. The kernel runs in this process: a debugger stops in it, and a crash is this program's crash.
// `normproof validate` runs the calls in worker processes instead.
#include <cstdint>
#include <cstdio>
#include <memory>

#include "impl/kernel.h"
#include "proofs_checks/conformance/normproof.h"

int main(int count, char** words) {
  const char* const options = count > 1 ? words[1] : "--effort quick";
  // Of batch_norm_train.cpp, which is linked in.
  const normproof_library& library = *normproof_kernels(NORMPROOF_ABI_VERSION);
  int worst = 0;
  for (std::uint32_t i = 0; i < library.count; ++i) {
    const normproof_kernel& kernel = library.kernels[i];
    char* json = nullptr;
    const int status = normproof_validate(&kernel, options, &json);
    const std::unique_ptr<char, void (*)(char*)> owned(json, normproof_free);
    std::printf("%s: %s\n", kernel.name, status == 0 ? "conforms" : "does not conform, or the options were wrong");
    if (status != 0 && json != nullptr) std::printf("%s\n", json);
    if (status > worst) worst = status;
  }
  return worst;
}

// Which kernels does normproof bring along?
//
// One file per kernel: impl/kernels/<id>.cpp defines `normproof_kernel <id>()` in the namespace normproof::kernels, and
// the build generates builtin_library() from the names of the files.
#pragma once

#include "impl/kernel.h"

namespace normproof::kernels {

// Every built-in kernel, in the order of names. Lives as long as the program.
const normproof_library* builtin_library();

}  // namespace normproof::kernels

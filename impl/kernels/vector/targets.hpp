// For which vector targets are the passes compiled?
//
// SSE4, AVX2 with FMA, AVX-512 (Skylake's extensions), NEON, and Highway's scalar code for a processor without these.
// Targets whose vectors have a size that is not known when compiling are left out: groups.hpp keeps vectors in arrays.
#pragma once

#include <hwy/detect_targets.h>

#undef HWY_DISABLED_TARGETS
#define HWY_DISABLED_TARGETS (HWY_SSSE3 | HWY_AVX3_DL | HWY_SVE | HWY_SVE2 | HWY_SVE_256 | HWY_SVE2_128 | HWY_RVV)

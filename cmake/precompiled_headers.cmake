# Which headers are read once for a whole target? Those that most of its files include: reading them is three quarters
# of what compiling a claim costs.
#
# A file includes what it uses all the same: the presets other than release read every header anew, and find what is
# missing.

option(NORMPROOF_PRECOMPILE "Read common headers once for each target" OFF)

# normproof_precompile(TARGET HEADER...): HEADERs besides those of the libraries that everything uses.
function(normproof_precompile target)
  if(NORMPROOF_PRECOMPILE)
    target_precompile_headers(
      ${target} PRIVATE <algorithm> <array> <chrono> <cmath> <filesystem> <functional> <map> <memory> <optional> <set>
                        <span> <string> <vector> <fmt/format.h> <Eigen/Core> ${ARGN})
  endif()
endfunction()

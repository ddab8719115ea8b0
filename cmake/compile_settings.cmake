# With which language, arithmetic and warning settings is every target compiled?

set(CMAKE_CXX_EXTENSIONS OFF)

# What a consumer needs too (language and arithmetic) goes out with the target; warnings stay in this build.
# -ffp-contract=off: a fused multiply-add changes roundings, and the error bounds are proved for those as written.
function(normproof_settings target scope)
  target_compile_features(${target} ${scope} cxx_std_20)
  target_compile_options(${target} ${scope} -ffp-contract=off)
  target_include_directories(${target} ${scope} $<BUILD_INTERFACE:${normproof_SOURCE_DIR}>
                                                $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}/normproof>)
  if(NOT scope STREQUAL "INTERFACE")
    target_compile_options(
      ${target}
      PRIVATE -Wall -Wextra -Wconversion -Wshadow
              # GCC 12 warns falsely of overlapping copies inside std::string at -O3 (GCC bug 105329).
              $<$<CXX_COMPILER_ID:GNU>:-Wno-restrict> $<$<BOOL:${NORMPROOF_WERROR}>:-Werror>)
  endif()
endfunction()

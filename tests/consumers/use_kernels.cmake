# Can a project test kernels of its own, with normproof found as `way` says? Called as a script by ctest.
#
# find_package      the examples in C and C++ are built against an installed normproof, and their tests pass; a wrong
#                   kernel's test fails.
# add_subdirectory  the example in C is built beside normproof and its test is there. What it would run is run here with
#                   the program that is built already: building it a second time takes minutes.

set(scratch "${normproof_build}/tests/consumer_kernels_${way}")
set(build "${scratch}/build")
set(examples "${normproof_source}/examples")
file(REMOVE_RECURSE "${scratch}")

function(run)
  execute_process(COMMAND ${ARGN} COMMAND_ECHO STDOUT COMMAND_ERROR_IS_FATAL ANY)
endfunction()

function(expect_status status)
  execute_process(COMMAND ${ARGN} COMMAND_ECHO STDOUT RESULT_VARIABLE result)
  if(NOT result STREQUAL status)
    message(FATAL_ERROR "expected exit status ${status}, found ${result}")
  endif()
endfunction()

if(way STREQUAL "find_package")
  set(program "${scratch}/prefix/bin/normproof")
  set(where -D "CMAKE_PREFIX_PATH=${scratch}/prefix")
  run("${CMAKE_COMMAND}" --install "${normproof_build}" --prefix "${scratch}/prefix")
else()
  set(where -D "normproof_source=${normproof_source}")
endif()
set(compiler -D "CMAKE_CXX_COMPILER=${cxx}" -D "CMAKE_CXX_FLAGS=${cxx_flags}")

run("${CMAKE_COMMAND}" -G "${generator}" -S "${CMAKE_CURRENT_LIST_DIR}/kernels" -B "${build}" ${where} -D
    "examples=${examples}" ${compiler})
run("${CMAKE_COMMAND}" --build "${build}" --target example_c_kernel wrong_kernel)
expect_status(0 "${program}" validate "${build}/c/libexample_c_kernel.so" --effort quick)
expect_status(1 "${program}" validate "${build}/libwrong_kernel.so" --effort quick)

if(way STREQUAL "find_package")
  run("${CMAKE_CTEST_COMMAND}" --test-dir "${build}" --no-tests=error -R "^example_c_kernel.conformance$")
  execute_process(COMMAND "${CMAKE_CTEST_COMMAND}" --test-dir "${build}" --no-tests=error -R "^wrong$"
                  RESULT_VARIABLE result)
  if(result EQUAL 0)
    message(FATAL_ERROR "the test of a wrong kernel passed")
  endif()
  run("${CMAKE_COMMAND}" -G "${generator}" -S "${examples}/cpp" -B "${scratch}/cpp" ${where} ${compiler})
  run("${CMAKE_COMMAND}" --build "${scratch}/cpp")
  run("${CMAKE_CTEST_COMMAND}" --test-dir "${scratch}/cpp" --no-tests=error --output-on-failure)
else()
  execute_process(COMMAND "${CMAKE_CTEST_COMMAND}" --test-dir "${build}" --show-only OUTPUT_VARIABLE tests
                  COMMAND_ERROR_IS_FATAL ANY)
  if(NOT tests MATCHES "example_c_kernel\\.conformance")
    message(FATAL_ERROR "there is no test example_c_kernel.conformance:\n${tests}")
  endif()
endif()

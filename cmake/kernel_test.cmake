# How does a project test the kernels of its own library with ctest? Used in the tree and from the installed package.
#
# normproof_add_kernel_test(TARGET [NAME name] [EFFORT quick|standard|deep] [ARGS argument...])
#
# Adds the test `name` (default: TARGET.conformance), which runs
#   normproof validate <file of TARGET> --effort <EFFORT, default quick> <ARGS>
# and passes where every kernel of the library conforms. TARGET is a library that can be loaded while a program runs
# (SHARED or MODULE). Call enable_testing() first.

function(normproof_add_kernel_test target)
  cmake_parse_arguments(PARSE_ARGV 1 kernel_test "" "NAME;EFFORT" "ARGS")
  if(kernel_test_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "normproof_add_kernel_test: what is '${kernel_test_UNPARSED_ARGUMENTS}'?")
  endif()
  if(NOT TARGET ${target})
    message(FATAL_ERROR "normproof_add_kernel_test: there is no target '${target}'")
  endif()
  get_target_property(type ${target} TYPE)
  if(NOT type MATCHES "^(SHARED|MODULE)_LIBRARY$")
    message(FATAL_ERROR "normproof_add_kernel_test: '${target}' is no SHARED or MODULE library but ${type}")
  endif()
  if(NOT kernel_test_NAME)
    set(kernel_test_NAME "${target}.conformance")
  endif()
  if(NOT kernel_test_EFFORT)
    set(kernel_test_EFFORT quick)
  endif()

  add_test(NAME "${kernel_test_NAME}"
           COMMAND "$<TARGET_FILE:normproof::program>" validate "$<TARGET_FILE:${target}>" --effort
                   "${kernel_test_EFFORT}" ${kernel_test_ARGS}
           COMMAND_EXPAND_LISTS)

  # Where the program is built in this tree, `all` brings it up to date, though it be excluded from all by itself.
  if(TARGET normproof_program)
    if(NOT TARGET normproof_kernel_tests)
      add_custom_target(normproof_kernel_tests ALL)
      add_dependencies(normproof_kernel_tests normproof_program)
    endif()
    add_dependencies(normproof_kernel_tests ${target})
  endif()
endfunction()

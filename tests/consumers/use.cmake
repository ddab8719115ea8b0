# Does the consumer project of this folder named by `way` configure, build and run? Called as a script by ctest.

set(scratch "${normproof_build}/tests/consumer_${way}")
file(REMOVE_RECURSE "${scratch}")

function(run)
  execute_process(COMMAND ${ARGN} COMMAND_ECHO STDOUT COMMAND_ERROR_IS_FATAL ANY)
endfunction()

if(way STREQUAL "find_package")
  run("${CMAKE_COMMAND}" --install "${normproof_build}" --prefix "${scratch}/prefix")
  set(where -D "CMAKE_PREFIX_PATH=${scratch}/prefix" -D "claim_files=${claim_files}")
else()
  set(where -D "normproof_source=${normproof_source}")
endif()
run("${CMAKE_COMMAND}" -G "${generator}" -S "${CMAKE_CURRENT_LIST_DIR}/${way}" -B "${scratch}/build" ${where} -D
    "CMAKE_CXX_COMPILER=${cxx}" -D "CMAKE_CXX_FLAGS=${cxx_flags}")
run("${CMAKE_COMMAND}" --build "${scratch}/build" --target consumer)
run("${scratch}/build/consumer")

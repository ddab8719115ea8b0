# What is installed? Headers, the libraries with their package config, the program and its ledger, and the test of a
# kernel for a project that has one.

include(CMakePackageConfigHelpers)

set(package_dir "${CMAKE_INSTALL_LIBDIR}/cmake/normproof")
set(exported_targets "")
foreach(name theory kernel_interface impl proofs_checks claims shared program)
  set_target_properties(normproof_${name} PROPERTIES EXPORT_NAME ${name})
  list(APPEND exported_targets normproof_${name})
endforeach()
install(TARGETS ${exported_targets} EXPORT normproof_targets)
install(EXPORT normproof_targets NAMESPACE normproof:: FILE normproof-targets.cmake DESTINATION "${package_dir}")
install(DIRECTORY theory impl proofs_checks DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}/normproof"
        FILES_MATCHING PATTERN "*.hpp" PATTERN "*.h")
install(FILES proofs_checks/ledger.json DESTINATION "${CMAKE_INSTALL_DATADIR}/normproof")

configure_package_config_file(cmake/normproof-config.cmake.in "${PROJECT_BINARY_DIR}/normproof-config.cmake"
                              INSTALL_DESTINATION "${package_dir}")
write_basic_package_version_file("${PROJECT_BINARY_DIR}/normproof-config-version.cmake" COMPATIBILITY SameMinorVersion)
install(FILES "${PROJECT_BINARY_DIR}/normproof-config.cmake" "${PROJECT_BINARY_DIR}/normproof-config-version.cmake"
              cmake/dependencies.cmake cmake/kernel_test.cmake DESTINATION "${package_dir}")

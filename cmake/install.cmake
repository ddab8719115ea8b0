# What is installed? Headers, the libraries with their package config, the program and its ledger.

include(CMakePackageConfigHelpers)

set(package_dir "${CMAKE_INSTALL_LIBDIR}/cmake/normproof")
foreach(layer theory impl proofs_checks claims)
  set_target_properties(normproof_${layer} PROPERTIES EXPORT_NAME ${layer})
endforeach()
install(TARGETS normproof_theory normproof_impl normproof_proofs_checks normproof_claims EXPORT normproof_targets)
install(TARGETS normproof_program)
install(EXPORT normproof_targets NAMESPACE normproof:: FILE normproof-targets.cmake DESTINATION "${package_dir}")
install(DIRECTORY theory impl proofs_checks DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}/normproof"
        FILES_MATCHING PATTERN "*.hpp" PATTERN "*.h")
install(FILES proofs_checks/ledger.json DESTINATION "${CMAKE_INSTALL_DATADIR}/normproof")

configure_package_config_file(cmake/normproof-config.cmake.in "${PROJECT_BINARY_DIR}/normproof-config.cmake"
                              INSTALL_DESTINATION "${package_dir}")
write_basic_package_version_file("${PROJECT_BINARY_DIR}/normproof-config-version.cmake" COMPATIBILITY SameMinorVersion)
install(FILES "${PROJECT_BINARY_DIR}/normproof-config.cmake" "${PROJECT_BINARY_DIR}/normproof-config-version.cmake"
              cmake/dependencies.cmake DESTINATION "${package_dir}")

# Which claims, checks and kernels are there? One file each; this writes the sources that name every one of them.
#
# normproof_generate_catalogue(OUTPUT IDS_VARIABLE CLAIM_FILE...)
# normproof_generate_check_catalogue(OUTPUT IDS_VARIABLE CHECK_FILE...)
# normproof_generate_kernel_table(OUTPUT IDS_VARIABLE KERNEL_FILE...)
#
# The file <id>.cpp must define Claim normproof::claims::<id>(), Check normproof::conformance::checks::<id>() or
# normproof_kernel normproof::kernels::<id>(). What is written refers to each by name, so one that is missing, misnamed
# or dropped by a linker is a link error, never a silently shorter list. IDS_VARIABLE gets the ids, sorted.

# Sets IDS_VARIABLE, and in the caller `declarations`, one per id, and `entries`, for each id ENTRY with <id> replaced.
# WHAT is the word for one of them.
function(normproof_name_each ids_variable what type entry)
  set(ids "")
  set(declarations "")
  set(entries "")
  foreach(file IN LISTS ARGN)
    get_filename_component(id "${file}" NAME_WE)
    if(NOT id MATCHES "^[a-z][a-z0-9_]*$")
      message(FATAL_ERROR "${file}: a ${what}'s file name must be snake_case, for it names the ${what}'s function")
    endif()
    list(APPEND ids "${id}")
  endforeach()
  list(SORT ids)
  foreach(id IN LISTS ids)
    string(APPEND declarations "${type} ${id}();\n")
    string(REPLACE "<id>" "${id}" named "${entry}")
    string(APPEND entries "      ${named},\n")
  endforeach()
  set(${ids_variable} "${ids}" PARENT_SCOPE)
  set(declarations "${declarations}" PARENT_SCOPE)
  set(entries "${entries}" PARENT_SCOPE)
endfunction()

function(normproof_generate_catalogue output ids_variable)
  normproof_name_each(ids claim Claim "{\"<id>\", &claims::<id>}" ${ARGN})
  if(ids)
    set(include "#include \"proofs_checks/claim.hpp\"\n")
    set(namespace "namespace claims {\n${declarations}}  // namespace claims\n\n")
  endif()
  file(CONFIGURE OUTPUT "${output}" @ONLY CONTENT
"// Which claims are there? Generated from the files of proofs_checks/claims/; do not edit.
#include \"proofs_checks/catalogue.hpp\"
@include@
namespace normproof {

@namespace@std::vector<CatalogueEntry> catalogue() {
  return {
@entries@  };
}

}  // namespace normproof
")
  set(${ids_variable} "${ids}" PARENT_SCOPE)
endfunction()

function(normproof_generate_check_catalogue output ids_variable)
  normproof_name_each(ids check Check "{\"<id>\", checks::<id>()}" ${ARGN})
  file(CONFIGURE OUTPUT "${output}" @ONLY CONTENT
"// Which checks of kernels are there? Generated from the files of proofs_checks/conformance/checks/; do not edit.
#include \"proofs_checks/conformance/check.hpp\"

namespace normproof::conformance {
namespace checks {
@declarations@}  // namespace checks

std::vector<NamedCheck> check_catalogue() {
  return {
@entries@  };
}

}  // namespace normproof::conformance
")
  set(${ids_variable} "${ids}" PARENT_SCOPE)
endfunction()

# builtin_library() is the table of all of them; it lives as long as the program.
function(normproof_generate_kernel_table output ids_variable)
  normproof_name_each(ids kernel normproof_kernel "<id>()" ${ARGN})
  list(LENGTH ids count)
  file(CONFIGURE OUTPUT "${output}" @ONLY CONTENT
"// Which kernels are built in? Generated from the files of impl/kernels/; do not edit.
#include \"impl/kernels/builtin.hpp\"

#include <array>

namespace normproof::kernels {

@declarations@
const normproof_library* builtin_library() {
  static const std::array<normproof_kernel, @count@> kernels = {
@entries@  };
  static const normproof_library library = {NORMPROOF_ABI_VERSION, @count@, kernels.data()};
  return &library;
}

}  // namespace normproof::kernels
")
  set(${ids_variable} "${ids}" PARENT_SCOPE)
endfunction()

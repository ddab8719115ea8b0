# Which claims are there? The files of proofs_checks/claims/; this writes the source that calls every one of them.
#
# normproof_generate_catalogue(OUTPUT IDS_VARIABLE CLAIM_FILE...)
#
# The file <id>.cpp must define Claim normproof::claims::<id>(). The catalogue refers to each by name, so a claim that
# is missing, misnamed or dropped by a linker is a link error, never a silently shorter ledger.

function(normproof_generate_catalogue output ids_variable)
  set(ids "")
  set(declarations "")
  set(entries "")
  foreach(file IN LISTS ARGN)
    get_filename_component(id "${file}" NAME_WE)
    if(NOT id MATCHES "^[a-z][a-z0-9_]*$")
      message(FATAL_ERROR "${file}: a claim's file name must be snake_case, for it names the claim's function")
    endif()
    list(APPEND ids "${id}")
  endforeach()
  list(SORT ids)
  foreach(id IN LISTS ids)
    string(APPEND declarations "Claim ${id}();\n")
    string(APPEND entries "      {\"${id}\", &claims::${id}},\n")
  endforeach()
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

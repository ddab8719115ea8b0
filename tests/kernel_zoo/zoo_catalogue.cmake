# Which kernels does the zoo have? The files of faulty/ or honest/; this writes the source that calls every one of them.
#
# normproof_generate_zoo_catalogue(OUTPUT KIND TYPE KERNEL_FILE...)
#
# KIND is faulty or honest, TYPE what its functions return. The file <id>.cpp must define
# TYPE normproof::zoo::<KIND>::<id>(): a kernel that is missing or misnamed is a link error.

function(normproof_generate_zoo_catalogue output kind type)
  set(ids "")
  set(declarations "")
  set(entries "")
  foreach(file IN LISTS ARGN)
    get_filename_component(id "${file}" NAME_WE)
    if(NOT id MATCHES "^[a-z][a-z0-9_]*$")
      message(FATAL_ERROR "${file}: a kernel's file name must be snake_case, for it names the kernel's function")
    endif()
    list(APPEND ids "${id}")
  endforeach()
  list(SORT ids)
  foreach(id IN LISTS ids)
    string(APPEND declarations "${type} ${id}();\n")
    string(APPEND entries "  kernels.push_back(${kind}::${id}());\n")
  endforeach()
  file(CONFIGURE OUTPUT "${output}" @ONLY CONTENT
"// Which ${kind} kernels are there? Generated from the files of tests/kernel_zoo/${kind}/; do not edit.
#include \"tests/kernel_zoo/catalogue.hpp\"

namespace normproof::zoo {

namespace ${kind} {
${declarations}}  // namespace ${kind}

std::vector<${type}> ${kind}_kernels() {
  std::vector<${type}> kernels;
${entries}  return kernels;
}

}  // namespace normproof::zoo
")
endfunction()

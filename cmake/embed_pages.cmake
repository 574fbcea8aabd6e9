# tocsin_embed_pages(TARGET FUNCTION FOLDER): puts every file of FOLDER, gzipped, into TARGET, which then has
# `std::span<const EmbeddedPage> tocsin::FUNCTION()` (src/api/pages.h). A folder that is absent or empty gives an empty table.
#
# The folder is what a front-end build leaves: index.html, api/docs.html, and below assets/, flat, whatever it needs. It may appear or change at any time; the
# next build looks again. The same file run with `cmake -P` is the step that zips and writes (bottom half).

if(NOT CMAKE_SCRIPT_MODE_FILE)
  function(tocsin_embed_pages target function folder)
    find_program(TOCSIN_GZIP gzip REQUIRED)
    file(GLOB_RECURSE files CONFIGURE_DEPENDS "${folder}/*")
    set(out ${CMAKE_CURRENT_BINARY_DIR}/${function})
    string(SHA256 names "${files}")  # a file that goes away changes the command, so the table is written again
    add_custom_command(
      OUTPUT ${out}/pages.s ${out}/table.cpp
      COMMAND ${CMAKE_COMMAND} -D FOLDER=${folder} -D OUT=${out} -D FUNCTION=${function} -D GZIP=${TOCSIN_GZIP} -D NAMES=${names}
        -P ${CMAKE_SOURCE_DIR}/cmake/embed_pages.cmake
      DEPENDS ${files} ${CMAKE_SOURCE_DIR}/cmake/embed_pages.cmake
      COMMENT "Embedding the pages of ${folder}" VERBATIM)
    # Apart from the target, whose options are for C++.
    add_library(${target}_${function} OBJECT ${out}/pages.s)
    # CMake asks for a list of included files, of which an assembler knows nothing; clang would warn.
    target_compile_options(${target}_${function} PRIVATE -Wno-unused-command-line-argument)
    target_sources(${target} PRIVATE ${out}/table.cpp $<TARGET_OBJECTS:${target}_${function}>)
  endfunction()
  return()
endif()

set(types
  html "text/html\; charset=utf-8" js "text/javascript\; charset=utf-8" css "text/css\; charset=utf-8" svg image/svg+xml png image/png
  webp image/webp ico image/x-icon woff2 font/woff2 json application/json map application/json
  txt "text/plain\; charset=utf-8" webmanifest application/manifest+json)
set(bytes_max 8388608)  # kPageBytesMax of src/api/pages.h

file(GLOB_RECURSE files RELATIVE "${FOLDER}" "${FOLDER}/*")
list(SORT files)
file(REMOVE_RECURSE "${OUT}")
file(MAKE_DIRECTORY "${OUT}")
set(assembly "  .section .rodata\n")
set(symbols "")
set(rows "")
set(count 0)
foreach(file IN LISTS files)
  if(NOT file MATCHES "^(index\\.html|api/docs\\.html|(assets|api/docs)/[A-Za-z0-9._-]+)$")
    message(FATAL_ERROR "${FOLDER}/${file}: only index.html, api/docs.html and the files of assets/ (flat; letters, digits, '.', '_', '-') can be served")
  endif()
  string(REGEX REPLACE "^.*\\.([^.]*)$" "\\1" ending "${file}")
  list(FIND types "${ending}" at)
  if(at EQUAL -1)
    message(FATAL_ERROR "${FOLDER}/${file}: what type has a .${ending} file? Add it to cmake/embed_pages.cmake")
  endif()
  math(EXPR at "${at} + 1")
  list(GET types ${at} type)
  file(SIZE "${FOLDER}/${file}" size)
  if(size GREATER bytes_max)
    message(FATAL_ERROR "${FOLDER}/${file}: ${size} bytes, more than ${bytes_max}")
  endif()
  file(SHA256 "${FOLDER}/${file}" hash)
  string(SUBSTRING "${hash}" 0 16 hash)
  # No name and no time in it: the same file gives the same bytes.
  execute_process(COMMAND ${GZIP} -9 -n -c "${FOLDER}/${file}" OUTPUT_FILE "${OUT}/${count}.gz" COMMAND_ERROR_IS_FATAL ANY)
  file(SIZE "${OUT}/${count}.gz" zipped)
  set(symbol tocsin_${FUNCTION}_${count})
  string(APPEND assembly "  .globl ${symbol}\n  .hidden ${symbol}\n${symbol}:\n  .incbin \"${OUT}/${count}.gz\"\n")
  string(APPEND symbols "extern const char ${symbol}[];\n")
  string(APPEND rows "    {\"${file}\", \"${type}\", \"${hash}\", {${symbol}, ${zipped}}, ${size}},\n")
  math(EXPR count "${count} + 1")
endforeach()
string(APPEND assembly "  .section .note.GNU-stack,\"\",@progbits\n")
file(WRITE "${OUT}/pages.s" "${assembly}")
file(WRITE "${OUT}/table.cpp" "// Written by cmake/embed_pages.cmake.
#include <array>

#include \"api/pages.h\"

extern \"C\" {
${symbols}}

namespace tocsin {
std::span<const EmbeddedPage> ${FUNCTION}();
std::span<const EmbeddedPage> ${FUNCTION}() {
  static constexpr std::array<EmbeddedPage, ${count}> kPages = {{
${rows}  }};
  return kPages;
}
}  // namespace tocsin
")

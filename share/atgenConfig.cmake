# find_package(atgen): atgen_add_dialect(), the compiler as ATGEN_EXECUTABLE, the runtime's sources as ATGEN_RUNTIME.
# SPDX-License-Identifier: 0BSD
cmake_policy(VERSION 3.20)

get_filename_component(atgen_prefix "${CMAKE_CURRENT_LIST_DIR}/../../.." ABSOLUTE)
set(ATGEN_RUNTIME "${atgen_prefix}/share/atgen/runtime")
find_program(ATGEN_EXECUTABLE atgen HINTS "${atgen_prefix}/bin" NO_CMAKE_FIND_ROOT_PATH)
if(NOT ATGEN_EXECUTABLE)
    set(atgen_FOUND FALSE)
    set(atgen_NOT_FOUND_MESSAGE "there is no program atgen; set ATGEN_EXECUTABLE")
    return()
endif()

# The runtime is compiled with the project, so that it suits the target when that is another machine.
if(NOT TARGET atgen::runtime)
    file(GLOB atgen_sources "${ATGEN_RUNTIME}/*.c")
    add_library(atgen_runtime STATIC EXCLUDE_FROM_ALL ${atgen_sources})
    target_include_directories(atgen_runtime SYSTEM PUBLIC "${ATGEN_RUNTIME}")
    add_library(atgen::runtime ALIAS atgen_runtime)
endif()

# atgen_add_dialect(TARGET SPEC [SIDE module|host|both] [PREFIX NAME] [ONLY COMMAND...])
#
# Makes a static library TARGET of what atgen makes of SPEC: a file, or the name of a shipped dialect. Everything in it
# is called after NAME, by default the name of the file. A target that links TARGET has the headers and the runtime.
function(atgen_add_dialect target spec)
    cmake_parse_arguments(arg "" "SIDE;PREFIX" "ONLY" ${ARGN})
    set(side "${arg_SIDE}")
    if(NOT side)
        set(side both)
    endif()
    set(prefix "${arg_PREFIX}")
    if(NOT prefix)
        get_filename_component(prefix "${spec}" NAME_WE)
    endif()
    get_filename_component(path "${spec}" ABSOLUTE)
    if(EXISTS "${path}" AND NOT IS_DIRECTORY "${path}")
        set(spec "${path}")
        set(depends DEPENDS "${path}")
    endif()
    set(only)
    if(arg_ONLY)
        list(JOIN arg_ONLY "," names)
        set(only --only "${names}")
    endif()

    set(names text)
    if(NOT side STREQUAL host)
        list(APPEND names module)
    endif()
    if(NOT side STREQUAL module)
        list(APPEND names host host_wait)
    endif()
    set(folder "${CMAKE_CURRENT_BINARY_DIR}/${target}.atgen")
    list(TRANSFORM names REPLACE "(.+)" "${folder}/${prefix}_\\1.c" OUTPUT_VARIABLE sources)
    add_custom_command(OUTPUT ${sources}
        COMMAND "${ATGEN_EXECUTABLE}" gen --side ${side} --prefix ${prefix} ${only} -o "${folder}" "${spec}"
        COMMAND "${CMAKE_COMMAND}" -E touch ${sources}
        ${depends} "${ATGEN_EXECUTABLE}"
        DEPFILE "${folder}/${prefix}.d"
        COMMENT "atgen ${spec}" VERBATIM)
    add_library(${target} STATIC ${sources})
    target_include_directories(${target} PUBLIC "${folder}")
    target_link_libraries(${target} PUBLIC atgen::runtime)
endfunction()

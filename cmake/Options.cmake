# Compiler settings that every target of ours shares.
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)

find_program(CCACHE_PROGRAM ccache)
if(CCACHE_PROGRAM AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
    # Precompiled headers are cacheable only when ccache is told that they may be.
    set(CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_COMMAND} -E env
        CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime
        CCACHE_BASEDIR=${CMAKE_SOURCE_DIR} ${CCACHE_PROGRAM})
endif()

add_library(querent_flags INTERFACE)
add_library(querent::flags ALIAS querent_flags)
target_include_directories(querent_flags INTERFACE "${CMAKE_SOURCE_DIR}")
target_compile_options(querent_flags INTERFACE -Wall -Wextra -Wconversion -fpch-preprocess)
if(QUERENT_WERROR)
    target_compile_options(querent_flags INTERFACE -Werror)
endif()
# Debian 12's LibTorch loads OpenCV's highgui and with it Qt 5. Nothing of an executable that uses Qt 6 may be visible
# to it: Qt 5 would bind to Qt 6's inline functions and crash before main().
# clang puts its sanitizers into the executable, where the libraries could not see them then: they come as a library.
# A fuzzer (property QUERENT_FUZZER) has no Qt, hides nothing and holds its sanitizers.
if(UNIX AND NOT APPLE)
    set(hiding -Wl,--version-script=${CMAKE_SOURCE_DIR}/cmake/executable.map)
    if(QUERENT_SANITIZE AND CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
        execute_process(COMMAND ${CMAKE_CXX_COMPILER} -print-resource-dir OUTPUT_STRIP_TRAILING_WHITESPACE
            OUTPUT_VARIABLE clang_folder)
        list(APPEND hiding -shared-libsan -Wl,-rpath,${clang_folder}/lib/linux)
    endif()
    set(program $<STREQUAL:$<TARGET_PROPERTY:TYPE>,EXECUTABLE>)
    set(fuzzer $<BOOL:$<TARGET_PROPERTY:QUERENT_FUZZER>>)
    target_link_options(querent_flags INTERFACE "$<$<AND:${program},$<NOT:${fuzzer}>>:${hiding}>")
endif()
foreach(sanitizer IN LISTS QUERENT_SANITIZE)
    target_compile_options(querent_flags INTERFACE -fsanitize=${sanitizer} -fno-omit-frame-pointer)
    target_link_options(querent_flags INTERFACE -fsanitize=${sanitizer})
endforeach()

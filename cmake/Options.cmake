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
# A fuzzer has no Qt, and its sanitizers must be visible to the libraries.
if(UNIX AND NOT APPLE AND NOT QUERENT_FUZZ)
    target_link_options(querent_flags INTERFACE
        $<$<STREQUAL:$<TARGET_PROPERTY:TYPE>,EXECUTABLE>:-Wl,--version-script=${CMAKE_SOURCE_DIR}/cmake/executable.map>)
endif()
foreach(sanitizer IN LISTS QUERENT_SANITIZE)
    target_compile_options(querent_flags INTERFACE -fsanitize=${sanitizer} -fno-omit-frame-pointer)
    target_link_options(querent_flags INTERFACE -fsanitize=${sanitizer})
endforeach()

# Headers compiled once and used by all: most of a file's time is its headers. A precompiled header fits only where the
# macros are the same, so there is one with what every module links. Nobody may lean on it: clang-tidy and the preset gcc
# build without (CMAKE_DISABLE_PRECOMPILE_HEADERS), and there a missing #include is an error.
file(CONFIGURE OUTPUT ${CMAKE_BINARY_DIR}/precompiled.cpp CONTENT "")   # left alone where it is there

function(kindred_precompiled name header)
  add_library(${name} OBJECT ${CMAKE_BINARY_DIR}/precompiled.cpp)
  target_precompile_headers(${name} PRIVATE ${CMAKE_SOURCE_DIR}/cmake/${header})
  target_link_libraries(${name} PRIVATE lib::boost lib::json lib::crypto lib::log ${ARGN})
endfunction()

kindred_precompiled(kindred_precompiled precompiled.hpp)
kindred_precompiled(kindred_precompiled_network precompiled_network.hpp)
kindred_precompiled(kindred_precompiled_tests precompiled_tests.hpp lib::test)
target_compile_options(kindred_precompiled_tests PRIVATE -O1)

# Flags that hold for every target. Sanitizers are chosen by preset: -DKINDRED_SANITIZE=address,undefined.
set(KINDRED_SANITIZE "" CACHE STRING "comma-separated sanitizers, e.g. address,undefined")

find_program(KINDRED_CCACHE ccache)
if(KINDRED_CCACHE)
  # A precompiled header is fine for ccache only when it may ignore time stamps inside it.
  set(CMAKE_C_COMPILER_LAUNCHER ${CMAKE_COMMAND} -E env CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime ${KINDRED_CCACHE})
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_C_COMPILER_LAUNCHER})
endif()

find_program(KINDRED_LLD NAMES ld.lld-16 ld.lld)
if(KINDRED_LLD AND CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
  add_link_options(-fuse-ld=lld)
endif()

add_compile_options(-Wall -Wextra -Wpedantic -Wno-unused-parameter)
# What is looked at with debuggers and sanitizers walks the stack by frame pointers; what is shipped has the register.
add_compile_options($<$<NOT:$<CONFIG:Release>>:-fno-omit-frame-pointer>)
if(CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
  add_compile_options(-Werror -fcolor-diagnostics)
  # Without time stamps a precompiled header is the same file again, and ccache knows what was compiled with it.
  add_compile_options($<$<COMPILE_LANGUAGE:CXX>:-fpch-instantiate-templates> "$<$<COMPILE_LANGUAGE:CXX>:SHELL:-Xclang -fno-pch-timestamp>")
endif()
# Assertions stay on in every build: a broken invariant must stop the program, not corrupt a store.
set(CMAKE_CXX_FLAGS_RELEASE "-O2 -g1")
set(CMAKE_C_FLAGS_RELEASE "-O2 -g1")
# Tests are compiled more often than they run, and their failures name file and line without the help of a debugger.
# Those that count in millions of steps are worth optimizing; the others wait for what they test.
set(KINDRED_TEST_OPTIONS -O0 $<$<CONFIG:Release>:-g0>)
set(KINDRED_LONG_TEST_OPTIONS -O1 $<$<CONFIG:Release>:-g0>)
# What the sanitizers and fuzzers run on: lines are all that their reports need, and more costs a fifth of the build.
set(CMAKE_CXX_FLAGS_RELWITHDEBINFO "-O1 -gline-tables-only")
set(CMAKE_C_FLAGS_RELWITHDEBINFO "-O1 -gline-tables-only")

if(KINDRED_SANITIZE)
  add_compile_options(-fsanitize=${KINDRED_SANITIZE} -fno-sanitize-recover=all)
  if(CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
    add_compile_options(-fsanitize-ignorelist=${CMAKE_SOURCE_DIR}/cmake/sanitizer-ignore.txt)
  endif()
  add_link_options(-fsanitize=${KINDRED_SANITIZE})
endif()

if(KINDRED_FUZZERS)
  add_compile_options(-fsanitize=fuzzer-no-link)   # a fuzzer that does not see into the libraries only guesses
endif()

add_compile_options(-pthread)   # some libraries ask for it, and a precompiled header fits only where all agree
find_package(Threads REQUIRED)

# What ran, and how often, while tools/profile drove the engine decides what is inlined and which code stands together
# (docs/decisions/0010-profile.md). The record is kept beside this file, so that a build needs no drive of its own; a
# function that changed since is compiled as if there were none.
set(KINDRED_PROFILE use CACHE STRING "use the kept record, record a new one (tools/profile), or off")
set(kept_profile ${CMAKE_SOURCE_DIR}/cmake/engine.profdata)

# A function that one file has for itself is told from others by that file's name, not by where the repository lies.
set(profile_names "SHELL:-mllvm -static-func-full-module-prefix=false")

# The record is of clang-16, and says something of optimized code alone.
set(use_profile OFF)
if(KINDRED_PROFILE STREQUAL "use" AND CMAKE_BUILD_TYPE STREQUAL "Release" AND EXISTS ${kept_profile}
   AND CMAKE_CXX_COMPILER_ID STREQUAL "Clang" AND CMAKE_CXX_COMPILER_VERSION MATCHES "^16\\.")
  set(use_profile ON)
  # What ran often stands together in memory, not spread over eight megabytes.
  if(KINDRED_LLD)
    add_link_options(-Wl,-z,keep-text-section-prefix)
  endif()
endif()

if(KINDRED_PROFILE STREQUAL "record")
  add_compile_options(-fprofile-generate ${profile_names})
  add_link_options(-fprofile-generate)
endif()

# For the engine's libraries. Tests and benchmarks go without: what is measured is the library, not its measure.
function(kindred_use_profile target)
  if(NOT use_profile)
    return()
  endif()
  # That a function is new or changed since is no fault.
  target_compile_options(${target} PRIVATE -fprofile-use=${kept_profile} ${profile_names}
                         -Wno-profile-instr-out-of-date -Wno-profile-instr-unprofiled -Wno-backend-plugin)
  get_target_property(sources ${target} SOURCES)
  set_source_files_properties(${sources} PROPERTIES OBJECT_DEPENDS ${kept_profile})
endfunction()

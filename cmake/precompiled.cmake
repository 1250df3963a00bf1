# Headers compiled once and used by many: most of a file's time is its headers. A precompiled header fits only where the
# macros are the same, so each has what every module links. Nobody may lean on it: clang-tidy and the preset gcc build
# without (CMAKE_DISABLE_PRECOMPILE_HEADERS), and there a missing #include is an error.
file(CONFIGURE OUTPUT ${CMAKE_BINARY_DIR}/precompiled.cpp CONTENT "")   # left alone where it is there

# What tests are compiled with, which goes by their precompiled header.
function(kindred_test_options target precompiled)
  if(precompiled STREQUAL "test_dispatch")
    target_compile_options(${target} PRIVATE ${KINDRED_LONG_TEST_OPTIONS})
  else()
    target_compile_options(${target} PRIVATE ${KINDRED_TEST_OPTIONS})
  endif()
endfunction()

function(kindred_precompiled name)
  set(target kindred_precompiled_${name})
  add_library(${target} OBJECT ${CMAKE_BINARY_DIR}/precompiled.cpp)
  target_precompile_headers(${target} PRIVATE ${CMAKE_SOURCE_DIR}/cmake/precompiled/${name}.hpp)
  target_include_directories(${target} PRIVATE ${CMAKE_SOURCE_DIR} ${CMAKE_SOURCE_DIR}/tests)
  target_link_libraries(${target} PRIVATE lib::boost lib::json lib::crypto lib::log)
  if(name MATCHES "^test_")
    target_link_libraries(${target} PRIVATE lib::test lib::property)
    kindred_test_options(${target} ${name})
  endif()
endfunction()

# What each module, and each module's tests, include nearly everywhere; the others: base and test_base.
set(precompiled_of_http            network)
set(precompiled_of_mail            network)
set(precompiled_of_test_http       test_network)
set(precompiled_of_channel         channel)
set(precompiled_of_connector       channel)
set(precompiled_of_test_connectors test_channel)
set(precompiled_of_conditions      rules)
set(precompiled_of_rules           rules)
foreach(name dispatch routing simulation)
  set(precompiled_of_${name}      dispatch)
  set(precompiled_of_test_${name} test_dispatch)
endforeach()
foreach(name runtime api nodes app)
  set(precompiled_of_${name}      runtime)
  set(precompiled_of_test_${name} test_runtime)
endforeach()

function(kindred_use_precompiled target name)
  if(DEFINED precompiled_of_${name})
    target_precompile_headers(${target} REUSE_FROM kindred_precompiled_${precompiled_of_${name}})
  elseif(name MATCHES "^test_")
    target_precompile_headers(${target} REUSE_FROM kindred_precompiled_test_base)
  else()
    target_precompile_headers(${target} REUSE_FROM kindred_precompiled_base)
  endif()
endfunction()

foreach(name base network channel rules dispatch runtime test_base test_network test_channel test_dispatch test_runtime)
  kindred_precompiled(${name})
endforeach()

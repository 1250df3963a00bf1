# test_dispatch_mutants: the faulty histories of dispatch against copies of its sources that have deliberate bugs
# (tests/dispatch/mutants). The copies come before the library when linking, so that only they are compiled anew.
function(kindred_mutants)
  set(folder ${CMAKE_SOURCE_DIR}/tests/dispatch/mutants)
  set(into ${CMAKE_BINARY_DIR}/mutants)
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${folder}/mutants.txt)
  execute_process(COMMAND python3 ${folder}/mutate.py ${folder}/mutants.txt --files OUTPUT_VARIABLE files
                  OUTPUT_STRIP_TRAILING_WHITESPACE COMMAND_ERROR_IS_FATAL ANY)
  list(TRANSFORM files PREPEND ${CMAKE_SOURCE_DIR}/engine/dispatch/ OUTPUT_VARIABLE originals)
  list(TRANSFORM files PREPEND ${into}/ OUTPUT_VARIABLE copies)
  add_custom_command(OUTPUT ${copies} ${into}/bugs.inc
                     COMMAND python3 ${folder}/mutate.py ${folder}/mutants.txt ${CMAKE_SOURCE_DIR}/engine/dispatch ${into}
                     DEPENDS ${originals} ${folder}/mutants.txt ${folder}/mutate.py VERBATIM)
  add_executable(test_dispatch_mutants ${copies} ${into}/bugs.inc ${folder}/mutants_main.cpp
                 ${CMAKE_SOURCE_DIR}/tests/dispatch/support/faulty_run.cpp
                 ${CMAKE_SOURCE_DIR}/tests/dispatch/support/history.cpp
                 ${CMAKE_SOURCE_DIR}/tests/dispatch/support/oracle.cpp)
  kindred_test_options(test_dispatch_mutants test_dispatch)
  kindred_use_precompiled(test_dispatch_mutants test_dispatch)
  target_include_directories(test_dispatch_mutants PRIVATE ${into} ${CMAKE_SOURCE_DIR} ${CMAKE_SOURCE_DIR}/tests)
  target_link_libraries(test_dispatch_mutants PRIVATE lib::test kindred_dispatch)
  add_test(NAME dispatch_mutants COMMAND test_dispatch_mutants WORKING_DIRECTORY ${CMAKE_SOURCE_DIR})
  set_tests_properties(dispatch_mutants PROPERTIES LABELS unit TIMEOUT 900)
endfunction()

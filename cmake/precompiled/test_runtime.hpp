// What nearly every test of the modules around the writer includes.
#include "runtime.hpp"
#include "test_base.hpp"

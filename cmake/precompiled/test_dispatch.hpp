// What nearly every test of dispatch includes.
#include "dispatch.hpp"
#include "test_base.hpp"

#include <rapidcheck/gtest.h>

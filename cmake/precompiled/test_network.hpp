// What nearly every test of the modules that speak over sockets includes.
#include "network.hpp"
#include "test_base.hpp"

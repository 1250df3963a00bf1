// What nearly every test of a connector includes.
#include "channel.hpp"
#include "test_base.hpp"

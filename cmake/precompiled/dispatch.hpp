// What nearly every file of dispatch and of what simulates it includes besides.
#include "base.hpp"

#include "engine/dispatch/dispatcher.hpp"

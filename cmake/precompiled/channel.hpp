// What nearly every file of a connector includes besides.
#include "base.hpp"

#include "engine/channel/connector.hpp"

// What nearly every file of the modules around the writer includes besides.
#include "base.hpp"

#include "engine/runtime/site.hpp"
#include "engine/runtime/step.hpp"

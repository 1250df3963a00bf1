// What every test includes.
#include "base.hpp"

#include <gtest/gtest.h>

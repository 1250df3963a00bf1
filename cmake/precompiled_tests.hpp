// What every test includes.
#include "precompiled.hpp"

#include <gtest/gtest.h>

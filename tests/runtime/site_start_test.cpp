#include "engine/store/memory/memory.hpp"
#include "tests/runtime/support/site_run.hpp"

#include <gtest/gtest.h>

namespace kindred::runtime {
namespace {

TEST(SiteStart, whoever_comes_in_first_is_found_among_its_people) {
    const manual_clock now;
    for (int tries = 0; tries < 20; ++tries) {
        const auto durable = store::make_memory_store();
        const auto site = site::start({.durable = *durable,
                                       .now = now,
                                       .rules = test_rules(),
                                       .rules_author = "test",
                                       .channels = test_channels(),
                                       .seed = {agent_named("ann")}},
                                      {});
        ASSERT_TRUE(site);
        ASSERT_NE((**site).people()->find("ann"), nullptr) << "at try " << tries;
    }
}

}  // namespace
}  // namespace kindred::runtime

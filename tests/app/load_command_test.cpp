#include "engine/app/load_command.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <sstream>

namespace kindred::app {
namespace {

load_arguments sensible() {
    load_arguments given;
    given.target = "http://127.0.0.1:1";
    given.rate = 10;
    given.seconds = 1;
    return given;
}

TEST(load_command, refuses_wrong_use_and_names_the_option) {
    struct row {
        const char* option;
        void (*spoil)(load_arguments&);
    };
    for (const auto& each : {
             row{"--rate", [](load_arguments& a) { a.rate = 0; }},
             row{"--rate", [](load_arguments& a) { a.rate = 1e6; }},
             row{"--seconds", [](load_arguments& a) { a.seconds = -1; }},
             row{"--seconds", [](load_arguments& a) { a.seconds = 86'400; }},
             row{"--connections", [](load_arguments& a) { a.connections = 0; }},
             row{"--connections", [](load_arguments& a) { a.connections = 1001; }},
             row{"--customers", [](load_arguments& a) { a.customers = 0; }},
             row{"--timeout", [](load_arguments& a) { a.timeout = 0; }},
             row{"--secret", [](load_arguments& a) { a.secret.clear(); }},
             row{"--target", [](load_arguments& a) { a.target = "https://127.0.0.1"; }},
         }) {
        auto given = sensible();
        each.spoil(given);
        std::ostringstream out;
        std::ostringstream err;
        EXPECT_EQ(run_load(given, out, err), 2) << each.option;
        EXPECT_TRUE(err.str().starts_with(each.option)) << err.str();
        EXPECT_EQ(out.str(), "");
    }
}

TEST(load_command, signs_by_default_as_the_demo_wants_it) {
    std::ifstream file(KINDRED_SOURCE_DIR "/config/demo.yaml");
    const std::string demo{std::istreambuf_iterator<char>(file), {}};
    EXPECT_NE(demo.find("app_secret: " + load_arguments{}.secret + " "), std::string::npos);
}

}  // namespace
}  // namespace kindred::app

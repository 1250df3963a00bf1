#pragma once
#include <cstddef>
#include <iosfwd>
#include <string>
#include "engine/app/command_line.hpp"

/// `kindred diff` and `kindred backtest`: what a change of rules would do. Exit codes as all commands of `kindred`.
namespace kindred::app {

struct diff_arguments {
    std::string before;  ///< folder of rules
    std::string after;
    std::string now;  ///< around which situations are made up; empty: this moment
    bool json = false;
};

struct backtest_arguments {
    std::string before;
    std::string after;
    std::string contacts;  ///< NDJSON of situations, one a line; - reads standard input
    std::string store;     ///< or a store, which a running engine may have open
    std::string people;    ///< a people.yaml to simulate with; empty: the store's
    std::size_t most = 100'000;
    bool json = false;
};

int run_diff(const diff_arguments& given, std::ostream& out, std::ostream& err);
int run_backtest(const backtest_arguments& given, std::istream& in, std::ostream& out, std::ostream& err);

void add_compare_commands(const command& program);

}  // namespace kindred::app

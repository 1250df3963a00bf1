#pragma once
#include <iosfwd>
#include <string>
#include "engine/app/command_line.hpp"

/// `kindred learn` and `kindred understand`: what texts say, at the command line. Exit codes as all commands of
/// `kindred`: 0 done, 1 the input has a problem, 2 wrong use, 3 could not run.
namespace kindred::app {

struct learn_arguments {
    std::string examples;  ///< a CSV file of text,label
    std::string out;       ///< where the model goes; may be empty
    std::string evaluate;  ///< a CSV file of text,label; may be empty
    bool json = false;
    std::string store{};  ///< instead of examples: a store, which a running engine may have open; its resolved tickets
};

struct understand_arguments {
    std::string folder;  ///< of rules
    std::string model;   ///< made by `kindred learn`; may be empty
    /// Empty: the one that is installed, if any.
    std::string language_model;
    std::string evaluate;  ///< a CSV file of text,label; may be empty
    bool leave_one_out = false;
    bool json = false;
    bool answers = false;  ///< with `evaluate`: what self-service would answer
};

int run_learn(const learn_arguments& given, std::ostream& out, std::ostream& err);
int run_understand(const understand_arguments& given, std::istream& in, std::ostream& out, std::ostream& err);

void add_understanding_commands(const command& program);

}  // namespace kindred::app

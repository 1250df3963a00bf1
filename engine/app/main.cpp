#include "engine/app/config.hpp"
#include "engine/app/receive.hpp"
#include "engine/app/rules_commands.hpp"
#include "engine/app/serve.hpp"
#include "engine/app/version.hpp"

#include <CLI/CLI.hpp>

#include <exception>
#include <iostream>

namespace {

using namespace kindred::app;

void add_serve(CLI::App& program, int& exit_code) {
    auto* command = program.add_subcommand("serve", "Run the engine");
    auto file = std::make_shared<std::string>();
    command->add_option("--config", *file, "The configuration")->required();
    command->callback([file, &exit_code] { exit_code = run_serve(*file, std::cerr); });
}

void add_receive(CLI::App& program, int& exit_code) {
    auto* command = program.add_subcommand("receive", "Send a captured request through a channel; nothing is stored");
    auto given = std::make_shared<receive_arguments>();
    command->add_option("channel", given->channel, "The channel's name")->required();
    command->add_option("--config", given->config, "The configuration")->required();
    command->add_option("--now", given->now, "The time to verify at, RFC 3339 or Unix seconds");
    command->add_option("--url", given->url, "The address that the provider called, where its signature covers it");
    command->callback([given, &exit_code] { exit_code = run_receive(*given, std::cin, std::cout, std::cerr); });
}

void add_version(CLI::App& program, int& exit_code) {
    auto* command = program.add_subcommand("version", "Print the version");
    auto as_json = std::make_shared<bool>(false);
    command->add_flag("--json", *as_json, "As JSON");
    command->callback([as_json, &exit_code] { exit_code = print_version(*as_json, std::cout); });
}

}  // namespace

int main(int argc, char** argv) {
    CLI::App program{"Kindred routes every customer to the people, the script and the answer that fit their kind."};
    program.require_subcommand(1);
    int exit_code = 0;
    try {
        add_serve(program, exit_code);
        add_receive(program, exit_code);
        add_rules_commands(program, exit_code, [](const std::filesystem::path& file) {
            return read_config(file, config_use::serve).problems;
        });
        add_version(program, exit_code);
        program.parse(argc, argv);
    } catch (const CLI::ParseError& wrong) {
        return program.exit(wrong) == 0 ? 0 : 2;
    } catch (const std::exception& bug) {
        std::cerr << "error: " << bug.what() << '\n';
        return 3;
    }
    return exit_code;
}

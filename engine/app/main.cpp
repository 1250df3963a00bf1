#include "engine/app/account_commands.hpp"
#include "engine/app/admin_commands.hpp"
#include "engine/app/compare_commands.hpp"
#include "engine/app/completion.hpp"
#include "engine/app/config.hpp"
#include "engine/app/data_commands.hpp"
#include "engine/app/load_command.hpp"
#include "engine/app/receive.hpp"
#include "engine/app/replay_command.hpp"
#include "engine/app/report_command.hpp"
#include "engine/app/rules_commands.hpp"
#include "engine/app/segments_command.hpp"
#include "engine/app/serve.hpp"
#include "engine/app/simulate_command.hpp"
#include "engine/app/store_commands.hpp"
#include "engine/app/understanding_commands.hpp"
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

void add_load(CLI::App& program, int& exit_code) {
    auto* command =
        program.add_subcommand("load", "Send signed WhatsApp webhooks at a steady rate and time the answers");
    auto given = std::make_shared<load_arguments>();
    command
        ->add_option("--target", given->target, "http://HOST[:PORT][/PATH]; the path is /webhooks/whatsapp by default")
        ->required();
    command->add_option("--rate", given->rate, "Requests a second, whatever the answers do")->required();
    command->add_option("--seconds", given->seconds, "How long")->required();
    command->add_option("--connections", given->connections, "Kept open, one request at a time on each")
        ->capture_default_str();
    command->add_option("--customers", given->customers, "How many different senders")->capture_default_str();
    command->add_option("--secret", given->secret, "The channel's app_secret")->capture_default_str();
    command->add_option("--timeout", given->timeout, "Seconds from the due time after which a request is given up")
        ->capture_default_str();
    command->add_flag("--json", given->as_json, "As JSON");
    command->callback([given, &exit_code] { exit_code = run_load(*given, std::cout, std::cerr); });
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
            return read_config(file, config_use::check).problems;
        });
        add_load(program, exit_code);
        add_simulate_command(program, exit_code);
        add_replay_command(program, exit_code);
        add_report_command(program, exit_code);
        add_compare_commands(program, exit_code);
        add_understanding_commands(program, exit_code);
        add_store_commands(program, exit_code);
        add_admin_commands(program, exit_code);
        add_data_commands(program, exit_code);
        add_segments_command(program, exit_code);
        add_account_commands(program, exit_code);
        add_version(program, exit_code);
        add_completion_command(program, exit_code);
        program.parse(argc, argv);
    } catch (const CLI::ParseError& wrong) {
        return program.exit(wrong) == 0 ? 0 : 2;
    } catch (const std::exception& bug) {
        std::cerr << "error: " << bug.what() << '\n';
        return 3;
    }
    return exit_code;
}

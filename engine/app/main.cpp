#include "engine/app/account_commands.hpp"
#include "engine/app/admin_commands.hpp"
#include "engine/app/cluster_commands.hpp"
#include "engine/app/compare_commands.hpp"
#include "engine/app/completion.hpp"
#include "engine/app/config.hpp"
#include "engine/app/data_commands.hpp"
#include "engine/app/import_command.hpp"
#include "engine/app/load_command.hpp"
#include "engine/app/manual_commands.hpp"
#include "engine/app/receive.hpp"
#include "engine/app/replay_command.hpp"
#include "engine/app/report_command.hpp"
#include "engine/app/rules_commands.hpp"
#include "engine/app/segments_command.hpp"
#include "engine/app/serve.hpp"
#include "engine/app/serve_sites.hpp"
#include "engine/app/simulate_command.hpp"
#include "engine/app/store_commands.hpp"
#include "engine/app/understanding_commands.hpp"
#include "engine/app/version.hpp"

#include <exception>
#include <iostream>

namespace {

using namespace kindred::app;

void add_serve(const command& program) {
    const auto made = program.add_command("serve", "Run the engine");
    auto file = std::make_shared<std::string>();
    auto folder = std::make_shared<std::string>();
    made.option("--config", *file, "The configuration");
    made.option("--sites", *folder, "Instead: a folder of sites, SITE/kindred.yaml; one process for each");
    made.runs([file, folder] {
        if (file->empty() == folder->empty()) {
            std::cerr << "error: serve wants --config FILE or --sites FOLDER\n";
            return 2;
        }
        return folder->empty() ? run_serve(*file, std::cerr) : run_serve_sites(*folder, std::cerr);
    });
}

void add_receive(const command& program) {
    const auto made = program.add_command("receive", "Send a captured request through a channel; nothing is stored");
    auto given = std::make_shared<receive_arguments>();
    made.option("channel", given->channel, "The channel's name").required();
    made.option("--config", given->config, "The configuration").required();
    made.option("--now", given->now, "The time to verify at, RFC 3339 or Unix seconds");
    made.option("--url", given->url, "The address that the provider called, where its signature covers it");
    made.runs([given] { return run_receive(*given, std::cin, std::cout, std::cerr); });
}

void add_load(const command& program) {
    const auto made =
        program.add_command("load", "Send signed WhatsApp webhooks at a steady rate and time the answers");
    auto given = std::make_shared<load_arguments>();
    made.option("--target", given->target, "http://HOST[:PORT][/PATH]; the path is /webhooks/whatsapp by default")
        .required();
    made.option("--rate", given->rate, "Requests a second, whatever the answers do").required();
    made.option("--seconds", given->seconds, "How long").required();
    made.option("--connections", given->connections, "Kept open, one request at a time on each").shows_default();
    made.option("--customers", given->customers, "How many different senders").shows_default();
    made.option("--secret", given->secret, "The channel's app_secret").shows_default();
    made.option("--timeout", given->timeout, "Seconds from the due time after which a request is given up")
        .shows_default();
    made.flag("--json", given->as_json, "As JSON");
    made.runs([given] { return run_load(*given, std::cout, std::cerr); });
}

void add_version(const command& program) {
    const auto made = program.add_command("version", "Print the version");
    auto as_json = std::make_shared<bool>(false);
    made.flag("--json", *as_json, "As JSON");
    made.runs([as_json] { return print_version(*as_json, std::cout); });
}

}  // namespace

int main(int argc, char** argv) {
    command_line line("Kindred routes every customer to the people, the script and the answer that fit their kind.");
    try {
        const auto program = line.root();
        add_serve(program);
        add_receive(program);
        add_rules_commands(
            program, [](const std::filesystem::path& file) { return read_config(file, config_use::check).problems; });
        add_load(program);
        add_simulate_command(program);
        add_replay_command(program);
        add_report_command(program);
        add_compare_commands(program);
        add_understanding_commands(program);
        add_store_commands(program);
        add_cluster_commands(program);
        add_admin_commands(program);
        add_data_commands(program);
        add_import_command(program);
        add_segments_command(program);
        add_manual_commands(program);
        add_account_commands(program);
        add_version(program);
        add_completion_command(program);
        return line.run(argc, argv);
    } catch (const std::exception& bug) {
        std::cerr << "error: " << bug.what() << '\n';
        return 3;
    }
}

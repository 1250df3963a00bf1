#include "engine/app/replay_command.hpp"

#include "engine/app/store_copy.hpp"
#include "engine/base/json.hpp"
#include "engine/runtime/replay.hpp"

#include <iomanip>
#include <iostream>
#include <memory>
#include <sstream>

namespace kindred::app {
namespace {

enum exit_code_value { done = 0, has_problem = 1, cannot_run = 3 };

std::string hex(std::uint64_t hash) {
    std::ostringstream text;
    text << std::hex << std::setw(16) << std::setfill('0') << hash;
    return std::move(text).str();
}

std::string to_json(const runtime::replayed& told) {
    json::writer out;
    out.begin_object().member("commands", told.commands).member("stored", hex(told.stored_hash));
    out.member("replayed", hex(told.replayed_hash)).member("same", told.same());
    return out.end_object().take();
}

std::string to_text(const runtime::replayed& told) {
    return std::to_string(told.commands) + " commands lead to state " + hex(told.replayed_hash) +
           (told.same() ? ", which is what is stored" : "; what is stored is " + hex(told.stored_hash));
}

}  // namespace

int run_replay(const replay_arguments& given, std::ostream& out, std::ostream& err) {
    const auto copy = store_copy::of(given.store);
    if (!copy) {
        err << "error: " << copy.error().message << '\n';
        return cannot_run;
    }
    const auto told = runtime::replay(**copy);
    if (!told) {
        err << "error: " << told.error().message << '\n';
        return told.error().code == errc::corrupt ? has_problem : cannot_run;
    }
    out << (given.json ? to_json(*told) : to_text(*told)) << '\n';
    return told->same() ? done : has_problem;
}

void add_replay_command(const command& program) {
    auto given = std::make_shared<replay_arguments>();
    const auto made = program.add_command("replay", "Tell dispatch again what the journal has, and compare");
    made.option("--store", given->store, "The engine's store; it may be in use").required();
    made.flag("--json", given->json, "As JSON");
    made.runs([given] { return run_replay(*given, std::cout, std::cerr); });
}

}  // namespace kindred::app

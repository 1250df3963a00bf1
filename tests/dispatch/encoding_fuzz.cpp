#include "engine/dispatch/dispatcher.hpp"

#include <cstdint>
#include <cstdlib>

namespace {

using namespace kindred::dispatch;

/// What decodes must encode to the same bytes: one value has one spelling.
void check_round_trip(std::string_view bytes) {
    if (const auto told = decode_command(bytes); told && encode(*told) != bytes) std::abort();
    if (const auto said = decode_event(bytes); said && encode(*said) != bytes) std::abort();
}

/// Restored or refused, the state stays one that can be asked and written again.
void check_restore(std::string_view bytes) {
    dispatcher site;
    std::vector<event> happened;
    const kindred::agent_id ann{1};
    static_cast<void>(site.apply(upsert_agent{ann, {{"sales", 0}}, {}, {}, 10}, {}, happened));
    static_cast<void>(site.restore_site(bytes));
    static_cast<void>(site.restore_agent(bytes));
    static_cast<void>(site.restore_ticket(bytes));
    static_cast<void>(site.state_hash());
    static_cast<void>(site.apply(set_presence{ann, presence::available, {}}, {}, happened));
}

/// A command that decodes is either carried out or refused, whatever is in it.
void check_apply(std::string_view bytes) {
    const auto told = decode_command(bytes);
    if (!told) return;
    dispatcher site;
    std::vector<event> happened;
    queue_settings sales;
    sales.name = "sales";
    static_cast<void>(site.apply(configure{{sales}, {}}, {}, happened));
    static_cast<void>(site.apply(*told, {}, happened));
    static_cast<void>(site.apply(tick{}, kindred::from_millis(1'000'000), happened));
    static_cast<void>(site.state_hash());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    check_round_trip(bytes);
    check_restore(bytes);
    check_apply(bytes);
    return 0;
}

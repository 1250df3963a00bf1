#include "engine/runtime/replay.hpp"

#include "engine/dispatch/dispatcher.hpp"
#include "engine/runtime/journal.hpp"
#include "engine/runtime/tickets/ticket_book.hpp"

#include <algorithm>
#include <optional>
#include <string>

namespace kindred::runtime {
namespace {

/// The commands of a journal, told one after the other.
class replaying {
public:
    result<void> tell(time_point at, std::string_view bytes) {
        const auto command = dispatch::decode_command(bytes);
        if (!command) return command.error();
        ++commands_;
        if (const auto* settings = std::get_if<dispatch::configure>(&*command)) configured_ = *settings;
        latest_ = std::max(latest_, at);
        happened_.clear();
        if (auto told = site_.apply(*command, at, happened_); !told)
            return fail(errc::corrupt, "command " + std::to_string(commands_) + " of the journal, " +
                                           std::string(dispatch::name_of(*command)) +
                                           ", is refused: " + told.error().message);
        return {};
    }
    /// The next record; `broken` says why not.
    bool read(const store::journal_row& row, std::optional<error>& broken) {
        if (row.first != commands_ + 1) {
            broken =
                commands_ == 0
                    ? fail(errc::unavailable, "the journal begins with command " + std::to_string(row.first) +
                                                  ": what came before was trimmed")
                    : fail(errc::corrupt, "command " + std::to_string(commands_ + 1) + " is missing in the journal");
            return false;
        }
        const auto done =
            read_journal(row.bytes, [this](time_point at, std::string_view bytes) { return tell(at, bytes); });
        if (!done) broken = done.error();
        return done.has_value();
    }

    dispatch::dispatcher& site() { return site_; }
    const dispatch::configure& configured() const { return configured_; }
    time_point latest() const { return latest_; }
    std::uint64_t commands() const { return commands_; }

private:
    dispatch::dispatcher site_;
    dispatch::configure configured_;
    std::vector<dispatch::event> happened_;
    time_point latest_;
    std::uint64_t commands_ = 0;
};

/// The dispatcher that a start would go on with.
result<dispatch::dispatcher> stored_state(store::store& from, const dispatch::configure& configured) {
    std::vector<std::string> tickets;
    std::optional<error> broken;
    const auto opened = from.load([&](store::ticket_row&& row) {
        std::string_view bytes;
        if (const auto held = unpack(row, bytes); held)
            tickets.emplace_back(bytes);
        else if (!broken)
            broken = held.error();
    });
    if (!opened) return opened.error();
    if (broken) return *broken;
    dispatch::dispatcher made;
    std::vector<dispatch::event> happened;
    if (auto done = made.apply(configured, from_millis(0), happened); !done) return done.error();
    for (const auto& [name, value] : opened->settings) {
        if (name != "dispatch") continue;
        if (auto done = made.restore_site(value); !done) return done.error();
    }
    for (const auto& row : opened->agent_rows) {
        const auto name = "agent." + to_string(row.id);
        for (const auto& [key, value] : opened->settings) {
            if (key != name) continue;
            if (auto done = made.restore_agent(value); !done) return done.error();
        }
    }
    for (const auto& bytes : tickets)
        if (auto done = made.restore_ticket(bytes); !done) return done.error();
    return made;
}

/// What is due by then is due in both.
std::uint64_t hash_at(dispatch::dispatcher& of, time_point now) {
    std::vector<dispatch::event> happened;
    (void)of.apply(dispatch::tick{}, now, happened);  // a tick is never refused
    return of.state_hash();
}

}  // namespace

result<replayed> replay(store::store& from) {
    replaying told;
    std::optional<error> broken;
    const auto read = from.journal(1, [&](store::journal_row&& row) { return told.read(row, broken); });
    if (!read) return read.error();
    if (broken) return *broken;
    auto stored = stored_state(from, told.configured());
    if (!stored) return stored.error();
    return replayed{told.commands(), hash_at(*stored, told.latest()), hash_at(told.site(), told.latest())};
}

}  // namespace kindred::runtime

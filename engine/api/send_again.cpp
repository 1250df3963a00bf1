#include "engine/api/submit.hpp"
#include "engine/api/work.hpp"
#include "engine/runtime/arrivals/message_marks.hpp"

#include <algorithm>

namespace kindred::api {
namespace {

constexpr std::size_t most_entries = 500;

/// Whether the provider, who had taken the message, says that it did not arrive.
result<bool> failed_later(runtime::site& site, ticket_id of, std::uint32_t entry) {
    const auto entries = site.durable().entries(of, 0, most_entries);
    if (!entries) return entries.error();
    const auto marks = runtime::marks_of(*entries);
    const auto found = marks.find(entry);
    return found != marks.end() && found->second.state == runtime::message_state::failed;
}

/// The parts of a message that may go again; at least one.
result<std::vector<store::outbox_row>> failed_parts(runtime::site& site, ticket_id of, std::uint32_t entry) {
    auto rows = site.durable().outbox_of(of);
    if (!rows) return rows.error();
    std::erase_if(*rows, [&](const store::outbox_row& each) { return each.entry != entry; });
    if (rows->empty()) return fail(errc::not_found, "there is no message of this number that was sent");
    const auto stands = [&](store::outbox_state state) {
        return std::any_of(rows->begin(), rows->end(), [&](const auto& each) { return each.state == state; });
    };
    if (stands(store::outbox_state::failed)) {
        std::erase_if(*rows, [](const auto& each) { return each.state != store::outbox_state::failed; });
        return rows;
    }
    if (stands(store::outbox_state::pending)) return fail(errc::conflict, "the message is on its way");
    // Of several parts nobody says which one did not arrive.
    const auto later = failed_later(site, of, entry);
    if (!later) return later.error();
    if (*later && rows->size() == 1) return rows;
    return fail(errc::conflict, *later ? "it went in several parts, and the provider does not say which one failed: "
                                         "write it again"
                                       : "nothing of the message has failed");
}

}  // namespace

void work_endpoints::send_again(std::shared_ptr<call> asked) {
    const auto ticket = asked->id<ticket_id>();
    if (!ticket) return asked->send(ticket.error());
    const auto entry = parse_number(asked->parameters["entry"]);
    if (!entry || *entry == 0 || *entry > 0xFFFF'FFFF)
        return asked->send(fail(errc::not_found, "there is no message of this number"));
    const auto number = static_cast<std::uint32_t>(*entry);
    auto failed = failed_parts(site_, *ticket, number);
    if (!failed) return asked->send(failed.error());
    submit_action(site_, asked, runtime::action::send_again{number, std::move(*failed)}, 200);
}

}  // namespace kindred::api

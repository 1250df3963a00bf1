#pragma once
#include "engine/store/rows.hpp"

namespace kindred::store {

/// A batch of new contacts as large as real ones: for each a key, a customer, an identity, a ticket and two entries
/// (the message and its decision), and one journal record for all.
inline batch sample_contacts(std::uint64_t batch_number, std::uint64_t first, std::uint64_t count) {
    const time_point now{duration{1'795'000'000'000 + static_cast<std::int64_t>(first)}};
    batch made;
    made.id.incarnation.fill(1);
    made.id.number = batch_number;
    made.at = now;
    for (std::uint64_t number = first; number < first + count; ++number) {
        const auto text = std::to_string(number * 7'919'993 % 1'000'000'007);
        const ticket_id ticket{number};
        const customer_id customer{number};
        made.keys.push_back(
            {{"whatsapp", "wamid.HBgLMTY0NjcwNDM1OTUVAgASGBQzQTdCNTg5RjY1MEMyRjlGMjRG" + text}, ticket, 1, now});
        made.customers.push_back({customer, 1, "Customer " + text, std::string(220, 'c')});
        made.identities.push_back({"phone:+34" + text, customer});
        ticket_row row;
        row.id = ticket;
        row.customer = customer;
        row.queue = "queue-" + std::to_string(number % 20);
        row.channel = "whatsapp";
        row.conversation = "34" + text;
        row.subject = "Where is my order " + text + "? It should have been here";
        row.created_at = row.updated_at = now;
        row.entries = 2;
        row.state = std::string(240, 's');
        made.tickets.push_back(std::move(row));
        made.entries.push_back({ticket, 1, "contact", now, std::string(450, 'm')});
        made.entries.push_back({ticket, 2, "decision", now, std::string(700, 'd')});
    }
    made.journal = journal_row{first, first + count - 1, now, std::string(120 * count, 'j')};
    return made;
}

/// The bytes of a batch that somebody wants to have again.
inline std::size_t bytes_of(const batch& of) {
    std::size_t bytes = of.journal ? of.journal->bytes.size() : 0;
    for (const auto& row : of.keys) bytes += row.key.id.size() + 24;
    for (const auto& row : of.customers) bytes += row.name.size() + row.json.size() + 16;
    for (const auto& row : of.identities) bytes += row.identity.size() + 8;
    for (const auto& row : of.tickets) bytes += row.subject.size() + row.state.size() + row.conversation.size() + 64;
    for (const auto& row : of.entries) bytes += row.json.size() + row.kind.size() + 16;
    return bytes;
}

}  // namespace kindred::store

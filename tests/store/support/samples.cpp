#include "tests/store/support/samples.hpp"

namespace kindred::store::samples {

batch_id id_of(std::uint64_t number, unsigned char incarnation) {
    batch_id id;
    id.incarnation.fill(incarnation);
    id.number = number;
    return id;
}

ticket_row ticket(std::uint64_t number, ticket_status status) {
    ticket_row row;
    row.id = ticket_id{number};
    row.status = status;
    row.customer = customer_id{number};
    row.queue = "general";
    row.channel = "whatsapp";
    row.conversation = "thread-" + std::to_string(number);
    row.subject = "Where is parcel " + std::to_string(number) + '?';
    row.created_at = noon + std::chrono::seconds(number);
    row.updated_at = row.created_at;
    row.entries = 2;
    row.state = std::string("state\0of ", 9) + std::to_string(number);
    return row;
}

customer_row customer(std::uint64_t number) {
    return {customer_id{number}, 1, "Ann No " + std::to_string(number), R"({"segment":"gold"})"};
}

identity_row identity(std::uint64_t number) { return {"phone:+34600" + std::to_string(number), customer_id{number}}; }

entry_row entry(std::uint64_t ticket, std::uint32_t number) {
    const std::string json =
        R"({"text":"contact )" + std::to_string(ticket) + " line " + std::to_string(number) + "\"}";
    return {ticket_id{ticket}, number, number == 1 ? "contact" : "decision", noon, json};
}

outbox_row outgoing(std::uint64_t number, std::uint64_t ticket) {
    return {outbox_id{number}, ticket_id{ticket}, 2, "whatsapp", outbox_state::pending, 0, noon, R"({"to":"1"})"};
}

unique_key delivery(std::uint64_t number) { return {"whatsapp", "wamid." + std::to_string(number)}; }

inbound_item item(std::uint64_t number) { return {delivery(number), noon, "payload " + std::to_string(number)}; }

journal_row journal(std::uint64_t number) {
    return {number * 10, number * 10 + 9, noon, "journal " + std::to_string(number)};
}

batch contact(std::uint64_t number, unsigned char incarnation) {
    batch made;
    made.id = id_of(number, incarnation);
    made.at = noon;
    made.keys = {{delivery(number), ticket_id{number}, 1, noon}};
    made.customers = {customer(number)};
    made.identities = {identity(number)};
    made.tickets = {ticket(number)};
    made.entries = {entry(number, 1), entry(number, 2)};
    made.journal = journal(number);
    return made;
}

loaded load(store& from) {
    loaded all;
    all.small = from.load([&](ticket_row&& row) { all.open.push_back(std::move(row)); }).value();
    return all;
}

}  // namespace kindred::store::samples

#include "engine/store/sqlite/row_reader.hpp"

namespace kindred::store::sqlite {

ticket_row read_ticket(const cursor& row) {
    ticket_row read;
    read.id = ticket_id{row.number(0)};
    read.status = static_cast<ticket_status>(row.integer(1));
    read.customer = customer_id{row.number(2)};
    read.holder = agent_id{row.number(3)};
    read.queue = row.text(4);
    read.channel = row.text(5);
    read.conversation = row.text(6);
    read.subject = row.text(7);
    read.created_at = row.time(8);
    read.updated_at = row.time(9);
    read.entries = row.small_number(10);
    read.state = row.text(11);
    return read;
}

customer_row read_customer(const cursor& row) {
    return {customer_id{row.number(0)}, row.number(1), row.text(2), row.text(3)};
}

outbox_row read_outbox(const cursor& row) {
    return {outbox_id{row.number(0)},
            ticket_id{row.number(1)},
            row.small_number(2),
            row.text(3),
            static_cast<outbox_state>(row.integer(4)),
            row.small_number(5),
            row.time(6),
            row.text(7)};
}

token_row read_token(const cursor& row) {
    return {row.text(0), row.text(1), row.text(2), row.time(3), row.integer(4) != 0};
}

key_row read_key(const cursor& row, const unique_key& key) {
    return {key, ticket_id{row.number(0)}, row.small_number(1), row.time(2)};
}

}  // namespace kindred::store::sqlite

#pragma once
#include "engine/store/sqlite/connection.hpp"
#include "engine/store/store.hpp"

/// Rows out of a cursor, by the order of columns in schema.cpp, as `SELECT *` gives them.
namespace kindred::store::sqlite {

ticket_row read_ticket(const cursor& row);
customer_row read_customer(const cursor& row);
outbox_row read_outbox(const cursor& row);
token_row read_token(const cursor& row);
/// From the columns ticket, entry, at.
key_row read_key(const cursor& row, const unique_key& key);

}  // namespace kindred::store::sqlite

#include "engine/store/sqlite/moment.hpp"
#include "engine/store/sqlite/row_reader.hpp"

namespace kindred::store::sqlite {
namespace {

constexpr std::string_view highest =
    "SELECT (SELECT max(id) FROM tickets), (SELECT max(id) FROM customers), (SELECT max(id) FROM agents), "
    "(SELECT max(id) FROM outbox), (SELECT last FROM journal ORDER BY first DESC LIMIT 1)";
constexpr std::string_view all_agents = "SELECT id, login, json FROM agents ORDER BY id";
constexpr std::string_view pending_outbox =
    "SELECT * FROM outbox INDEXED BY pending_outbox WHERE state = 1 ORDER BY id";
constexpr std::string_view undecided = "SELECT position, space, id, at, payload FROM inbox ORDER BY position";
constexpr std::string_view active_ruleset =
    "SELECT r.hash, r.author, r.at, r.files FROM site AS s JOIN rulesets AS r ON r.hash = s.value "
    "WHERE s.name = 'active_ruleset'";
constexpr std::string_view all_settings = "SELECT name, value FROM settings ORDER BY name";
// The index gives the numbers in order, so the rows behind them are read front to back.
constexpr std::string_view open_tickets = "SELECT * FROM tickets INDEXED BY open_tickets WHERE status < 6 ORDER BY id";

template <class Each>
int for_each(const connection& on, std::string_view sql, const Each& each) {
    statement asked(on, sql);
    cursor row(asked);
    while (row.next()) each(row);
    return row.code();
}

}  // namespace

result<open_state> reader::load(const std::function<void(ticket_row&&)>& each_open) {
    const moment held(*this);
    if (held.code() != SQLITE_OK) return failed(held.code(), "begin to load");
    open_state loaded;
    int code = load_highest(loaded);
    if (code == SQLITE_OK) code = load_rows(loaded);
    if (code == SQLITE_OK && each_open) code = load_tickets(each_open);
    if (code != SQLITE_OK) return failed(code, "load what is open");
    return loaded;
}

int reader::load_highest(open_state& into) {
    return for_each(on_, highest, [&](const cursor& row) {
        into.tickets = row.number(0);
        into.customers = row.number(1);
        into.agents = row.number(2);
        into.outbox = row.number(3);
        into.journal = row.number(4);
    });
}

int reader::load_rows(open_state& into) {
    int code = for_each(on_, all_agents, [&](const cursor& row) {
        into.agent_rows.push_back({agent_id{row.number(0)}, row.text(1), row.text(2)});
    });
    if (code != SQLITE_OK) return code;
    code = for_each(on_, pending_outbox, [&](const cursor& row) { into.pending.push_back(read_outbox(row)); });
    if (code != SQLITE_OK) return code;
    code = for_each(on_, undecided, [&](const cursor& row) {
        into.undecided.emplace_back(row.number(0), inbound_item{{row.text(1), row.text(2)}, row.time(3), row.text(4)});
    });
    if (code != SQLITE_OK) return code;
    code = for_each(on_, active_ruleset, [&](const cursor& row) {
        into.ruleset = ruleset_row{row.text(0), row.text(1), row.time(2), row.text(3)};
    });
    if (code != SQLITE_OK) return code;
    return for_each(on_, all_settings,
                    [&](const cursor& row) { into.settings.emplace_back(row.text(0), row.text(1)); });
}

int reader::load_tickets(const std::function<void(ticket_row&&)>& each_open) {
    return for_each(on_, open_tickets, [&](const cursor& row) { each_open(read_ticket(row)); });
}

}  // namespace kindred::store::sqlite

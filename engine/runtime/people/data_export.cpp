#include "engine/runtime/people/data_export.hpp"

#include "engine/base/json.hpp"
#include "engine/customers/consent.hpp"
#include "engine/customers/everybody.hpp"
#include "engine/customers/moment.hpp"
#include "engine/customers/note.hpp"
#include "engine/domain/customer.hpp"
#include "engine/runtime/people/consents.hpp"
#include "engine/runtime/people/customer_lookup.hpp"
#include "engine/runtime/people/registers.hpp"

namespace kindred::runtime {
namespace {

constexpr std::size_t rows_at_once = 500;

/// Writes everything that belongs to one customer row.
class exporter {
public:
    exporter(store::store& from, const line_sink& each) : from_(from), each_(each) {}

    result<void> person(const customer& who) const {
        profile(who);
        if (auto done = kept(note_rows, customers::key_prefix_of_notes(who.id), "note"); !done) return done;
        if (auto done = kept(moment_rows, customers::key_prefix_of_moments(who.id), "moment"); !done) return done;
        std::vector<std::string> subjects{subject_of(who.id)};
        for (const auto& each : who.identities) subjects.push_back(each.text);
        for (const auto& subject : subjects)
            if (auto done = kept(stop_rows, customers::key_prefix_of(subject), "do_not_contact"); !done) return done;
        return tickets(who.id);
    }

private:
    void profile(const customer& who) const {
        json::writer out;
        out.begin_object().member("type", "customer").member("id", to_string(who.id));
        each_(out.key("data").raw(to_json(who)).end_object().take());
    }

    /// Rows whose bytes are JSON.
    result<void> kept(std::string_view kind, const std::string& prefix, std::string_view type) const {
        std::string after;
        while (true) {
            const auto rows = from_.kept(kind, prefix, after, rows_at_once);
            if (!rows) return rows.error();
            if (rows->empty()) return {};
            after = rows->back().id;
            for (const auto& row : *rows) {
                json::writer out;
                out.begin_object().member("type", type).member("at", to_rfc3339(row.at));
                each_(out.key("data").raw(row.bytes).end_object().take());
            }
        }
    }

    result<void> tickets(customer_id whose) const {
        store::ticket_filter filter;
        filter.customers = {whose};
        filter.limit = rows_at_once;
        while (true) {
            const auto rows = from_.tickets(filter);
            if (!rows) return rows.error();
            if (rows->empty()) return {};
            filter.before = rows->back().id;
            for (const auto& row : *rows)
                if (auto done = ticket(row); !done) return done;
        }
    }

    result<void> ticket(const store::ticket_row& row) const {
        json::writer out;
        out.begin_object()
            .member("type", "ticket")
            .member("id", to_string(row.id))
            .member("status", name_of(row.status));
        out.member("customer", to_string(row.customer)).member("queue", row.queue).member("channel", row.channel);
        out.member_if("conversation", row.conversation).member("subject", row.subject);
        out.member("created_at", to_rfc3339(row.created_at)).member("updated_at", to_rfc3339(row.updated_at));
        each_(out.end_object().take());
        if (auto done = entries(row.id); !done) return done;
        if (auto done = messages(row.id); !done) return done;
        return kept(file_rows, to_string(row.id) + '-', "file");
    }

    result<void> entries(ticket_id of) const {
        std::uint32_t after = 0;
        while (true) {
            const auto rows = from_.entries(of, after, rows_at_once);
            if (!rows) return rows.error();
            if (rows->empty()) return {};
            after = rows->back().number;
            for (const auto& row : *rows) {
                json::writer out;
                out.begin_object().member("type", "entry").member("ticket", to_string(of)).member("number", row.number);
                out.member("kind", row.kind).member("at", to_rfc3339(row.at));
                each_(out.key("data").raw(row.json).end_object().take());
            }
        }
    }

    result<void> messages(ticket_id of) const {
        const auto rows = from_.outbox_of(of);
        if (!rows) return rows.error();
        for (const auto& row : *rows) {
            json::writer out;
            out.begin_object().member("type", "message").member("ticket", to_string(of)).member("entry", row.entry);
            out.member("channel", row.channel).member("attempts", row.attempts);
            each_(out.key("data").raw(row.json).end_object().take());
        }
        return {};
    }

    store::store& from_;
    const line_sink& each_;
};

}  // namespace

result<void> export_customer(store::store& from, customer_id whose, const line_sink& each) {
    const auto row = who_goes_on(from, whose);
    if (!row) return row.error();
    const auto who = customer_from_json(row->id, row->version, row->json);
    if (!who) return who.error();
    const exporter out(from, each);
    if (auto done = out.person(*who); !done) return done;
    for (const auto id : who->merged_from) {
        const auto other = from.customer(id);
        if (!other) return other.error();
        const auto read = customer_from_json(other->id, other->version, other->json);
        if (!read) return read.error();
        if (auto done = out.person(*read); !done) return done;
    }
    return {};
}

result<void> export_everybody(store::store& from, const line_sink& each) {
    const exporter out(from, each);
    return customers::for_everybody(from, [&](const customer& who) { return out.person(who); });
}

}  // namespace kindred::runtime

#include "engine/runtime/people/retention.hpp"

#include "engine/base/json.hpp"
#include "engine/customers/everybody.hpp"
#include "engine/customers/moment.hpp"
#include "engine/runtime/people/audit.hpp"
#include "engine/runtime/people/registers.hpp"
#include "engine/runtime/people/words_gone.hpp"
#include "engine/runtime/sending/files.hpp"

#include <algorithm>

namespace kindred::runtime {
namespace {

constexpr std::size_t rows_at_once = 500;
constexpr std::size_t retired_at_once = 100;  // tickets
constexpr std::size_t silenced_at_once = 20;  // likewise: each is written anew

/// One walk over the store, a kind of data after the other.
class walk {
public:
    walk(store::store& from, const retention_settings& keep, time_point now, const settle_input& settle,
         const count_retired& counted, const std::function<bool()>& stopped)
        : from_(from), keep_(keep), now_(now), settle_(settle), counted_(counted), stopped_(stopped) {}

    result<void> all() {
        if (keep_.closed_tickets || keep_.contact_texts)
            if (auto done = tickets(); !done) return done;
        if (keep_.attachments)
            if (auto done = attachments(); !done) return done;
        if (keep_.customers)
            if (auto done = customers(); !done) return done;
        if (keep_.journeys)
            if (auto done = journeys(); !done) return done;
        if (keep_.audit)
            if (auto done = audit_records(); !done) return done;
        return {};
    }

private:
    bool is_over(const std::optional<duration>& kept, time_point since) const { return kept && since + *kept <= now_; }

    result<void> settle(const std::string& kind, std::uint64_t count, input wanted) const {
        if (stopped_()) return fail(errc::unavailable, "stopped");
        const auto said = settle_(std::move(wanted));
        if (!said) return said.error();
        // Of tickets the answer says how many went: those at work again have stayed.
        const auto answer = json::document::parse(*said);
        const auto removed = answer ? (*answer)["removed"].integer() : std::nullopt;
        const auto gone = removed ? static_cast<std::uint64_t>(*removed) : count;
        if (gone > 0) counted_(kind, gone);
        return {};
    }

    result<void> tickets() {
        store::ticket_filter filter;
        filter.limit = rows_at_once;
        while (true) {
            const auto rows = from_.tickets(filter);
            if (!rows) return rows.error();
            if (rows->empty()) return {};
            filter.before = rows->back().id;
            retirement gone = of_kind("closed_tickets");
            retirement silent = of_kind("contact_texts");
            for (const auto& row : *rows) {
                if (row.status != store::ticket_status::resolved) continue;
                if (is_over(keep_.closed_tickets, row.updated_at)) {
                    if (auto added = add_whole(row, gone); !added) return added;
                } else if (is_over(keep_.contact_texts, row.updated_at)) {
                    if (auto added = add_words(row, silent); !added) return added;
                }
                if (silent.words.size() >= silenced_at_once)
                    if (auto done = send(silent, silent.words.size()); !done) return done;
                if (gone.tickets.size() >= retired_at_once)
                    if (auto done = send(gone, gone.tickets.size()); !done) return done;
            }
            if (auto done = send(gone, gone.tickets.size()); !done) return done;
            if (auto done = send(silent, silent.words.size()); !done) return done;
        }
    }

    static retirement of_kind(const char* kind) {
        retirement made;
        made.kind = kind;
        return made;
    }

    result<void> send(retirement& ready, std::size_t count) const {
        if (count == 0) return {};
        const auto kind = ready.kind;
        auto wanted = std::exchange(ready, of_kind(kind.c_str()));
        return settle(kind, count, std::move(wanted));
    }

    result<void> add_whole(const store::ticket_row& row, retirement& into) const {
        auto& gone = into.tickets.emplace_back();
        gone.id = row.id;
        for (const auto kind : {file_rows, fetch_rows}) {
            std::string after;
            while (true) {
                auto files = from_.kept(kind, to_string(row.id) + '-', after, rows_at_once);
                if (!files) return files.error();
                if (files->empty()) break;
                after = files->back().id;
                std::move(files->begin(), files->end(), std::back_inserter(gone.rows));
            }
        }
        return {};
    }

    result<void> add_words(const store::ticket_row& row, retirement& into) const {
        std::string_view dispatch_bytes;
        const auto held = unpack(row, dispatch_bytes);
        if (!held) return held.error();
        if (has_lost_its_words(*held)) return {};
        retirement::worded_ticket from{row.id, row.updated_at, {}, {}, {}};
        std::uint32_t after = 0;
        while (true) {
            const auto page = from_.entries(row.id, after, rows_at_once);
            if (!page) return page.error();
            if (page->empty()) break;
            after = page->back().number;
            for (const auto& each : *page)
                if (auto silent = without_words(each)) from.entries.push_back(std::move(*silent));
        }
        auto messages = from_.outbox_of(row.id);
        if (!messages) return messages.error();
        for (auto& each : *messages) {
            if (each.state == store::outbox_state::pending) return {};  // it says what is still to be said
            from.messages.push_back(without_words(std::move(each)));
        }
        into.words.push_back(std::move(from));
        return {};
    }

    /// The beginning of the log, never its last record. What is left of it is on record before it goes: so whoever
    /// verifies the chain knows that, and by which hash it goes on.
    result<void> audit_records() {
        while (true) {
            const auto rows = from_.kept(audit_rows, {}, {}, rows_at_once);
            if (!rows) return rows.error();
            registers::row_change over;
            audit_record last;
            for (std::size_t i = 0; i + 1 < rows->size() && is_over(keep_.audit, (*rows)[i].at); ++i) {
                auto read = audit_record_of((*rows)[i]);
                if (!read) return read.error();
                last = std::move(*read);
                over.rows.push_back({(*rows)[i].kind, (*rows)[i].id, now_, {}, true});
            }
            if (over.rows.empty()) return {};
            const auto count = over.rows.size();
            registers::audit_note told{std::string(audit_trim_action), "audit", trim_detail(last, count)};
            if (const auto said = settle_(register_change{std::move(told), {}, "retention"}); !said)
                return said.error();
            if (auto done = settle("audit", count, register_change{std::move(over), {}}); !done) return done;
            if (count + 1 < rows_at_once) return {};
        }
    }

    result<void> attachments() {
        std::string after;
        while (true) {
            const auto rows = from_.kept(file_rows, {}, after, rows_at_once);
            if (!rows) return rows.error();
            if (rows->empty()) return {};
            after = rows->back().id;
            registers::row_change over;
            std::size_t count = 0;
            for (const auto& row : *rows) {
                const auto file = file_from(row);
                if (!file || file->stands == kept_file::state::expired || !is_over(keep_.attachments, file->at))
                    continue;
                expire(*file, now_, over.rows);
                ++count;
            }
            if (auto done = drop("attachments", count, std::move(over)); !done) return done;
        }
    }

    /// Merges stay as long as the customers: without them, who moved and who was merged could not be told apart.
    static bool is_of_merge(const store::kept_row& row) {
        const auto read = customers::moment_from_json(row.bytes);
        return !read || read->what == "merged" || read->what == "unmerged";
    }

    result<void> journeys() {
        std::string after;
        while (true) {
            const auto rows = from_.kept(moment_rows, {}, after, rows_at_once);
            if (!rows) return rows.error();
            if (rows->empty()) return {};
            after = rows->back().id;
            registers::row_change over;
            for (const auto& row : *rows)
                if (is_over(keep_.journeys, row.at) && !is_of_merge(row))
                    over.rows.push_back({row.kind, row.id, now_, {}, true});
            const auto count = over.rows.size();
            if (auto done = drop("journeys", count, std::move(over)); !done) return done;
        }
    }

    /// What takes `count` things away, and on the audit log how many.
    result<void> drop(const char* kind, std::size_t count, registers::row_change over) const {
        if (count == 0) return {};
        if (auto done = settle(kind, count, register_change{std::move(over), {}}); !done) return done;
        retirement told = of_kind(kind);
        told.count = count;
        if (const auto said = settle_(std::move(told)); !said) return said.error();
        return {};
    }

    result<void> customers() {
        std::vector<customer_id> due;
        const auto gathered = customers::for_everybody(from_, [&](const customer& who) -> result<void> {
            if (who.merged || who.open_tickets > 0 || !is_over(keep_.customers, last_touched(who))) return {};
            store::ticket_filter filter;
            filter.customers = who.merged_from;
            filter.customers.push_back(who.id);
            filter.limit = 1;
            const auto rows = from_.tickets(filter);
            if (!rows) return rows.error();
            if (rows->empty()) due.push_back(who.id);
            return {};
        });
        if (!gathered) return gathered.error();
        for (const auto id : due) {
            customer_change wanted;
            wanted.customer = id;
            wanted.what = profile::erase{"retention", {}, {}};
            wanted.source = "retention";
            auto done = settle("customers", 1, std::move(wanted));
            if (!done && done.error().code != errc::conflict && done.error().code != errc::not_found) return done;
        }
        return {};
    }

    static time_point last_touched(const customer& who) {
        auto last = std::max(who.created_at, who.last_contact_at.value_or(who.created_at));
        for (const auto& [name, held] : who.declared) last = std::max(last, held.at);
        return last;
    }

    store::store& from_;
    const retention_settings& keep_;
    time_point now_;
    const settle_input& settle_;
    const count_retired& counted_;
    const std::function<bool()>& stopped_;
};

}  // namespace

result<void> retire_what_is_due(store::store& from, const retention_settings& keep, time_point now,
                                const settle_input& settle, const count_retired& counted,
                                const std::function<bool()>& stopped) {
    return walk(from, keep, now, settle, counted, stopped).all();
}

}  // namespace kindred::runtime

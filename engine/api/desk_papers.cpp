#include "engine/api/desk_papers.hpp"

#include "engine/api/submit.hpp"
#include "engine/api/ticket_view.hpp"
#include "engine/runtime/tickets/mentions.hpp"
#include "engine/store/ticket_bound.hpp"

namespace kindred::api {
namespace {

constexpr std::size_t longest_draft = 100'000;  // bytes, as of a reply
constexpr std::size_t most_mentions = 200;

/// A kind of store::kept_row, by agent. Stored: never renamed.
constexpr std::string_view wall_rows = "desk-wall";

/// By what a wall measures service levels.
struct wall_choice {
    std::int64_t within_s = 20;
    std::int64_t period_h = 24;
};
constexpr std::int64_t longest_within_s = 86'400;
constexpr std::int64_t longest_period_h = 31 * 24;

std::string to_json(const wall_choice& chosen) {
    json::writer out;
    out.begin_object().member("within_s", chosen.within_s).member("period_h", chosen.period_h);
    return out.end_object().take();
}

/// The member `name`, where it is a number from 1 to `most`; `otherwise` where there is none.
result<std::int64_t> read_bounded(body_reader& body, std::string_view name, std::int64_t otherwise, std::int64_t most) {
    const auto given = body.any(name);
    if (!given.exists()) return otherwise;
    const auto number = given.integer();
    if (!number || *number < 1 || *number > most)
        return fail(errc::invalid, std::string(name) + ": wants a whole number from 1 to " + std::to_string(most));
    return *number;
}

std::string draft_key(ticket_id ticket, agent_id agent) { return to_string(ticket) + "/" + to_string(agent); }

std::string shown_draft(std::string_view text, std::string_view kind, std::optional<time_point> at) {
    json::writer out;
    out.begin_object().member("text", text).member("kind", kind);
    if (at) out.member("at", to_rfc3339(*at));
    return out.end_object().take();
}

}  // namespace

void desk_paper_endpoints::put(const std::shared_ptr<call>& asked, store::kept_row row) {
    runtime::register_change wanted;
    wanted.by = source_of(*asked);
    wanted.what = runtime::registers::row_change{{std::move(row)}};
    wanted.done = [asked](const result<std::string>& said) { asked->send(200, said); };
    if (!site_.submit(std::move(wanted))) asked->send(not_taken());
}

void desk_paper_endpoints::draft(std::shared_ptr<call> asked) {
    const auto id = asked->id<ticket_id>();
    if (!id) return asked->send(id.error());
    const auto row = site_.durable().kept_one(store::ticket_bound_kind, draft_key(*id, asked->who.agent));
    if (!row && row.error().code != errc::not_found) return asked->send(row.error());
    if (!row) return asked->send(http::response::json(200, shown_draft("", "reply", std::nullopt)));
    const auto kept = json::document::parse(row->bytes);
    if (!kept) return asked->send(kept.error());
    asked->send(http::response::json(200, shown_draft((*kept)["text"].text(), (*kept)["kind"].text(), row->at)));
}

void desk_paper_endpoints::keep_draft(std::shared_ptr<call> asked) {
    const auto id = asked->id<ticket_id>();
    if (!id) return asked->send(id.error());
    auto body = body_reader::parse(*asked);
    if (!body) return asked->send(body.error());
    const auto text = body->text("text").value_or("");
    const auto kind = body->text("kind").value_or("reply");
    if (auto fine = body->finish(); !fine) return asked->send(fine.error());
    if (text.size() > longest_draft) return asked->send(fail(errc::too_large, "text: at most 100000 bytes"));
    if (kind != "reply" && kind != "note") return asked->send(fail(errc::invalid, "kind: wants reply or note"));
    if (const auto row = site_.durable().ticket(*id); !row) return asked->send(row.error());
    store::kept_row row;
    row.kind = store::ticket_bound_kind;
    row.id = draft_key(*id, asked->who.agent);
    row.at = site_.now().now();
    row.removed = text.empty();
    if (!row.removed) row.bytes = shown_draft(text, kind, std::nullopt);
    put(asked, std::move(row));
}

void desk_paper_endpoints::mentions(std::shared_ptr<call> asked) {
    const auto rows =
        site_.durable().kept(runtime::mention_rows, runtime::mention_prefix(asked->who.agent), {}, most_mentions);
    if (!rows) return asked->send(rows.error());
    json::writer out;
    out.begin_object().key("mentions").begin_array();
    for (const auto& each : *rows) {
        const auto kept = json::document::parse(each.bytes);
        const auto id = kept ? parse_id<ticket_id>((*kept)["ticket"].text()) : std::nullopt;
        const auto row = id ? site_.durable().ticket(*id) : result<store::ticket_row>(fail(errc::not_found, "ticket"));
        if (!row) continue;  // erased since
        const auto summary = summary_of(site_, *row);
        if (!summary) return asked->send(summary.error());
        out.begin_object().key("ticket").raw(*summary).member("entry", (*kept)["entry"].integer().value_or(0));
        out.key("by").raw((*kept)["by"].to_text()).member("at", to_rfc3339(each.at)).end_object();
    }
    asked->send(http::response::json(200, out.end_array().end_object().take()));
}

void desk_paper_endpoints::mention_seen(std::shared_ptr<call> asked) {
    const auto id = asked->id<ticket_id>();
    if (!id) return asked->send(id.error());
    put(asked,
        {std::string(runtime::mention_rows), runtime::mention_key(asked->who.agent, *id), site_.now().now(), {}, true});
}

void desk_paper_endpoints::wall(std::shared_ptr<call> asked) {
    const auto row = site_.durable().kept_one(wall_rows, to_string(asked->who.agent));
    if (!row && row.error().code != errc::not_found) return asked->send(row.error());
    asked->send(http::response::json(200, row ? row->bytes : to_json({})));
}

void desk_paper_endpoints::keep_wall(std::shared_ptr<call> asked) {
    auto body = body_reader::parse(*asked);
    if (!body) return asked->send(body.error());
    const auto within = read_bounded(*body, "within_s", wall_choice{}.within_s, longest_within_s);
    const auto period = read_bounded(*body, "period_h", wall_choice{}.period_h, longest_period_h);
    if (auto fine = body->finish(); !fine) return asked->send(fine.error());
    if (!within) return asked->send(within.error());
    if (!period) return asked->send(period.error());
    store::kept_row row;
    row.kind = wall_rows;
    row.id = to_string(asked->who.agent);
    row.at = site_.now().now();
    row.bytes = to_json({*within, *period});
    put(asked, std::move(row));
}

}  // namespace kindred::api

#include "engine/api/joins.hpp"

#include "engine/api/submit.hpp"
#include "engine/runtime/people/customer_lookup.hpp"
#include "engine/runtime/people/join_search.hpp"
#include "engine/runtime/people/registers.hpp"

#include <algorithm>
#include <future>

namespace kindred::api {
namespace {

constexpr std::size_t most_listed = 100;
constexpr std::size_t longest_reason = 1'000;
constexpr std::chrono::seconds answered_within{30};

/// Null where the customer is nobody any more.
void write_customer(json::writer& out, store::store& from, customer_id id) {
    out.begin_object().member("id", to_string(id));
    if (const auto row = runtime::who_goes_on(from, id))
        if (const auto who = customer_from_json(row->id, row->version, row->json)) {
            out.member("name", who->name).key("identities").begin_array();
            for (const auto& each : who->identities) out.value(each.text);
            out.end_array().member("contacts", who->contacts);
        }
    out.end_object();
}

}  // namespace

void join_endpoints::list(std::shared_ptr<call> asked) {
    const auto cursor = asked->query_parameter("cursor").value_or("");
    const auto whose = asked->query_parameter("customer").value_or("");
    const bool dismissed = asked->query_parameter("dismissed").value_or("") == "true";
    const auto wanted = parse_id<customer_id>(whose);
    if (!whose.empty() && !wanted) return asked->send(fail(errc::invalid, "customer: wants a customer's id"));
    json::writer out;
    out.begin_object().key("proposals").begin_array();
    std::string after = cursor;
    std::size_t shown = 0;
    bool more = true;
    while (more && shown < most_listed) {
        const auto rows = site_.durable().kept(runtime::join_rows, {}, after, most_listed);
        if (!rows) return asked->send(rows.error());
        more = rows->size() == most_listed;
        for (const auto& row : *rows) {
            if (shown == most_listed) {
                more = true;
                break;
            }
            after = row.id;
            const auto read = customers::join_proposal_from_json(row.bytes);
            if (!read || read->dismissed != dismissed) continue;
            if (wanted && read->who.first != *wanted && read->who.second != *wanted) continue;
            ++shown;
            out.begin_object().member("id", row.id).member("at", to_rfc3339(read->at)).key("customers").begin_array();
            write_customer(out, site_.durable(), read->who.first);
            write_customer(out, site_.durable(), read->who.second);
            out.end_array().key("evidence").begin_array();
            for (const auto& each : read->evidence) out.value(each);
            out.end_array().member_if("dismissed_by", read->by).member_if("reason", read->reason).end_object();
        }
    }
    out.end_array().key("next");
    if (more)
        out.value(after);
    else
        out.null();
    asked->send(http::response::json(200, out.end_object().take()));
}

result<customers::join_proposal> join_endpoints::proposal_of(const call& asked) const {
    const auto named = asked.parameters.find("id");
    const auto row = site_.durable().kept_one(runtime::join_rows, named->second);
    if (!row) return fail(row.error().code, "nobody proposes to join these two");
    return customers::join_proposal_from_json(row->bytes);
}

void join_endpoints::accept(std::shared_ptr<call> asked) {
    auto body = body_reader::parse(*asked);
    if (!body) return asked->send(body.error());
    const auto into = body->text("into");
    auto reason = body->text("reason").value_or("");
    if (auto fine = body->finish(); !fine) return asked->send(fine.error());
    const auto proposed = proposal_of(*asked);
    if (!proposed) return asked->send(proposed.error());
    const auto [one, other] = proposed->who;
    const auto stays = into ? parse_id<customer_id>(*into) : one;
    if (!stays || (*stays != one && *stays != other))
        return asked->send(fail(errc::invalid, "into: wants the id of one of the two, who goes on"));
    if (reason.empty())
        for (const auto& each : proposed->evidence) reason += (reason.empty() ? "" : "; ") + each;
    // The merge asks for the customer in the path.
    asked->parameters["id"] = to_string(*stays == one ? other : one);
    submit_customer_change(site_, asked, runtime::profile::merge{*stays, reason.substr(0, longest_reason)}, 200);
}

void join_endpoints::dismiss(std::shared_ptr<call> asked) {
    auto body = body_reader::parse(*asked);
    if (!body) return asked->send(body.error());
    auto reason = body->text("reason").value_or("");
    if (auto fine = body->finish(); !fine) return asked->send(fine.error());
    if (reason.size() > longest_reason) return asked->send(fail(errc::invalid, "reason: at most 1000 bytes"));
    const auto who = customers::pair_from_key(asked->parameters["id"]);
    if (!who) return asked->send(fail(errc::not_found, "nobody proposes to join these two"));
    runtime::register_change wanted{runtime::registers::join_dismissal{*who, std::move(reason)},
                                    [asked](const result<std::string>& said) { asked->send(200, said); },
                                    source_of(*asked)};
    if (!site_.submit(std::move(wanted))) asked->send(not_taken());
}

void join_endpoints::search(std::shared_ptr<call> asked) {
    if (searching_.exchange(true)) return asked->send(fail(errc::overloaded, "a search is under way: try again"));
    std::uint64_t proposed = 0;
    const auto done = runtime::find_alike(site_.durable(), [&](std::vector<customers::join_proposal> found) {
        auto promise = std::make_shared<std::promise<std::uint64_t>>();
        auto promised = promise->get_future();
        const bool taken = site_.submit(runtime::register_change{
            runtime::registers::join_proposals{std::move(found)}, [promise](const result<std::string>& said) {
                const auto parsed = said ? json::document::parse(*said) : fail(errc::unavailable, "");
                promise->set_value(parsed ? static_cast<std::uint64_t>((*parsed)["proposed"].integer().value_or(0))
                                          : 0);
            }});
        promise.reset();
        if (taken && promised.wait_for(answered_within) != std::future_status::ready) return false;
        try {
            if (taken) proposed += promised.get();
        } catch (const std::future_error&) {
            return false;  // the engine has started over
        }
        return taken;
    });
    searching_ = false;
    if (!done) return asked->send(done.error());
    asked->send(
        http::response::json(200, json::writer().begin_object().member("proposed", proposed).end_object().take()));
}

}  // namespace kindred::api

#include "engine/api/tickets.hpp"

#include "engine/api/reply_body.hpp"
#include "engine/api/submit.hpp"
#include "engine/api/ticket_view.hpp"
#include "engine/runtime/desks/views.hpp"
#include "engine/runtime/people/customer_lookup.hpp"

#include <algorithm>

namespace kindred::api {
namespace {

constexpr std::size_t most_listed = 200;

/// A customer with everybody who goes on as the same one. Nobody has no tickets.
result<std::vector<customer_id>> whole_customer(store::store& from, customer_id id) {
    const auto row = runtime::who_goes_on(from, id);
    if (!row && row.error().code == errc::not_found) return std::vector{id};
    if (!row) return row.error();
    const auto who = customer_from_json(row->id, row->version, row->json);
    if (!who) return who.error();
    auto ids = who->merged_from;
    ids.push_back(who->id);
    return ids;
}

result<store::ticket_filter> filter_of(const call& asked, const runtime::roster& people, store::store& durable) {
    store::ticket_filter filter;
    if (const auto status = asked.query_parameter("status"); status && !status->empty()) {
        if (*status == "open")
            filter.open_only = true;
        else if (const auto named = store::ticket_status_named(*status))
            filter.status = *named;
        else
            return fail(errc::invalid, "status: wants open, waiting, offered, held, snoozed, wrapping_up or resolved");
    }
    filter.queue = asked.query_parameter("queue").value_or("");
    if (const auto text = asked.query_parameter("customer"); text && !text->empty()) {
        const auto id = parse_id<customer_id>(*text);
        if (!id) return fail(errc::invalid, "customer: wants an id");
        auto ids = whole_customer(durable, *id);
        if (!ids) return ids.error();
        filter.customers = std::move(*ids);
    }
    if (const auto text = asked.query_parameter("agent"); text && !text->empty()) {
        const auto id = *text == "me" ? std::optional(asked.who.agent) : parse_id<agent_id>(*text);
        const auto* named = people.find(*text);
        if (!id && named == nullptr) return fail(errc::invalid, "agent: wants me, an id or a login");
        filter.holder = id ? *id : named->id;
    }
    filter.text = asked.query_parameter("q").value_or("");
    const auto order = asked.query_parameter("order").value_or("");
    if (const auto cursor = asked.query_parameter("cursor"); cursor && !cursor->empty() && order.empty()) {
        const auto before = parse_id<ticket_id>(*cursor);
        if (!before) return fail(errc::invalid, "cursor: is not one that a list gave");
        filter.before = *before;
    }
    if (const auto limit = asked.query_parameter("limit"); limit && !limit->empty()) {
        const auto number = parse_number(*limit);
        if (!number || *number == 0 || *number > most_listed)
            return fail(errc::invalid, "limit: wants a number from 1 to 200");
        filter.limit = *number;
    }
    return filter;
}

/// Nothing where the list is by number, as the store has it.
result<std::optional<line_order>> order_of(const call& asked, const store::ticket_filter& filter) {
    const auto name = asked.query_parameter("order").value_or("");
    if (name.empty()) {
        if (asked.query_parameter("from").value_or("").empty()) return std::optional<line_order>();
        return fail(errc::invalid, "from: is a place in an order: say which with order");
    }
    const auto order = line_order_named(name);
    if (!order)
        return fail(errc::invalid,
                    "order: wants longest_wait, target, priority, latest or oldest; left out: the newest first");
    const bool open = filter.open_only || (filter.status && *filter.status != store::ticket_status::resolved);
    if (!open) return fail(errc::invalid, "order: is of open tickets: say so with status");
    if (!filter.text.empty() || !filter.customers.empty())
        return fail(errc::invalid, "order: not together with q or customer");
    return order;
}

/// Words are looked for in so many tickets at a time: the last of those, where there are more behind it.
result<std::optional<ticket_id>> last_looked_at(store::store& durable, store::ticket_filter filter) {
    filter.text.clear();
    filter.limit = store::search_depth + 1;
    const auto rows = durable.tickets(filter);
    if (!rows) return rows.error();
    if (rows->size() <= store::search_depth) return std::optional<ticket_id>();
    return std::optional((*rows)[store::search_depth - 1].id);
}

std::optional<dispatch::due_target> due_of(const std::vector<runtime::ticket_standing>& all, ticket_id id) {
    const auto found = std::find_if(all.begin(), all.end(), [&](const auto& each) { return each.id == id; });
    return found == all.end() ? std::nullopt : found->due;
}

}  // namespace

void ticket_endpoints::list(std::shared_ptr<call> asked) {
    const auto people = site_.people();
    auto filter = filter_of(*asked, *people, site_.durable());
    if (!filter) return asked->send(filter.error());
    const auto order = order_of(*asked, *filter);
    if (!order) return asked->send(order.error());
    if (*order) return list_in_order(asked, std::move(*filter), **order);
    const auto wanted = filter->limit;
    filter->limit = wanted + 1;
    auto rows = site_.durable().tickets(*filter);
    if (!rows) return asked->send(rows.error());
    std::string next;
    if (rows->size() > wanted) {
        rows->pop_back();
        next = to_string(rows->back().id);
    } else if (!filter->text.empty()) {
        const auto looked_at = last_looked_at(site_.durable(), *filter);
        if (!looked_at) return asked->send(looked_at.error());
        if (*looked_at) next = to_string(**looked_at);
    }
    std::vector<ticket_id> open;
    for (const auto& row : *rows)
        if (row.status != store::ticket_status::resolved) open.push_back(row.id);
    auto then = [this, asked, next, rows = std::move(*rows)](const std::vector<runtime::ticket_standing>& stand) {
        json::writer out;
        out.begin_object().key("tickets").begin_array();
        for (const auto& row : rows) {
            const auto summary = summary_of(site_, row, due_of(stand, row.id));
            if (!summary) return asked->send(summary.error());
            out.raw(*summary);
        }
        out.end_array().key("next");
        if (next.empty())
            out.null();
        else
            out.value(next);
        asked->send(http::response::json(200, out.end_object().take()));
    };
    // Nothing named would be everything.
    if (open.empty()) return then({});
    with_standings(site_, asked, std::move(open), std::move(then));
}

void ticket_endpoints::list_in_order(const std::shared_ptr<call>& asked, store::ticket_filter filter, line_order by) {
    open_.give(site_, asked, [this, asked, by, filter = std::move(filter)](const open_list& all) {
        send_page(*asked, *all.choice(by, filter), filter.limit);
    });
}

void ticket_endpoints::send_page(call& asked, const line_choice& from, std::size_t limit) {
    const auto cursor = asked.query_parameter("cursor").value_or("");
    const auto first = asked.query_parameter("from").value_or("");
    const auto number = first.empty() ? std::optional<std::uint64_t>(0) : parse_number(first);
    if (!number) return asked.send(fail(errc::invalid, "from: wants how many come before, 0 or more"));
    if (!first.empty() && !cursor.empty()) return asked.send(fail(errc::invalid, "from: not together with cursor"));
    auto page = from.after(cursor, limit + 1);
    if (!first.empty()) page = from.stretch(*number, limit + 1);
    if (!page) return asked.send(page.error());
    const bool more = page->size() > limit;
    if (more) page->pop_back();
    json::writer out;
    out.begin_object().key("tickets").begin_array();
    for (const auto& each : *page) {
        const auto row = site_.durable().ticket(each.stands.id);
        // Resolved, or erased, since the order was made.
        if (!row || row->status == store::ticket_status::resolved) continue;
        const auto summary = summary_of(site_, *row, each.stands.due);
        if (!summary) return asked.send(summary.error());
        out.raw(*summary);
    }
    out.end_array().key("next");
    if (more)
        out.value(ticket_line::cursor_of(page->back()));
    else
        out.null();
    asked.send(http::response::json(200, out.member("total", from.total()).end_object().take()));
}

void ticket_endpoints::show(std::shared_ptr<call> asked) {
    const auto id = asked->id<ticket_id>();
    if (!id) return asked->send(id.error());
    with_standings(site_, asked, {*id}, [this, asked, id = *id](const std::vector<runtime::ticket_standing>& stand) {
        asked->send(200, whole_ticket(site_, id, due_of(stand, id)));
    });
}

void ticket_endpoints::explain(std::shared_ptr<call> asked) {
    const auto id = asked->id<ticket_id>();
    if (!id) return asked->send(id.error());
    runtime::board_question question;
    question.what = runtime::board_question::about::ticket;
    question.ticket = *id;
    if (const auto agent = asked->query_parameter("agent"); agent && !agent->empty()) {
        const auto named = agent_named(*asked, *site_.people(), *agent);
        if (!named) return asked->send(named.error());
        question.agent = *named;
    }
    auto why = why_this_queue(site_, *id);
    if (!why) return asked->send(why.error());
    question.done = [asked, why = *why](const result<std::string>& funnel) {
        auto text = why;
        text.pop_back();
        // A resolved ticket is offered to nobody: there is no funnel to show.
        text += ",\"dispatch\":" + (funnel ? *funnel : std::string("null")) + "}";
        asked->send(http::response::json(200, std::move(text)));
    };
    if (!site_.submit(std::move(question))) asked->send(not_taken());
}

void ticket_endpoints::reply(std::shared_ptr<call> asked) {
    auto body = body_reader::parse(*asked);
    if (!body) return asked->send(body.error());
    const reply_members members(*body);
    if (auto fine = body->finish(); !fine) return asked->send(fine.error());
    auto said = members.read(site_);
    if (!said) return asked->send(said.error());
    submit_action(site_, asked, std::move(*said), 201);
}

void ticket_endpoints::note(std::shared_ptr<call> asked) {
    auto body = body_reader::parse(*asked);
    if (!body) return asked->send(body.error());
    auto text = body->text("text").value_or("");
    if (auto fine = body->finish(); !fine) return asked->send(fine.error());
    submit_action(site_, asked, runtime::action::note{std::move(text)}, 201);
}

void ticket_endpoints::resolve(std::shared_ptr<call> asked) {
    auto body = body_reader::parse(*asked);
    if (!body) return asked->send(body.error());
    auto disposition = body->text("disposition").value_or("");
    if (auto fine = body->finish(); !fine) return asked->send(fine.error());
    submit_action(site_, asked, runtime::action::resolve{std::move(disposition)}, 200);
}

void ticket_endpoints::reopen(std::shared_ptr<call> asked) {
    submit_action(site_, asked, runtime::action::reopen{}, 200);
}
void ticket_endpoints::end_wrap_up(std::shared_ptr<call> asked) {
    submit_action(site_, asked, runtime::action::end_wrap_up{}, 200);
}

void ticket_endpoints::transfer(std::shared_ptr<call> asked) {
    auto body = body_reader::parse(*asked);
    if (!body) return asked->send(body.error());
    runtime::action::transfer to;
    to.queue = body->text("queue").value_or("");
    const auto agent = body->text("agent");
    to.keep_requirements = body->yes_no("keep_requirements").value_or(true);
    if (auto fine = body->finish(); !fine) return asked->send(fine.error());
    if (to.queue.empty() && !agent) return asked->send(fail(errc::invalid, "queue: is missing (or give an agent)"));
    if (agent) {
        const auto named = agent_named(*asked, *site_.people(), *agent);
        if (!named) return asked->send(named.error());
        to.agent = *named;
    }
    submit_action(site_, asked, std::move(to), 200);
}

void ticket_endpoints::assign(std::shared_ptr<call> asked) {
    auto body = body_reader::parse(*asked);
    if (!body) return asked->send(body.error());
    const auto agent = body->text("agent").value_or("");
    if (auto fine = body->finish(); !fine) return asked->send(fine.error());
    const auto named = agent_named(*asked, *site_.people(), agent);
    if (!named) return asked->send(named.error());
    submit_action(site_, asked, runtime::action::assign{*named}, 200);
}

void ticket_endpoints::answer_offer(const std::shared_ptr<call>& asked, bool accepts) {
    const auto id = asked->id<offer_id>();
    if (!id) return asked->send(id.error());
    auto body = body_reader::parse(*asked);
    if (!body) return asked->send(body.error());
    auto reason = body->text("reason").value_or("");
    if (auto fine = body->finish(); !fine) return asked->send(fine.error());
    runtime::offer_answer given{asked->who.agent, *id, accepts, std::move(reason), {}};
    given.done = [asked](const result<std::string>& said) { asked->send(200, said); };
    if (!site_.submit(std::move(given))) asked->send(not_taken());
}

void ticket_endpoints::accept_offer(std::shared_ptr<call> asked) { answer_offer(asked, true); }
void ticket_endpoints::decline_offer(std::shared_ptr<call> asked) { answer_offer(asked, false); }

}  // namespace kindred::api

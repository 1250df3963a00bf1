#include "engine/api/roles.hpp"

#include "engine/api/submit.hpp"
#include "engine/base/log.hpp"

namespace kindred::api {
namespace {

using runtime::role_change;

/// The change that `asked` wants, without what it is about.
role_change change_by(const std::shared_ptr<call>& asked, role_change::act what, runtime::role wanted) {
    role_change made;
    made.what = what;
    made.wanted = std::move(wanted);
    made.giver = asked->who.may;
    made.by = source_of(*asked);
    return made;
}

void answer_role(const call& asked, unsigned status, const runtime::role& about, const result<std::string>& said) {
    if (!said) return asked.send(said.error());
    log::info("a role was changed", {{"role", about.name}, {"by", asked.who.name}});
    json::writer out;
    out.begin_object().key("role").begin_object().member("name", about.name).member("built_in", false);
    runtime::write_permissions(out, about.may);
    asked.send(http::response::json(status, out.end_object().end_object().take()));
}

void write_every_permission(json::writer& out) {
    out.key("permissions").begin_array();
    for (const auto& row : runtime::all_permissions()) {
        out.begin_object().member("name", row.name);
        if (row.needs) out.member("needs", runtime::name_of(*row.needs));
        out.end_object();
    }
    out.end_array();
}

}  // namespace

void role_endpoints::list(const std::shared_ptr<call>& asked) {
    const auto tokens = tokens_.count_by_role();
    if (!tokens) return asked->send(tokens.error());
    const auto people = site_.people();
    json::writer out;
    const auto write = [&](const runtime::role& each) {
        out.begin_object().member("name", each.name).member("built_in", each.is_built_in);
        runtime::write_permissions(out, each.may);
        std::uint64_t holders = 0;
        for (const auto& someone : people->all()) holders += someone.role == each.name ? 1 : 0;
        const auto given = tokens->find(each.name);
        out.member("people", holders).member("tokens", given == tokens->end() ? 0 : given->second).end_object();
    };
    out.begin_object().key("roles").begin_array();
    for (const auto& each : runtime::built_in_roles()) write(each);
    for (const auto& each : people->own_roles()) write(each);
    write_every_permission(out.end_array());
    asked->send(http::response::json(200, out.end_object().take()));
}

void role_endpoints::add(const std::shared_ptr<call>& asked) {
    auto body = body_reader::parse(*asked);
    if (!body) return asked->send(body.error());
    runtime::role wanted;
    wanted.name = body->text("name").value_or("");
    const auto given = body->any("permissions");
    if (auto fine = body->finish(); !fine) return asked->send(fine.error());
    if (auto fine = runtime::check_role_name(wanted.name); !fine) return asked->send(fine.error());
    const auto may = runtime::permissions_from(given);
    if (!may) return asked->send(may.error());
    wanted.may = *may;
    auto change = change_by(asked, role_change::act::add, wanted);
    change.done = [asked, wanted](const result<std::string>& said) { answer_role(*asked, 201, wanted, said); };
    if (!site_.submit(std::move(change))) asked->send(not_taken());
}

void role_endpoints::change(const std::shared_ptr<call>& asked) {
    auto body = body_reader::parse(*asked);
    if (!body) return asked->send(body.error());
    const auto given = body->any("permissions");
    if (auto fine = body->finish(); !fine) return asked->send(fine.error());
    const auto may = runtime::permissions_from(given);
    if (!may) return asked->send(may.error());
    const runtime::role wanted{asked->parameters["name"], *may, false};
    auto change = change_by(asked, role_change::act::change, wanted);
    change.done = [asked, wanted](const result<std::string>& said) { answer_role(*asked, 200, wanted, said); };
    if (!site_.submit(std::move(change))) asked->send(not_taken());
}

void role_endpoints::remove(const std::shared_ptr<call>& asked) {
    const auto name = asked->parameters["name"];
    // A token that got the role while the writer removes it would be left with the name of nothing.
    if (auto closed = tokens_.close_role(name); !closed) return asked->send(closed.error());
    const std::shared_ptr<void> closed(nullptr, [this, name](void*) { tokens_.open_role(name); });
    auto change = change_by(asked, role_change::act::remove, {name, {}, false});
    change.done = [asked, name, closed](const result<std::string>& said) {
        if (!said) return asked->send(said.error());
        log::info("a role was removed", {{"role", name}, {"by", asked->who.name}});
        json::writer out;
        out.begin_object().member("name", name).member("removed", true).end_object();
        asked->send(http::response::json(200, out.take()));
    };
    if (!site_.submit(std::move(change))) asked->send(not_taken());
}

}  // namespace kindred::api

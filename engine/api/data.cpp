#include "engine/api/data.hpp"

#include "engine/api/submit.hpp"
#include "engine/runtime/people/audit.hpp"
#include "engine/runtime/people/data_export.hpp"

namespace kindred::api {
namespace {

constexpr std::size_t most_exported = 64U << 20U;  // bytes of one answer
constexpr std::size_t most_listed = 100;

}  // namespace

void data_endpoints::export_customer(std::shared_ptr<call> asked) {
    const auto id = asked->id<customer_id>();
    if (!id) return asked->send(id.error());
    std::string lines;
    bool too_much = false;
    const auto exported = runtime::export_customer(site_.durable(), *id, [&](const std::string& line) {
        too_much = too_much || lines.size() + line.size() > most_exported;
        if (!too_much) lines.append(line).append(1, '\n');
    });
    if (!exported) return asked->send(exported.error());
    if (too_much)
        return asked->send(
            fail(errc::conflict, "more than 64 MiB: use `kindred export --customer " + to_string(*id) + "`"));
    http::response answer(200, std::move(lines), "application/x-ndjson");
    answer.header("Content-Disposition", "attachment; filename=\"customer-" + to_string(*id) + ".ndjson\"");
    note_and_send(site_, asked, {"customer.exported", "customer:" + to_string(*id)}, std::move(answer));
}

void data_endpoints::erase_customer(std::shared_ptr<call> asked) {
    submit_customer_change(site_, asked, runtime::profile::erase{asked->query_parameter("reason").value_or("")}, 200);
}

void data_endpoints::audit(std::shared_ptr<call> asked) {
    std::uint64_t before = 0;
    if (const auto text = asked->query_parameter("before"); text && !text->empty()) {
        const auto number = parse_number(*text);
        if (!number || *number == 0) return asked->send(fail(errc::invalid, "before: wants a record's number"));
        before = *number;
    }
    const auto records = runtime::latest_audit_records(site_.durable(), before, most_listed);
    if (!records) return asked->send(records.error());
    json::writer out;
    out.begin_object().key("records").begin_array();
    for (const auto& each : *records) {
        out.begin_object().member("number", each.number).member("at", to_rfc3339(each.at)).member("by", each.by);
        out.member("action", each.action).member("about", each.about).key("detail").raw(each.detail);
        out.member("hash", each.hash).end_object();
    }
    asked->send(http::response::json(200, out.end_array().end_object().take()));
}

}  // namespace kindred::api

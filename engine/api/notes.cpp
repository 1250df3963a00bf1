#include "engine/api/notes.hpp"

#include "engine/api/submit.hpp"
#include "engine/base/text.hpp"
#include "engine/runtime/people/customer_lookup.hpp"
#include "engine/runtime/people/registers.hpp"

#include <algorithm>

namespace kindred::api {
namespace {

constexpr std::size_t rows_at_once = 1'000;
constexpr std::size_t most_read = 100'000;  // for one answer
constexpr std::size_t most_listed = 100;

/// Calls `each` for every note of one customer after the named one, until it says false.
template <class Each>
result<void> for_each_note(store::store& from, customer_id about, std::string after, const Each& each) {
    for (std::size_t read = 0; read < most_read;) {
        const auto rows = from.kept(runtime::note_rows, customers::key_prefix_of_notes(about), after, rows_at_once);
        if (!rows) return rows.error();
        for (const auto& row : *rows) {
            const auto written = customers::note_from_json(row.bytes);
            if (!written) return written.error();
            if (!each(row.id, *written)) return {};
        }
        if (rows->size() < rows_at_once) return {};
        read += rows->size();
        after = rows->back().id;
    }
    return {};
}

std::vector<customer_id> all_of(const customer& about) {
    auto ids = about.merged_from;
    ids.push_back(about.id);
    std::sort(ids.begin(), ids.end());
    return ids;
}

result<customer> customer_of(store::store& from, customer_id id) {
    const auto row = runtime::who_goes_on(from, id);
    if (!row) return row.error();
    return customer_from_json(row->id, row->version, row->json);
}

}  // namespace

void write_note(json::writer& out, const customers::note& written) {
    out.begin_object().member("customer", to_string(written.about)).member("number", written.number);
    out.member("text", written.text).member("pinned", written.pinned).member_if("by", written.by);
    out.member("at", to_rfc3339(written.at)).member_if("changed_by", written.changed_by);
    if (written.changed_at) out.member("changed_at", to_rfc3339(*written.changed_at));
    out.end_object();
}

result<std::vector<customers::note>> notes_to_show(store::store& from, const customer& about, std::size_t most) {
    std::vector<customers::note> pinned;
    std::vector<customers::note> others;
    for (const auto id : all_of(about)) {
        auto read = for_each_note(from, id, {}, [&](const std::string&, const customers::note& written) {
            (written.pinned ? pinned : others).push_back(written);
            return true;
        });
        if (!read) return read.error();
    }
    const auto earlier = [](const customers::note& a, const customers::note& b) { return a.at < b.at; };
    std::stable_sort(others.begin(), others.end(), earlier);
    const auto left_out = others.size() > most ? others.size() - most : 0;
    pinned.insert(pinned.end(), others.begin() + static_cast<std::ptrdiff_t>(left_out), others.end());
    std::stable_sort(pinned.begin(), pinned.end(), earlier);
    return pinned;
}

void note_endpoints::list(std::shared_ptr<call> asked) {
    const auto id = asked->id<customer_id>();
    if (!id) return asked->send(id.error());
    const auto about = customer_of(site_.durable(), *id);
    if (!about) return asked->send(about.error());
    const auto words = asked->query_parameter("q").value_or("");
    const auto cursor = asked->query_parameter("cursor").value_or("");
    std::string last;
    bool more = false;
    std::size_t count = 0;
    json::writer out;
    out.begin_object().member("customer", to_string(about->id)).key("notes").begin_array();
    for (const auto each : all_of(*about)) {
        const auto prefix = customers::key_prefix_of_notes(each);
        if (cursor > prefix + '~') continue;
        auto read = for_each_note(site_.durable(), each, cursor.starts_with(prefix) ? cursor : std::string(),
                                  [&](const std::string& key, const customers::note& written) {
                                      if (!customers::mentions(written, words)) return true;
                                      if (more = count == most_listed; more) return false;
                                      write_note(out, written);
                                      last = key;
                                      ++count;
                                      return true;
                                  });
        if (!read) return asked->send(read.error());
        if (more) break;
    }
    out.end_array();
    if (more) out.member("next", last);
    asked->send(http::response::json(200, out.end_object().take()));
}

void note_endpoints::add(std::shared_ptr<call> asked) {
    auto body = body_reader::parse(*asked);
    if (!body) return asked->send(body.error());
    runtime::profile::note written{body->text("text").value_or(""), body->yes_no("pinned").value_or(false)};
    if (auto fine = body->finish(); !fine) return asked->send(fine.error());
    if (trim(written.text).empty()) return asked->send(fail(errc::invalid, "text: is missing"));
    submit_customer_change(site_, asked, std::move(written), 201);
}

result<customers::note> note_endpoints::changeable(const call& asked) {
    const auto id = asked.id<customer_id>();
    if (!id) return id.error();
    const auto number = asked.parameters.find("number");
    const auto read = parse_number(number == asked.parameters.end() ? std::string_view() : number->second);
    if (!read) return fail(errc::not_found, "there is no such note");
    const auto row =
        site_.durable().kept_one(runtime::note_rows, customers::key_of_note(*id, static_cast<std::int64_t>(*read)));
    if (!row) return row.error().code == errc::not_found ? fail(errc::not_found, "there is no such note") : row.error();
    auto written = customers::note_from_json(row->bytes);
    if (!written) return written;
    const bool of_anybody = asked.who.may.has(runtime::permission::customers_manage);
    if (written->by != source_of(asked) && !of_anybody)
        return fail(errc::forbidden,
                    "notes are changed by whoever wrote them, and by whose role permits customers.manage");
    return written;
}

void note_endpoints::put(const std::shared_ptr<call>& asked, store::kept_row row) {
    runtime::register_change wanted{runtime::registers::row_change{{std::move(row)}},
                                    [asked](const result<std::string>& said) { asked->send(200, said); }};
    if (!site_.submit(std::move(wanted))) asked->send(not_taken());
}

void note_endpoints::change(std::shared_ptr<call> asked) {
    auto written = changeable(*asked);
    if (!written) return asked->send(written.error());
    auto body = body_reader::parse(*asked);
    if (!body) return asked->send(body.error());
    if (auto text = body->text("text")) written->text = std::move(*text);
    if (const auto pinned = body->yes_no("pinned")) written->pinned = *pinned;
    if (auto fine = body->finish(); !fine) return asked->send(fine.error());
    if (trim(written->text).empty() || written->text.size() > customers::longest_note)
        return asked->send(fail(errc::invalid, "text: wants 1 to 10000 bytes"));
    written->changed_by = source_of(*asked);
    written->changed_at = site_.now().now();
    put(asked, {std::string(runtime::note_rows), customers::key_of_note(written->about, written->number), written->at,
                customers::to_json(*written)});
}

void note_endpoints::remove(std::shared_ptr<call> asked) {
    const auto written = changeable(*asked);
    if (!written) return asked->send(written.error());
    put(asked, {std::string(runtime::note_rows),
                customers::key_of_note(written->about, written->number),
                written->at,
                {},
                true});
}

}  // namespace kindred::api

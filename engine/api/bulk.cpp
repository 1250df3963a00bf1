#include "engine/api/bulk.hpp"

#include "engine/api/submit.hpp"
#include "engine/base/text.hpp"
#include "engine/runtime/people/import_reader.hpp"

#include <algorithm>
#include <mutex>

namespace kindred::api {
namespace {

constexpr std::size_t rows_at_once = 500;  // the writer does nothing else for so many
constexpr std::size_t most_exported_rows = 10'000;

std::optional<row_form> form_of(std::string_view media_type) {
    const auto named = to_lower_ascii(trim(media_type.substr(0, media_type.find(';'))));
    if (named == "text/csv") return row_form::csv;
    if (named == "application/x-ndjson" || named == "application/ndjson") return row_form::lines;
    return std::nullopt;
}

/// Answers one request once all of its pieces are durable. The last copy that goes without that answers by itself.
class import_answer {
public:
    explicit import_answer(std::shared_ptr<call> asked) : asked_(std::move(asked)) {}

    void expect_one() {
        const std::lock_guard hold(mutex_);
        ++open_;
    }
    void add(customers::import_counts more) {
        const std::lock_guard hold(mutex_);
        counts_.add(std::move(more));
        --open_;
        send_when_done();
    }
    /// Everything was handed over; these rows were not.
    void close(std::vector<customers::rejected_row> rejected) {
        const std::lock_guard hold(mutex_);
        for (auto& each : rejected) counts_.rejected.push_back(std::move(each));
        closed_ = true;
        send_when_done();
    }
    /// Some of it may be durable all the same: sent again, that changes nothing.
    void fail_with(const error& why) {
        const std::lock_guard hold(mutex_);
        closed_ = false;
        asked_->send(why);
    }

private:
    void send_when_done() {
        if (!closed_ || open_ > 0) return;
        std::sort(counts_.rejected.begin(), counts_.rejected.end(),
                  [](const auto& a, const auto& b) { return a.line < b.line; });
        json::writer out;
        out.begin_object().member("created", counts_.created).member("updated", counts_.updated);
        out.member("unchanged", counts_.unchanged).key("rejected").begin_array();
        for (const auto& each : counts_.rejected)
            out.begin_object().member("line", each.line).member("reason", each.reason).end_object();
        asked_->send(http::response::json(200, out.end_array().end_object().take()));
    }

    std::shared_ptr<call> asked_;
    std::mutex mutex_;
    customers::import_counts counts_;
    std::size_t open_ = 0;
    bool closed_ = false;
};

}  // namespace

void bulk_endpoints::import_customers(std::shared_ptr<call> asked) {
    const auto form = form_of(asked->header("content-type"));
    if (!form) return asked->send(fail(errc::invalid, "Content-Type: wants text/csv or application/x-ndjson"));
    const auto answer = std::make_shared<import_answer>(asked);
    const auto source = source_of(*asked);
    bool taken = true;
    auto rejected = runtime::read_import(asked->body, runtime::import_reader(site_.rules(), *form), rows_at_once,
                                         [&](std::vector<customers::imported_row> rows) {
                                             if (!taken) return;
                                             answer->expect_one();
                                             taken = site_.submit(runtime::customer_import{
                                                 std::move(rows), source, [answer](customers::import_counts counts) {
                                                     answer->add(std::move(counts));
                                                 }});
                                         });
    if (!rejected) return answer->fail_with(rejected.error());
    if (!taken) return answer->fail_with(not_taken());
    answer->close(std::move(*rejected));
}

void bulk_endpoints::export_customers(std::shared_ptr<call> asked) {
    const auto named = asked->query_parameter("format").value_or("csv");
    if (named != "csv" && named != "ndjson") return asked->send(fail(errc::invalid, "format: wants csv or ndjson"));
    const auto form = named == "csv" ? row_form::csv : row_form::lines;
    const auto after = parse_number(asked->query_parameter("after").value_or("0"));
    const auto limit = parse_number(asked->query_parameter("limit").value_or(std::to_string(most_exported_rows)));
    if (!after) return asked->send(fail(errc::invalid, "after: wants a customer's number"));
    if (!limit || *limit == 0 || *limit > most_exported_rows)
        return asked->send(fail(errc::invalid, "limit: wants 1 to 10000"));
    const auto rows = site_.durable().customers(customer_id{*after}, *limit);
    if (!rows) return asked->send(rows.error());
    const runtime::import_writer writes(site_.rules(), form);
    auto text = writes.header();
    for (const auto& row : *rows) {
        const auto who = customer_from_json(row.id, row.version, row.json);
        if (!who) return asked->send(who.error());
        if (!who->erased_at && !who->merged) text += writes.row(*who);
    }
    http::response answer(200, std::move(text),
                          form == row_form::csv ? "text/csv; charset=utf-8; header=present" : "application/x-ndjson");
    const bool more = rows->size() == *limit;
    if (more)
        answer.header("Link", "</api/v1/export/customers?format=" + named + "&limit=" + std::to_string(*limit) +
                                  "&after=" + to_string(rows->back().id) + ">; rel=\"next\"");
    auto detail = json::writer().begin_object().member("after", *after).end_object().take();
    note_and_send(site_, asked, {"customers.exported", "customers", std::move(detail)}, std::move(answer));
}

}  // namespace kindred::api

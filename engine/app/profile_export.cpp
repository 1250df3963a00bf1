#include "engine/app/profile_export.hpp"

#include "engine/channel/signature.hpp"
#include "engine/domain/customer.hpp"
#include "engine/runtime/people/import_reader.hpp"

#include <fcntl.h>
#include <unistd.h>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <functional>
#include <ostream>

namespace kindred::app {
namespace {

constexpr std::size_t rows_at_once = 1'000;
constexpr std::size_t kept_after = 10'000;  // customers: each time costs a sync of the file

/// A file that is written from a place on, whatever stands there.
class output_file {
public:
    explicit output_file(std::string path) : path_(std::move(path)) {}
    ~output_file() {
        if (file_ >= 0) ::close(file_);
    }
    output_file(const output_file&) = delete;
    output_file& operator=(const output_file&) = delete;

    result<void> open(std::uint64_t bytes) {
        file_ = ::open(path_.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
        if (file_ < 0 || ::ftruncate(file_, static_cast<off_t>(bytes)) != 0 || ::lseek(file_, 0, SEEK_END) < 0)
            return failed();
        return {};
    }
    result<void> write(std::string_view text) {
        while (!text.empty()) {
            const auto written = ::write(file_, text.data(), text.size());
            if (written < 0 && errno == EINTR) continue;
            if (written < 0) return failed();
            text.remove_prefix(static_cast<std::size_t>(written));
        }
        return {};
    }
    result<void> sync() { return ::fsync(file_) == 0 ? result<void>{} : failed(); }

private:
    result<void> failed() const { return fail(errc::io, path_ + ": cannot be written: " + std::strerror(errno)); }

    std::string path_;
    int file_ = -1;
};

/// Rows of some customers behind `after`, which is moved on; nothing when there are no more.
result<std::string> next_rows(store::store& from, const runtime::import_writer& writes, customer_id& after,
                              std::uint64_t& count) {
    std::string text;
    while (text.empty()) {
        const auto rows = from.customers(after, rows_at_once);
        if (!rows) return rows.error();
        if (rows->empty()) break;
        after = rows->back().id;
        for (const auto& row : *rows) {
            const auto who = customer_from_json(row.id, row.version, row.json);
            if (!who) return who.error();
            if (who->erased_at || who->merged) continue;
            text += writes.row(*who);
            ++count;
        }
    }
    return text;
}

std::string shape_of(row_form form, const rules::ruleset& rules) {
    return (form == row_form::csv ? "csv-" : "ndjson-") +
           channel::sha256_hex(runtime::import_writer(rules, row_form::csv).header());
}

}  // namespace

result<void> print_profiles(store::store& from, const rules::ruleset& rules, row_form form, std::ostream& out) {
    const runtime::import_writer writes(rules, form);
    out << writes.header();
    customer_id after;
    std::uint64_t count = 0;
    while (out) {
        const auto rows = next_rows(from, writes, after, count);
        if (!rows) return rows.error();
        if (rows->empty()) return {};
        out << *rows;
    }
    return fail(errc::io, "cannot be written");
}

result<std::uint64_t> export_profiles(store::store& from, const rules::ruleset& rules, row_form form,
                                      const profile_file& into, progress_bar& bar, std::ostream& going_on) {
    const runtime::import_writer writes(rules, form);
    const auto state = into.path + ".progress";
    import_progress reached;  // `line`: the number of the last customer who is in the file
    reached.file = shape_of(form, rules);
    reached.line = 0;
    const auto before = load_progress(state);
    if (!before && !into.again) return fail(before.error().code, before.error().message + ": give --again");
    std::error_code failed;
    const auto size = std::filesystem::file_size(into.path, failed);
    const bool goes_on =
        !into.again && *before && (*before)->file == reached.file && !failed && size >= (*before)->offset;
    if (goes_on) {
        reached = **before;
        going_on << "going on behind customer " << reached.line << '\n';
    }
    output_file file(into.path);
    if (auto opened = file.open(reached.offset); !opened) return opened.error();
    const auto add = [&](const std::string& text) {
        reached.offset += text.size();
        return file.write(text);
    };
    if (!goes_on)
        if (auto written = add(writes.header()); !written) return written.error();
    customer_id after{reached.line};
    for (auto kept = reached.rows;;) {
        const auto rows = next_rows(from, writes, after, reached.rows);
        if (!rows) return rows.error();
        if (rows->empty()) break;
        if (auto written = add(*rows); !written) return written.error();
        reached.line = after.value;
        auto shown = reached;
        shown.offset = after.value;
        bar.show(shown, std::chrono::steady_clock::now());
        if (reached.rows - kept < kept_after) continue;
        kept = reached.rows;
        if (auto synced = file.sync(); !synced) return synced.error();
        if (auto stored = store_progress(state, reached); !stored) return stored.error();
    }
    if (auto synced = file.sync(); !synced) return synced.error();
    std::filesystem::remove(state, failed);
    return reached.rows;
}

}  // namespace kindred::app

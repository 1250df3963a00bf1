#include "engine/app/import_command.hpp"

#include "engine/app/admin_call.hpp"
#include "engine/app/import_progress.hpp"
#include "engine/app/import_source.hpp"
#include "engine/base/json.hpp"

#include <unistd.h>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <memory>
#include <thread>

namespace kindred::app {
namespace {

namespace fs = std::filesystem;

enum exit_code_value { done = 0, has_problem = 1, wrong_use = 2, cannot_run = 3 };

constexpr std::chrono::seconds answered_within{120};
constexpr std::chrono::seconds engine_may_be_away{60};

/// Rows that were not taken, as lines of JSON that say why. What was written after the last stored progress is void.
class rejects_file {
public:
    explicit rejects_file(std::string path) : path_(std::move(path)) {}

    result<void> open(std::uint64_t bytes) {
        std::error_code failed;
        if (bytes == 0)
            fs::remove(path_, failed);
        else
            fs::resize_file(path_, bytes, failed);
        if (failed) return fail(errc::io, path_ + ": " + failed.message());
        bytes_ = bytes;
        return {};
    }
    result<void> add(std::uint64_t line, std::string_view reason, std::string_view row) {
        if (!out_.is_open()) out_.open(path_, std::ios::binary | std::ios::app);
        json::writer made;
        made.begin_object().member("line", line).member("reason", reason).key("row");
        const auto text = made.raw(json::literal(row)).end_object().take() + '\n';
        out_ << text << std::flush;
        if (!out_) return fail(errc::io, path_ + ": cannot be written");
        bytes_ += text.size();
        return {};
    }
    std::uint64_t bytes() const { return bytes_; }

private:
    std::string path_;
    std::ofstream out_;
    std::uint64_t bytes_ = 0;
};

bool may_come_back(errc code) {
    return code == errc::overloaded || code == errc::unavailable || code == errc::timed_out || code == errc::unknown;
}

class import_run {
public:
    import_run(const admin_access& engine, import_source& from, rejects_file& rejects, progress_bar& bar,
               std::string state)
        : engine_(engine), from_(from), rejects_(rejects), bar_(bar), state_(std::move(state)) {}

    /// Whether the engine refused everything because of the header, and why it ended before the end.
    result<void> all(import_progress& reached) {
        auto next = from_.next();
        // No row says whether the header is one: the engine knows.
        if (next && next->size() == 0 && !next->text.empty())
            if (const auto said = answer_to(*next, send(*next)); !said) return said.error();
        while (next && next->size() > 0) {
            auto answer = send(*next);
            // The engine works while the next part is read.
            auto following = from_.next();
            const auto settled = settle(*next, std::move(answer), reached);
            if (!settled) return settled;
            next = std::move(following);
        }
        if (!next) return next.error();
        return {};
    }

private:
    std::future<result<std::string>> send(const import_part& part) const {
        return engine_.post("/api/v1/import/customers", part.text, from_.media_type(), answered_within);
    }

    /// Sends it again while the engine is away or has no room: what was taken in before changes nothing.
    result<std::string> answer_to(const import_part& part, std::future<result<std::string>> first) const {
        auto said = first.get();
        const auto until = std::chrono::steady_clock::now() + engine_may_be_away;
        auto pause = std::chrono::milliseconds{100};
        while (!said && may_come_back(said.error().code) && std::chrono::steady_clock::now() < until) {
            std::this_thread::sleep_for(pause);
            pause = std::min(2 * pause, std::chrono::milliseconds{2'000});
            said = send(part).get();
        }
        return said;
    }

    result<void> settle(const import_part& part, std::future<result<std::string>> first, import_progress& reached) {
        auto after = reached;
        if (!part.rows.empty()) {
            const auto said = answer_to(part, std::move(first));
            if (!said) return said.error();
            if (auto counted = count(part, *said, after); !counted) return counted;
        }
        for (const auto& each : part.too_long) {
            if (auto added = rejects_.add(each.line, "longer than 64 KiB", each.begins_with); !added) return added;
            ++after.rejected;
        }
        after.rows += part.size();
        after.offset = part.offset_after;
        after.line = part.line_after;
        after.rejects_bytes = rejects_.bytes();
        if (!state_.empty())
            if (auto stored = store_progress(state_, after); !stored) return stored;
        reached = after;
        bar_.show(reached, std::chrono::steady_clock::now());
        return {};
    }

    result<void> count(const import_part& part, const std::string& said, import_progress& into) const {
        const auto parsed = json::document::parse(said);
        if (!parsed) return fail(errc::unknown, "the engine's answer is not readable: " + parsed.error().message);
        const auto number = [&](const char* name) {
            return static_cast<std::uint64_t>((*parsed)[name].integer().value_or(0));
        };
        into.created += number("created");
        into.updated += number("updated");
        into.unchanged += number("unchanged");
        result<void> written{};
        (*parsed)["rejected"].for_each([&](json::value each) {
            const auto [line, row] = part.row_at(static_cast<std::size_t>(each["line"].integer().value_or(0)));
            if (written) written = rejects_.add(line, each["reason"].text(), row);
            ++into.rejected;
        });
        return written;
    }

    const admin_access& engine_;
    import_source& from_;
    rejects_file& rejects_;
    progress_bar& bar_;
    std::string state_;
};

std::optional<row_form> form_of(const import_arguments& given) {
    if (given.format == "csv" || (given.format.empty() && given.file.ends_with(".csv"))) return row_form::csv;
    const bool by_name = given.file.ends_with(".ndjson") || given.file.ends_with(".jsonl");
    if (given.format == "ndjson" || (given.format.empty() && by_name)) return row_form::lines;
    return std::nullopt;
}

void print(const import_progress& reached, const std::string& rejects, bool as_json, std::ostream& out) {
    if (as_json) {
        out << to_json(reached) << '\n';
        return;
    }
    out << reached.rows << " rows: " << reached.created << " created, " << reached.updated << " updated, "
        << reached.unchanged << " unchanged, " << reached.rejected << " rejected";
    out << (reached.rejected > 0 ? " (" + rejects + ")\n" : "\n");
}

int refused(const std::string& why, std::ostream& err, int code) {
    err << "error: " << why << '\n';
    return code;
}

}  // namespace

int run_import(const import_arguments& given, std::istream& in, std::ostream& out, std::ostream& err) {
    const bool from_file = given.file != "-";
    const auto form = form_of(given);
    if (!form) return refused("--format: csv or ndjson: the file's name does not say", err, wrong_use);
    if (!from_file && given.rejects.empty())
        return refused("--rejects: is wanted when rows come from standard input", err, wrong_use);
    const auto engine = admin_access::of(given.config, given.token, err, true);
    if (!engine) return has_problem;
    std::ifstream file;
    if (from_file) {
        file.open(given.file, std::ios::binary);
        if (!file) return refused(given.file + ": cannot be read", err, cannot_run);
    }
    import_source source(from_file ? file : in, *form);
    if (auto begun = source.begin(); !begun)
        return refused(given.file + ": " + begun.error().message, err, has_problem);
    const auto state = from_file ? given.file + ".progress" : std::string();
    const auto rejects_path = given.rejects.empty() ? given.file + ".rejects.ndjson" : given.rejects;
    import_progress reached;
    std::uint64_t size = 0;
    if (from_file) {
        std::error_code ignored;
        size = fs::file_size(given.file, ignored);
        reached.file = source.fingerprint(size);
        const auto before = load_progress(state);
        if (!before && !given.again) return refused(before.error().message + ": give --again", err, cannot_run);
        if (!given.again && *before && (*before)->file == reached.file) {
            reached = **before;
            err << "going on at line " << reached.line << '\n';
        }
    }
    if (reached.offset > 0) source.go_on(reached.offset, reached.line);
    rejects_file rejects(rejects_path);
    if (auto opened = rejects.open(reached.rejects_bytes); !opened)
        return refused(opened.error().message, err, cannot_run);
    progress_bar bar(err, given.progress == "always" || (given.progress == "auto" && isatty(STDERR_FILENO) == 1), size);
    bar.show(reached, std::chrono::steady_clock::now());
    const auto ended = import_run(*engine, source, rejects, bar, state).all(reached);
    bar.end();
    if (!ended) {
        const bool header = ended.error().code == errc::conflict;
        return refused(given.file + ": " + ended.error().message, err, header ? has_problem : cannot_run);
    }
    std::error_code ignored;
    if (from_file) fs::remove(state, ignored);
    print(reached, rejects_path, given.as_json, out);
    return reached.rejected > 0 ? has_problem : done;
}

void add_import_command(const command& program) {
    const auto made =
        program.add_command("import", "Bring customers into the running engine, from CSV or lines of JSON");
    auto given = std::make_shared<import_arguments>();
    made.option("file", given->file, "The file; - is standard input").required();
    add_engine_options(made, given->config, given->token);
    made.option("--format", given->format, "By default as the file's name says").one_of({"csv", "ndjson"});
    made.option("--rejects", given->rejects, "Where rows go that are not taken, with the reason (FILE.rejects.ndjson)");
    made.flag("--again", given->again, "From the beginning, wherever an earlier try ended");
    made.option("--progress", given->progress, "A bar that shows how far it is")
        .one_of({"auto", "always", "never"})
        .shows_default();
    made.flag("--json", given->as_json, "Print the counts as JSON");
    made.runs([given] { return run_import(*given, std::cin, std::cout, std::cerr); });
}

}  // namespace kindred::app

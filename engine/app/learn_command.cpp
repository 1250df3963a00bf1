#include "engine/app/labelled_file.hpp"
#include "engine/app/resolved_tickets.hpp"
#include "engine/app/store_copy.hpp"
#include "engine/app/understanding_commands.hpp"
#include "engine/base/json.hpp"
#include "engine/understanding/evaluation.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <ostream>

namespace kindred::app {
namespace {

using understanding::intent_model;
using understanding::labelled_text;

/// How a model does on rows that it did not learn from.
struct model_score {
    understanding::rank_tally in_scope;
    std::size_t out_of_scope = 0;
    std::size_t rejected = 0;          ///< of those in scope: told none of these
    std::size_t rejected_rightly = 0;  ///< of those out of scope
    std::size_t undecided = 0;         ///< in scope, told between two
    std::optional<double> auroc;
};

model_score score(const intent_model& model, const std::vector<labelled_text>& rows) {
    using verdict = understanding::intent_reading::verdict;
    model_score made;
    std::vector<double> inside;
    std::vector<double> outside;
    for (const auto& row : rows) {
        const auto said = model.read(understanding::grams_of(row.text));
        const bool none = said.says == verdict::none;
        if (row.label == understanding::none_label) {
            ++made.out_of_scope;
            made.rejected_rightly += none ? 1 : 0;
            outside.push_back(said.familiarity);
            continue;
        }
        made.rejected += none ? 1 : 0;
        made.undecided += said.says == verdict::between ? 1 : 0;
        inside.push_back(said.familiarity);
        std::vector<std::string_view> guesses;
        for (const auto& each : said.guesses) guesses.push_back(each.label);
        made.in_scope.add(guesses, row.label);
    }
    made.auroc = understanding::area_under_roc(inside, std::move(outside));
    return made;
}

double percent(std::size_t part, std::size_t whole) {
    return whole == 0 ? 0 : 100 * static_cast<double>(part) / static_cast<double>(whole);
}

void print(const model_score& made, std::ostream& out) {
    out << fmt::format("evaluated {} texts in scope\n", made.in_scope.asked);
    out << fmt::format("top-1 {:.2f} %\ntop-3 {:.2f} %\n", 100 * made.in_scope.top1(), 100 * made.in_scope.top3());
    if (made.auroc) out << fmt::format("out-of-scope AUROC {:.4f}\n", *made.auroc);
    out << fmt::format("at the threshold: {:.1f} % of those in scope given up, {:.1f} % between two",
                       percent(made.rejected, made.in_scope.asked), percent(made.undecided, made.in_scope.asked));
    if (made.out_of_scope > 0)
        out << fmt::format(", {:.1f} % of those out of scope caught",
                           percent(made.rejected_rightly, made.out_of_scope));
    out << '\n';
}

void add(const model_score& made, json::writer& to) {
    to.key("evaluation").begin_object();
    to.member("in_scope", made.in_scope.asked);
    to.member("top1", made.in_scope.top1()).member("top3", made.in_scope.top3());
    to.member("out_of_scope", made.out_of_scope);
    if (made.auroc) to.member("auroc", *made.auroc);
    to.member("given_up", percent(made.rejected, made.in_scope.asked) / 100);
    to.member("between", percent(made.undecided, made.in_scope.asked) / 100);
    if (made.out_of_scope > 0) to.member("caught", percent(made.rejected_rightly, made.out_of_scope) / 100);
    to.end_object();
}

/// Writes beside the place and renames, so that a reader never sees half a model.
result<void> write_file(const std::string& path, std::string_view bytes) {
    const auto fresh = path + ".new";
    {
        std::ofstream file(fresh, std::ios::binary | std::ios::trunc);
        file.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
        file.flush();
        if (!file) return fail(errc::io, fresh + ": cannot be written");
    }
    std::error_code failed;
    std::filesystem::rename(fresh, path, failed);
    if (failed) return fail(errc::io, path + ": " + failed.message());
    return {};
}

result<std::vector<labelled_text>> examples_of(const learn_arguments& given) {
    if (given.store.empty()) return read_labelled_file(given.examples);
    const auto copy = store_copy::of(given.store);
    if (!copy) return copy.error();
    return read_resolved_tickets(**copy, understanding::learning_limits{}.examples);
}

int complain(const error& failed, std::ostream& err) {
    err << "error: " << failed.message << '\n';
    return failed.code == errc::io ? 3 : 1;
}

}  // namespace

int run_learn(const learn_arguments& given, std::ostream& out, std::ostream& err) {
    const auto examples = examples_of(given);
    if (!examples) return complain(examples.error(), err);
    std::vector<labelled_text> rows;
    if (!given.evaluate.empty()) {
        auto read = read_labelled_file(given.evaluate);
        if (!read) return complain(read.error(), err);
        rows = std::move(*read);
    }
    const auto model = understanding::learn_intents(*examples);
    if (!model) return complain({model.error().code, given.examples + given.store + ": " + model.error().message}, err);
    const auto bytes = encode(*model);
    if (!given.out.empty())
        if (auto written = write_file(given.out, bytes); !written) return complain(written.error(), err);

    const auto& learnt = model->learnt();
    const auto made = rows.empty() ? std::nullopt : std::optional(score(*model, rows));
    if (given.json) {
        json::writer said;
        said.begin_object();
        said.member("examples", learnt.examples).member("labels", learnt.labels.size());
        said.member("grams", learnt.space.grams().size()).member("bytes", bytes.size());
        if (made) add(*made, said);
        out << said.end_object().take() << '\n';
        return 0;
    }
    out << fmt::format("learnt {} labels from {} examples: {} grams, {:.1f} MB\n", learnt.labels.size(),
                       learnt.examples, learnt.space.grams().size(), static_cast<double>(bytes.size()) / 1e6);
    if (made) print(*made, out);
    return 0;
}

}  // namespace kindred::app

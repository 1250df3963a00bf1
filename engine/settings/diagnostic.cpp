#include "engine/settings/diagnostic.hpp"

#include "engine/base/json.hpp"
#include "engine/base/text.hpp"

#include <algorithm>

namespace kindred::settings {

std::string_view name_of(severity level) { return level == severity::error ? "error" : "warning"; }

std::string to_text(const diagnostic& problem) {
    std::string line = problem.file;
    if (problem.at.line > 0) line += ':' + std::to_string(problem.at.line) + ':' + std::to_string(problem.at.column);
    line += ": ";
    line += name_of(problem.level);
    line += ": " + problem.message;
    return line;
}

std::string to_json(const std::vector<diagnostic>& problems) {
    json::writer out;
    out.begin_array();
    for (const auto& problem : problems) {
        out.begin_object();
        out.member("file", problem.file).member("line", problem.at.line).member("column", problem.at.column);
        out.member("severity", name_of(problem.level)).member("message", problem.message);
        out.end_object();
    }
    out.end_array();
    return out.take();
}

void problems::error(std::string_view file, position at, std::string message) {
    add({std::string(file), at, severity::error, std::move(message)});
}

void problems::warning(std::string_view file, position at, std::string message) {
    add({std::string(file), at, severity::warning, std::move(message)});
}

void problems::add(diagnostic found) {
    const auto most = found.level == severity::warning ? 10 * most_listed : most_listed;
    const auto count = ++counts_[{found.file, found.level}];
    if (count > most + 1) return;
    if (count == most + 1) found.message = "there are more problems in this file than are listed";
    found_.push_back(std::move(found));
}

void problems::add(const problems& others) {
    for (const auto& each : others.found_) add(each);
}

bool problems::has_errors() const {
    return std::any_of(found_.begin(), found_.end(), [](const auto& each) { return each.level == severity::error; });
}

std::vector<diagnostic> problems::sorted() const {
    auto in_order = found_;
    std::sort(in_order.begin(), in_order.end());
    in_order.erase(std::unique(in_order.begin(), in_order.end()), in_order.end());
    return in_order;
}

std::string suggestion(std::string_view wrong, const std::vector<std::string>& known) {
    constexpr std::size_t longest = 200;  // nobody mistypes more than that, and comparing it takes its time
    if (wrong.size() > longest) return {};
    const auto near = nearest(wrong, known);
    return near ? ", did you mean \"" + *near + "\"?" : "";
}

}  // namespace kindred::settings

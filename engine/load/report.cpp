#include "engine/load/report.hpp"

#include "engine/base/json.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <string_view>
#include <utility>

namespace kindred::load {
namespace {

constexpr std::array<std::pair<const char*, double>, 4> quantiles{
    {{"p50", 0.5}, {"p90", 0.9}, {"p99", 0.99}, {"p99.9", 0.999}}};

double millis(std::chrono::nanoseconds span) { return static_cast<double>(span.count()) / 1e6; }

/// Three digits after the point: what a histogram of 1 % has to say, and no more.
double rounded(double value) { return static_cast<double>(std::llround(value * 1000)) / 1000; }

std::string number(double value, int digits) {
    std::array<char, 64> text{};
    const int size = std::snprintf(text.data(), text.size(), "%.*f", digits, value);
    return {text.data(), static_cast<std::size_t>(std::clamp<int>(size, 0, text.size() - 1))};
}

std::string figures_of(const latency_histogram& of) {
    std::string text;
    for (const auto& [name, share] : quantiles)
        text += std::string(name) + " " + number(millis(of.quantile(share)), 2) + "  ";
    return text + "max " + number(millis(of.max()), 2) + " ms";
}

void add_figures(json::writer& out, std::string_view name, const latency_histogram& of) {
    out.key(name).begin_object();
    for (const auto& [quantile, share] : quantiles) out.member(quantile, rounded(millis(of.quantile(share))));
    out.member("max", rounded(millis(of.max()))).end_object();
}

}  // namespace

std::uint64_t report::answered() const {
    std::uint64_t sum = 0;
    for (const auto& [status, count] : by_status) sum += count;
    return sum;
}

double report::achieved_rate() const {
    // The last request is due one gap before the end; over the time until its answer alone the rate would come out
    // high.
    const double span = std::max(static_cast<double>(lasted.count()) / 1e9, seconds);
    return span > 0 ? static_cast<double>(answered()) / span : 0;
}

bool report::all_succeeded() const {
    std::uint64_t fine = 0;
    for (const auto& [status, count] : by_status) fine += status >= 200 && status < 300 ? count : 0;
    return fine == due;
}

std::string to_text(const report& made) {
    std::string text = made.target + ": " + number(made.rate, 0) + "/s for " + number(made.seconds, 1) + " s over " +
                       std::to_string(made.connections) + " connections, open loop\n";
    const auto line = [&text](std::string_view name, const std::string& content) {
        text += "  ";
        text += name;
        text.append(name.size() < 18 ? 18 - name.size() : 1, ' ');
        text += content + "\n";
    };
    line("due", std::to_string(made.due));
    line("answered", std::to_string(made.answered()) + ", " + number(made.achieved_rate(), 1) + "/s");
    for (const auto& [status, count] : made.by_status) line("  " + std::to_string(status), std::to_string(count));
    line("latency", figures_of(made.latency) + ", from the moment each was due");
    line("sent late by", figures_of(made.lateness));
    if (made.timed_out > 0) line("timed out", std::to_string(made.timed_out) + ": sent, but not answered in time");
    if (made.lost > 0) line("lost", std::to_string(made.lost) + ": the connection ended without an answer");
    if (made.held_up > 0) {
        line("overload", std::to_string(made.held_up) + " found no connection free, at most " +
                             std::to_string(made.most_waiting) + " at once; " + std::to_string(made.not_sent) +
                             " were never sent");
    }
    return text;
}

std::string to_json(const report& made) {
    json::writer out;
    out.begin_object()
        .member("target", made.target)
        .member("rate", made.rate)
        .member("seconds", made.seconds)
        .member("connections", made.connections)
        .member("due", made.due)
        .member("answered", made.answered())
        .member("achieved_rate", rounded(made.achieved_rate()))
        .key("statuses")
        .begin_object();
    for (const auto& [status, count] : made.by_status) out.member(std::to_string(status), count);
    out.end_object()
        .member("timed_out", made.timed_out)
        .member("lost", made.lost)
        .member("not_sent", made.not_sent)
        .member("held_up", made.held_up)
        .member("most_waiting", made.most_waiting);
    add_figures(out, "latency_ms", made.latency);
    add_figures(out, "late_ms", made.lateness);
    return out.end_object().take();
}

}  // namespace kindred::load

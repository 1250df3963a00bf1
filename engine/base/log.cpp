#include "engine/base/log.hpp"

#include "engine/base/time.hpp"

#include <spdlog/logger.h>
#include <spdlog/sinks/stdout_sinks.h>

#include <atomic>

namespace kindred::log {
namespace {

std::atomic<level> threshold{level::info};
std::atomic<bool> for_humans{false};

spdlog::logger& sink() {
    static spdlog::logger lines = [] {
        spdlog::logger made("kindred", std::make_shared<spdlog::sinks::stderr_sink_mt>());
        made.set_pattern("%v");
        made.set_level(spdlog::level::trace);
        return made;
    }();
    return lines;
}

std::string_view name_of(level at) {
    switch (at) {
        case level::debug: return "debug";
        case level::info: return "info";
        case level::warn: return "warn";
        case level::error: return "error";
    }
    return "unnamed";
}

}  // namespace

void configure(level least, bool human) {
    threshold = least;
    for_humans = human;
}

void write(level at, std::string_view message, std::initializer_list<field> fields) {
    if (at < threshold.load(std::memory_order_relaxed)) return;
    const auto now = to_rfc3339(kindred::system_clock{}.now());
    if (for_humans) {
        std::string line = now + ' ' + std::string(name_of(at)) + ' ' + std::string(message);
        for (const auto& each : fields) {
            json::writer one;
            std::visit([&](const auto& content) { one.value(content); }, each.value);
            line += ' ' + std::string(each.name) + '=' + one.text();
        }
        sink().info(line);
        return;
    }
    json::writer line;
    line.begin_object().member("ts", now).member("level", name_of(at)).member("msg", message);
    for (const auto& each : fields) {
        line.key(each.name);
        std::visit([&](const auto& content) { line.value(content); }, each.value);
    }
    sink().info(line.end_object().text());
}

}  // namespace kindred::log

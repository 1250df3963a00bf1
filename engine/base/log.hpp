#pragma once
#include "engine/base/json.hpp"

#include <initializer_list>
#include <string>
#include <string_view>
#include <variant>

/// One JSON object a line on standard error: ts, level, msg, then the fields. Fields hold ids and counts, never what
/// customers wrote, addresses, numbers or secrets.
namespace kindred::log {

enum class level { debug = 1, info, warn, error };

struct field {
    std::string_view name;
    std::variant<std::string_view, std::int64_t, double, bool> value;

    field(std::string_view n, std::string_view v) : name(n), value(v) {}
    field(std::string_view n, const std::string& v) : name(n), value(std::string_view(v)) {}
    field(std::string_view n, const char* v) : name(n), value(std::string_view(v)) {}
    field(std::string_view n, bool v) : name(n), value(v) {}
    field(std::string_view n, double v) : name(n), value(v) {}
    template <std::integral Integer>
    field(std::string_view n, Integer v) : name(n), value(static_cast<std::int64_t>(v)) {}
};

/// Everything below `least` is left out; `human` writes plain lines for a terminal. Call once, before other threads.
void configure(level least, bool human);

void write(level at, std::string_view message, std::initializer_list<field> fields = {});
inline void debug(std::string_view message, std::initializer_list<field> fields = {}) {
    write(level::debug, message, fields);
}
inline void info(std::string_view message, std::initializer_list<field> fields = {}) {
    write(level::info, message, fields);
}
inline void warn(std::string_view message, std::initializer_list<field> fields = {}) {
    write(level::warn, message, fields);
}
inline void error(std::string_view message, std::initializer_list<field> fields = {}) {
    write(level::error, message, fields);
}

}  // namespace kindred::log

#include "engine/base/time.hpp"

#include <array>
#include <cctype>
#include <charconv>
#include <cstdio>
#include <cstring>

namespace kindred {
namespace {

/// Reads fixed-width fields from the front of a text; once something does not fit, everything after fails too.
class scanner {
public:
    explicit scanner(std::string_view text) : rest_(text) {}

    int digits(std::size_t least, std::size_t most) {
        std::size_t used = 0;
        int value = 0;
        while (used < most && used < rest_.size() && rest_[used] >= '0' && rest_[used] <= '9')
            value = value * 10 + (rest_[used++] - '0');
        if (used < least) good_ = false;
        rest_.remove_prefix(used);
        return value;
    }
    bool take(char wanted) {
        if (rest_.empty() || rest_.front() != wanted) return false;
        rest_.remove_prefix(1);
        return true;
    }
    void expect(char wanted) { good_ = take(wanted) && good_; }
    void skip_spaces() {
        while (!rest_.empty() && (rest_.front() == ' ' || rest_.front() == '\t')) rest_.remove_prefix(1);
    }
    std::string_view word() {
        std::size_t used = 0;
        while (used < rest_.size() && std::isalpha(static_cast<unsigned char>(rest_[used])) != 0) ++used;
        const auto found = rest_.substr(0, used);
        rest_.remove_prefix(used);
        return found;
    }
    void fail() { good_ = false; }
    bool good() const { return good_; }
    bool at_end() const { return rest_.empty(); }
    std::string_view rest() const { return rest_; }

private:
    std::string_view rest_;
    bool good_ = true;
};

std::optional<time_point> assemble(int year, int month, int day, int hour, int minute, int second, duration fraction,
                                   std::chrono::minutes offset) {
    const std::chrono::year_month_day date{std::chrono::year{year}, std::chrono::month(static_cast<unsigned>(month)),
                                           std::chrono::day(static_cast<unsigned>(day))};
    // 60 is a leap second; it is read as the second after.
    if (!date.ok() || hour > 23 || minute > 59 || second > 60) return std::nullopt;
    return time_point{std::chrono::sys_days{date}} + std::chrono::hours{hour} + std::chrono::minutes{minute} +
           std::chrono::seconds{second} + fraction - offset;
}

constexpr std::array<const char*, 12> month_names{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                  "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
constexpr std::array<const char*, 7> day_names{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};

bool same_word(std::string_view left, std::string_view right) {
    if (left.size() != right.size()) return false;
    for (std::size_t i = 0; i < left.size(); ++i)
        if (std::tolower(static_cast<unsigned char>(left[i])) != std::tolower(static_cast<unsigned char>(right[i])))
            return false;
    return true;
}

std::chrono::minutes numeric_offset(scanner& in, bool colon) {
    const bool east = in.take('+');
    if (!east) in.expect('-');
    const int hours = in.digits(2, 2);
    if (colon) in.expect(':');
    const int minutes = in.digits(2, 2);
    if (hours > 23 || minutes > 59) in.fail();
    const std::chrono::minutes size = std::chrono::hours{hours} + std::chrono::minutes{minutes};
    return east ? size : -size;
}

std::chrono::minutes zone_of_mail(scanner& in) {
    if (!in.rest().empty() && (in.rest().front() == '+' || in.rest().front() == '-')) return numeric_offset(in, false);
    struct zone {
        const char* name;
        int hours;
    };
    static constexpr std::array<zone, 8> american{
        {{"EST", -5}, {"EDT", -4}, {"CST", -6}, {"CDT", -5}, {"MST", -7}, {"MDT", -6}, {"PST", -8}, {"PDT", -7}}};
    const auto name = in.word();
    for (const auto& known : american)
        if (same_word(name, known.name)) return std::chrono::hours{known.hours};
    return {};  // GMT, UT, Z, and every unknown name: RFC 5322 4.3 says to take those as +0000
}

}  // namespace

time_point system_clock::now() const {
    return std::chrono::time_point_cast<duration>(std::chrono::system_clock::now());
}

std::string to_rfc3339(time_point at) {
    const auto day = std::chrono::floor<std::chrono::days>(at);
    const std::chrono::year_month_day date{day};
    const std::chrono::hh_mm_ss clock{at - day};
    std::array<char, 40> text{};
    const int size =
        std::snprintf(text.data(), text.size(), "%04d-%02u-%02uT%02d:%02d:%02d.%03dZ", int(date.year()),
                      unsigned(date.month()), unsigned(date.day()), int(clock.hours().count()),
                      int(clock.minutes().count()), int(clock.seconds().count()), int(clock.subseconds().count()));
    return {text.data(), static_cast<std::size_t>(size)};
}

std::optional<time_point> parse_time(std::string_view text) {
    std::int64_t seconds = 0;
    if (const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), seconds);
        failed == std::errc{} && end == text.data() + text.size()) {
        if (seconds < -62135596800 || seconds > 253402300799) return std::nullopt;  // years 1 to 9999
        return time_point{std::chrono::seconds{seconds}};
    }
    scanner in{text};
    const int year = in.digits(4, 4);
    in.expect('-');
    const int month = in.digits(2, 2);
    in.expect('-');
    const int day = in.digits(2, 2);
    if (!in.take('T') && !in.take('t')) in.expect(' ');
    const int hour = in.digits(2, 2);
    in.expect(':');
    const int minute = in.digits(2, 2);
    int second = 0;
    if (in.take(':')) second = in.digits(2, 2);
    duration fraction{};
    if (in.take('.')) {
        int scale = 100;
        std::size_t seen = 0;
        while (!in.at_end() && in.rest().front() >= '0' && in.rest().front() <= '9') {
            fraction += duration{in.digits(1, 1) * scale};
            scale /= 10;
            ++seen;
        }
        if (seen == 0) in.fail();
    }
    std::chrono::minutes offset{};
    if (!in.take('Z') && !in.take('z')) offset = numeric_offset(in, true);
    if (!in.good() || !in.at_end()) return std::nullopt;
    return assemble(year, month, day, hour, minute, second, fraction, offset);
}

std::optional<time_point> parse_mail_date(std::string_view text) {
    scanner in{text};
    in.skip_spaces();
    if (!in.rest().empty() && std::isalpha(static_cast<unsigned char>(in.rest().front())) != 0) {
        in.word();
        in.take(',');
        in.skip_spaces();
    }
    const int day = in.digits(1, 2);
    in.skip_spaces();
    const auto month_word = in.word();
    int month = 0;
    for (std::size_t i = 0; i < month_names.size(); ++i)
        if (same_word(month_word, month_names[i])) month = static_cast<int>(i) + 1;
    in.skip_spaces();
    const auto before = in.rest().size();
    int year = in.digits(2, 4);
    if (before - in.rest().size() == 2) year += year < 50 ? 2000 : 1900;
    in.skip_spaces();
    const int hour = in.digits(1, 2);
    in.expect(':');
    const int minute = in.digits(2, 2);
    int second = 0;
    if (in.take(':')) second = in.digits(2, 2);
    in.skip_spaces();
    const auto offset = zone_of_mail(in);
    if (!in.good() || month == 0) return std::nullopt;
    return assemble(year, month, day, hour, minute, second, {}, offset);
}

std::string to_mail_date(time_point at) {
    const auto day = std::chrono::floor<std::chrono::days>(at);
    const std::chrono::year_month_day date{day};
    const std::chrono::hh_mm_ss clock{at - day};
    std::array<char, 48> text{};
    const int size =
        std::snprintf(text.data(), text.size(), "%s, %02u %s %04d %02d:%02d:%02d +0000",
                      day_names[std::chrono::weekday{day}.c_encoding()], unsigned(date.day()),
                      month_names[unsigned(date.month()) - 1], int(date.year()), int(clock.hours().count()),
                      int(clock.minutes().count()), int(clock.seconds().count()));
    return {text.data(), static_cast<std::size_t>(size)};
}

std::optional<duration> parse_duration(std::string_view text) {
    const bool negative = !text.empty() && text.front() == '-';
    if (negative) text.remove_prefix(1);
    if (text.empty()) return std::nullopt;
    constexpr std::int64_t longest = 100LL * 366 * 24 * 3600 * 1000;  // a hundred years: no sum of terms can overflow
    std::int64_t total = 0;
    while (!text.empty()) {
        std::int64_t number = 0;
        const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), number);
        if (failed != std::errc{} || number < 0 || end == text.data() || text.front() == '-') return std::nullopt;
        text.remove_prefix(static_cast<std::size_t>(end - text.data()));
        std::int64_t unit = 0;
        std::size_t letters = 1;
        if (text.starts_with("ms"))
            unit = 1, letters = 2;
        else if (text.starts_with("s"))
            unit = 1000;
        else if (text.starts_with("m"))
            unit = 60'000;
        else if (text.starts_with("h"))
            unit = 3'600'000;
        else if (text.starts_with("d"))
            unit = 86'400'000;
        else if (text.starts_with("w"))
            unit = 604'800'000;
        else
            return std::nullopt;
        text.remove_prefix(letters);
        if (number > (longest - total) / unit) return std::nullopt;
        total += number * unit;
    }
    return duration{negative ? -total : total};
}

std::string to_text(duration span) {
    std::int64_t left = span.count();
    if (left == 0) return "0s";
    std::string text;
    if (left < 0) {
        text = "-";
        left = -left;
    }
    struct unit {
        std::int64_t size;
        const char* name;
    };
    static constexpr std::array<unit, 5> units{
        {{86'400'000, "d"}, {3'600'000, "h"}, {60'000, "m"}, {1000, "s"}, {1, "ms"}}};
    for (const auto& each : units) {
        if (left < each.size) continue;
        text += std::to_string(left / each.size) + each.name;
        left %= each.size;
    }
    return text;
}

}  // namespace kindred

#include "engine/conditions/tz_file.hpp"

#include <algorithm>
#include <cctype>

namespace kindred::conditions {
namespace {

using std::chrono::seconds;

/// Takes fixed-size numbers from the front of a file; once it is too short, everything after fails.
class byte_reader {
public:
    explicit byte_reader(std::string_view bytes) : rest_(bytes) {}

    std::int64_t number(std::size_t size) {
        const auto taken = take(size);
        std::uint64_t value = 0;
        for (const char byte : taken) value = value << 8U | static_cast<unsigned char>(byte);
        const auto unused = 64 - 8 * size;  // move the sign to where int64 has it, and back
        return static_cast<std::int64_t>(value << unused) >> unused;
    }
    std::string_view take(std::size_t size) {
        if (size > rest_.size()) {
            good_ = false;
            size = 0;
        }
        const auto taken = rest_.substr(0, size);
        rest_.remove_prefix(size);
        return taken;
    }
    bool good() const { return good_; }
    std::string_view rest() const { return rest_; }

private:
    std::string_view rest_;
    bool good_ = true;
};

/// What the header of a block counts, in its order.
struct block_counts {
    std::size_t utc_marks, standard_marks, leaps, changes, types, letters;

    std::size_t bytes(std::size_t time_size) const {
        return changes * time_size + changes + types * 6 + letters + leaps * (time_size + 4) + standard_marks +
               utc_marks;
    }
};

std::optional<block_counts> read_header(byte_reader& in) {
    const bool marked = in.take(4) == "TZif";
    const bool has_64_bits = in.take(1) >= "2";
    in.take(15);
    const auto count = [&] { return static_cast<std::size_t>(in.number(4)); };
    block_counts counts{};
    counts.utc_marks = count();
    counts.standard_marks = count();
    counts.leaps = count();
    counts.changes = count();
    counts.types = count();
    counts.letters = count();
    constexpr std::size_t sane = 100'000;
    const bool small = counts.changes < sane && counts.types < sane && counts.letters < sane && counts.leaps < sane;
    return marked && has_64_bits && in.good() && small && counts.types > 0 ? std::optional(counts) : std::nullopt;
}

/// One half of a footer's rule: "M10.5.0/3".
struct yearly_change {
    int month = 0;
    int week = 0;  ///< 5: the last
    int weekday = 0;
    seconds time = std::chrono::hours{2};

    time_point in(std::chrono::year year, seconds offset) const {
        const std::chrono::month of_year(static_cast<unsigned>(month));
        const std::chrono::weekday day(static_cast<unsigned>(weekday));
        const auto date = week == 5 ? std::chrono::sys_days{year / of_year / day[std::chrono::last]}
                                    : std::chrono::sys_days{year / of_year / day[static_cast<unsigned>(week)]};
        return time_point{date} + time - offset;
    }
};

class footer_reader {
public:
    explicit footer_reader(std::string_view text) : rest_(text) {}

    void name() {
        const auto end = rest_.starts_with('<') ? rest_.find('>') + 1 : letters();
        if (end < 3 || end > rest_.size())
            good_ = false;
        else
            rest_.remove_prefix(end);
    }
    /// [+-]hours[:minutes[:seconds]]
    seconds clock() {
        const bool negative = rest_.starts_with('-');
        if (negative || rest_.starts_with('+')) rest_.remove_prefix(1);
        seconds total = std::chrono::hours{number()};
        if (take(':')) total += std::chrono::minutes{number()};
        if (take(':')) total += seconds{number()};
        return negative ? -total : total;
    }
    yearly_change change() {
        yearly_change made;
        expect(',');
        expect('M');
        made.month = number();
        expect('.');
        made.week = number();
        expect('.');
        made.weekday = number();
        if (take('/')) made.time = clock();
        if (made.month < 1 || made.month > 12 || made.week < 1 || made.week > 5 || made.weekday > 6) good_ = false;
        return made;
    }
    bool at_end() const { return rest_.empty(); }
    bool at_clock() const { return !rest_.empty() && rest_.front() != ','; }
    bool good() const { return good_; }

private:
    std::size_t letters() const {
        std::size_t count = 0;
        while (count < rest_.size() && std::isalpha(static_cast<unsigned char>(rest_[count])) != 0) ++count;
        return count;
    }
    int number() {
        int value = 0;
        std::size_t digits = 0;
        while (digits < rest_.size() && digits < 3 && rest_[digits] >= '0' && rest_[digits] <= '9')
            value = value * 10 + (rest_[digits++] - '0');
        if (digits == 0) good_ = false;
        rest_.remove_prefix(digits);
        return value;
    }
    bool take(char wanted) {
        if (!rest_.starts_with(wanted)) return false;
        rest_.remove_prefix(1);
        return true;
    }
    void expect(char wanted) { good_ = take(wanted) && good_; }

    std::string_view rest_;
    bool good_ = true;
};

}  // namespace

std::optional<std::vector<offset_period>> periods_of_footer(std::string_view footer, std::chrono::year first,
                                                            std::chrono::year last) {
    footer_reader in(footer);
    in.name();
    const seconds standard = -in.clock();  // POSIX counts westward
    std::vector<offset_period> periods;
    if (in.good() && in.at_end()) {
        periods.push_back({time_point{std::chrono::sys_days{first / 1 / 1}} - standard, standard});
        return periods;
    }
    in.name();
    const seconds summer = in.at_clock() ? -in.clock() : standard + std::chrono::hours{1};
    const auto begin = in.change();
    const auto end = in.change();
    if (!in.good() || !in.at_end()) return std::nullopt;
    for (auto year = first; year <= last; ++year) {
        periods.push_back({begin.in(year, standard), summer});
        periods.push_back({end.in(year, summer), standard});
    }
    std::sort(periods.begin(), periods.end(),
              [](const auto& left, const auto& right) { return left.from < right.from; });
    return periods;
}

std::optional<std::vector<offset_period>> read_tz_file(std::string_view bytes, std::chrono::year until) {
    byte_reader in(bytes);
    const auto old_block = read_header(in);
    if (!old_block) return std::nullopt;
    in.take(old_block->bytes(4));
    const auto counts = read_header(in);
    if (!counts) return std::nullopt;
    std::vector<std::int64_t> changes(counts->changes);
    for (auto& each : changes) each = in.number(8);
    const auto type_of_change = in.take(counts->changes);
    std::vector<seconds> offsets;
    for (std::size_t i = 0; i < counts->types; ++i) {
        offsets.emplace_back(in.number(4));
        in.take(2);
    }
    in.take(counts->letters + counts->leaps * 12 + counts->standard_marks + counts->utc_marks);
    if (!in.good()) return std::nullopt;

    std::vector<offset_period> periods{{time_point::min(), offsets.front()}};
    for (std::size_t i = 0; i < changes.size(); ++i) {
        const auto type = static_cast<unsigned char>(type_of_change[i]);
        if (type >= offsets.size()) return std::nullopt;
        constexpr std::int64_t earliest = -5'000'000'000;  // before 1812: no zone had a standard time yet
        periods.push_back({time_point{seconds{std::max(changes[i], earliest)}}, offsets[type]});
    }
    auto footer = in.rest();
    if (footer.size() < 2 || footer.front() != '\n' || footer.back() != '\n') return std::nullopt;
    footer = footer.substr(1, footer.size() - 2);
    if (footer.empty()) return periods;
    const auto last_change = changes.empty() ? time_point{} : periods.back().from;
    const std::chrono::year_month_day last_date{std::chrono::floor<std::chrono::days>(last_change)};
    const auto further = periods_of_footer(footer, last_date.year(), until - std::chrono::years{1});
    if (!further) return std::nullopt;
    for (const auto& each : *further)
        if (changes.empty() || each.from > last_change) periods.push_back(each);
    return periods;
}

}  // namespace kindred::conditions

#include "engine/channel/card_numbers.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <vector>

namespace kindred::channel {
namespace {

constexpr std::size_t fewest_digits = 12;
constexpr std::size_t most_digits = 19;
constexpr std::size_t left_readable = 4;

/// What a scheme's numbers begin with, from and to, and how long they are.
struct scheme {
    std::string_view name;
    unsigned from;
    unsigned to;
    std::size_t prefix_digits;
    std::size_t shortest;
    std::size_t longest;
};
constexpr std::array schemes{
    scheme{"Visa", 4, 4, 1, 16, 16},
    scheme{"Visa, old", 4, 4, 1, 13, 13},
    scheme{"Visa, long", 4, 4, 1, 19, 19},
    scheme{"Mastercard", 51, 55, 2, 16, 16},
    scheme{"Mastercard since 2017", 2221, 2720, 4, 16, 16},
    scheme{"American Express", 34, 34, 2, 15, 15},
    scheme{"American Express", 37, 37, 2, 15, 15},
    scheme{"Discover", 6011, 6011, 4, 16, 19},
    scheme{"Discover", 644, 659, 3, 16, 19},
    scheme{"Diners Club", 300, 305, 3, 14, 19},
    scheme{"Diners Club", 36, 36, 2, 14, 19},
    scheme{"Diners Club", 38, 39, 2, 14, 19},
    scheme{"JCB", 3528, 3589, 4, 16, 19},
    scheme{"UnionPay", 62, 62, 2, 16, 19},
    scheme{"UnionPay", 81, 81, 2, 16, 19},
    scheme{"Mir", 2200, 2204, 4, 16, 19},
    scheme{"Maestro", 50, 50, 2, 12, 19},
    scheme{"Maestro", 56, 58, 2, 12, 19},
    scheme{"Maestro", 63, 63, 2, 12, 19},
    scheme{"Maestro", 67, 67, 2, 12, 19},
};

bool is_digit(char each) { return each >= '0' && each <= '9'; }
bool is_word(char each) {
    return is_digit(each) || (each >= 'a' && each <= 'z') || (each >= 'A' && each <= 'Z') || each == '_';
}

unsigned number_of(std::string_view digits) {
    unsigned number = 0;
    for (const char each : digits) number = number * 10 + static_cast<unsigned>(each - '0');
    return number;
}

bool passes_luhn(std::string_view digits) {
    unsigned sum = 0;
    for (std::size_t from_right = 0; from_right < digits.size(); ++from_right) {
        auto value = static_cast<unsigned>(digits[digits.size() - 1 - from_right] - '0');
        if (from_right % 2 == 1) value = value < 5 ? value * 2 : value * 2 - 9;
        sum += value;
    }
    return sum % 10 == 0;
}

bool is_card_number(std::string_view digits) {
    const bool has_scheme = std::any_of(schemes.begin(), schemes.end(), [&](const scheme& each) {
        if (digits.size() < each.shortest || digits.size() > each.longest) return false;
        const auto begins = number_of(digits.substr(0, each.prefix_digits));
        return begins >= each.from && begins <= each.to;
    });
    return has_scheme && passes_luhn(digits);
}

/// Bytes of one separator between groups of digits: a blank, a hyphen, or a no-break space in UTF-8; 0: there is none.
std::size_t separator_at(std::string_view text, std::size_t at) {
    if (at >= text.size()) return 0;
    if (text[at] == ' ' || text[at] == '-') return 1;
    return text.substr(at).starts_with("\xC2\xA0") ? 2 : 0;
}

/// Digits that stand together, and where each is.
struct digit_run {
    std::string digits;
    std::vector<std::size_t> places;
    std::size_t end = 0;  ///< one past the last digit
};

digit_run run_at(std::string_view text, std::size_t begin) {
    digit_run found;
    for (std::size_t at = begin; at < text.size();) {
        if (is_digit(text[at])) {
            found.digits += text[at];
            found.places.push_back(at);
            found.end = ++at;
            continue;
        }
        const auto separator = separator_at(text, at);
        if (separator == 0 || at + separator >= text.size() || !is_digit(text[at + separator])) break;
        at += separator;
    }
    return found;
}

/// A part of a run that begins and ends where a group does: an amount or a date may stand before or behind the number.
struct part {
    std::size_t first = 0;
    std::size_t count = 0;
};

bool group_begins(const digit_run& run, std::size_t digit) {
    return digit == 0 || run.places[digit] != run.places[digit - 1] + 1;
}

std::optional<part> card_in(const digit_run& run, std::size_t from) {
    for (std::size_t first = from; first + fewest_digits <= run.digits.size(); ++first) {
        if (!group_begins(run, first)) continue;
        for (auto count = std::min(most_digits, run.digits.size() - first); count >= fewest_digits; --count) {
            const bool ends = first + count == run.digits.size() || group_begins(run, first + count);
            if (ends && is_card_number(std::string_view(run.digits).substr(first, count))) return part{first, count};
        }
    }
    return std::nullopt;
}

bool is_written(const attachment& each) {
    return !each.content.empty() && (each.type.starts_with("text/html") || each.type.starts_with("text/plain"));
}

/// Mostly there are not so many digits in all: that is counted many bytes at a time.
bool has_digits_of_a_card(std::string_view text) {
    unsigned digits = 0;
    for (const char each : text) digits += is_digit(each) ? 1U : 0U;
    return digits >= fewest_digits;
}

bool mask(std::string& text) {
    if (!has_digits_of_a_card(text)) return false;
    auto masked = without_card_numbers(text);
    if (masked == text) return false;
    text = std::move(masked);
    return true;
}

}  // namespace

std::string without_card_numbers(std::string_view text) {
    std::string masked(text);
    for (std::size_t at = 0; at < text.size();) {
        if (!is_digit(text[at])) {
            ++at;
            continue;
        }
        const auto run = run_at(text, at);
        const bool within_word = (at > 0 && is_word(text[at - 1])) || (run.end < text.size() && is_word(text[run.end]));
        for (std::size_t from = 0; !within_word;) {
            const auto card = card_in(run, from);
            if (!card) break;
            for (std::size_t digit = card->first; digit < card->first + card->count - left_readable; ++digit)
                masked[run.places[digit]] = '*';
            from = card->first + card->count;
        }
        at = run.end;
    }
    return masked;
}

bool mask_card_numbers(record& happened) {
    bool found = mask(happened.subject);
    if (happened.text) found |= mask(*happened.text);
    if (happened.stripped_text) found |= mask(*happened.stripped_text);
    for (auto& each : happened.attachments)
        if (is_written(each)) found |= mask(each.content);
    return found;
}

}  // namespace kindred::channel

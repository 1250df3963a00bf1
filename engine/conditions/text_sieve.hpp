#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace kindred::conditions {

/// Remembers roughly which three bytes follow each other in a text: says of most phrases that they are not in it
/// without looking through the text once for each.
class text_sieve {
public:
    text_sieve() = default;
    explicit text_sieve(std::string_view text) {
        for (std::size_t i = 0; i + run <= text.size(); ++i) seen_[place_of(text.data() + i)] = true;
    }

    /// False only for a phrase that is not a part of the text.
    bool may_contain(std::string_view phrase) const {
        for (std::size_t i = 0; i + run <= phrase.size(); ++i)
            if (!seen_[place_of(phrase.data() + i)]) return false;
        return true;
    }

private:
    static constexpr std::size_t run = 3;
    static constexpr unsigned bits_of_a_place = 12;

    static std::uint32_t place_of(const char* bytes) {
        const auto byte = [&](std::size_t at) { return std::uint32_t{static_cast<unsigned char>(bytes[at])}; };
        return (byte(0) | byte(1) << 8U | byte(2) << 16U) * 0x9E3779B1U >> (32U - bits_of_a_place);
    }

    // Not bits: setting one would wait for the one set before it.
    std::array<bool, std::size_t{1} << bits_of_a_place> seen_{};
};

}  // namespace kindred::conditions

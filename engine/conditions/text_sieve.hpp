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
        for (std::size_t i = 0; i + run <= text.size(); ++i) {
            const auto place = place_of(text.data() + i);
            bits_[place >> 6U] |= std::uint64_t{1} << (place & 63U);
        }
    }

    /// False only for a phrase that is not a part of the text.
    bool may_contain(std::string_view phrase) const {
        for (std::size_t i = 0; i + run <= phrase.size(); ++i) {
            const auto place = place_of(phrase.data() + i);
            if ((bits_[place >> 6U] >> (place & 63U) & 1U) == 0) return false;
        }
        return true;
    }

private:
    static constexpr std::size_t run = 3;
    static constexpr unsigned bits_of_a_place = 12;

    static std::uint32_t place_of(const char* bytes) {
        const auto byte = [&](std::size_t at) { return std::uint32_t{static_cast<unsigned char>(bytes[at])}; };
        return (byte(0) | byte(1) << 8U | byte(2) << 16U) * 0x9E3779B1U >> (32U - bits_of_a_place);
    }

    std::array<std::uint64_t, (std::size_t{1} << bits_of_a_place) / 64> bits_{};
};

}  // namespace kindred::conditions

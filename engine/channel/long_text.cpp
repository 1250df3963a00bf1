#include "engine/channel/long_text.hpp"

#include "engine/base/text.hpp"

#include <unicode/brkiter.h>
#include <unicode/utext.h>

#include <memory>

namespace kindred::channel {
namespace {

struct utext_closer {
    void operator()(UText* text) const { utext_close(text); }
};

/// The places of a UTF-8 text where one may cut; ICU's break iterators tell them in bytes.
class cuts {
public:
    static result<cuts> of(std::string_view text, icu::BreakIterator* made, UErrorCode status) {
        cuts found;
        found.iterator_.reset(made);
        if (U_SUCCESS(status))
            found.text_.reset(utext_openUTF8(nullptr, text.data(), static_cast<std::int64_t>(text.size()), &status));
        if (U_SUCCESS(status)) found.iterator_->setText(found.text_.get(), status);
        if (U_FAILURE(status)) return fail(errc::unavailable, "texts cannot be split: ICU's data is missing");
        return found;
    }
    /// The last place at or before `at`, and after `from`; 0 when there is none.
    std::size_t last(std::size_t from, std::size_t at) const {
        const auto wanted = static_cast<std::int32_t>(at);
        const auto found = iterator_->isBoundary(wanted) != 0 ? wanted : iterator_->preceding(wanted);
        return found > static_cast<std::int32_t>(from) ? static_cast<std::size_t>(found) : 0;
    }

private:
    std::unique_ptr<UText, utext_closer> text_;
    std::unique_ptr<icu::BreakIterator> iterator_;
};

std::size_t units_of(unsigned char first, text_unit counted_in) {
    const std::size_t bytes = first < 0x80 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
    if (counted_in == text_unit::bytes) return bytes;
    return counted_in == text_unit::utf16 && bytes == 4 ? 2 : 1;
}

/// The byte behind the last character that fits when one starts at `from`.
std::size_t reach(std::string_view text, std::size_t from, const text_limit& limit) {
    std::size_t used = 0;
    auto at = from;
    while (at < text.size()) {
        const auto first = static_cast<unsigned char>(text[at]);
        used += units_of(first, limit.counted_in);
        if (used > limit.most) break;
        at += units_of(first, text_unit::bytes);
    }
    return at;
}

/// The end of the last paragraph that ends within the reach, and in its second half: no part is needlessly short.
std::size_t paragraph_end(std::string_view text, std::size_t from, std::size_t to) {
    const auto found = text.substr(0, to).rfind("\n\n");
    return found != std::string_view::npos && found > from + (to - from) / 2 ? found : 0;
}

class splitter {
public:
    static result<splitter> of(std::string_view text, const text_limit& limit) {
        splitter made(text, limit);
        const auto& locale = icu::Locale::getRoot();
        UErrorCode status = U_ZERO_ERROR;
        auto* sentences = icu::BreakIterator::createSentenceInstance(locale, status);
        if (auto opened = made.open(sentences, status); !opened) return opened.error();
        auto* lines = icu::BreakIterator::createLineInstance(locale, status);
        if (auto opened = made.open(lines, status); !opened) return opened.error();
        auto* graphemes = icu::BreakIterator::createCharacterInstance(locale, status);
        if (auto opened = made.open(graphemes, status); !opened) return opened.error();
        return made;
    }

    result<std::vector<std::string>> parts() const {
        std::vector<std::string> found;
        std::size_t from = 0;
        while (from < text_.size()) {
            const auto end = end_of_part(from);
            if (end == 0)
                return fail(errc::invalid, "text: holds one character that is longer than " + to_text(limit_));
            auto part = trim(text_.substr(from, end - from));
            if (!part.empty()) found.emplace_back(part);
            from = end;
        }
        return found;
    }

private:
    splitter(std::string_view text, const text_limit& limit) : text_(text), limit_(limit) {}

    result<void> open(icu::BreakIterator* made, UErrorCode status) {
        auto opened = cuts::of(text_, made, status);
        if (!opened) return opened.error();
        cuts_.push_back(std::move(*opened));
        return {};
    }

    std::size_t end_of_part(std::size_t from) const {
        const auto to = reach(text_, from, limit_);
        if (to == text_.size()) return to;
        if (const auto end = paragraph_end(text_, from, to); end != 0) return end;
        // Sentences, then words: not where that makes a part shorter than half. Graphemes at any price.
        for (std::size_t kind = 0; kind < cuts_.size(); ++kind) {
            const auto end = cuts_[kind].last(from, to);
            const bool last_resort = kind + 1 == cuts_.size();
            if (end != 0 && (last_resort || end - from >= (to - from) / 2)) return end;
        }
        return 0;
    }

    std::string_view text_;
    text_limit limit_;
    std::vector<cuts> cuts_;  ///< of sentences, words (where lines may break), graphemes
};

}  // namespace

std::size_t length_of(std::string_view text, text_unit counted_in) {
    std::size_t length = 0;
    for (std::size_t at = 0; at < text.size();) {
        const auto first = static_cast<unsigned char>(text[at]);
        length += units_of(first, counted_in);
        at += units_of(first, text_unit::bytes);
    }
    return length;
}

std::string to_text(const text_limit& limit) {
    const char* unit = limit.counted_in == text_unit::bytes   ? " bytes"
                       : limit.counted_in == text_unit::utf16 ? " UTF-16 units"
                                                              : " characters";
    return std::to_string(limit.most) + unit;
}

result<std::vector<std::string>> split_text(std::string_view text, const text_limit& limit) {
    if (!is_utf8(text)) return fail(errc::invalid, "text: is not UTF-8");
    if (limit.most == 0 || length_of(text, limit.counted_in) <= limit.most)
        return std::vector<std::string>{std::string(text)};
    const auto made = splitter::of(text, limit);
    if (!made) return made.error();
    return made->parts();
}

}  // namespace kindred::channel

#include "connectors/mime/charset.hpp"

#include "engine/base/text.hpp"

#include <unicode/ucnv.h>
#include <algorithm>
#include <array>
#include <memory>
#include <utility>

namespace kindred::connectors::mime {
namespace {

struct close_converter {
    void operator()(UConverter* open) const { ucnv_close(open); }
};
using converter = std::unique_ptr<UConverter, close_converter>;

// Labels that mail programs use for a superset of what the registry says, or that ICU does not know.
constexpr std::array<std::pair<std::string_view, const char*>, 33> meant = {{
    {"ascii", "windows-1252"},
    {"us-ascii", "windows-1252"},
    {"ansi_x3.4-1968", "windows-1252"},
    {"iso-8859-1", "windows-1252"},
    {"latin1", "windows-1252"},
    {"iso8859-1", "windows-1252"},
    {"iso-8859-9", "windows-1254"},
    {"iso-8859-8-i", "iso-8859-8"},
    {"iso-8859-8-e", "iso-8859-8"},
    {"gb2312", "gb18030"},
    {"gbk", "gb18030"},
    {"gb_2312-80", "gb18030"},
    {"x-gbk", "gb18030"},
    {"cp936", "gb18030"},
    {"hz-gb-2312", "HZ"},
    {"ks_c_5601-1987", "windows-949"},
    {"ks_c_5601-1989", "windows-949"},
    {"ksc5601", "windows-949"},
    {"euc-kr", "windows-949"},
    {"korean", "windows-949"},
    {"cp949", "windows-949"},
    {"uhc", "windows-949"},
    {"shift_jis", "ibm-943_P15A-2003"},
    {"shift-jis", "ibm-943_P15A-2003"},
    {"sjis", "ibm-943_P15A-2003"},
    {"x-sjis", "ibm-943_P15A-2003"},
    {"cp932", "ibm-943_P15A-2003"},
    {"windows-31j", "ibm-943_P15A-2003"},
    {"big5", "windows-950"},
    {"x-mac-roman", "macintosh"},
    {"tis-620", "windows-874"},
    {"iso-8859-11", "windows-874"},
    {"unicode-1-1-utf-8", "utf-8"},
}};

constexpr const char* japanese_windows = "ibm-943_P15A-2003";

std::string normal_label(std::string_view label) {
    label = trim(label);
    while (!label.empty() && (label.front() == '"' || label.front() == '\'')) label.remove_prefix(1);
    while (!label.empty() && (label.back() == '"' || label.back() == '\'')) label.remove_suffix(1);
    return to_lower_ascii(label.substr(0, 64));
}

bool is_iso_2022_jp(std::string_view label) {
    return label.starts_with("iso-2022-jp") || label == "csiso2022jp" || label == "cp50220" || label == "cp50221" ||
           label == "x-windows-iso2022jp";
}

converter open_converter(std::string_view label) {
    const auto* const known =
        std::find_if(meant.begin(), meant.end(), [&](const auto& each) { return each.first == label; });
    const std::string name = known == meant.end() ? std::string(label) : known->second;
    UErrorCode status = U_ZERO_ERROR;
    converter opened(name.empty() ? nullptr : ucnv_open(name.c_str(), &status));
    if (U_FAILURE(status)) return nullptr;
    return opened;
}

std::string convert(UConverter* from, std::string_view bytes) {
    UErrorCode status = U_ZERO_ERROR;
    const converter to(ucnv_open("UTF-8", &status));
    if (U_FAILURE(status)) return to_utf8(bytes);
    std::string text;
    std::array<char, 4096> piece{};
    std::array<UChar, 2048> pivot{};
    UChar* pivot_read = pivot.data();
    UChar* pivot_write = pivot.data();
    const char* source = bytes.data();
    const char* const end = source + bytes.size();
    do {
        char* target = piece.data();
        status = U_ZERO_ERROR;
        ucnv_convertEx(to.get(), from, &target, piece.data() + piece.size(), &source, end, pivot.data(), &pivot_read,
                       &pivot_write, pivot.data() + pivot.size(), 0, 1, &status);
        text.append(piece.data(), target);
    } while (status == U_BUFFER_OVERFLOW_ERROR);
    return text;
}

/// One JIS X 0208 row and cell as Shift_JIS bytes.
void append_shift_jis(std::string& out, unsigned row, unsigned cell) {
    const unsigned lead = (row - 0x21) / 2 + (row < 0x5F ? 0x81 : 0xC1);
    const unsigned trail = row % 2 == 1 ? cell + (cell < 0x60 ? 0x1F : 0x20) : cell + 0x7E;
    out.push_back(static_cast<char>(lead));
    out.push_back(static_cast<char>(trail));
}

/// ISO-2022-JP as mail programs on Windows write it (CP50220): JIS X 0208 with NEC's row 13 and half-width katakana.
/// Rewritten as Shift_JIS, whose Windows form has exactly those characters.
std::string shift_jis_of_iso_2022_jp(std::string_view bytes) {
    enum class set { ascii, katakana, kanji } active = set::ascii;
    std::string out;
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        const auto rest = bytes.substr(i);
        if (rest.starts_with("\x1b$B") || rest.starts_with("\x1b$@")) {
            active = set::kanji;
            i += 2;
        } else if (rest.starts_with("\x1b$(D")) {
            active = set::ascii;  // JIS X 0212 has no place in Shift_JIS
            i += 3;
        } else if (rest.starts_with("\x1b(I")) {
            active = set::katakana;
            i += 2;
        } else if (rest.starts_with("\x1b(")) {
            active = set::ascii;
            i += 2;
        } else if (bytes[i] == '\n') {
            active = set::ascii;
            out.push_back('\n');
        } else if (active == set::kanji && rest.size() > 1 && rest[0] > 0x20 && rest[1] > 0x20) {
            append_shift_jis(out, static_cast<unsigned char>(rest[0]), static_cast<unsigned char>(rest[1]));
            ++i;
        } else {
            const auto byte = static_cast<unsigned char>(bytes[i]);
            out.push_back(
                static_cast<char>(active == set::katakana && byte > 0x20 && byte < 0x60 ? byte | 0x80U : byte));
        }
    }
    return out;
}

}  // namespace

std::string decode_charset(std::string_view bytes, std::string_view label) {
    const auto name = normal_label(label);
    const bool plain =
        std::all_of(bytes.begin(), bytes.end(), [](char c) { return c > 0 && c != '\x1b' && c != '~' && c != '+'; });
    if (plain && !name.starts_with("utf-16") && !name.starts_with("utf-32")) return std::string(bytes);
    const bool says_utf8 = name == "utf-8" || name == "utf8" || name == "unicode-1-1-utf-8";
    if (says_utf8) {
        if (bytes.starts_with("\xEF\xBB\xBF")) bytes.remove_prefix(3);
        return to_utf8(bytes);
    }
    const bool says_little = name.empty() || name == "us-ascii" || name == "ascii" || name == "ansi_x3.4-1968";
    if (says_little && is_utf8(bytes)) return std::string(bytes);
    if (is_iso_2022_jp(name)) {
        if (const auto japanese = open_converter(japanese_windows))
            return convert(japanese.get(), shift_jis_of_iso_2022_jp(bytes));
    }
    if (const auto from = open_converter(name)) return convert(from.get(), bytes);
    if (is_utf8(bytes)) return std::string(bytes);
    const auto fallback = open_converter("windows-1252");
    return fallback ? convert(fallback.get(), bytes) : to_utf8(bytes);
}

bool is_known_charset(std::string_view label) {
    const auto name = normal_label(label);
    return is_iso_2022_jp(name) || open_converter(name) != nullptr;
}

}  // namespace kindred::connectors::mime

#include "connectors/mime/flowed.hpp"

#include "engine/base/text.hpp"

#include <algorithm>

namespace kindred::connectors::mime {

std::string unflow(std::string_view text, bool delete_spaces) {
    std::string out;
    out.reserve(text.size());
    bool open = false;  // the last line goes on
    std::size_t open_depth = 0;
    const auto lines = split(text, '\n');
    for (std::size_t number = 0; number < lines.size(); ++number) {
        auto line = lines[number];
        if (line.ends_with('\r')) line.remove_suffix(1);
        const auto depth = std::min(line.find_first_not_of('>'), line.size());
        auto content = line.substr(depth);
        if (content.starts_with(' ')) content.remove_prefix(1);  // space-stuffing
        const bool signature = content == "-- ";
        const bool joins = open && depth == open_depth && !signature;
        if (!joins) {
            if (number > 0) out.push_back('\n');
            out.append(line.substr(0, depth));
            if (depth > 0 && !content.empty()) out.push_back(' ');
        }
        open = content.ends_with(' ') && !signature;
        open_depth = depth;
        if (open && delete_spaces) content.remove_suffix(1);
        out.append(content);
    }
    return out;
}

}  // namespace kindred::connectors::mime

#include "engine/domain/attribute.hpp"
#include "engine/domain/channel_kind.hpp"

namespace kindred {

std::string_view name_of(channel_kind kind) {
    switch (kind) {
        case channel_kind::email: return "email";
        case channel_kind::chat: return "chat";
        case channel_kind::social: return "social";
        case channel_kind::phone: return "phone";
        case channel_kind::forum: return "forum";
        case channel_kind::api: return "api";
    }
    return "unnamed";
}

std::optional<channel_kind> channel_kind_named(std::string_view name) {
    for (const auto kind : all_channel_kinds)
        if (name_of(kind) == name) return kind;
    return std::nullopt;
}

void write_json(json::writer& out, const fact_value& value) {
    struct visitor {
        json::writer& out;
        void operator()(std::monostate) const { out.null(); }
        void operator()(bool truth) const { out.value(truth); }
        void operator()(std::int64_t number) const { out.value(number); }
        void operator()(double number) const { out.value(number); }
        void operator()(const std::string& text) const { out.value(text); }
        void operator()(time_point at) const { out.value(to_rfc3339(at)); }
        void operator()(duration span) const { out.value(to_text(span)); }
        void operator()(const std::vector<std::string>& many) const {
            out.begin_array();
            for (const auto& each : many) out.value(each);
            out.end_array();
        }
    };
    std::visit(visitor{out}, value);
}

}  // namespace kindred

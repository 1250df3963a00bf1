#include "engine/api/reply_body.hpp"

namespace kindred::api {
namespace {

result<channel::message_template> template_of(json::value given) {
    channel::message_template read;
    bool fits = given.is_object() && given["name"].is_string();
    given.for_each_member([&](std::string_view name, json::value each) {
        const bool text = name == "name" || name == "language";
        fits = fits && ((text && each.is_string()) || (name == "parameters" && each.is_array()));
    });
    read.name = given["name"].text();
    read.language = given["language"].text();
    given["parameters"].for_each([&](json::value each) {
        fits = fits && each.is_string() && each.text().size() <= 1'024;
        read.parameters.emplace_back(each.text());
    });
    if (!fits || read.name.empty() || read.parameters.size() > 100)
        return fail(errc::invalid, "template: wants {name, language, parameters: [texts]}");
    return read;
}

/// The files that a reply names, as they are on record.
result<std::vector<channel::outgoing_file>> files_of(runtime::site& site, json::value given) {
    constexpr std::size_t most = 10;
    if (!given.is_array() || given.size() > most)
        return fail(errc::invalid, "attachments: wants a list of at most 10 ids of uploaded files");
    std::vector<channel::outgoing_file> found;
    for (std::size_t i = 0; i < given.size(); ++i) {
        const auto file = site.files().find(given.at(i).text());
        if (!file || file->stands != runtime::kept_file::state::stored)
            return fail(errc::invalid,
                        "attachments: there is no stored file \"" + std::string(given.at(i).text()) + '"');
        found.push_back({file->id, file->name, file->type, {}, {}, file->size});
    }
    return found;
}

}  // namespace

reply_members::reply_members(body_reader& body)
    : text_(body.text("text").value_or("")), wanted_template_(body.any("template")), files_(body.any("attachments")) {}

result<runtime::action::reply> reply_members::read(runtime::site& site) const {
    runtime::action::reply said;
    said.text = text_;
    if (wanted_template_.exists()) {
        auto wanted = template_of(wanted_template_);
        if (!wanted) return wanted.error();
        said.use_template = std::move(*wanted);
    }
    if (files_.exists()) {
        auto found = files_of(site, files_);
        if (!found) return found.error();
        said.files = std::move(*found);
    }
    return said;
}

}  // namespace kindred::api

#include "engine/rules/loaders.hpp"

#include <algorithm>

namespace kindred::rules {
namespace {

namespace shapes = settings::shapes;

void read_site(const settings::field& given, load_context& context) {
    auto site = given.as_section();
    auto& into = context.rules.site;
    const auto zone_name = site.at("timezone");
    if (const auto name = zone_name.text_not_empty()) {
        auto zone = conditions::time_zone::named(*name);
        if (zone) {
            into.time_zone = *name;
            context.rules.zone = *zone;
        } else {
            zone_name.error(zone.error().message);
        }
    }
    for (const auto& each : site.at("languages").list(true)) {
        const auto code = each.text_not_empty();
        if (!code) continue;
        if (is_language_code(*code))
            into.languages.push_back(*code);
        else
            each.error("\"" + *code + "\" is not a language code such as en or es");
    }
    const auto first = site.at("default_language");
    if (const auto code = first.text_not_empty()) {
        const bool listed = into.languages.empty() || check_name(first, "site language", *code, into.languages);
        if (listed) into.default_language = *code;
    } else if (!into.languages.empty()) {
        into.default_language = into.languages.front();
    }
    site.finish();
}

}  // namespace

const settings::shape& site_file_shape() {
    static const auto shape =
        shapes::section(
            {shapes::required(
                "site",
                shapes::section(
                    {shapes::optional("timezone", shapes::name().meaning("a name of the tz database; UTC unless said")),
                     shapes::optional("languages", shapes::list_or_one(shapes::name().matching(language_code_pattern))
                                                       .meaning("what the site speaks, by ISO 639-1")),
                     shapes::optional("default_language",
                                      shapes::name().meaning("one of them; the first unless said"))}))})
            .maybe_empty();
    return shape;
}

const settings::shape& skills_file_shape() {
    static const auto shape =
        shapes::section({shapes::required(
                            "skills", shapes::table(shapes::section({}).maybe_empty())
                                          .matching("^(?!language$)")
                                          .meaning("what agents can be good at; languages are skills by themselves"))})
            .maybe_empty();
    return shape;
}

void load_site(load_context& context) {
    context.rules.site.languages.clear();
    context.for_each_file(file_kind::site, [&](settings::section& top) { read_site(top.require("site"), context); });
}

void load_skills(load_context& context) {
    auto& skills = context.rules.skills;
    context.for_each_file(file_kind::skills, [&](settings::section& top) {
        for (const auto& each : top.require("skills").entries()) {
            const std::string name(each.key);
            if (name == "language") {
                each.value.found().error(each.value.file(), each.at,
                                         "\"language\" is reserved: languages are skills by themselves");
                continue;
            }
            if (!check_fresh_name(each.value, each.at, "skill", name, skills)) continue;
            skills.push_back(name);
            if (each.value.present()) each.value.as_section().finish();
        }
    });
}

}  // namespace kindred::rules

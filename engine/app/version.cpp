#include "engine/app/version.hpp"

#include "engine/app/connectors.hpp"
#include "engine/base/json.hpp"

#include <ostream>

namespace kindred::app {

int print_version(bool as_json, std::ostream& out) {
    if (!as_json) {
        out << "kindred " KINDRED_VERSION "\n";
        return 0;
    }
    json::writer text;
    text.begin_object()
        .member("version", KINDRED_VERSION)
        .member("compiler", __VERSION__)
        .key("connectors")
        .begin_array();
    for (const auto& name : connector_names()) text.value(name);
    out << text.end_array().end_object().text() << '\n';
    return 0;
}

}  // namespace kindred::app

#pragma once
#include <gmime/gmime.h>
#include <memory>

namespace kindred::connectors::mime {

struct unreference {
    template <class Object>
    void operator()(Object* object) const {
        if (object != nullptr) g_object_unref(object);
    }
};

/// Owns one reference to a GMime object.
template <class Object>
using gmime_pointer = std::unique_ptr<Object, unreference>;

struct free_options {
    void operator()(GMimeParserOptions* options) const { g_mime_parser_options_free(options); }
};
using gmime_options = std::unique_ptr<GMimeParserOptions, free_options>;

}  // namespace kindred::connectors::mime

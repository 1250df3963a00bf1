#include "engine/rules/file_shapes.hpp"

#include "engine/rules/loaders.hpp"
#include "engine/rules/rule_test.hpp"

#include <stdexcept>

namespace kindred::rules {

const settings::shape& shape_of(file_kind kind) {
    switch (kind) {
        case file_kind::profile: return profile_file_shape();
        case file_kind::segments: return segments_file_shape();
        case file_kind::stages: return stages_file_shape();
        case file_kind::calendars: return calendars_file_shape();
        case file_kind::skills: return skills_file_shape();
        case file_kind::queues: return queues_file_shape();
        case file_kind::routing: return routing_file_shape();
        case file_kind::site: return site_file_shape();
        case file_kind::surveys: return surveys_file_shape();
        case file_kind::macros: return macros_file_shape();
        case file_kind::tests: return tests_file_shape();
    }
    throw std::logic_error("a kind of file without a shape");
}

}  // namespace kindred::rules

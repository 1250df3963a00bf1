#pragma once
#include "engine/rules/load_context.hpp"

/// The parts of the loader, one per file kind, in the order in which they must run. Each reports what it finds and
/// leaves out what has a problem.
namespace kindred::rules {

void load_site(load_context& context);
void load_calendars(load_context& context);
void load_skills(load_context& context);
void load_profile(load_context& context);
void load_queues(load_context& context);
void load_priorities(load_context& context);
/// With declare_facts() before it: conditions may be parsed from then on.
void declare_segments_and_stages(load_context& context);
void load_segments(load_context& context);
void load_stages(load_context& context);
void load_library(load_context& context);
void load_routing(load_context& context);
/// Pauses, interrupts, dispositions and the like, which stand at the top of routing.yaml.
void load_work(settings::section& top, load_context& context);
void load_self_service(const settings::field& given, load_context& context);
void load_escalations(const settings::field& given, load_context& context);
void load_surveys(load_context& context);
/// After routing.yaml, which names dispositions.
void load_macros(load_context& context);

/// What the files of each kind may hold: the loaders read by these, and the schemas in config/schemas are made from
/// them.
const settings::shape& site_file_shape();
const settings::shape& skills_file_shape();
const settings::shape& calendars_file_shape();
const settings::shape& profile_file_shape();
const settings::shape& queues_file_shape();
const settings::shape& segments_file_shape();
const settings::shape& stages_file_shape();
const settings::shape& routing_file_shape();
const settings::shape& surveys_file_shape();
const settings::shape& macros_file_shape();
settings::shape steps_shape();
settings::shape escalations_shape();
settings::shape self_service_shape();
std::vector<settings::key_shape> work_keys();

/// The steps of a route; one empty step where none are stated.
std::vector<step_definition> load_steps(const settings::field& given, load_context& context);

}  // namespace kindred::rules

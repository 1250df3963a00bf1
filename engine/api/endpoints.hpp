#pragma once
#include "engine/api/call.hpp"

#include <functional>
#include <memory>
#include <string_view>
#include <vector>

namespace kindred::api {

class ticket_endpoints;
class people_endpoints;
class customer_endpoints;
class note_endpoints;
class rules_endpoints;
class work_endpoints;
class supervision_endpoints;
class register_endpoints;
class attachment_endpoints;
class account_endpoints;
class data_endpoints;
class bulk_endpoints;
class join_endpoints;
class token_endpoints;
class role_endpoints;
class report_endpoints;
class guidance_endpoints;
class desk_paper_endpoints;
class channel_check_endpoints;

/// One row: method, path with {parameters}, which permissions let in, and what answers. The handler runs on a blocking
/// thread with `call::who` filled in.
struct endpoint {
    std::string_view method;
    std::string_view path;
    /// Any one of these is enough; none at all: whoever proves to be somebody. What a handler then asks for more
    /// stands in docs/openapi.yaml.
    runtime::permission_set needed;
    std::function<void(std::shared_ptr<call>)> answer;
};

/// Whoever answers. All must outlive the endpoints that are made of them.
struct endpoint_groups {
    ticket_endpoints& tickets;
    people_endpoints& people;
    customer_endpoints& customers;
    note_endpoints& notes;
    rules_endpoints& rules;
    work_endpoints& work;
    supervision_endpoints& supervision;
    register_endpoints& registers;
    attachment_endpoints& attachments;
    account_endpoints& accounts;
    token_endpoints& tokens;
    role_endpoints& roles;
    data_endpoints& data;
    bulk_endpoints& bulk;
    join_endpoints& joins;
    report_endpoints& reports;
    guidance_endpoints& guidance;
    desk_paper_endpoints& papers;
    channel_check_endpoints& channel_checks;
};

/// Every endpoint of the API whose handler works on a call. docs/openapi.yaml describes the same; a test compares.
std::vector<endpoint> api_endpoints(const endpoint_groups& all);

/// Endpoints that the gateway answers by itself, for the comparison with the documents.
std::vector<std::pair<std::string_view, std::string_view>> gateway_endpoints();

/// Fits `path` to a pattern and gives its parameters, decoded; nothing when it does not fit.
std::optional<std::map<std::string, std::string, std::less<>>> match(std::string_view pattern, std::string_view path);

}  // namespace kindred::api

#include "engine/api/endpoints.hpp"

#include "engine/api/accounts.hpp"
#include "engine/api/attachments.hpp"
#include "engine/api/bulk.hpp"
#include "engine/api/channel_checks.hpp"
#include "engine/api/customers.hpp"
#include "engine/api/data.hpp"
#include "engine/api/desk_papers.hpp"
#include "engine/api/guidance.hpp"
#include "engine/api/joins.hpp"
#include "engine/api/notes.hpp"
#include "engine/api/people.hpp"
#include "engine/api/registers.hpp"
#include "engine/api/reports.hpp"
#include "engine/api/roles.hpp"
#include "engine/api/rules.hpp"
#include "engine/api/supervision.hpp"
#include "engine/api/tickets.hpp"
#include "engine/api/tokens.hpp"
#include "engine/api/work.hpp"
#include "engine/base/text.hpp"
#include "tests/api/support/callers.hpp"
#include "tests/api/support/who_may.hpp"
#include "tests/runtime/support/site_run.hpp"

#include <gtest/gtest.h>
#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <iterator>
#include <map>
#include <set>

namespace kindred::api {
namespace {

using runtime::role;
using route = std::pair<std::string, std::string>;  // method and path

struct documented {
    std::set<route> all;
    std::set<route> open;  ///< that say "security: []"
};

/// The document is OpenAPI's YAML, with anchors, which engine/settings refuses in what admins write.
documented read_document() {
    documented found;
    const auto document = YAML::LoadFile(std::string(KINDRED_SOURCE_DIR) + "/docs/openapi.yaml");
    static const std::set<std::string> methods{"get", "put", "post", "patch", "delete"};
    for (const auto& path : document["paths"])
        for (const auto& method : path.second) {
            auto name = method.first.as<std::string>();
            if (!methods.contains(name)) continue;
            std::transform(name.begin(), name.end(), name.begin(),
                           [](char letter) { return static_cast<char>(letter - 'a' + 'A'); });
            const route described{name, path.first.as<std::string>()};
            found.all.insert(described);
            const auto security = method.second["security"];
            if (security && security.size() == 0) found.open.insert(described);
        }
    return found;
}

class endpoint_table : public testing::Test {
protected:
    runtime::site_run run_{};
    ticket_endpoints tickets_{run_.site()};
    people_endpoints people_{run_.site()};
    customer_endpoints customers_{run_.site()};
    note_endpoints notes_{run_.site()};
    data_endpoints data_{run_.site()};
    bulk_endpoints bulk_{run_.site()};
    join_endpoints joins_{run_.site()};
    runtime::ruleset_keeper keeper_{run_.site(), {}, {}};
    rules_endpoints rules_{run_.site(), keeper_};
    work_endpoints work_{run_.site()};
    supervision_endpoints supervision_{run_.site()};
    register_endpoints registers_{run_.site()};
    attachment_endpoints attachments_{run_.site()};
    sign_in sign_in_{run_.site(), {}, {}};
    account_endpoints accounts_{run_.site(), sign_in_};
    token_endpoints tokens_{run_.site(), sign_in_.tokens()};
    role_endpoints roles_{run_.site(), sign_in_.tokens()};
    report_endpoints reports_{run_.site()};
    ready_articles articles_;
    guidance_endpoints guidance_{run_.site(), articles_};
    desk_paper_endpoints papers_{run_.site()};
    channel_check_endpoints channel_checks_{run_.site()};
    std::vector<endpoint> rows_ = api_endpoints({tickets_, people_, customers_, notes_, rules_, work_, supervision_,
                                                 registers_, attachments_, accounts_, tokens_, roles_, data_, bulk_,
                                                 joins_, reports_, guidance_, papers_, channel_checks_});
};

TEST_F(endpoint_table, IsWhatTheDocumentDescribes) {
    std::set<route> served;
    for (const auto& row : rows_)
        EXPECT_TRUE(served.emplace(row.method, row.path).second) << row.method << ' ' << row.path << " twice";
    for (const auto& [method, path] : gateway_endpoints())
        EXPECT_TRUE(served.emplace(method, path).second) << method << ' ' << path << " twice";
    // The page, and a channel's second address, are parts of what a row above answers.
    served.insert({{"GET", "/"}, {"GET", "/webhooks/{channel}/{action}"}, {"POST", "/webhooks/{channel}/{action}"}});
    EXPECT_EQ(served, read_document().all);
}

TEST_F(endpoint_table, LetsNobodyInWithoutProofThatTheDocumentWantsProofOf) {
    const auto open = read_document().open;
    for (const auto& row : rows_)
        EXPECT_FALSE(open.contains({std::string(row.method), std::string(row.path)})) << row.path;
}

TEST_F(endpoint_table, NoPathFitsTwoRowsOfOneMethod) {
    for (const auto& one : rows_)
        for (const auto& other : rows_)
            if (&one != &other && one.method == other.method)
                EXPECT_FALSE(match(one.path, other.path)) << one.path << " hides " << other.path;
}

TEST_F(endpoint_table, LetsEveryRoleInWhereItIsWrittenThatItMay) {
    constexpr std::array<std::pair<char, std::string_view>, 5> letters{
        {{'A', "agent"}, {'S', "supervisor"}, {'D', "admin"}, {'R', "read-only"}, {'P', "api"}}};
    std::map<route, std::string_view> expected;
    for (const auto& [method, path, roles] : who_may_call)
        EXPECT_TRUE(expected.emplace(route{method, path}, roles).second) << path;
    EXPECT_EQ(expected.size(), rows_.size());
    for (const auto& row : rows_) {
        std::string admits;
        for (const auto& [letter, name] : letters) {
            const auto may = runtime::built_in_role(name)->may;
            admits += row.needed.empty() || row.needed.overlaps(may) ? letter : '-';
        }
        EXPECT_EQ(admits, expected[route(row.method, row.path)]) << row.method << ' ' << row.path;
    }
}

TEST_F(endpoint_table, EveryPermissionOpensSomething) {
    runtime::permission_set asked_for = runtime::permission::contacts_write;  // the gateway asks
    for (const auto& row : rows_) asked_for = asked_for | row.needed;
    // These open nothing by themselves but more of what others open.
    using enum runtime::permission;
    EXPECT_EQ(asked_for | tickets_others, runtime::permission_set::all())
        << runtime::permission_set::all().without(asked_for).text();
}

TEST(Documents, SayWhatEachBuiltInRolePermits) {
    std::ifstream in(std::string(KINDRED_SOURCE_DIR) + "/docs/security.md");
    std::map<std::string, std::array<bool, 4>> written;
    for (std::string line; std::getline(in, line);) {
        if (!line.starts_with("| `")) continue;
        const auto cells = split(line, '|');
        const auto name = trim(cells.at(1));
        if (cells.size() != 8) continue;
        auto& row = written[std::string(name.substr(1, name.size() - 2))];
        for (std::size_t i = 0; i < row.size(); ++i) row[i] = trim(cells.at(i + 3)) == "x";
    }
    constexpr std::array<std::string_view, 4> columns{"agent", "supervisor", "read-only", "api"};
    EXPECT_EQ(written.size(), runtime::all_permissions().size());
    for (const auto& each : runtime::all_permissions())
        for (std::size_t i = 0; i < columns.size(); ++i)
            EXPECT_EQ(written[std::string(each.name)][i], runtime::built_in_role(columns[i])->may.has(each.one))
                << each.name << ' ' << columns[i];
}

TEST(MissingPermission, IsNamed) {
    using enum runtime::permission;
    const auto answer = missing_permission(caller_with("agent", agent_id{1}, "ann"), tickets_work | contacts_write);
    EXPECT_EQ(answer.status(), 403U);
    const auto said = json::document::parse(answer.body()).value();
    EXPECT_EQ(said["detail"].text(), "this takes tickets.work or contacts.write, which the role agent does not permit");
    EXPECT_EQ(said["missing"].size(), 2U);
    EXPECT_EQ(said["missing"].at(1).text(), "contacts.write");
    EXPECT_EQ(said["type"].text(), "/problems/forbidden");
}

TEST(Match, GivesDecodedParameters) {
    using parameters = std::map<std::string, std::string, std::less<>>;
    EXPECT_EQ(match("/api/v1/me", "/api/v1/me"), parameters{});
    EXPECT_EQ(match("/api/v1/tickets/{id}/reply", "/api/v1/tickets/7/reply"), (parameters{{"id", "7"}}));
    EXPECT_EQ(match("/chat/{channel}", "/chat/web%20chat%2F1"), (parameters{{"channel", "web chat/1"}}));
}

TEST(Match, FitsWholePathsOnly) {
    for (const auto* path : {"/api/v1/tickets", "/api/v1/tickets/", "/api/v1/tickets/7/", "/api/v1/tickets/7/reply",
                             "/api/v1/Tickets/7", "api/v1/tickets/7", "//api/v1/tickets/7", "/api/v2/tickets/7", ""})
        EXPECT_FALSE(match("/api/v1/tickets/{id}", path)) << path;
}

}  // namespace
}  // namespace kindred::api

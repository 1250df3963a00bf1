#include "engine/api/lookers.hpp"

#include "engine/base/json.hpp"
#include "tests/runtime/support/sockets.hpp"

#include <gtest/gtest.h>

namespace kindred::api {
namespace {

using desk = std::shared_ptr<runtime::listening_socket>;

/// "ann, bo writes" of the last frame that a desk was sent.
std::string last_of(const desk& told) {
    const auto all = told->heard();
    if (all.empty()) return "nothing";
    const auto frame = json::document::parse(all.back()).value();
    std::string said = std::string(frame["ticket"].text()) + ":";
    frame["agents"].for_each([&](json::value each) {
        said += " " + std::string(each["name"].text());
        if (each["typing"].boolean().value_or(false)) said += " writes";
    });
    return said;
}

TEST(lookers, EverybodyWhoLooksAtATicketKnowsOfTheOthers) {
    lookers all;
    const desk ann = std::make_shared<runtime::listening_socket>();
    const desk bo = std::make_shared<runtime::listening_socket>();
    all.look(ann, agent_id{1}, "ann", ticket_id{7}, false);
    EXPECT_EQ(last_of(ann), "7: ann");
    all.look(bo, agent_id{2}, "bo", ticket_id{7}, false);
    EXPECT_EQ(last_of(ann), "7: ann bo");
    EXPECT_EQ(last_of(bo), "7: ann bo");
    all.look(bo, agent_id{2}, "bo", ticket_id{7}, true);
    EXPECT_EQ(last_of(ann), "7: ann bo writes");
    const auto told = ann->heard().size();
    all.look(bo, agent_id{2}, "bo", ticket_id{7}, true);
    EXPECT_EQ(ann->heard().size(), told) << "nothing new is not told";
    all.look(bo, agent_id{2}, "bo", ticket_id{8}, false);
    EXPECT_EQ(last_of(ann), "7: ann");
    EXPECT_EQ(last_of(bo), "8: bo");
}

TEST(lookers, WhoLeavesIsGoneAndTwoDesksOfOneAreOne) {
    lookers all;
    const desk ann = std::make_shared<runtime::listening_socket>();
    const desk again = std::make_shared<runtime::listening_socket>();
    const desk bo = std::make_shared<runtime::listening_socket>();
    all.look(ann, agent_id{1}, "ann", ticket_id{7}, false);
    all.look(again, agent_id{1}, "ann", ticket_id{7}, true);
    all.look(bo, agent_id{2}, "bo", ticket_id{7}, false);
    EXPECT_EQ(last_of(bo), "7: ann writes bo");
    all.leave(again.get());
    EXPECT_EQ(last_of(bo), "7: ann bo");
    all.leave(ann.get());
    EXPECT_EQ(last_of(bo), "7: bo");
    all.look(bo, agent_id{2}, "bo", ticket_id{}, false);
    all.leave(bo.get());
    all.leave(bo.get());
    EXPECT_EQ(last_of(bo), "7: bo") << "who looks at nothing is told nothing";
}

}  // namespace
}  // namespace kindred::api

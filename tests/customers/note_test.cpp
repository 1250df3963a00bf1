#include "engine/customers/note.hpp"

#include <gtest/gtest.h>

namespace kindred::customers {
namespace {

TEST(Note, IsReadFromTheStoreAsItWasWritten) {
    const note written{customer_id{7},    12,          "**Careful**: hates calls", true, "agent:ann",
                       from_millis(1000), "agent:bob", from_millis(2000)};
    const auto read = note_from_json(to_json(written));
    ASSERT_TRUE(read);
    EXPECT_EQ(to_json(*read), to_json(written));
    EXPECT_FALSE(note_from_json("{}"));
    EXPECT_FALSE(note_from_json("not JSON"));
}

TEST(Note, NamesSortAsTheNotesWereWritten) {
    EXPECT_LT(key_of_note(customer_id{7}, 9), key_of_note(customer_id{7}, 10));
    EXPECT_LT(key_of_note(customer_id{7}, 99'999), key_of_note(customer_id{10}, 1));
    EXPECT_TRUE(key_of_note(customer_id{7}, 9).starts_with(key_prefix_of_notes(customer_id{7})));
    EXPECT_FALSE(key_of_note(customer_id{77}, 9).starts_with(key_prefix_of_notes(customer_id{7})));
}

TEST(Note, MentionsAllWordsInAnyCaseAndScript) {
    note written;
    written.text = "Prefiere ESPAÑOL; allergic to nuts";
    EXPECT_TRUE(mentions(written, ""));
    EXPECT_TRUE(mentions(written, "español NUTS"));
    EXPECT_TRUE(mentions(written, "  nuts  "));
    EXPECT_FALSE(mentions(written, "nuts gluten"));
}

}  // namespace
}  // namespace kindred::customers

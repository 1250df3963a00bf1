#include "engine/app/completion.hpp"

#include "engine/base/text.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <initializer_list>

namespace kindred::app {
namespace {

/// A small program with everything that a parser can have.
class completion : public testing::Test {
protected:
    completion() {
        const auto program = line_.root();
        program.add_command("serve", "Run it; it's \"the\" engine: $HOME `x`")
            .option("--config", text_, "A file")
            .required();
        const auto user = program.add_command("user", "People");
        const auto add = user.add_command("add", "One more");
        add.option("login", text_, "Whose").required();
        add.option("-r,--role", text_, "Of the person").one_of({"agent", "admin"});
        add.flag("--json", flag_, "As JSON");
        user.add_command("list", "All");
        program.add_command("learn", "From examples").exactly_one("source").option("--store", text_, "A store");
        add_completion_command(program);
    }

    /// What bash offers for the last of these words.
    std::string completed(std::initializer_list<const char*> words) {
        const auto file =
            (std::filesystem::temp_directory_path() / ("kindred-completion-" + std::to_string(::getpid()))).string();
        {
            std::ofstream script(file);
            script << bash_completion(line_.root().tree("kindred")) << "COMP_WORDS=(kindred";
            for (const auto* each : words) script << " '" << each << "'";
            script << ")\nCOMP_CWORD=" << words.size() << "\n_kindred\necho \"${COMPREPLY[@]}\"\n";
        }
        auto* bash = ::popen(("bash --norc -u " + file + " 2>&1").c_str(), "r");
        std::string said;
        std::array<char, 4096> part{};
        while (const auto got = std::fread(part.data(), 1, part.size(), bash)) said.append(part.data(), got);
        ::pclose(bash);
        std::filesystem::remove(file);
        return std::string(trim(said));
    }

    command_line line_{"A program."};
    std::string text_;
    bool flag_ = false;
};

TEST_F(completion, the_tree_is_the_parsers) {
    const auto tree = line_.root().tree("kindred");
    std::vector<std::string> paths;
    for (const auto* each : flat(tree)) paths.push_back(each->path);
    EXPECT_EQ(paths, (std::vector<std::string>{"kindred", "kindred serve", "kindred user", "kindred user add",
                                               "kindred user list", "kindred learn", "kindred completion"}));
    const auto& add = tree.commands.at(1).commands.at(0);
    EXPECT_TRUE(add.takes_arguments);
    ASSERT_EQ(add.options.size(), 3U);
    EXPECT_EQ(add.options[1].names, (std::vector<std::string>{"-r", "--role"}));
    EXPECT_TRUE(add.options[1].takes_value);
    EXPECT_EQ(add.options[1].choices, (std::vector<std::string>{"agent", "admin"}));
    EXPECT_FALSE(add.options[2].takes_value);
}

TEST_F(completion, bash_completes_commands_options_and_their_values) {
    struct row {
        std::initializer_list<const char*> words;
        const char* offered;
    };
    for (const auto& [words, offered] : std::initializer_list<row>{
             {{""}, "serve user learn completion"},
             {{"se"}, "serve"},
             {{"x"}, ""},
             {{"-"}, "-h --help"},
             {{"user", ""}, "add list"},
             {{"user", "a"}, "add"},
             {{"user", "add", "-"}, "-h --help -r --role --json"},
             {{"user", "add", "--j"}, "--json"},
             {{"user", "add", "ann", "--ro"}, "--role"},
             {{"user", "add", "--role", ""}, "agent admin"},
             {{"user", "add", "--role", "=", "ad"}, "admin"},
             {{"user", "add", "-r", "ag"}, "agent"},
             {{"user", "add", "--role", "agent", "--j"}, "--json"},
             {{"user", "add", "--json", "--r"}, "--role"},
             {{"serve", "--config", ""}, ""},              // bash offers files
             {{"serve", "--config", "user", ""}, ""},      // a value is no command
             {{"user", "add", "list", "--ro"}, "--role"},  // nor is an argument
             {{"learn", "-"}, "-h --help --store"},
             {{"completion", ""}, "bash zsh fish"},
             {{"completion", "bash", "-"}, "-h --help"},
         })
        EXPECT_EQ(completed(words), offered) << std::data(words)[words.size() - 1];
}

TEST_F(completion, the_other_shells_are_told_the_same) {
    const auto tree = line_.root().tree("kindred");
    const auto zsh = zsh_completion(tree);
    EXPECT_TRUE(zsh.starts_with("#compdef kindred\n"));
    const auto fish = fish_completion(tree);
    for (const auto* each : flat(tree)) {
        EXPECT_NE(zsh.find("'" + each->path + "')"), std::string::npos) << each->path;
        EXPECT_NE(fish.find(" '" + each->path + "'"), std::string::npos) << each->path;
        for (const auto& option : each->options)
            for (const auto& name : option.names) {
                EXPECT_NE(zsh.find(name), std::string::npos) << name;
                EXPECT_NE(fish.find((name.starts_with("--") ? " -l " : " -s ") + name.substr(name.rfind('-') + 1)),
                          std::string::npos)
                    << name;
            }
    }
    EXPECT_NE(fish.find(R"(-d 'Run it; it'\''s "the" engine: $HOME `x`')"), std::string::npos) << fish;
    for (const auto& script : {bash_completion(tree), zsh, fish}) {
        EXPECT_EQ(script.find("NAME"), std::string::npos);
    }
}

}  // namespace
}  // namespace kindred::app

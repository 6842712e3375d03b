#pragma once

#include <cstdint>
#include <functional>
#include <limits>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace common {

// A command line that cannot be used; what() is for the user.
struct BadOption : std::runtime_error {
  using std::runtime_error::runtime_error;
};

std::uint64_t ParseNumber(std::string_view text, std::uint64_t max);

// Long options (--name VALUE or --name=VALUE), each bound to the variable that it sets. --help is
// there by itself.
class OptionParser {
 public:
  explicit OptionParser(std::string summary) : summary_(std::move(summary)) {}

  // An empty `value_name` makes a switch. `value_name` and `help` are for --help.
  void Add(std::string name, std::string value_name, std::string help,
           std::function<void(std::string_view)> set);

  void AddFlag(std::string name, std::string help, bool& target);
  void AddText(std::string name, std::string value_name, std::string help, std::string& target);
  void AddTexts(std::string name, std::string value_name, std::string help,
                std::vector<std::string>& target);

  template <class Number>
  void AddNumber(std::string name, std::string value_name, std::string help, Number& target) {
    Add(std::move(name), std::move(value_name), std::move(help), [&target](std::string_view text) {
      target = static_cast<Number>(ParseNumber(text, std::numeric_limits<Number>::max()));
    });
  }

  // Returns the exit code if the program shall end at once: 0 after --help, 2 after a mistake.
  std::optional<int> Parse(int argc, char** argv) const;

 private:
  struct Option {
    std::string name;
    std::string value_name;
    std::string help;
    std::function<void(std::string_view)> set;
  };

  void ParseOrThrow(int argc, char** argv, bool& help) const;
  void PrintHelp(const char* program) const;

  std::string summary_;
  std::vector<Option> options_;
};

}  // namespace common

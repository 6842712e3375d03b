#include "shared/option_parser.hpp"

#include <getopt.h>

#include <charconv>
#include <cstdio>
#include <utility>

namespace common {

std::uint64_t ParseNumber(std::string_view text, std::uint64_t max) {
  std::uint64_t number = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (failed != std::errc() || end != text.data() + text.size() || number > max) {
    throw BadOption("'" + std::string(text) + "' is not a number from 0 to " + std::to_string(max));
  }
  return number;
}

void OptionParser::Add(std::string name, std::string value_name, std::string help,
                       std::function<void(std::string_view)> set) {
  options_.push_back({std::move(name), std::move(value_name), std::move(help), std::move(set)});
}

void OptionParser::AddFlag(std::string name, std::string help, bool& target) {
  Add(std::move(name), "", std::move(help), [&target](std::string_view) { target = true; });
}

void OptionParser::AddText(std::string name, std::string value_name, std::string help,
                           std::string& target) {
  Add(std::move(name), std::move(value_name), std::move(help),
      [&target](std::string_view text) { target = text; });
}

void OptionParser::AddTexts(std::string name, std::string value_name, std::string help,
                            std::vector<std::string>& target) {
  Add(std::move(name), std::move(value_name), std::move(help),
      [&target](std::string_view text) { target.emplace_back(text); });
}

std::optional<int> OptionParser::Parse(int argc, char** argv) const {
  try {
    bool help = false;
    ParseOrThrow(argc, argv, help);
    if (help) {
      PrintHelp(argv[0]);
      return 0;
    }
    return std::nullopt;
  } catch (const BadOption& mistake) {
    std::fprintf(stderr, "%s: %s (see --help)\n", argv[0], mistake.what());
    return 2;
  }
}

void OptionParser::ParseOrThrow(int argc, char** argv, bool& help) const {
  std::vector<option> known;
  for (const Option& each : options_) {
    const int takes_value = each.value_name.empty() ? no_argument : required_argument;
    known.push_back({each.name.c_str(), takes_value, nullptr, 0});
  }
  known.push_back({"help", no_argument, nullptr, 0});
  known.push_back({nullptr, 0, nullptr, 0});

  opterr = 0;
  optind = 1;
  int index = 0;
  int found = 0;
  while ((found = getopt_long(argc, argv, ":", known.data(), &index)) == 0) {
    const auto position = static_cast<std::size_t>(index);
    if (position == options_.size()) {
      help = true;
      continue;
    }
    try {
      options_[position].set(optarg != nullptr ? optarg : "");
    } catch (const BadOption& mistake) {
      throw BadOption("--" + options_[position].name + ": " + mistake.what());
    }
  }
  if (found != -1) {
    throw BadOption(std::string(argv[optind - 1]) +
                    (found == ':' ? " needs a value" : " is no option of this program"));
  }
  if (optind < argc) {
    throw BadOption(std::string(argv[optind]) + " is no option of this program");
  }
}

void OptionParser::PrintHelp(const char* program) const {
  std::printf("%s\n\nUsage: %s [options]\n\n", summary_.c_str(), program);
  for (const Option& each : options_) {
    const std::string left =
        "--" + each.name + (each.value_name.empty() ? "" : " ") + each.value_name;
    std::printf("  %-28s %s\n", left.c_str(), each.help.c_str());
  }
  std::printf("  %-28s %s\n", "--help", "show this text");
}

}  // namespace common

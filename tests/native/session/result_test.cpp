// result<T> has the operations of std::expected, in every standard: this file also compiles as C++17 and C++23.

#include <gtest/gtest.h>

#include <interop_sessions/result.hpp>
#include <memory>
#include <string>
#include <type_traits>
#include <utility>

namespace interop::sessions::tests {
namespace {

failure TimedOut() { return failure(error{INTEROP_SESSIONS_TIMED_OUT, "TIMED_OUT", "no answer"}); }

result<int> Three() { return 3; }
result<int> Late() { return TimedOut(); }

TEST(Result, Has_a_value_or_says_why_not) {
  EXPECT_EQ(Three().value(), 3);
  EXPECT_EQ(Late().value_or(7), 7);
  EXPECT_TRUE(Late().error().is(INTEROP_SESSIONS_TIMED_OUT));
#ifdef __cpp_exceptions
  EXPECT_THROW(static_cast<void>(Late().value()), bad_result_access);
  const result<void> nothing = TimedOut();
  EXPECT_THROW(nothing.value(), bad_result_access);
#endif
}

TEST(Result, Moves_its_value_out) {
  result<std::unique_ptr<int>> held(std::make_unique<int>(3));
  EXPECT_EQ(*std::move(held).value_or(nullptr), 3);
  result<std::unique_ptr<int>> other(std::make_unique<int>(4));
  const std::unique_ptr<int> taken = std::move(other).value();
  EXPECT_EQ(*taken, 4);
}

TEST(Result, Is_compared) {
  EXPECT_TRUE(Three() == 3);
  EXPECT_TRUE(Three() == Three());
  EXPECT_TRUE(Three() != Late());
  EXPECT_TRUE(Late() == TimedOut());
  EXPECT_FALSE(Late() == 3);
  EXPECT_TRUE(result<void>() == result<void>());
}

TEST(Result, Is_converted_as_its_value_is) {
  const result<long> wide = Three();
  EXPECT_EQ(*wide, 3L);
  const result<long> late = Late();
  EXPECT_EQ(late.error().status, INTEROP_SESSIONS_TIMED_OUT);
  const result<std::string> text("text");
  EXPECT_EQ(*text, "text");
}

TEST(Result, Composes) {
  const auto half = [](int value) -> result<double> { return value / 2.0; };
  EXPECT_EQ(*Three().and_then(half), 1.5);
  EXPECT_EQ(Late().and_then(half).error().message, "no answer");
  EXPECT_EQ(*Three().transform([](int value) { return std::to_string(value); }), "3");
  EXPECT_TRUE(Three().transform([](int) {}).has_value());
  EXPECT_EQ(*Late().or_else([](const error&) -> result<int> { return 0; }), 0);
  const auto renamed = Late().transform_error([](error told) {
    told.message = "asked twice";
    return told;
  });
  EXPECT_EQ(renamed.error().message, "asked twice");
  const result<void> done;
  EXPECT_EQ(*done.transform([] { return 1; }), 1);
  EXPECT_EQ(*done.and_then([]() -> result<int> { return 2; }), 2);
}

// Each holds for a value that can be changed, too.
TEST(Result, Composes_by_reference) {
  result<int> three = Three();
  EXPECT_TRUE(three.and_then([](int& value) -> result<void> {
    value++;
    return {};
  }));
  EXPECT_EQ(*three, 4);
  EXPECT_EQ(*three.transform([](int& value) { return ++value; }), 5);
  EXPECT_EQ(*three.or_else([](error&) -> result<int> { return 0; }), 5);
  result<int> late = Late();
  EXPECT_EQ(late.transform_error([](error& failed) {
                  failed.message += ", again";
                  return failed;
                })
                .error(),
            late.error());
  EXPECT_EQ(late.error().message, "no answer, again");
}

TEST(Result, Gives_its_error_or_another) {
  EXPECT_EQ(Late().error_or(error{}).message, "no answer");
  const error none{INTEROP_SESSIONS_OK, "OK", ""};
  EXPECT_EQ(Three().error_or(none), none);
  const result<void> done;
  EXPECT_EQ(done.error_or(none), none);
}

TEST(Result, Is_made_in_place_and_exchanged) {
  result<std::unique_ptr<int>> made(std::in_place, new int(3));
  EXPECT_EQ(**made, 3);
  made = failure(error{});
  EXPECT_EQ(*made.emplace(new int(4)), 4);
  EXPECT_TRUE(made);
  result<std::unique_ptr<int>> other = TimedOut();
  made.swap(other);
  EXPECT_EQ(made.error().message, "no answer");
  EXPECT_EQ(**other, 4);
  swap(made, other);
  EXPECT_EQ(**made, 4);
  result<void> nothing = TimedOut();
  nothing.emplace();
  EXPECT_TRUE(nothing);
  EXPECT_TRUE((std::is_same_v<result<int>::unexpected_type, failure>));
  EXPECT_TRUE((std::is_same_v<result<int>::rebind<long>, result<long>>));
}

TEST(Result, Of_two_kinds_is_compared) {
  const result<long> three = 3L;
  EXPECT_TRUE(Three() == three);
  EXPECT_TRUE(three == Three());
  EXPECT_TRUE(Late() != three);
  const result<long> late = Late();
  EXPECT_TRUE(late == Late());
  const result<std::string> text("text");
  EXPECT_TRUE(text == result<const char*>("text"));
}

}  // namespace
}  // namespace interop::sessions::tests

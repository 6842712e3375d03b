// A program of somebody who has only the installed package: it serves as a master, gets a session
// from itself, and uses it.

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <interop_sessions/interop_sessions.hpp>
#include <interop_sessions/task.hpp>
#include <string>

namespace {

using namespace interop::sessions;

// The value, or the end of the program.
template <class T>
T must(result<T> answer) {
  if (!answer) {
    const std::string name(answer.error().name);
    std::fprintf(stderr, "%s: %s\n", name.c_str(), answer.error().message.c_str());
    std::exit(1);
  }
  return *std::move(answer);
}

// A folder that goes with its owner.
struct temporary_folder {
  std::string path = (std::filesystem::temp_directory_path() / "consumer-XXXXXX").string();
  temporary_folder() {
    if (mkdtemp(path.data()) == nullptr) {
      std::exit(1);
    }
  }
  ~temporary_folder() { std::filesystem::remove_all(path); }
  temporary_folder(const temporary_folder&) = delete;
  temporary_folder& operator=(const temporary_folder&) = delete;
};

task<bool> use_in_coroutine(follower& server, std::uint64_t epoch) {
  const auto calls = with_coroutines(server, resume_inline{});
  const auto got = co_await calls.get_item(epoch, "rack");
  const auto listed = co_await calls.list_items(epoch);
  const auto closed = co_await calls.close();
  co_return got&& listed&& closed&& text_of(got->value) == "r7" && listed->size() == 1;
}

}  // namespace

int main() {
  const temporary_folder folder;
  const auto library = must(library::initialize());
  const auto serving = must(master::start(library, {.listen_address = "127.0.0.1:0",
                                                    .store_path = folder.path + "/sessions.db",
                                                    .create_store = true,
                                                    .insecure = insecure_peers::loopback}));
  const std::string endpoint = "127.0.0.1:" + std::to_string(must(serving.port()));
  auto manager = must(follower_manager::create(
      library, {.endpoints = {endpoint}, .insecure = insecure_peers::loopback}));
  auto follower = must(manager.create_follower("consumer"));
  const session held = must(follower.create_session(
      {.endpoints = {{INTEROP_SESSIONS_ACCESS_POINT_NFS, "10.0.0.7:2049"}}}));
  must(follower.set_item(held.epoch, "rack", bytes_of("r7")));
  if (text_of(must(follower.get_item(held.epoch, "rack")).value) != "r7" ||
      !follower.lease_of(held).valid()) {
    std::fputs("the session is not what was asked for\n", stderr);
    return 1;
  }
  std::stop_source user;
  const joined_stop stop(user.get_token(), std::stop_token());
  must(with_futures(follower).get_item(held.epoch, "rack", stop.token()).get());
  user.request_stop();
  if (follower.get_item(held.epoch, "rack", stop.token()) ||
      !sync_wait(use_in_coroutine(follower, held.epoch))) {
    std::fputs("stops or coroutines are not what they should be\n", stderr);
    return 1;
  }
  std::puts("consumer: got a session and used it");
}

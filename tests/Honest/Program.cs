using System;
using System.Globalization;
using System.Threading;
using Interop.Sessions;
using Interop.Sessions.Follower;
using Interop.Sessions.Honest;
using Microsoft.Extensions.Logging.Abstractions;

// A server with a session, in a process of its own, for tests that do harm to its master: "honest ENDPOINT IDENTITY". It says what it
// is told, a line each ("told created 5"), and answers each line of standard input by "done ...":
//   create             the session's id and epoch
//   renewed            once the lease is longer than it was when this was asked
//   set KEY BYTES      once the master has an item of so many bytes
if (args.Length != 2)
{
    Console.Error.WriteLine("usage: honest ENDPOINT IDENTITY");
    return 2;
}

// The main thread reads and waits: one of the pool would be missed by renewals.
FollowerManagerOptions options = new() { Endpoints = [args[0]], Insecure = Insecure.Loopback };
using FollowerManager manager = new(options, NullLoggerFactory.Instance);
SessionFollower follower = manager.CreateFollower(args[1], new SayingCallbacks());
while (Console.In.ReadLine() is { } line)
{
    string[] words = line.Split(' ');
    switch (words[0])
    {
        case "create":
            SessionInfo session = follower.CreateSessionAsync().GetAwaiter().GetResult();
            SayingCallbacks.Say($"done {session.SessionId} {session.Epoch}");
            break;
        case "renewed":
            long deadlineNs = follower.Session.DeadlineNs;
            while (follower.Session.DeadlineNs <= deadlineNs)
            {
                Thread.Sleep(5);
            }

            SayingCallbacks.Say("done");
            break;
        case "set":
            byte[] value = new byte[int.Parse(words[2], CultureInfo.InvariantCulture)];
            follower.SetItemAsync(follower.Session.Epoch, words[1], value).GetAwaiter().GetResult();
            SayingCallbacks.Say("done");
            break;
        default:
            Console.Error.WriteLine($"'{line}' is nothing that this program does");
            return 2;
    }
}

return 0;

using System.Collections.Generic;
using System.Linq;
using System.Text.RegularExpressions;
using Xunit;

namespace Interop.Sessions.Tidy.Tests;

/// <summary>Time is passed in, and turned from milliseconds into nanoseconds in one place.</summary>
public sealed partial class TimeTests
{
    private const string Network = "the network's time, and the patience for it";
    private const string Log = "how often it is logged";
    private const string End = "how long somebody waits for an end";

    /// <summary>What has a million or a thousand million all the same, and of what.</summary>
    private static readonly Dictionary<string, string> s_numbers = new()
    {
        ["src/Core/Ns.cs"] = "the one place",
        ["src/Core/Lease/LeaseArithmetic.cs"] = "parts per million",
        ["src/Core/Limits.cs"] = "sessions, access points, renewals a second",
    };

    /// <summary>What goes by the machine's time whatever was passed in, and why.</summary>
    private static readonly Dictionary<string, string> s_machines = new()
    {
        ["src/Protocol/BootTime.cs"] = "the one place that makes it",
        ["src/Protocol/BootClock.cs"] = "the clock itself",
        ["src/Follower/Lease/LeaseWord.cs"] = "others read the word by CLOCK_BOOTTIME, in C and in other processes",
        ["src/Interop/Boundary/CallOptions.cs"] = "the host names a deadline by CLOCK_BOOTTIME",
        ["src/Interop/Hooks/HostLogRecord.cs"] = "the host reads the time of a record by CLOCK_BOOTTIME",
        ["src/Protocol/Deadline.cs"] = End,
        ["src/Protocol/CallbackThread.cs"] = End,
        ["src/Protocol/Inbox.cs"] = "its wait is for no time: only that it outlives a lack of memory is the one place's",
        ["src/Protocol/QueuedLoggers.cs"] = End,
        ["src/Interop/Library.cs"] = End,
        ["src/Interop/Hooks/HostCompletion.cs"] = End,
        ["src/Interop/Exports/CreateSessionExports.cs"] = End,
        ["src/Protocol/Tls/TlsFiles.cs"] = "how long a start waits for a file system, and an end for the thread that looks",
        ["src/Master/Writing/Tenure.cs"] = "how long a stop waits for the store",
        ["src/Protocol/FileLooks.cs"] = "the default where there are no leases, and how long an end waits for the thread that looks",
        ["src/Protocol/LogBudgets.cs"] = Log,
        ["src/Protocol/QueuedLogger.cs"] = Log,
        ["src/Protocol/MemoryKeeper.cs"] = "how often memory is given back",
        ["src/Client/MasterEndpoints.cs"] = "the default of who calls a master without a lease: sessionctl",
        ["src/Master/SessionMaster.cs"] = "the default",
        ["src/Client/NameDialer.cs"] = Network,
        ["src/Client/PunctualCalls.cs"] = Network,
        ["src/Master/Server/CallGate.cs"] = Network,
        ["src/Master/Hooks/HostWatch.cs"] = "how long a start waits for the host's first answer, and an end for its last",
        ["src/Master/Server/ReplyHolding.cs"] = Network,
        ["src/Protocol/PatientAccept.cs"] = Network,
        ["src/Master/Server/Listening/UnixSocketFile.cs"] = "how long a start waits for another that makes a socket",
        ["src/Master/Store/Etcd/EtcdConnection.cs"] = Network,
        ["src/Master/Store/Etcd/EtcdDial.cs"] = Network,
        ["src/Master/Store/Etcd/EtcdSessionStore.cs"] = Network,
        ["src/Master/Store/Etcd/EtcdReader.cs"] = Log,
        ["src/Master/Commands/ExportReader.cs"] = Log,
        ["src/Master/Commands/ExportWriter.cs"] = Log,
        ["src/Master/Commands/StoreTransfer.cs"] = "a command, which has no leases",
    };

    [Fact]
    public void No_file_but_one_turns_milliseconds_into_nanoseconds() => AssertOnly(Millions, s_numbers);

    [Fact]
    public void No_file_goes_by_the_machines_time_but_those_with_a_reason() => AssertOnly(Machines, s_machines);

    private static void AssertOnly(Regex what, Dictionary<string, string> allowed)
    {
        string[] found = [.. Tree.Files(["src"], ".cs").Where(path => what.IsMatch(Tree.Code(path)))];
        Assert.Empty(found.Except(allowed.Keys));
        Assert.Empty(allowed.Keys.Except(found));
    }

    [GeneratedRegex(@"\b(?:\d+_?000_?000(?:_?000)?|999_?999|500_?000)[uUlL]*\b|\b\d+(?:\.0)?[eE]\+?[69]\b|\b(?:TicksPer\w+|AddTicks|FromTicks)\b")]
    private static partial Regex Millions { get; }

    [GeneratedRegex(
        @"\bBootClock\b|\bBootTime\.OfMachine\b|\bStopwatch\b|\bTickCount|\bnew (?:Periodic)?Timer\(|\bTask\.Delay\((?!TimeSpan)|\.CancelAfter\(|" +
        @"\bMonitor\.Wait\(\w+, |\bThread\.Sleep\(|" +
        // A bound, on what is not the time that was passed in.
        @"(?<![tT]ime)\.(?:Wait|WaitOne|Join)\((?:Limits|TimeSpan|\(int\)|\w+Ms\b)|" +
        // A bound with no time beside it; a cancellation alone is none.
        @"\.WaitAsync\((?!\s*(?:cancellation\w*|awaited)?\))(?![^;]*\w*[tT]ime\b)")]
    private static partial Regex Machines { get; }

    /// <summary>The look itself: what it must find, and what it must leave.</summary>
    [Theory]
    [InlineData("await answer.WaitAsync(TimeSpan.FromMilliseconds(Limits.AuthorizeMs)).ConfigureAwait(false);", true)]
    [InlineData("await answer.WaitAsync(TimeSpan.FromMilliseconds(timeoutMs), cancellation).ConfigureAwait(false);", true)]
    [InlineData("_placeFreed.WaitAsync(Limits.PlaceLookMs);", true)]
    [InlineData("_over.Wait(Limits.CertificateLookMs)", true)]
    [InlineData("_over.Wait(TimeSpan.FromSeconds(1))", true)]
    [InlineData("_over.Wait(timeoutMs)", true)]
    [InlineData("_thread.Join((int)Limits.RetryPauseMs)", true)]
    [InlineData("await answer.WaitAsync(TimeSpan.FromMilliseconds(Limits.AuthorizeMs), _time).ConfigureAwait(false);", false)]
    [InlineData("_time.Wait(_over, Limits.CertificateLookMs)", false)]
    [InlineData("await ended.WaitAsync(cancellation).ConfigureAwait(false);", false)]
    [InlineData("_door.WaitAsync();", false)]
    [InlineData("_thread.Join();", false)]
    public void The_machines_time_is_known_by_its_waits(string code, bool isMachines) => Assert.Equal(isMachines, Machines.IsMatch(code));
}

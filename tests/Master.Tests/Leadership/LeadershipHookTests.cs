using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Interop.Sessions.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Interop.Sessions.Master.Tests.Leadership;

/// <summary>A master's host hears of each leadership before any other hook of it, and once more after the last.</summary>
public sealed class LeadershipHookTests
{
    [Fact]
    public async Task A_leadership_begins_before_its_hooks_and_ends_after_them()
    {
        using TemporaryDirectory directory = new();
        Host host = new();
        ulong masterEpoch;
        using (SessionMaster master = Start(directory, host))
        {
            masterEpoch = master.MasterEpoch;
            using MasterClient client = new(master.Port);
            await client.CreateKeyAsync("server");
        }

        Assert.Equal(
            [$"begins {masterEpoch}", "initialize", "created", $"ended {masterEpoch}: the master stops", "released"], host.Told);
        Start(directory, host).Dispose();
        Assert.StartsWith("begins", host.Told[5], StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_list_can_be_asked_for_when_a_leadership_begins()
    {
        using TemporaryDirectory directory = new();
        using (SessionMaster before = Start(directory, new Host()))
        {
            using MasterClient client = new(before.Port);
            await client.CreateKeyAsync("server");
        }

        TaskCompletionSource<string[]> listed = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Host host = new();
        using SessionMaster master = Start(directory, host, announces: false);
        host.OnBegin = () => listed.SetResult([.. master.ListSessions().Rows.Select(row => row.Description.Identity)]);
        master.Announce();
        Assert.Equal(["server"], await Eventually.Ends(listed.Task));
    }

    [Fact]
    public async Task A_host_that_hangs_when_a_leadership_begins_keeps_its_hooks_waiting_and_no_renewal()
    {
        using TemporaryDirectory directory = new();
        Host host = new();
        using ManualResetEventSlim goOn = new();
        using SessionMaster master = Start(directory, host, announces: false);
        host.OnBegin = goOn.Wait;
        using MasterClient client = new(master.Port);
        Task<Protocol.V1.SessionKey> creating = client.CreateKeyAsync("server");
        master.Announce();
        await Eventually.IsTrueAsync(() => host.Told.Count == 1, "told that it begins");
        Assert.Equal(0, master.CountSessions());
        Assert.False(creating.IsCompleted);

        goOn.Set();
        await Eventually.Ends(creating);
        Assert.Equal(["initialize", "created"], host.Told.Skip(1));
    }

    [Fact]
    public void A_leadership_that_the_host_was_not_to_hear_of_is_not_told()
    {
        using TemporaryDirectory directory = new();
        Host host = new();
        Start(directory, host, announces: false).Dispose();
        Assert.Equal(["released"], host.Told);
    }

    private static SessionMaster Start(TemporaryDirectory directory, AccessManager host, bool announces = true)
    {
        string path = directory.File("sessions.db");
        SessionMasterOptions options = new()
        {
            Insecure = Insecure.Loopback,
            ListenAddress = "127.0.0.1:0",
            StorePath = path,
            CreateStore = !System.IO.File.Exists(path),
        };
        return SessionMaster.Start(options, host, NullLoggerFactory.Instance, announces);
    }

    private sealed class Host : AccessManager
    {
        private readonly List<string> _told = [];

        internal Action OnBegin { get; set; } = () => { };

        internal IReadOnlyList<string> Told
        {
            get
            {
                lock (_told)
                {
                    return [.. _told];
                }
            }
        }

        public override void LeadershipChanged(LeadershipInfo leadership)
        {
            Note(leadership.Leads ? $"begins {leadership.MasterEpoch}" : $"ended {leadership.MasterEpoch}: {leadership.Reason}");
            if (leadership.Leads)
            {
                OnBegin();
            }
        }

        public override void SessionInitialize(SessionRequest request, SessionAmendment amendment) => Note("initialize");

        public override void SessionCreated(SessionRequest request, SessionGrant grant) => Note("created");

        public override void Released() => Note("released");

        private void Note(string what)
        {
            lock (_told)
            {
                _told.Add(what);
            }
        }
    }
}

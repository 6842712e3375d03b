using System;
using System.Threading.Tasks;
using Interop.Sessions.Tests.Support;
using Xunit;

namespace Interop.Sessions.Control.Tests;

/// <summary>Tests against one real master, that of each test.</summary>
public abstract class OneMaster : IAsyncLifetime
{
    private readonly TemporaryDirectory _directory = new();

    private protected DaemonProcess Master { get; set; } = null!;

    private protected MasterClient Client { get; set; } = null!;

    private protected string Store => _directory.File("sessions.db");

    private protected string Address => $"127.0.0.1:{Master.Port}";

    /// <summary>What it is told beside where it is.</summary>
    private protected virtual string[] Options => [];

    public async ValueTask InitializeAsync()
    {
        Master = await DaemonProcess.StartAsync(Store, Options);
        Client = new MasterClient(Master.Port);
    }

    public ValueTask DisposeAsync()
    {
        Client.Dispose();
        Master.Dispose();
        _directory.Dispose();
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }
}

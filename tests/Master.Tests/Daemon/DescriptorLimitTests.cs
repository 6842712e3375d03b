using System;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using Interop.Sessions.Tests.Support;
using Xunit;

namespace Interop.Sessions.Master.Tests.Daemon;

/// <summary>How many descriptors the program may have, and what it says when they are few.</summary>
public sealed class DescriptorLimitTests : IDisposable
{
    private const int Soft = 300;
    private const int Hard = 1500;
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task The_soft_limit_is_raised_to_the_hard_one_and_what_is_not_enough_all_the_same_is_said()
    {
        using DaemonProcess daemon = await StartAsync(Hard + 1);

        Assert.Equal([Hard, Hard], LimitsOf(daemon.Id));
        await daemon.EndsCleanlyAsync();
        string said = Assert.Single(LinesOf(await daemon.ErrorsAsync()));
        Assert.Contains($"{Hard} descriptors are enough for", said, StringComparison.Ordinal);
        Assert.Contains($"not for {Hard + 1} sessions", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_enough_once_it_is_raised_is_not_said()
    {
        using DaemonProcess daemon = await StartAsync(2 * Soft);

        await daemon.EndsCleanlyAsync();
        Assert.Empty(LinesOf(await daemon.ErrorsAsync()));
    }

    private Task<DaemonProcess> StartAsync(int sessions) =>
        DaemonProcess.StartWithDescriptorsAsync(Soft, Hard, _directory.File("sessions.db"), "--max-sessions", $"{sessions}");

    private static string[] LinesOf(string said) =>
        [.. said.Split('\n').Where(line => line.Contains("descriptors", StringComparison.Ordinal))];

    private static int[] LimitsOf(int id) =>
    [
        .. File.ReadLines($"/proc/{id}/limits").Single(line => line.StartsWith("Max open files", StringComparison.Ordinal))
            .Split(' ', StringSplitOptions.RemoveEmptyEntries).Skip(3).Take(2).Select(int.Parse),
    ];
}

using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Threading.Tasks;
using Interop.Sessions.Tests.Support;
using Xunit;

namespace Interop.Sessions.Hostile.Tests.Support;

/// <summary>
/// An honest server with a session: a process of its own, as servers are, so that what an attack takes of the process it is made in is
/// not taken from the lease.
/// </summary>
internal sealed class HonestProcess : IDisposable
{
    private readonly Process _process;
    private readonly ConcurrentQueue<string> _told = [];
    private readonly BlockingCollection<string> _done = [];
    private readonly Task _reading;

    internal HonestProcess(string endpoint, string identity)
    {
        _process = Process.Start(new ProcessStartInfo(Built.Value("HonestProgram"), [endpoint, identity])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
        _reading = ReadAsync(_process.StandardOutput);
        try
        {
            string[] session = Ask("create").Split(' ');
            SessionId = ulong.Parse(session[1], CultureInfo.InvariantCulture);
            Epoch = ulong.Parse(session[2], CultureInfo.InvariantCulture);
            // The first answers of a process take their time.
            BecomesRenewed();
            BecomesRenewed();
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    internal ulong SessionId { get; }

    internal ulong Epoch { get; }

    /// <summary>What its callbacks were told so far.</summary>
    internal IReadOnlyList<string> Told => [.. _told];

    internal void BecomesRenewed() => Ask("renewed");

    internal void SetItem(string key, uint bytes) => Ask($"set {key} {bytes}");

    public void Dispose()
    {
        _process.Kill();
        _process.WaitForExit();
        Eventually.Ends(_reading).GetAwaiter().GetResult();
        _process.Dispose();
        _done.Dispose();
    }

    private string Ask(string what)
    {
        _process.StandardInput.WriteLine(what);
        Assert.True(_done.TryTake(out string? answer, Eventually.Patience), $"'{what}' is not done; told {string.Join(", ", Told)}");
        return answer;
    }

    private async Task ReadAsync(TextReader output)
    {
        const string Told = "told ";
        while (await output.ReadLineAsync() is { } line)
        {
            if (line.StartsWith(Told, StringComparison.Ordinal))
            {
                _told.Enqueue(line[Told.Length..]);
            }
            else
            {
                _done.Add(line);
            }
        }

        // Whoever asks an ended process hears of that at once.
        _done.CompleteAdding();
    }
}

using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Grpc.Core;
using Grpc.Net.Client;
using Interop.Sessions.Protocol;
using Interop.Sessions.Protocol.V1;
using Wire = Interop.Sessions.Protocol.V1;

namespace Interop.Sessions.Benchmarks.Overload;

/// <summary>What came of calls that were made for some seconds.</summary>
/// <param name="Made">Sent.</param>
/// <param name="Done">Answered with what was asked for.</param>
/// <param name="Shed">Refused with OVERLOADED.</param>
/// <param name="Untold">Of those, without a time to ask again.</param>
/// <param name="OutOfTime">Not answered in time.</param>
/// <param name="Other">Whatever else they came to.</param>
/// <param name="MedianMs">Of those that were done.</param>
/// <param name="MostMs">The time within which 99 % of those were done.</param>
internal sealed record LoadOutcome(long Made, long Done, long Shed, long Untold, long OutOfTime, long Other, double MedianMs, double MostMs)
{
    internal string Line => string.Create(
        CultureInfo.InvariantCulture, $"{Made} {Done} {Shed} {Untold} {OutOfTime} {Other} {MedianMs:F3} {MostMs:F3}");

    internal static LoadOutcome Of(string line)
    {
        double[] numbers = [.. line.Split(' ').Select(number => double.Parse(number, CultureInfo.InvariantCulture))];
        long[] counts = [.. numbers.Select(number => (long)number)];
        return new(counts[0], counts[1], counts[2], counts[3], counts[4], counts[5], numbers[6], numbers[7]);
    }
}

/// <summary>
/// A process of clients that no answer holds back. Every other call is a create, durable, of another identity; every other one reads a page of
/// the list of sessions. With a rate they come whatever becomes of those before them, up to what the connections carry; without one there are
/// always as many in flight.
/// </summary>
internal sealed class OverloadLoad(int port)
{
    private const int Connections = 64;

    /// <summary>What its own connections carry: a call beyond that would wait on this side, and ask the master nothing.</summary>
    private const int MostInFlight = Connections * 90;

    private const uint PageOfSessions = 100;
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(5);

    private readonly Wire.Sessions.SessionsClient[] _sessions = new Wire.Sessions.SessionsClient[Connections];
    private readonly Administration.AdministrationClient[] _administration = new Administration.AdministrationClient[Connections];
    private readonly List<double> _doneMs = [];
    private readonly Lock _lock = new();
    private long _made;
    private long _done;
    private long _shed;
    private long _untold;
    private long _outOfTime;
    private long _other;
    private int _inFlight;

    /// <param name="perSecond">How many calls a second; 0: as many as are answered.</param>
    /// <param name="inFlight">How many at a time, without a rate.</param>
    /// <param name="seconds">For how long.</param>
    internal async Task<LoadOutcome> RunAsync(double perSecond, int inFlight, int seconds)
    {
        for (int i = 0; i < Connections; i++)
        {
            GrpcChannel channel = GrpcChannel.ForAddress($"http://127.0.0.1:{port}", new GrpcChannelOptions { MaxRetryAttempts = 1 });
            (_sessions[i], _administration[i]) = (new(channel), new(channel));
            // Dialled before the clock runs.
            await _administration[i].ListSessionsAsync(new ListSessionsRequest { Limit = 1 }).ConfigureAwait(false);
        }

        Stopwatch watch = Stopwatch.StartNew();
        TimeSpan length = TimeSpan.FromSeconds(seconds);
        await (perSecond > 0 ? OpenAsync(perSecond, watch, length) : ClosedAsync(inFlight, watch, length)).ConfigureAwait(false);
        _doneMs.Sort();
        return new LoadOutcome(_made, _done, _shed, _untold, _outOfTime, _other, At(50), At(99));
    }

    private double At(int percent) => _doneMs.Count == 0 ? 0 : _doneMs[(_doneMs.Count - 1) * percent / 100];

    private Task ClosedAsync(int inFlight, Stopwatch watch, TimeSpan length) => Task.WhenAll(Enumerable.Range(0, inFlight).Select(async _ =>
    {
        while (watch.Elapsed < length)
        {
            await CallAsync().ConfigureAwait(false);
        }
    }));

    private async Task OpenAsync(double perSecond, Stopwatch watch, TimeSpan length)
    {
        List<Task> calls = [];
        for (long sent = 0; watch.Elapsed < length;)
        {
            for (long due = (long)(watch.Elapsed.TotalSeconds * perSecond); sent < due; sent++)
            {
                if (Volatile.Read(ref _inFlight) < MostInFlight)
                {
                    calls.Add(CallAsync());
                }
            }

            await Task.Delay(1).ConfigureAwait(false);
        }

        await Task.WhenAll(calls).ConfigureAwait(false);
    }

    private async Task CallAsync()
    {
        long number = Interlocked.Increment(ref _made);
        int connection = (int)(number / 2 % Connections);
        long begunAt = Stopwatch.GetTimestamp();
        Interlocked.Increment(ref _inFlight);
        try
        {
            DateTime deadline = DateTime.UtcNow + s_patience;
            if (number % 2 == 0)
            {
                await _sessions[connection].CreateSessionAsync(
                    new CreateSessionRequest
                    {
                        Nonce = (ulong)number,
                        Description = new Wire.ServerDescription { Identity = $"load-{Environment.ProcessId}-{number}" },
                    },
                    deadline: deadline).ConfigureAwait(false);
            }
            else
            {
                await _administration[connection].ListSessionsAsync(
                    new ListSessionsRequest { Limit = PageOfSessions }, deadline: deadline).ConfigureAwait(false);
            }

            Interlocked.Increment(ref _done);
            lock (_lock)
            {
                _doneMs.Add(Stopwatch.GetElapsedTime(begunAt).TotalMilliseconds);
            }
        }
        catch (RpcException refused)
        {
            SessionException refusal = StatusOnTheWire.FromRpc(refused);
            bool isShed = refusal.Status == SessionStatus.Overloaded;
            Interlocked.Increment(ref isShed ? ref _shed : ref refusal.Status == SessionStatus.TimedOut ? ref _outOfTime : ref _other);
            if (isShed && refusal.RetryAfterMs == 0)
            {
                Interlocked.Increment(ref _untold);
            }
        }
        finally
        {
            Interlocked.Decrement(ref _inFlight);
        }
    }
}

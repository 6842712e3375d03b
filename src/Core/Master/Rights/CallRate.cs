using System;
using System.Collections.Generic;
using System.Linq;

namespace Interop.Sessions.Master;

/// <summary>One line of a file of rules that bounds how many calls a second each caller may make.</summary>
/// <param name="Line">Where it stands.</param>
/// <param name="Names">Of which callers; each has its own bound.</param>
/// <param name="PerSecond">How many calls of a class; what is missing has no bound.</param>
public sealed record CallRate(int Line, NamePattern Names, IReadOnlyDictionary<CallClass, uint> PerSecond);

/// <summary>
/// How many calls callers have made of late: a token bucket for each caller, rate and class (its depth is a second's worth, so a caller that was
/// quiet may make that many at once).
/// </summary>
/// <param name="rates">Those that are in force.</param>
public sealed class CallRates(IReadOnlyList<CallRate> rates)
{
    private readonly Dictionary<(string? Caller, CallRate Rate, CallClass Call), Bucket> _buckets = [];

    /// <summary>Is there any bound?</summary>
    public bool IsEmpty => rates.Count == 0;

    /// <summary>How many buckets are kept.</summary>
    public int Count => _buckets.Count;

    /// <summary>A call begins, or is refused, and then counts for nothing.</summary>
    /// <returns>Null, or why not.</returns>
    public SessionException? Begin(Caller caller, CallClass call, long nowNs)
    {
        ArgumentNullException.ThrowIfNull(caller);
        List<Bucket> taken = [];
        foreach (CallRate rate in rates)
        {
            if (!rate.PerSecond.TryGetValue(call, out uint perSecond) || !rate.Names.Matches(caller))
            {
                continue;
            }

            Bucket? bucket = BucketOf((caller.Name, rate, call), perSecond, nowNs);
            if (bucket == null)
            {
                return SessionException.Overloaded("this master counts the calls of as many callers as it can", Limits.WireRetryMs);
            }

            bucket.Fill(nowNs);
            if (!bucket.HasOne)
            {
                return SessionException.Overloaded(
                    $"{caller} makes more than {perSecond} {WordOf(call)} a second, which is the rate of line {rate.Line} of the rules",
                    bucket.RetryAfterMs);
            }

            taken.Add(bucket);
        }

        taken.ForEach(bucket => bucket.Take());
        return null;
    }

    /// <summary>As files of rules have it.</summary>
    public static string WordOf(CallClass call) => call switch
    {
        CallClass.Create => "creates",
        CallClass.List => "lists",
        CallClass.Other => "calls",
        _ => throw new ArgumentOutOfRangeException(nameof(call), call, "renewals have no rate: a term says how often they come"),
    };

    private Bucket? BucketOf((string? Caller, CallRate Rate, CallClass Call) key, uint perSecond, long nowNs)
    {
        if (_buckets.TryGetValue(key, out Bucket? bucket))
        {
            return bucket;
        }

        if (_buckets.Count >= Limits.MaxRatedCallers)
        {
            ForgetFull(nowNs);
        }

        if (_buckets.Count < Limits.MaxRatedCallers)
        {
            bucket = new Bucket(perSecond, nowNs);
            _buckets.Add(key, bucket);
        }

        return bucket;
    }

    // A full bucket says no more than one that is not there.
    private void ForgetFull(long nowNs)
    {
        foreach (((string? Caller, CallRate Rate, CallClass Call) key, Bucket bucket) in _buckets.Where(pair => pair.Value.IsFullAt(nowNs)).ToList())
        {
            _buckets.Remove(key);
        }
    }

    /// <summary>In nanoseconds that are saved up, so that no fraction is lost.</summary>
    private sealed class Bucket(uint perSecond, long nowNs)
    {
        private readonly long _costNs = Ns.PerSecond / perSecond;
        private long _savedNs = Ns.PerSecond;
        private long _filledNs = nowNs;

        internal bool HasOne => _savedNs >= _costNs;

        internal uint RetryAfterMs => (uint)Math.Max(1, Ns.ToMsUp(_costNs - _savedNs));

        internal bool IsFullAt(long atNs) => _savedNs + (atNs - _filledNs) >= Ns.PerSecond;

        internal void Fill(long atNs)
        {
            // In a difference first: what stood unused for long would overflow a sum of products.
            _savedNs = Math.Min(Ns.PerSecond, _savedNs + Math.Max(0, atNs - _filledNs));
            _filledNs = Math.Max(_filledNs, atNs);
        }

        internal void Take() => _savedNs -= _costNs;
    }
}

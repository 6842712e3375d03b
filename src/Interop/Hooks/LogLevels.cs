using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using Interop.Sessions.Native;
using Microsoft.Extensions.Logging;

namespace Interop.Sessions.Hooks;

/// <summary>The lowest level that is delivered of each category; it may change at any time.</summary>
/// <param name="others">Of categories that nothing is said of.</param>
internal sealed class LogLevels(LogLevel others)
{
    /// <summary>The server and gRPC tell what a user of sessions does not ask for; a server that cannot start is told by the status.</summary>
    private static readonly (string Category, LogLevel Lowest)[] s_ofLibraries =
    [
        ("Microsoft.Extensions.Hosting", LogLevel.None),
        ("Microsoft", LogLevel.Warning),
        ("Grpc", LogLevel.Warning),
    ];

    private readonly Lock _lock = new();

    /// <summary>What the host has said, longest first; replaced as a whole.</summary>
    private volatile (string Category, LogLevel Lowest)[] _said = [];
    private volatile int _others = (int)others;

    internal static void RequireValid(interop_sessions_log_level level, string name)
    {
        if (level > interop_sessions_log_level.INTEROP_SESSIONS_LOG_NONE)
        {
            throw new SessionException(SessionStatus.InvalidArgument, $"{name} is {(uint)level}; the limit is 6 (none)");
        }
    }

    /// <summary>The lowest level of the categories that begin with a text; empty: of those that nothing is said of.</summary>
    /// <exception cref="SessionException">TooManyObjects.</exception>
    internal void Set(string category, LogLevel lowest)
    {
        if (category.Length == 0)
        {
            _others = (int)lowest;
            return;
        }

        lock (_lock)
        {
            List<(string Category, LogLevel Lowest)> said = [.. _said.Where(rule => rule.Category != category), (category, lowest)];
            if (said.Count > Limits.MaxLogCategories)
            {
                throw new SessionException(
                    SessionStatus.TooManyObjects,
                    $"{Limits.MaxLogCategories} categories have a level of their own, which is the limit");
            }

            _said = [.. said.OrderByDescending(rule => rule.Category.Length)];
        }
    }

    /// <summary>Is a record delivered?</summary>
    internal bool IsWanted(string category, LogLevel level) => level != LogLevel.None && level >= LowestOf(category);

    private LogLevel LowestOf(string category)
    {
        foreach ((string said, LogLevel lowest) in _said)
        {
            if (category.StartsWith(said, StringComparison.Ordinal))
            {
                return lowest;
            }
        }

        foreach ((string library, LogLevel lowest) in s_ofLibraries)
        {
            if (category.StartsWith(library, StringComparison.Ordinal))
            {
                return (LogLevel)Math.Max((int)lowest, _others);
            }
        }

        return (LogLevel)_others;
    }
}

using System;
using System.Collections.Generic;
using System.Globalization;

namespace Interop.Sessions.CrashLoops;

/// <summary>What was asked for on the command line.</summary>
internal sealed class Arguments
{
    internal const string Usage =
        "usage: crash-loops PROGRAM INJECTOR [--sqlite-kills N] [--disk-faults N] [--etcd-kills N] [--seed N] [--write DOCUMENT]";

    /// <summary>session-master.</summary>
    internal required string Program { get; init; }

    /// <summary>What is preloaded to make a disk fail.</summary>
    internal required string Injector { get; init; }

    internal int SqliteKills { get; private set; } = 200;

    internal int DiskFaults { get; private set; } = 60;

    internal int EtcdKills { get; private set; } = 50;

    /// <summary>Of all that is random.</summary>
    internal int Seed { get; private set; } = Random.Shared.Next();

    /// <summary>Where the table goes; null: nowhere but to standard output.</summary>
    internal string? Document { get; private set; }

    /// <summary>Null: they make no sense.</summary>
    internal static Arguments? Read(IReadOnlyList<string> given)
    {
        if (given.Count < 2 || given.Count % 2 != 0)
        {
            return null;
        }

        Arguments arguments = new() { Program = given[0], Injector = given[1] };
        for (int i = 2; i < given.Count; i += 2)
        {
            if (!arguments.Take(given[i], given[i + 1]))
            {
                return null;
            }
        }

        return arguments;
    }

    private bool Take(string name, string value)
    {
        if (name == "--write")
        {
            Document = value;
            return true;
        }

        if (!int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out int number))
        {
            return false;
        }

        switch (name)
        {
            case "--sqlite-kills":
                SqliteKills = number;
                return true;
            case "--disk-faults":
                DiskFaults = number;
                return true;
            case "--etcd-kills":
                EtcdKills = number;
                return true;
            case "--seed":
                Seed = number;
                return true;
            default:
                return false;
        }
    }
}

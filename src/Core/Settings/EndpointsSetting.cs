using System;
using System.Collections.Generic;
using System.Linq;

namespace Interop.Sessions;

/// <summary>A setting that says where masters are: "host:port" of each; on a command line with commas between.</summary>
/// <typeparam name="T">The options that it belongs to.</typeparam>
public sealed class EndpointsSetting<T> : Setting<T>
    where T : new()
{
    /// <summary>Reads it.</summary>
    public required Func<T, IReadOnlyList<string>> Get { get; init; }

    /// <summary>Sets it; null: no command line has it.</summary>
    public Action<T, IReadOnlyList<string>>? Set { get; init; }

    /// <inheritdoc/>
    public override string TextOf(T options) => string.Join(',', Get(options));

    /// <inheritdoc/>
    public override string LimitsIn(Spelling spelling) => $"1 to {Limits.MaxEndpoints}";

    /// <inheritdoc/>
    public override IEnumerable<string> ProblemsOf(T options, Spelling spelling) => EndpointAddress.ProblemsOf(Get(options))
        .Select(wrong => $"{NameIn(spelling)}{(wrong.Index is { } i ? $"[{i}]" : "")} {wrong.Problem}");

    /// <inheritdoc/>
    public override void Take(T options, string given) => Set!(options, given.Split(',', StringSplitOptions.TrimEntries));
}

using System;
using System.Collections.Generic;
using System.Diagnostics.Metrics;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;
using Interop.Sessions.Master.Tests.Support;
using Interop.Sessions.Tests.Support;
using Xunit;

namespace Interop.Sessions.Master.Tests;

/// <summary>The table of docs/dotnet.md has the instruments of a master's meter, and no others.</summary>
public sealed partial class InstrumentsTests
{
    [GeneratedRegex(@"^\| `(interop_sessions\.master\.[a-z_]+)` \| (counter|histogram|gauge)", RegexOptions.Multiline)]
    private static partial Regex Row { get; }

    [Fact]
    public void The_docs_name_each_with_its_kind()
    {
        SortedSet<string> published = new(StringComparer.Ordinal);
        using MeterListener listener = new()
        {
            InstrumentPublished = (instrument, _) =>
            {
                if (instrument.Meter.Name == "Interop.Sessions.Master")
                {
                    lock (published)
                    {
                        published.Add($"{instrument.Name} {KindOf(instrument)}");
                    }
                }
            },
        };
        listener.Start();
        using RunningMaster running = new();

        lock (published)
        {
            Assert.Equal(
                published,
                Row.Matches(File.ReadAllText(Path.Combine(Built.Value("Docs"), "dotnet.md")))
                    .Select(row => $"{row.Groups[1].Value} {row.Groups[2].Value}").Order(StringComparer.Ordinal));
        }
    }

    private static string KindOf(Instrument instrument) => instrument.GetType().Name.Split('`')[0] switch
    {
        "Counter" => "counter",
        "Histogram" => "histogram",
        "ObservableGauge" => "gauge",
        string other => other,
    };
}

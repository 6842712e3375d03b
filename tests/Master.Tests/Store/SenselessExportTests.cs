using System;
using System.IO;
using System.Text;
using Interop.Sessions.Master.Commands;
using Interop.Sessions.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Interop.Sessions.Master.Tests.Store;

/// <summary>An export that other hands have written: it is refused before there is a store, and the line is named.</summary>
public sealed class SenselessExportTests : IDisposable
{
    private const string State = """{"kind":"state","format":1,"min_reader":1,"master_epoch":3,"revision":9}""";

    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Theory]
    [InlineData(""" "master_epoch":18446744073709551615,"revision":9 """, "master epoch is 18446744073709551615")]
    [InlineData(""" "master_epoch":3,"revision":18446744073709551615 """, "revision is 18446744073709551615")]
    [InlineData(""" "master_epoch":3,"revision":9,"lengthened_term_ms":4294967295 """, "lengthened term is 4294967295")]
    public void Numbers_from_which_no_master_could_count_on_are_refused(string numbers, string fault)
    {
        SessionException refusal = Assert.Throws<SessionException>(
            () => Import(Encoding.UTF8.GetBytes($$"""{"kind":"state","format":1,"min_reader":1,{{numbers}}}""" + "\n" + End(0))));
        Refused(refusal, "line 1", fault);
    }

    [Fact]
    public void A_name_that_is_not_UTF_8_is_refused_and_not_replaced_by_another()
    {
        byte[] session = Encoding.Latin1.GetBytes(Session("s\u00e9rver"));
        SessionException refusal = Assert.Throws<SessionException>(() => Import([.. Line(State), .. session, .. Line(""), .. Line(End(1))]));
        Refused(refusal, "line 2", "");
        Assert.Equal(1, Import([.. Line(State), .. Line(Session("s\u00e9rver")), .. Line(End(1))]));
    }

    [Fact]
    public void A_name_with_a_NUL_is_refused()
    {
        SessionException refusal = Assert.Throws<SessionException>(
            () => Import([.. Line(State), .. Line(Session("""a\u0000b""")), .. Line(End(1))]));
        Refused(refusal, "line 2", "identity contains a NUL");
    }

    private static void Refused(SessionException refusal, string where, string fault)
    {
        Assert.Equal(SessionStatus.InvalidArgument, refusal.Status);
        Assert.Contains(where, refusal.Message, StringComparison.Ordinal);
        Assert.Contains(fault, refusal.Message, StringComparison.Ordinal);
    }

    private static string Session(string identity) =>
        $$"""{"kind":"session","session":"1","epoch":5,"nonce_hash":"1","secret_hash":"1","identity":"{{identity}}","capabilities":"0","term_ms":1000}""";

    private static string End(int records) => $$"""{"kind":"end","records":{{records}}}""";

    private static byte[] Line(string text) => Encoding.UTF8.GetBytes(text + "\n");

    private long Import(byte[] export)
    {
        using MemoryStream input = new(export);
        return StoreTransfer.Import(
            new SessionMasterOptions { StorePath = _directory.File($"{Guid.NewGuid()}.db") }, input, NullLogger.Instance);
    }
}

using System;
using System.Formats.Asn1;
using System.Linq;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Xunit;

namespace Interop.Sessions.Core.Tests.Tls;

public sealed class SubjectNamesTests
{
    private const string Spiffe = "spiffe://cluster/cs1";

    [Fact]
    public void A_URI_is_the_name_where_there_is_no_DNS_name() => Assert.Equal(Spiffe, NameIn(names =>
    {
        names.AddIpAddress(IPAddress.Loopback);
        names.AddEmailAddress("cs1@cluster");
        names.AddUri(new Uri(Spiffe));
        names.AddUri(new Uri("spiffe://cluster/cs2"));
    }));

    [Fact]
    public void The_first_DNS_name_comes_before_every_URI() => Assert.Equal("cs1.cluster", NameIn(names =>
    {
        names.AddUri(new Uri(Spiffe));
        names.AddDnsName("cs1.cluster");
        names.AddDnsName("cs2.cluster");
    }));

    [Fact]
    public void Others_are_no_names() => Assert.Null(NameIn(names =>
    {
        names.AddIpAddress(IPAddress.Loopback);
        names.AddEmailAddress("cs1@cluster");
        names.AddUserPrincipalName("cs1@cluster");
    }));

    [Fact]
    public void Every_beginning_of_an_extension_names_nobody_and_throws_nothing()
    {
        byte[] whole = Written(Spiffe);
        Assert.Equal(Spiffe, SubjectNames.NameIn(whole));
        Assert.All(Enumerable.Range(0, whole.Length), length => Assert.Null(SubjectNames.NameIn(whole.AsMemory(0, length))));
    }

    [Fact]
    public void An_extension_that_goes_on_names_nobody() => Assert.Null(SubjectNames.NameIn((byte[])[.. Written(Spiffe), 0]));

    [Fact]
    public void What_stands_wrong_behind_a_name_takes_it_away()
    {
        // A second URI that is said to be longer than what is there.
        byte[] uri = [0x86, 3, .. "a:b"u8, 0x86, 9, (byte)'c'];
        Assert.Null(SubjectNames.NameIn((byte[])[0x30, (byte)uri.Length, .. uri]));
    }

    [Theory]
    [InlineData(0x86, 0xc3)]
    [InlineData(0x82, 0xff)]
    public void A_text_that_is_no_ASCII_is_no_name(int tag, int letter) =>
        Assert.Null(SubjectNames.NameIn(new byte[] { 0x30, 3, (byte)tag, 1, (byte)letter }));

    [Fact]
    public void A_name_of_several_parts_is_no_DER() =>
        Assert.Null(SubjectNames.NameIn(new byte[] { 0x30, 7, 0xa6, 5, 0x16, 3, (byte)'a', (byte)':', (byte)'b' }));

    [Fact]
    public void One_changed_byte_makes_another_name_or_none_and_no_exception()
    {
        byte[] whole = Written(Spiffe);
        for (int i = 0; i < whole.Length; i++)
        {
            for (int value = 0; value <= byte.MaxValue; value++)
            {
                byte[] changed = [.. whole];
                changed[i] = (byte)value;
                string? name = SubjectNames.NameIn(changed);
                Assert.True(name == null || Encoding.ASCII.GetByteCount(name) <= whole.Length, name);
            }
        }
    }

    private static string? NameIn(Action<SubjectAlternativeNameBuilder> add)
    {
        SubjectAlternativeNameBuilder names = new();
        add(names);
        return SubjectNames.NameIn(names.Build().RawData);
    }

    private static byte[] Written(string uri)
    {
        AsnWriter writer = new(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            writer.WriteCharacterString(UniversalTagNumber.IA5String, uri, new Asn1Tag(TagClass.ContextSpecific, 6));
        }

        return writer.Encode();
    }
}

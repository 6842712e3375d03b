using System;
using System.Formats.Asn1;

namespace Interop.Sessions;

/// <summary>
/// What a certificate calls its holder: the extension of subject alternative names (RFC 5280, 4.2.1.6). .NET reads the DNS names of it
/// and not the URIs, by which SPIFFE names workloads.
/// </summary>
public static class SubjectNames
{
    /// <summary>The extension's number.</summary>
    public const string Oid = "2.5.29.17";

    private static readonly Asn1Tag s_dnsName = new(TagClass.ContextSpecific, 2);
    private static readonly Asn1Tag s_uri = new(TagClass.ContextSpecific, 6);

    /// <summary>The first DNS name; without one, the first URI; null: it has neither, or is not what it should be.</summary>
    /// <param name="extension">Its value, in DER.</param>
    public static string? NameIn(ReadOnlyMemory<byte> extension)
    {
        try
        {
            AsnReader all = new(extension, AsnEncodingRules.DER);
            AsnReader names = all.ReadSequence();
            all.ThrowIfNotEmpty();
            string? dnsName = null;
            string? uri = null;
            while (names.HasData)
            {
                Asn1Tag tag = names.PeekTag();
                if (tag.HasSameClassAndValue(s_dnsName))
                {
                    string found = names.ReadCharacterString(UniversalTagNumber.IA5String, s_dnsName);
                    dnsName ??= found;
                }
                else if (tag.HasSameClassAndValue(s_uri))
                {
                    string found = names.ReadCharacterString(UniversalTagNumber.IA5String, s_uri);
                    uri ??= found;
                }
                else
                {
                    names.ReadEncodedValue();
                }
            }

            return dnsName ?? uri;
        }
        catch (AsnContentException)
        {
            // Half of what is not understood names nobody.
            return null;
        }
    }
}

using System;
using System.Collections.Generic;
using System.Linq;
using System.Security.Cryptography;

namespace Interop.Sessions.Master;

/// <summary>
/// The names of those who know a token. No token is stored, only its SHA-256: what has so much chance in it that nobody guesses it
/// needs no slower hash.
/// </summary>
public sealed class TokenNames
{
    private readonly (string Name, byte[] Hash)[] _entries;

    private TokenNames(IEnumerable<(string Name, byte[] Hash)> entries) => _entries = [.. entries];

    /// <summary>No token is known.</summary>
    public static TokenNames None { get; } = new([]);

    /// <summary>How many there are.</summary>
    public int Count => _entries.Length;

    /// <summary>Reads a file: a name and the hash of a token a line. A name may have several, so that a token can be changed.</summary>
    /// <param name="text">Its content.</param>
    /// <param name="source">What errors call it.</param>
    /// <exception cref="SessionException">
    /// InvalidArgument: names the file, the line, and what is wrong with it, but shows no word of it that may be a token.
    /// </exception>
    public static TokenNames Parse(string text, string source)
    {
        Dictionary<string, (int Line, string Name, byte[] Hash)> found = new(StringComparer.Ordinal);
        foreach ((int line, string[] words) in RightsLines.Of(text))
        {
            string? problem = words.Length != 2 ? $"it has {words.Length} words; a line is 'NAME SHA256', in 64 hexadecimal digits"
                : !Caller.IsShownName(words[0]) ? $"its first word is no name: {Caller.ShownNameRule}"
                : words[1].Length != Sha256.Bytes * 2 || !words[1].All(char.IsAsciiHexDigit)
                ? "its second word is not the SHA-256 of a token, in 64 hexadecimal digits"
                : found.Count == Limits.MaxTokens ? $"a file may have {Limits.MaxTokens} tokens"
                : found.TryGetValue(words[1].ToUpperInvariant(), out (int Line, string, byte[]) former)
                ? $"it has the token of line {former.Line}"
                : null;
            if (problem != null)
            {
                throw RightsLines.Wrong(source, line, problem);
            }

            found.Add(words[1].ToUpperInvariant(), (line, words[0], Convert.FromHexString(words[1])));
        }

        return new TokenNames(found.Values.Select(entry => (entry.Name, entry.Hash)));
    }

    /// <summary>Whose token it is; null: nobody's. It takes as long for a token that is nearly right as for any other.</summary>
    public string? NameOf(string token)
    {
        if (!BearerToken.IsToken(token))
        {
            return null;
        }

        byte[] hash = BearerToken.HashOf(token);
        string? name = null;
        foreach ((string candidate, byte[] known) in _entries)
        {
            name = CryptographicOperations.FixedTimeEquals(hash, known) ? candidate : name;
        }

        return name;
    }
}

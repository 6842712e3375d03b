using System;

namespace Interop.Sessions.Control;

/// <summary>Words between commas, each of which stands for a bit.</summary>
internal static class WordsText
{
    /// <summary>The bits of all words; 0: there is a word that stands for none.</summary>
    internal static uint Read(string text, Func<string, uint> bitOf)
    {
        uint bits = 0;
        foreach (string word in text.Split(','))
        {
            uint bit = bitOf(word);
            if (bit == 0)
            {
                return 0;
            }

            bits |= bit;
        }

        return bits;
    }
}

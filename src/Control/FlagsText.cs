using System;
using System.Linq;

namespace Interop.Sessions.Control;

/// <summary>Flags of sessions, as an operator names them.</summary>
internal static class FlagsText
{
    internal static string All { get; } = string.Join(
        ',', Enum.GetValues<SessionFlags>().Aggregate(SessionFlags.None, (all, flag) => all | flag).Names());

    /// <summary>None: there is a word that names none.</summary>
    internal static SessionFlags Read(string text) => (SessionFlags)WordsText.Read(
        text, word => (uint)Enum.GetValues<SessionFlags>().FirstOrDefault(flag => flag.Names().SequenceEqual([word])));
}

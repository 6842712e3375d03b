using System;
using System.Globalization;
using System.Linq;
using System.Text;

namespace Interop.Sessions.Master;

/// <summary>How a caller has shown its name.</summary>
public enum CallerProof
{
    /// <summary>Not at all: it has no name.</summary>
    None,

    /// <summary>By a token that the master knows.</summary>
    Token,

    /// <summary>By a certificate, whose subject alternative name it is.</summary>
    Certificate,

    /// <summary>Not by itself: the kernel says which user's process is at the other end of a Unix socket.</summary>
    Kernel,
}

/// <summary>Who asks, as far as it has been shown.</summary>
public sealed record Caller
{
    /// <summary>How files of rules write a caller that has shown no name: no caller is called so.</summary>
    public const string NamelessPattern = "-";

    /// <summary>What the names of users begin with, as the kernel says them: "uid:1000".</summary>
    private const string UserPrefix = "uid:";

    private Caller(string? name, CallerProof proof) => (Name, Proof) = (name, proof);

    /// <summary>A caller that has shown no name.</summary>
    public static Caller Nameless { get; } = new(null, CallerProof.None);

    /// <summary>Its name; null: it has shown none.</summary>
    public string? Name { get; }

    /// <summary>How it has shown that.</summary>
    public CallerProof Proof { get; }

    /// <summary>A caller that has shown its name.</summary>
    /// <exception cref="SessionException">Unauthenticated: no caller can be called so.</exception>
    public static Caller Named(string name, CallerProof proof) => IsShownName(name) ? new Caller(name, proof) : throw new SessionException(
        SessionStatus.Unauthenticated, $"the {WordOf(proof)} says that its holder is called '{name}', which is no name: {ShownNameRule}");

    /// <summary>A process at the other end of a Unix socket. Its user's number is its name: what users are called, files say.</summary>
    public static Caller OfUser(uint user) => new(string.Create(CultureInfo.InvariantCulture, $"{UserPrefix}{user}"), CallerProof.Kernel);

    /// <summary>What a name is, for messages.</summary>
    public static string NameRule => $"a name has 1 to {Limits.MaxCallerNameBytes} bytes, no white space, no '*', and is not '{NamelessPattern}'";

    /// <summary>The same of one that a caller shows by itself.</summary>
    public static string ShownNameRule => $"{NameRule}, and one that begins with '{UserPrefix}' is the kernel's to give";

    /// <summary>Can a caller be called so? A star would read as a pattern where rules and logs show the name.</summary>
    public static bool IsName(string text) =>
        text.Length > 0 && text != NamelessPattern && Encoding.UTF8.GetByteCount(text) <= Limits.MaxCallerNameBytes &&
        Printable.Is(text) && !text.Any(c => c == '*' || char.IsWhiteSpace(c));

    /// <summary>May a token or a certificate say so? Not what the kernel says of users: a "uid:0" is a URI like others.</summary>
    public static bool IsShownName(string text) => IsName(text) && !text.StartsWith(UserPrefix, StringComparison.Ordinal);

    /// <inheritdoc/>
    public override string ToString() => Name == null ? "a caller without a name" : $"'{Name}' ({WordOf(Proof)})";

    private static string WordOf(CallerProof proof) => proof switch
    {
        CallerProof.Certificate => "certificate",
        CallerProof.Kernel => "Unix socket",
        _ => "token",
    };
}

namespace Interop.Sessions;

/// <summary>What a host decided. A bool is one, too: true accepts, and false refuses without a reason.</summary>
public readonly record struct Verdict
{
    private readonly string? _reason;

    private Verdict(bool isRefusal, string? reason)
    {
        IsRefusal = isRefusal;
        _reason = reason;
    }

    /// <summary>It is taken, or may go on.</summary>
    public static Verdict Accept => default;

    /// <summary>It is refused.</summary>
    public bool IsRefusal { get; }

    /// <summary>Why, for people; empty: the host did not say.</summary>
    public string Reason => _reason ?? "";

    /// <summary>It is refused, and why, for people.</summary>
    public static Verdict Refuse(string reason = "") => new(isRefusal: true, reason);

    /// <summary>As <see cref="op_Implicit(bool)"/>.</summary>
    public static Verdict FromBoolean(bool accepts) => accepts ? Accept : Refuse();

    /// <summary>True accepts.</summary>
    public static implicit operator Verdict(bool accepts) => FromBoolean(accepts);
}

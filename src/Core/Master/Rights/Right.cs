namespace Interop.Sessions.Master;

/// <summary>What rules give.</summary>
public enum Right
{
    /// <summary>To create a session of an identity, to re-attach, renew and close it, to change its items, to report.</summary>
    Hold,

    /// <summary>To read sessions and their items.</summary>
    Read,

    /// <summary>To revoke sessions; whoever may, may also read all of them.</summary>
    Administer,

    /// <summary>
    /// To hold an identity, and to be an access point: a session with endpoints is sent the users of objects.
    /// </summary>
    Serve,

    /// <summary>To find access points, which assigns objects to servers, and to release them, whoever asked for them first.</summary>
    Assign,
}

/// <summary>What is said of rights.</summary>
public static class RightWords
{
    /// <summary>As files of rules write it.</summary>
    public static string Word(this Right right) => right switch
    {
        Right.Hold => "hold",
        Right.Read => "read",
        Right.Serve => "serve",
        Right.Assign => "assign",
        _ => "administer",
    };

    /// <summary>Is it given for some identities, and not as a whole?</summary>
    public static bool HasPrefix(this Right right) => right is Right.Hold or Right.Read or Right.Serve;

    /// <summary>Does whoever has the one have the other, too, to the same identities?</summary>
    public static bool Implies(this Right given, Right asked) => given == asked || (given, asked) switch
    {
        (Right.Serve, Right.Hold) => true,
        // Whoever may hold an identity may read what is its own; whoever administers reads everything.
        (not Right.Assign, Right.Read) => true,
        _ => false,
    };

    /// <summary>The right to an identity, in words: "hold 'cs/7'".</summary>
    /// <param name="right">The right.</param>
    /// <param name="identity">To what; null: to anything at all.</param>
    public static string Say(this Right right, string? identity) => (right, identity) switch
    {
        (Right.Administer, _) => "administer",
        (Right.Assign, _) => "find or release access points",
        (_, { }) => $"{right.Word()} '{identity}'",
        (Right.Hold or Right.Serve, null) => $"{right.Word()} an identity",
        _ => "read sessions",
    };
}

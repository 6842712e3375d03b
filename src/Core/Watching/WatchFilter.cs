using System;

namespace Interop.Sessions;

/// <summary>What a watch wants to hear of.</summary>
/// <param name="Kinds">Of which kinds.</param>
/// <param name="IdentityPrefix">What the identity of the session begins with: of an assignment, the server's.</param>
/// <param name="ItemKeyPrefix">And an item's key.</param>
/// <param name="ObjectPrefix">And an object's name.</param>
public sealed record WatchFilter(
    WatchKinds Kinds = WatchKinds.All, string IdentityPrefix = "", string ItemKeyPrefix = "", string ObjectPrefix = "")
{
    /// <exception cref="SessionException">InvalidArgument or TooLong.</exception>
    public void Require()
    {
        if (Kinds == WatchKinds.None || (Kinds & ~WatchKinds.All) != 0)
        {
            throw new SessionException(
                SessionStatus.InvalidArgument, $"kinds is {(uint)Kinds}; it must be of 1 (sessions), 2 (items) and 4 (access points)");
        }

        NamedText.Require("identity_prefix", IdentityPrefix, 0, Limits.MaxIdentityBytes);
        NamedText.Require("item_key_prefix", ItemKeyPrefix, 0, Limits.MaxItemKeyBytes);
        NamedText.Require("object_prefix", ObjectPrefix, 0, Limits.MaxObjectBytes);
    }

    /// <summary>Is it about sessions like this at all?</summary>
    public bool WantsIdentity(string identity) => identity.StartsWith(IdentityPrefix, StringComparison.Ordinal);

    /// <summary>Is an event one of those?</summary>
    public bool Wants(SessionEvent said)
    {
        ArgumentNullException.ThrowIfNull(said);
        return WantsIdentity(said.Identity) && said.Kind switch
        {
            SessionEventKind.Created or SessionEventKind.Changed => (Kinds & WatchKinds.Sessions) != 0,
            SessionEventKind.ItemSet or SessionEventKind.ItemRemoved => (Kinds & WatchKinds.Items) != 0 && WantsItem(said.Item!.Key),
            SessionEventKind.Assigned or SessionEventKind.Released => (Kinds & WatchKinds.AccessPoints) != 0 && WantsObject(said.ObjectName),
            // Of whichever kind: items and assignments go with their session.
            _ => true,
        };
    }

    /// <summary>An item of a session that it is about.</summary>
    public bool WantsItem(string key) => key.StartsWith(ItemKeyPrefix, StringComparison.Ordinal);

    /// <summary>An object of a server that it is about.</summary>
    public bool WantsObject(string name) => name.StartsWith(ObjectPrefix, StringComparison.Ordinal);
}

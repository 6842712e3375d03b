using System;
using System.Collections.Generic;

namespace Interop.Sessions.Master;

/// <summary>
/// The sessions that serve one kind of access point, in the order of their ids: a place in it depends on which sessions
/// there are, not on the order in which they came, so a table that was loaded from the store has the same.
/// </summary>
/// <remarks>
/// A treap that counts (Aragon and Seidel 1989), in which a session's priority is made of its id: adding, removing and
/// finding a place cost O(log n).
/// </remarks>
internal sealed class ServerList
{
    private readonly HashSet<Session> _members = [];
    private Node? _root;

    internal int Count => CountOf(_root);

    /// <summary>A number made of which servers there are: another one for each change.</summary>
    internal ulong Fingerprint { get; private set; }

    /// <summary>The server at a place from 0 to Count - 1.</summary>
    internal Session this[int place]
    {
        get
        {
            Node node = _root!;
            while (CountOf(node.Left) != place)
            {
                bool isLeft = place < CountOf(node.Left);
                place -= isLeft ? 0 : CountOf(node.Left) + 1;
                node = (isLeft ? node.Left : node.Right)!;
            }

            return node.Server;
        }
    }

    internal bool Contains(Session server) => _members.Contains(server);

    internal void Add(Session server)
    {
        if (!_members.Add(server))
        {
            throw new ArgumentException($"session {server.Key} is in the list already", nameof(server));
        }

        Fingerprint ^= Hash64.Mix(server.Key.SessionId);
        (Node? before, Node? after) = Split(_root, server.Key.SessionId);
        _root = Join(Join(before, new Node(server)), after);
    }

    internal void Remove(Session server)
    {
        if (_members.Remove(server))
        {
            Fingerprint ^= Hash64.Mix(server.Key.SessionId);
            (Node? before, Node? after) = Split(_root, server.Key.SessionId);
            _root = Join(before, WithoutFirst(after!));
        }
    }

    private static int CountOf(Node? node) => node?.Count ?? 0;

    /// <summary>Those of lower ids, and the rest.</summary>
    private static (Node? Before, Node? After) Split(Node? node, ulong id)
    {
        if (node == null)
        {
            return (null, null);
        }

        if (node.Id < id)
        {
            (Node? before, Node? after) = Split(node.Right, id);
            return (node.With(node.Left, before), after);
        }
        else
        {
            (Node? before, Node? after) = Split(node.Left, id);
            return (before, node.With(after, node.Right));
        }
    }

    /// <summary>All of the first have lower ids than all of the second.</summary>
    private static Node? Join(Node? first, Node? second) =>
        first == null ? second
        : second == null ? first
        : first.Priority >= second.Priority ? first.With(first.Left, Join(first.Right, second))
        : second.With(Join(first, second.Left), second.Right);

    private static Node? WithoutFirst(Node node) =>
        node.Left == null ? node.Right : node.With(WithoutFirst(node.Left), node.Right);

    private sealed class Node(Session server)
    {
        internal Session Server { get; } = server;

        internal ulong Id { get; } = server.Key.SessionId;

        internal ulong Priority { get; } = Hash64.Mix(server.Key.SessionId);

        internal int Count { get; private set; } = 1;

        internal Node? Left { get; private set; }

        internal Node? Right { get; private set; }

        internal Node With(Node? left, Node? right)
        {
            Left = left;
            Right = right;
            Count = CountOf(left) + 1 + CountOf(right);
            return this;
        }
    }
}

using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading.Tasks;
using Google.Protobuf;
using Grpc.Core;
using Wire = Interop.Sessions.Protocol.V1;

namespace Interop.Sessions.CrashLoops.Load;

/// <summary>
/// A change that one client wants of one session. It is sent until it is answered, with one number, so it is made once however
/// many masters die on the way.
/// </summary>
/// <param name="session">Whose.</param>
/// <param name="floor">The highest number that was known when it was first sent.</param>
internal abstract class Change(KnownSession session, ulong floor)
{
    internal KnownSession Session { get; } = session;

    internal ulong Floor { get; } = floor;

    /// <summary>Was it found to be made after a kill, though nobody was told?</summary>
    internal bool IsFound { get; private set; }

    /// <summary>The number that it was found with; 0: it cannot be seen.</summary>
    internal ulong FoundAs { get; private set; }

    /// <summary>Has an attempt ended of which nobody knows whether it was made?</summary>
    internal bool IsLeftOpen { get; set; }

    /// <summary>It was found to be made.</summary>
    internal void Find(ulong number)
    {
        IsFound = true;
        FoundAs = number;
        Make(number);
    }

    /// <summary>What to call it.</summary>
    internal abstract string Text { get; }

    /// <summary>Sends it; gives the number that it got, 0: it gets none.</summary>
    /// <exception cref="RpcException">It was not answered, or refused.</exception>
    internal abstract Task<ulong> SendAsync(Wire.Sessions.SessionsClient master);

    /// <summary>It is made: the session is from now on as it says.</summary>
    internal abstract void Make(ulong number);

    /// <summary>It was not made, and is not wanted any more.</summary>
    internal virtual void Refuse()
    {
    }

    /// <summary>Does this refusal say that it is made, since it was made before?</summary>
    internal virtual bool IsDoneBy(SessionStatus refusal) => false;

    protected static CallOptions Bounded => new(deadline: DateTime.UtcNow.AddSeconds(5));

    /// <summary>A session begins.</summary>
    internal sealed class Create(KnownSession session, uint termMs, ulong floor) : Change(session, floor)
    {
        internal override string Text => $"{Session.Identity}, a create";

        internal override async Task<ulong> SendAsync(Wire.Sessions.SessionsClient master)
        {
            Wire.CreateSessionReply reply = await master.CreateSessionAsync(
                new Wire.CreateSessionRequest
                {
                    Nonce = Session.Nonce,
                    Description = new Wire.ServerDescription
                    {
                        Identity = Session.Identity,
                        TermMs = termMs,
                        Endpoints = { new Wire.Endpoint { Kind = (uint)AccessPointKind.Nfs, Address = Session.Identity } },
                    },
                },
                Bounded);
            _sessionId = reply.SessionId;
            return reply.Epoch;
        }

        internal override void Make(ulong number)
        {
            if (Session.Standing == Standing.Asked)
            {
                Session.Begin(_sessionId, number);
            }
        }

        internal override void Refuse() => Session.Standing = Standing.Gone;

        /// <summary>It was found in a list.</summary>
        internal void Find(ulong sessionId, ulong epoch)
        {
            _sessionId = sessionId;
            Find(epoch);
        }

        private ulong _sessionId;
    }

    /// <summary>A session ends.</summary>
    internal sealed class Close(KnownSession session, ulong floor) : Change(session, floor)
    {
        internal override string Text => $"{Session.Identity}, a close";

        internal override async Task<ulong> SendAsync(Wire.Sessions.SessionsClient master)
        {
            Session.Standing = Standing.Ending;
            await master.CloseSessionAsync(new Wire.CloseSessionRequest { Session = Session.Key }, Bounded);
            return 0;
        }

        internal override void Make(ulong number) => Session.Standing = Standing.Gone;

        internal override void Refuse() => Session.Standing = Standing.Alive;

        internal override bool IsDoneBy(SessionStatus refusal) => refusal is SessionStatus.UnknownSession or SessionStatus.SessionClosed;
    }

    /// <summary>Items of a session are set or removed, all or none.</summary>
    internal sealed class Items(KnownSession session, bool isCompared, ulong floor) : Change(session, floor)
    {
        private readonly ulong _write = ++session.Writes;

        /// <summary>The new values; null: it is removed.</summary>
        internal required IReadOnlyDictionary<string, byte[]?> Values { get; init; }

        internal override string Text => $"{Session.Identity}, write {_write} of {string.Join(" and ", Values.Keys)}";

        internal override async Task<ulong> SendAsync(Wire.Sessions.SessionsClient master)
        {
            Wire.WriteId write = new() { Number = _write, FirstUnfinished = _write };
            if (Values.Count > 1)
            {
                Wire.ApplyItemsRequest request = new() { Session = Session.Key, Write = write };
                request.Changes.AddRange(Values.Select(ChangeOf));
                return (await master.ApplyItemsAsync(request, Bounded)).Revision;
            }

            (string key, byte[]? value) = Values.Single();
            if (value == null)
            {
                Wire.RemoveItemRequest removal = new() { Session = Session.Key, Key = key, Write = write };
                if (isCompared)
                {
                    removal.CompareRevision = RevisionOf(key);
                }

                return (await master.RemoveItemAsync(removal, Bounded)).Revision;
            }

            Wire.SetItemRequest set = new() { Session = Session.Key, Key = key, Value = ByteString.CopyFrom(value), Write = write };
            if (isCompared)
            {
                set.CompareRevision = RevisionOf(key);
            }

            return (await master.SetItemAsync(set, Bounded)).Revision;
        }

        internal override void Make(ulong number)
        {
            foreach ((string key, byte[]? value) in Values)
            {
                if (value == null)
                {
                    Session.Items.Remove(key);
                }
                else
                {
                    Session.Items[key] = new KnownItem(value, number);
                }
            }
        }

        private Wire.ItemChange ChangeOf(KeyValuePair<string, byte[]?> one)
        {
            Wire.ItemChange change = new()
            {
                Kind = (uint)(one.Value == null ? ItemChangeKind.Remove : ItemChangeKind.Set),
                Key = one.Key,
                Value = ByteString.CopyFrom(one.Value ?? []),
            };
            if (isCompared)
            {
                change.CompareRevision = RevisionOf(one.Key);
            }

            return change;
        }

        // As it was before this change: 0, it is not there.
        private ulong RevisionOf(string key) => _compared.TryGetValue(key, out ulong revision) ? revision : 0;

        private readonly Dictionary<string, ulong> _compared =
            session.Items.ToDictionary(item => item.Key, item => item.Value.Revision);
    }
}

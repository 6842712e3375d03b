using System.Threading.Tasks;
using Google.Protobuf;
using Grpc.Core;
using Interop.Sessions.Master.Server.Rows;
using Interop.Sessions.Protocol.V1;

namespace Interop.Sessions.Master.Server;

/// <summary>
/// What one stream of a watch may say: its caller's rights are looked at with each message, and asked for again when rules or tokens have
/// changed. A withdrawn right ends the stream with its next message, which is a mark of progress at the latest.
/// </summary>
internal sealed class WatchRights(
    RightsDoor door, IMessage request, Caller caller, RightsSight sight, IServerStreamWriter<WatchReply> replies, ServerCallContext context)
    : IServerStreamWriter<WatchReply>
{
    private Caller _caller = caller;
    private RightsSight _sight = sight;

    /// <inheritdoc/>
    public WriteOptions? WriteOptions
    {
        get => replies.WriteOptions;
        set => replies.WriteOptions = value;
    }

    /// <summary>Who watches; null: every caller may do everything, and nobody has asked for a name.</summary>
    internal static Caller? CallerOf(ServerCallContext context) =>
        context.UserState.TryGetValue(typeof(WatchRights), out object? rights) ? ((WatchRights)rights)._caller : null;

    /// <inheritdoc/>
    public async Task WriteAsync(WatchReply message)
    {
        if (door.Sight is var now && now.Version != _sight.Version)
        {
            _caller = door.CallerOf(context, now);
            await door.RequireAllAsync(now, _caller, context.Method, request).ConfigureAwait(true);
            _sight = now;
        }

        // What is about no session is a mark.
        message.Events.RemoveAll(said =>
            said.SessionId != 0 && RightsDoor.DenialOf(_sight, _caller, Right.Read, said.Identity) != null);
        await replies.WriteAsync(message).ConfigureAwait(true);
    }
}

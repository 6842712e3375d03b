using Interop.Sessions.Boundary;
using Interop.Sessions.Follower;
using Interop.Sessions.Native;

namespace Interop.Sessions.Hooks;

/// <summary>A follower's callbacks that are function pointers of the host.</summary>
internal sealed unsafe class HostFollowerCallbacks(interop_sessions_follower_callbacks native) : FollowerCallbacks
{
    private readonly UserData _user = new(native.user_data, native.release);

    /// <summary>As the host gave them; NULL: none.</summary>
    internal static HostFollowerCallbacks Of(interop_sessions_follower_callbacks* given, string name) =>
        new(Arguments.ReadOptionalStruct(given, name));

    /// <summary>Separate from <see cref="Of"/>: where this throws, what the host gave is released.</summary>
    internal void RequireValid(string name) => Arguments.RequireReserved(native.reserved, $"{name}->reserved");

    /// <inheritdoc/>
    public override void Released() => _user.Release();

    /// <inheritdoc/>
    public override Verdict SessionCreated(SessionInfo session)
    {
        if (native.session_created == null)
        {
            return Verdict.Accept;
        }

        interop_sessions_session_info info = Values.ToNative(session);
        interop_sessions_verdict verdict = HostAccessManager.NewVerdict();
        using (CallbackScope.Enter())
        {
            native.session_created(native.user_data, &info, &verdict);
        }

        return verdict.refuse == 0 ? Verdict.Accept : Verdict.Refuse(HostAccessManager.ReasonOf(&verdict));
    }

    /// <inheritdoc/>
    public override void SessionLost(SessionInfo session)
    {
        if (native.session_lost == null)
        {
            return;
        }

        interop_sessions_session_info info = Values.ToNative(session);
        OutBlock block = new(OutBlock.SizeOf(session.EndText));
        using OutBlock.Lifetime freed = block.UntilTheEnd();
        interop_sessions_session_end end = new()
        {
            struct_size = (uint)sizeof(interop_sessions_session_end),
            reason = info.end_reason,
            master_epoch = info.master_epoch,
            text = block.Text(session.EndText),
        };
        using CallbackScope scope = CallbackScope.Enter();
        native.session_lost(native.user_data, &info, &end);
    }

    /// <inheritdoc/>
    public override void StateChanged(SessionInfo session) => Call(native.state_changed, native.user_data, session);

    /// <summary>Calls a host's function with a session; NULL is no function.</summary>
    internal static void Call(
        delegate* unmanaged[Cdecl]<void*, interop_sessions_session_info*, void> function, void* userData,
        SessionInfo session)
    {
        if (function != null)
        {
            interop_sessions_session_info info = Values.ToNative(session);
            using CallbackScope scope = CallbackScope.Enter();
            function(userData, &info);
        }
    }
}

using Interop.Sessions.Master;
using Interop.Sessions.Protocol;
using Microsoft.Extensions.Logging;

namespace Interop.Sessions.Tests.Support;

/// <summary>How tests start a master: without TLS where they say nothing of it, and with its threads asleep where the test's time stands.</summary>
internal static class StartedMaster
{
    internal static SessionMaster Of(SessionMasterOptions options, AccessManager hooks, ILoggerFactory loggers, BootTime? time)
    {
        bool isUnsaid = options.Tls == null && options.Insecure == Insecure.No;
        SessionMaster started = SessionMaster.Start(
            isUnsaid ? options with { Insecure = Insecure.Loopback } : options, hooks, loggers, time: time);
        (time as VirtualTime)?.AwaitSleepers("sessions-lead", "sessions-check", "sessions-commit");
        return started;
    }
}

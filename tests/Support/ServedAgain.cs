using System.Threading.Tasks;
using Grpc.Core;
using Interop.Sessions.Protocol;
using Xunit;
using Wire = Interop.Sessions.Protocol.V1;

namespace Interop.Sessions.Tests.Support;

/// <summary>What a master must come back to when one of its threads has met what nobody expected.</summary>
internal static class ServedAgain
{
    /// <summary>
    /// A session that it had is renewed and takes items, and another is created with a later epoch. Until then it may say that it does
    /// not lead, and nothing else.
    /// </summary>
    internal static Task AwaitAsync(MasterClient client, Wire.SessionKey key, RenewalStream stream, uint termMs) => Eventually.IsTrueAsync(
        async () =>
        {
            SessionStatus status = await stream.StatusOfAsync(key);
            Assert.True(status is SessionStatus.Ok or SessionStatus.NotLeader, $"{status}");
            try
            {
                await client.SetItemAsync(key, "k", [1]);
                return status == SessionStatus.Ok && (await client.CreateKeyAsync("two", termMs)).Epoch > key.Epoch;
            }
            catch (RpcException refusal) when (StatusOnTheWire.FromRpc(refusal).Status == SessionStatus.NotLeader)
            {
                return false;
            }
        },
        "served again");
}

using Interop.Sessions.Boundary;
using Xunit;

namespace Interop.Sessions.Interop.Tests.Boundary;

public sealed unsafe class RegistrationTests
{
    [Fact]
    public void One_that_finds_no_handle_is_not_registered()
    {
        HandleTable full = new();
        while (TryAdd(full))
        {
        }

        bool isRegistered = false;
        SessionException refusal = Assert.Throws<SessionException>(() => Registration.Add(
            full, new UserData(null, null), _ =>
            {
                isRegistered = true;
                return null!;
            }));
        Assert.Equal(SessionStatus.TooManyObjects, refusal.Status);
        Assert.False(isRegistered);
    }

    private static bool TryAdd(HandleTable table)
    {
        try
        {
            table.Add("object");
            return true;
        }
        catch (SessionException)
        {
            return false;
        }
    }
}

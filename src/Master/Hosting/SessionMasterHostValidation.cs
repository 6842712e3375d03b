using Microsoft.Extensions.Options;

namespace Interop.Sessions.Master.Hosting;

/// <summary>The first option that is wrong, by its name, before anything of the host has started.</summary>
internal sealed class SessionMasterHostValidation : IValidateOptions<SessionMasterOptions>
{
    public ValidateOptionsResult Validate(string? name, SessionMasterOptions options)
    {
        try
        {
            options.Validate();
            return ValidateOptionsResult.Success;
        }
        catch (SessionException wrong)
        {
            return ValidateOptionsResult.Fail($"session master: {wrong.Message}");
        }
    }
}

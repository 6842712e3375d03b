using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using Microsoft.Extensions.Options;

namespace Interop.Sessions.Follower.Hosting;

/// <summary>Every option that is wrong, by its name, before anything of the host has started.</summary>
internal sealed class SessionFollowerHostValidation : IValidateOptions<SessionFollowerHostOptions>
{
    public ValidateOptionsResult Validate(string? name, SessionFollowerHostOptions options)
    {
        string whose = string.IsNullOrEmpty(name) ? "session follower" : $"session follower '{name}'";
        string[] failures = [.. ProblemsOf(options).Select(problem => $"{whose}: {problem}")];
        return failures.Length == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }

    private static IEnumerable<string> ProblemsOf(SessionFollowerHostOptions options)
    {
        int size = Encoding.UTF8.GetByteCount(options.Identity);
        if (size is 0 or > Limits.MaxIdentityBytes)
        {
            yield return $"{nameof(options.Identity)} has {size} bytes of UTF-8; it must have 1 to {Limits.MaxIdentityBytes}";
        }

        if (options.Description.Identity.Length > 0 && options.Description.Identity != options.Identity)
        {
            yield return
                $"Description.Identity is '{options.Description.Identity}'; it must be empty, or Identity, which is '{options.Identity}'";
        }

        if (!Enum.IsDefined(options.Recreate))
        {
            yield return $"{nameof(options.Recreate)} is {(int)options.Recreate}, which is no {nameof(RecreatePolicy)}";
        }

        foreach (string problem in options.OfManager.ProblemsIn(Spelling.DotNet))
        {
            yield return problem;
        }
    }
}

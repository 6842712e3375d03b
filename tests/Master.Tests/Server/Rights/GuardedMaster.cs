using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Interop.Sessions.Master.Tests.Support;
using Interop.Sessions.Tests.Support;

namespace Interop.Sessions.Master.Tests.Server.Rights;

/// <summary>A master with files of rules and tokens, and clients with names.</summary>
public sealed class GuardedMaster : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly Dictionary<string, MasterClient> _clients = new(StringComparer.Ordinal);

    public GuardedMaster()
        : this(null)
    {
    }

    internal GuardedMaster(Action<SessionMasterOptions>? configure, VirtualTime? time = null, string? rules = null)
    {
        WriteRules(rules ?? WhoMay.Rules);
        WriteTokens([.. WhoMay.Names, "cs3", "tenant"]);
        Running = new RunningMaster(
            options =>
            {
                options.AuthorizationFile = RulesPath;
                options.TokensFile = TokensPath;
                configure?.Invoke(options);
            },
            time, Log);
        Running.Hooks.OnDataReport = _ => default;
    }

    internal RecordedLog Log { get; } = new();

    internal RunningMaster Running { get; }

    internal string RulesPath => _directory.File("rules");

    internal string TokensPath => _directory.File("tokens");

    internal void WriteRules(string rules) => File.WriteAllText(RulesPath, rules);

    internal void WriteTokens(params string[] names) =>
        File.WriteAllLines(TokensPath, names.Select(LineOf));

    /// <summary>Of a file of tokens.</summary>
    internal static string LineOf(string name) => $"{NameOf(name)} {Convert.ToHexStringLower(BearerToken.HashOf(TokenOf(name)))}";

    /// <summary>"cs1+new" is another token of cs1.</summary>
    internal static string TokenOf(string name) => $"the-token-of-{name}-which-nobody-guesses";

    /// <summary>A client by its name; "": it shows none.</summary>
    internal MasterClient As(string name)
    {
        if (!_clients.TryGetValue(name, out MasterClient? client))
        {
            _clients.Add(name, client = new MasterClient(Running.Master.Port, name.Length == 0 ? null : TokenOf(name)));
        }

        return client;
    }

    public void Dispose()
    {
        foreach (MasterClient client in _clients.Values)
        {
            client.Dispose();
        }

        Running.Dispose();
        _directory.Dispose();
    }

    private static string NameOf(string token) => token.Split('+')[0];
}

using System;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text;
using System.Threading.Tasks;
using Xunit;

namespace Interop.Sessions.Tests.Support;

/// <summary>The real session-master as a process of its own.</summary>
internal sealed class DaemonProcess : IDisposable
{
    private readonly Process _process;
    private readonly StringBuilder _said = new();
    private readonly Task<string> _errors;

    private DaemonProcess(Process process)
    {
        _process = process;
        _errors = ReadErrorsAsync();
    }

    /// <summary>The program as the build made it.</summary>
    internal static string Program { get; } = Built.Value("SessionMasterProgram");

    internal int Port { get; private set; }

    /// <summary>Where administration is served, if it has an address of its own.</summary>
    internal int AdminPort { get; private set; }

    internal int Id => _process.Id;

    /// <summary>Starts it on any port and waits until it serves.</summary>
    internal static Task<DaemonProcess> StartAsync(string storePath, params string[] more) =>
        ServeAsync([Program, .. OptionsFor(storePath, more)]);

    /// <summary>As <see cref="StartAsync"/>, on etcd, for a new cluster.</summary>
    internal static Task<DaemonProcess> StartOnEtcdAsync(string endpoints, params string[] more) =>
        ServeAsync(
            [Program, "--listen", "127.0.0.1:0", "--insecure", "loopback", "--etcd", endpoints, "--etcd-insecure", "loopback", "--create", .. more]);

    /// <summary>As <see cref="StartAsync"/>, by somebody with another umask.</summary>
    internal static Task<DaemonProcess> StartWithUmaskAsync(string umask, string storePath, params string[] more) =>
        ServeAsync(WithUmask(umask, [Program, .. OptionsFor(storePath, more)]));

    /// <summary>As <see cref="StartAsync"/>, with so many file descriptors at most.</summary>
    internal static Task<DaemonProcess> StartWithDescriptorsAsync(int most, string storePath, params string[] more) =>
        ServeAsync(["sh", "-c", $"ulimit -n {most}; exec \"$0\" \"$@\"", Program, .. OptionsFor(storePath, more)]);

    /// <summary>The same, and fewer to begin with.</summary>
    internal static Task<DaemonProcess> StartWithDescriptorsAsync(int soft, int hard, string storePath, params string[] more) =>
        ServeAsync(["sh", "-c", $"ulimit -S -n {soft}; ulimit -H -n {hard}; exec \"$0\" \"$@\"", Program, .. OptionsFor(storePath, more)]);

    /// <summary>As <see cref="StartAsync"/>, as systemd starts a unit of Type=notify: .NET knows it by the name of the parent.</summary>
    internal static Task<DaemonProcess> StartUnderSystemdAsync(string notifySocket, string storePath)
    {
        string asSystemd = $"""
            printf systemd >/proc/$$/comm
            NOTIFY_SOCKET={notifySocket} setpriv --pdeathsig KILL "$0" "$@" &
            trap "kill $!" TERM
            wait $!
            wait $!
            """;
        return ServeAsync(["sh", "-c", asSystemd, Program, .. OptionsFor(storePath, [])]);
    }

    /// <summary>As <see cref="StartAsync"/>; its log goes into a pipe that nobody reads.</summary>
    internal static Task<DaemonProcess> StartUnreadAsync(string pipe, string storePath, params string[] more) =>
        ServeAsync(["sh", "-c", $"mkfifo {pipe}; exec 9<>{pipe}; exec \"$0\" \"$@\" 2>&9", Program, .. OptionsFor(storePath, more)]);

    /// <summary>A command run with a umask of its own.</summary>
    internal static string[] WithUmask(string umask, params string[] command) =>
        ["sh", "-c", $"umask {umask}; exec \"$0\" \"$@\"", .. command];

    /// <summary>Runs a command that ends by itself; its exit code and what it said to standard error.</summary>
    internal static async Task<(int ExitCode, string Errors)> EndAsync(params string[] command)
    {
        using DaemonProcess daemon = Run(command);
        string errors = await Eventually.Ends(daemon._errors);
        await Eventually.Ends(daemon._process.WaitForExitAsync());
        return (daemon._process.ExitCode, errors);
    }

    /// <summary>What it said to standard error so far.</summary>
    internal string Said
    {
        get
        {
            lock (_said)
            {
                return _said.ToString();
            }
        }
    }

    /// <summary>All that it said to standard error, once it has ended.</summary>
    internal Task<string> ErrorsAsync() => Eventually.Ends(_errors);

    /// <summary>SIGKILL: nothing is flushed, nobody says good-bye.</summary>
    internal async Task KillAsync()
    {
        _process.Kill();
        await Eventually.Ends(_process.WaitForExitAsync());
    }

    /// <summary>SIGSTOP: it stands still and knows nothing of it.</summary>
    internal void Pause() => Signals.Send(_process.Id, Signals.Stop);

    /// <summary>SIGCONT.</summary>
    internal void Continue() => Signals.Send(_process.Id, Signals.Continue);

    /// <summary>SIGTERM, upon which it exits with 0.</summary>
    internal async Task EndsCleanlyAsync()
    {
        Signals.Send(_process.Id, Signals.Terminate);
        await Eventually.Ends(_process.WaitForExitAsync());
        string said = await ErrorsAsync();
        Assert.True(_process.ExitCode == 0, $"exit {_process.ExitCode}: {said}");
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            _process.WaitForExit();
        }

        _process.Dispose();
    }

    private async Task<string> ReadErrorsAsync()
    {
        while (await _process.StandardError.ReadLineAsync() is { } line)
        {
            lock (_said)
            {
                _said.AppendLine(line);
            }
        }

        return Said;
    }

    private static string[] OptionsFor(string storePath, string[] more)
    {
        string[] create = File.Exists(storePath) || more.Contains("--create") ? [] : ["--create"];
        string[] insecure = more.Any(flag => flag == "--insecure" || flag.StartsWith("--tls-", StringComparison.Ordinal)) ? [] : ["--insecure", "loopback"];
        return ["--listen", "127.0.0.1:0", "--store", storePath, .. insecure, .. create, .. more];
    }

    private static async Task<DaemonProcess> ServeAsync(string[] command)
    {
        DaemonProcess daemon = Run(command);
        string? line = await Eventually.Ends(daemon._process.StandardOutput.ReadLineAsync());
        const string Ready = "ready port=";
        if (line?.StartsWith(Ready, StringComparison.Ordinal) != true)
        {
            Assert.Fail($"instead of serving: '{line}', {await Eventually.Ends(daemon._errors)}");
        }

        string[] ports = line[Ready.Length..].Split(" admin_port=");
        daemon.Port = int.Parse(ports[0], CultureInfo.InvariantCulture);
        daemon.AdminPort = ports.Length == 1 ? 0 : int.Parse(ports[1], CultureInfo.InvariantCulture);
        return daemon;
    }

    private static DaemonProcess Run(string[] command)
    {
        ProcessStartInfo start = new(command[0], command.Skip(1))
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        return new DaemonProcess(Process.Start(start)!);
    }
}

using System;
using System.IO;
using System.Text;
using Interop.Sessions.Protocol;

namespace Interop.Sessions.Client;

/// <summary>The token by which this process shows its name, as its file has it. No text that people read shows the token.</summary>
public sealed class CallerToken : IDisposable
{
    private const UnixFileMode Others =
        UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute |
        UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

    private readonly FileLooks? _looks;
    private volatile string _latest = "";

    /// <summary>Reads it.</summary>
    /// <param name="path">Its file: the token on the first line, for nobody but its owner.</param>
    /// <param name="setting">What errors call the file.</param>
    /// <param name="told">Told when the file has changed: what is wrong with it; null: nothing. Without it the file is not looked at again.</param>
    /// <param name="unexpected">Told, on the thread that looks, of what no code expected there; null: nobody is.</param>
    /// <param name="time">By which it is looked at; null: the machine's.</param>
    /// <exception cref="SessionException">InvalidArgument, naming the file and what is wrong with it; OutOfResources.</exception>
    public CallerToken(
        string path, string setting, Action<SessionException?>? told = null, Action<Exception>? unexpected = null, BootTime? time = null)
    {
        string file = Path.GetFullPath(path);
        ChangingFile token = new(
            () => SmallFile.Read(
                file, setting, Limits.MaxTokenLength + 2, Others, "it holds a secret, which only its owner may read (0600)"),
            content => _latest = TokenIn(content, $"{setting} '{path}'"),
            told ?? (_ => { }));
        token.Begin();
        _looks = told == null ? null : new FileLooks(token.Look, unexpected ?? (_ => { }), time);
    }

    /// <summary>As it is now.</summary>
    public string Latest => _latest;

    /// <summary>Ends the looks.</summary>
    public void Dispose() => _looks?.Dispose();

    private static string TokenIn(byte[] content, string source)
    {
        string text = Encoding.Latin1.GetString(content).TrimEnd('\n', '\r');
        return BearerToken.IsToken(text) ? text : throw new SessionException(
            SessionStatus.InvalidArgument, $"{source} has no token: {BearerToken.Rule}, and stands alone in its file");
    }
}

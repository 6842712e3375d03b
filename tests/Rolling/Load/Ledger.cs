using System;
using System.IO;
using System.IO.MemoryMappedFiles;
using Interop.Sessions.Follower;

namespace Interop.Sessions.Rolling.Load;

/// <summary>What a holder must know after its process was killed: its session, and how far it has counted. The kernel keeps it.</summary>
internal sealed class Ledger : IDisposable
{
    private const int SessionIdAt = 0;
    private const int EpochAt = 8;
    private const int SecretAt = 16;
    private const int AttemptedAt = 32;
    private const int AcknowledgedAt = 40;
    private const int Bytes = 48;

    private readonly MemoryMappedFile _file;
    private readonly MemoryMappedViewAccessor _view;

    internal Ledger(string path)
    {
        _file = MemoryMappedFile.CreateFromFile(path, FileMode.OpenOrCreate, null, Bytes);
        _view = _file.CreateViewAccessor();
    }

    /// <summary>0: there is none yet.</summary>
    internal ulong SessionId => _view.ReadUInt64(SessionIdAt);

    internal ulong Epoch => _view.ReadUInt64(EpochAt);

    internal UInt128 Secret
    {
        get
        {
            _view.Read(SecretAt, out UInt128 secret);
            return secret;
        }
    }

    /// <summary>What it was about to set last.</summary>
    internal long Attempted
    {
        get => _view.ReadInt64(AttemptedAt);
        set => _view.Write(AttemptedAt, value);
    }

    /// <summary>What a master has said is set.</summary>
    internal long Acknowledged
    {
        get => _view.ReadInt64(AcknowledgedAt);
        set => _view.Write(AcknowledgedAt, value);
    }

    /// <summary>The session, and the secret that is good for the next re-attach.</summary>
    internal void Keep(SessionInfo session)
    {
        UInt128 secret = session.Secret;
        _view.Write(SecretAt, ref secret);
        _view.Write(EpochAt, session.Epoch);
        _view.Write(SessionIdAt, session.SessionId);
    }

    public void Dispose()
    {
        _view.Dispose();
        _file.Dispose();
    }
}

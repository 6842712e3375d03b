using System;
using System.IO;
using System.Net;
using System.Net.Sockets;
using System.Threading;
using System.Threading.Tasks;

namespace Interop.Sessions.Protocol;

/// <summary>How whoever dials makes sure of the other side: the one place that every connection of ours goes through.</summary>
/// <param name="Files">Whom to trust, and who one is; null: no TLS is spoken.</param>
/// <param name="Insecure">Who may be spoken to without TLS.</param>
public sealed record PeerTrust(TlsFiles? Files, Insecure Insecure)
{
    /// <summary>Of what is dialled by TCP.</summary>
    public string Scheme => Files == null ? "http" : "https";

    /// <summary>Makes a connection that was just dialled one that may be used, or closes it: nothing was said over it yet.</summary>
    /// <param name="dialled">The connection.</param>
    /// <param name="host">That was dialled.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="UntrustedPeerException">The other side is not who it should be, or not where it may be.</exception>
    public async ValueTask<Stream> SecureAsync(NetworkStream dialled, string host, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(dialled);
        if (dialled.Socket.AddressFamily == AddressFamily.Unix)
        {
            // It does not leave the machine, and whoever may write the socket's directory is whom it leads to.
            return dialled;
        }

        if (Files != null)
        {
            return await TlsHandshake.OfClientAsync(dialled, Files, host, cancellation).ConfigureAwait(false);
        }

        EndPoint? where = dialled.Socket.RemoteEndPoint;
        if (where is IPEndPoint { Address: { } address } && Insecure.Allows(address))
        {
            return dialled;
        }

        await dialled.DisposeAsync().ConfigureAwait(false);
        throw new UntrustedPeerException(host, Insecure == Insecure.No
            ? "no TLS is set up for it, and insecure is no"
            : $"{where} is not of this machine, and insecure is {Insecure.Word()}");
    }
}

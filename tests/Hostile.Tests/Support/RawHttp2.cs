using System;
using System.Buffers.Binary;
using System.IO;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Threading;

namespace Interop.Sessions.Hostile.Tests.Support;

/// <summary>
/// One HTTP/2 connection, frame by frame (RFC 9113): it sends what no library would. What comes is read and thrown away,
/// unless it shall not be.
/// </summary>
internal sealed class RawHttp2 : IDisposable
{
    internal const byte Data = 0;
    internal const byte Headers = 1;
    internal const byte Reset = 3;
    internal const byte Settings = 4;
    internal const byte Ping = 6;
    internal const byte Continuation = 9;
    internal const byte EndStream = 1;
    internal const byte EndHeaders = 4;
    private const byte WindowUpdate = 8;
    private const byte Acknowledge = 1;
    private const int FrameHeaderBytes = 9;
    private const int InitialWindow = 65_535;

    private static readonly byte[] s_preface = Encoding.ASCII.GetBytes("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");

    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly BufferedStream _out;
    private readonly NetworkStream _stream;
    private readonly Lock _lock = new();
    private readonly Thread? _reader;
    private uint _nextStream = 1;
    private long _window = InitialWindow;
    private volatile bool _isClosed;

    /// <param name="port">Of the master on loopback.</param>
    /// <param name="window">How much of each answer may be sent; null: the usual.</param>
    /// <param name="reads">False: nothing is ever taken from the socket.</param>
    internal RawHttp2(int port, uint? window = null, bool reads = true)
    {
        _socket.Connect(IPAddress.Loopback, port);
        _stream = new NetworkStream(_socket, ownsSocket: true);
        _out = new BufferedStream(_stream, 64 * 1024);
        _out.Write(s_preface);
        Span<byte> settings = stackalloc byte[6];
        BinaryPrimitives.WriteUInt16BigEndian(settings, 4);
        BinaryPrimitives.WriteUInt32BigEndian(settings[2..], window ?? InitialWindow);
        Frame(Settings, 0, 0, settings);
        Flush();
        if (reads)
        {
            _reader = new Thread(Read) { IsBackground = true, Name = "raw-http2" };
            _reader.Start();
        }
    }

    /// <summary>Has the master closed it?</summary>
    internal bool IsClosed => _isClosed;

    /// <summary>Streams that the master has answered and closed.</summary>
    internal int Answered => Volatile.Read(ref _answered);

    private int _answered;

    /// <summary>Streams that the master has reset.</summary>
    internal int WasReset => Volatile.Read(ref _reset);

    private int _reset;

    /// <summary>Would so many more bytes be sent at once?</summary>
    internal bool MaySend(int bytes) => Volatile.Read(ref _window) >= bytes;

    /// <summary>Lets the master send so much more on a stream.</summary>
    internal void Grant(uint stream, int bytes)
    {
        byte[] more = new byte[sizeof(int)];
        BinaryPrimitives.WriteInt32BigEndian(more, bytes);
        Frame(WindowUpdate, 0, stream, more);
    }

    /// <summary>Begins a gRPC call.</summary>
    internal uint Open(string path, params string[] more)
    {
        uint stream = NextStream();
        Frame(Headers, EndHeaders, stream, HeadersOf(path, more));
        return stream;
    }

    /// <summary>A stream of which nothing was sent yet.</summary>
    internal uint NextStream()
    {
        uint stream = _nextStream;
        _nextStream += 2;
        return stream;
    }

    /// <summary>The header block of a gRPC call, with pairs of name and value behind it.</summary>
    internal static byte[] HeadersOf(string path, params string[] more)
    {
        using MemoryStream block = new();
        Header(block, ":method", "POST");
        Header(block, ":scheme", "http");
        Header(block, ":path", path);
        Header(block, ":authority", "localhost");
        Header(block, "content-type", "application/grpc");
        Header(block, "te", "trailers");
        for (int i = 0; i + 1 < more.Length; i += 2)
        {
            Header(block, more[i], more[i + 1]);
        }

        return block.ToArray();
    }

    /// <summary>A gRPC message, of which <paramref name="claims"/> says how long it will be; without it: as long as it is.</summary>
    internal void Message(uint stream, ReadOnlySpan<byte> message, bool ends = true, int? claims = null, bool isCompressed = false)
    {
        byte[] data = new byte[5 + message.Length];
        data[0] = isCompressed ? (byte)1 : (byte)0;
        BinaryPrimitives.WriteInt32BigEndian(data.AsSpan(1), claims ?? message.Length);
        message.CopyTo(data.AsSpan(5));
        const int Chunk = 16 * 1024;
        for (int sent = 0; sent < data.Length; sent += Chunk)
        {
            int size = Math.Min(Chunk, data.Length - sent);
            AwaitWindow(size);
            bool isLast = ends && sent + size == data.Length;
            Frame(Data, isLast ? EndStream : (byte)0, stream, data.AsSpan(sent, size));
        }
    }

    /// <summary>A whole call of one message.</summary>
    internal uint Call(string path, ReadOnlySpan<byte> message)
    {
        uint stream = Open(path);
        Message(stream, message);
        return stream;
    }

    /// <summary>RST_STREAM, CANCEL.</summary>
    internal void Cancel(uint stream) => Frame(Reset, 0, stream, [0, 0, 0, 8]);

    internal void Frame(byte type, byte flags, uint stream, ReadOnlySpan<byte> payload)
    {
        Span<byte> header = stackalloc byte[FrameHeaderBytes];
        BinaryPrimitives.WriteUInt32BigEndian(header, ((uint)payload.Length << 8) | type);
        header[4] = flags;
        BinaryPrimitives.WriteUInt32BigEndian(header[5..], stream);
        try
        {
            lock (_lock)
            {
                _out.Write(header);
                _out.Write(payload);
            }
        }
        catch (IOException)
        {
            _isClosed = true;
        }
    }

    internal void Flush()
    {
        try
        {
            lock (_lock)
            {
                _out.Flush();
            }
        }
        catch (IOException)
        {
            _isClosed = true;
        }
    }

    public void Dispose()
    {
        _isClosed = true;
        _socket.Close(0);
        _reader?.Join();
    }

    private static void Header(MemoryStream block, string name, string value)
    {
        // A literal that is not indexed, with a new name (RFC 7541, section 6.2.2).
        block.WriteByte(0);
        Text(block, name);
        Text(block, value);
    }

    private static void Text(MemoryStream block, string text)
    {
        byte[] bytes = Encoding.ASCII.GetBytes(text);
        int rest = bytes.Length;
        if (rest < 127)
        {
            block.WriteByte((byte)rest);
        }
        else
        {
            block.WriteByte(127);
            rest -= 127;
            while (rest >= 128)
            {
                block.WriteByte((byte)((rest % 128) + 128));
                rest /= 128;
            }

            block.WriteByte((byte)rest);
        }

        block.Write(bytes);
    }

    private void AwaitWindow(int bytes)
    {
        if (Volatile.Read(ref _window) < bytes)
        {
            Flush();
            SpinWait.SpinUntil(() => _isClosed || Volatile.Read(ref _window) >= bytes, TimeSpan.FromSeconds(2));
        }

        Interlocked.Add(ref _window, -bytes);
    }

    private void Read()
    {
        byte[] header = new byte[FrameHeaderBytes];
        byte[] payload = new byte[1 << 16];
        try
        {
            while (true)
            {
                _stream.ReadExactly(header);
                int size = (header[0] << 16) | (header[1] << 8) | header[2];
                _stream.ReadExactly(payload, 0, size);
                Take(header, payload.AsSpan(0, size));
            }
        }
        catch (Exception error) when (error is IOException or ObjectDisposedException)
        {
            _isClosed = true;
        }
    }

    private void Take(byte[] header, ReadOnlySpan<byte> payload)
    {
        uint stream = BinaryPrimitives.ReadUInt32BigEndian(header.AsSpan(5)) & 0x7fffffff;
        if (header[3] == WindowUpdate && stream == 0)
        {
            Interlocked.Add(ref _window, BinaryPrimitives.ReadUInt32BigEndian(payload));
        }
        else if (header[3] == Settings && (header[4] & Acknowledge) == 0)
        {
            Frame(Settings, Acknowledge, 0, []);
            Flush();
        }
        else if (header[3] is Data or Headers && (header[4] & EndStream) != 0)
        {
            Interlocked.Increment(ref _answered);
        }
        else if (header[3] == Reset)
        {
            Interlocked.Increment(ref _reset);
        }
    }
}

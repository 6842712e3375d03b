using System.Text;

namespace Interop.Sessions.Harness.Tests.Support;

internal unsafe delegate void TakesText(byte* text, uint size);

internal unsafe delegate T AnswersText<T>(byte* text, uint size);

internal unsafe delegate uint CopiesText(byte* buffer, uint capacity);

/// <summary>Strings to and from the facade, which knows UTF-8 and its size.</summary>
internal static unsafe class Texts
{
    internal static void Give(string text, TakesText function)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        fixed (byte* pointer = bytes)
        {
            function(pointer, (uint)bytes.Length);
        }
    }

    internal static T Ask<T>(string text, AnswersText<T> function)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        fixed (byte* pointer = bytes)
        {
            return function(pointer, (uint)bytes.Length);
        }
    }

    internal static string Read(CopiesText function)
    {
        byte[] bytes = new byte[function(null, 0)];
        fixed (byte* pointer = bytes)
        {
            // It may have changed since it was measured.
            uint size = function(pointer, (uint)bytes.Length);
            return Encoding.UTF8.GetString(bytes, 0, (int)uint.Min(size, (uint)bytes.Length));
        }
    }
}

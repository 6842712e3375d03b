using System;
using System.Buffers.Binary;
using System.Collections.Immutable;

namespace Interop.Sessions.Master.Store;

/// <summary>The answers of a <see cref="WriteLog"/> as bytes: number and revision of each, least significant first.</summary>
internal static class WriteAnswers
{
    private const int BytesEach = 2 * sizeof(ulong);

    internal static byte[] ToBytes(ImmutableArray<WriteAnswer> answers)
    {
        byte[] bytes = new byte[answers.Length * BytesEach];
        for (int i = 0; i < answers.Length; i++)
        {
            Span<byte> entry = bytes.AsSpan(i * BytesEach, BytesEach);
            BinaryPrimitives.WriteUInt64LittleEndian(entry, answers[i].Number);
            BinaryPrimitives.WriteUInt64LittleEndian(entry[sizeof(ulong)..], answers[i].Revision);
        }

        return bytes;
    }

    /// <exception cref="FormatException">It has another length than any that was written.</exception>
    internal static ImmutableArray<WriteAnswer> FromBytes(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length % BytesEach != 0)
        {
            throw new FormatException($"answers have {bytes.Length} bytes, which is no multiple of {BytesEach}");
        }

        ImmutableArray<WriteAnswer>.Builder answers = ImmutableArray.CreateBuilder<WriteAnswer>(bytes.Length / BytesEach);
        for (; !bytes.IsEmpty; bytes = bytes[BytesEach..])
        {
            answers.Add(new WriteAnswer(
                BinaryPrimitives.ReadUInt64LittleEndian(bytes),
                BinaryPrimitives.ReadUInt64LittleEndian(bytes[sizeof(ulong)..])));
        }

        return answers.MoveToImmutable();
    }
}

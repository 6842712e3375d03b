using System;
using System.Collections.Generic;
using System.Linq;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace Interop.Sessions.Interop.Tests.Contract;

/// <summary>One spelling for the types of both languages: "u32", "interop_sessions_error*", "void(void*,u64)*", "char[256]".</summary>
internal static class TypeNames
{
    private static readonly Dictionary<string, string> s_c = new()
    {
        ["void"] = "void",
        ["char"] = "char",
        ["uint8_t"] = "u8",
        ["unsigned char"] = "u8",
        ["uint16_t"] = "u16",
        ["unsigned short"] = "u16",
        ["int"] = "i32",
        ["int32_t"] = "i32",
        ["unsigned int"] = "u32",
        ["uint32_t"] = "u32",
        ["int64_t"] = "i64",
        ["long"] = "i64",
        ["uint64_t"] = "u64",
        ["unsigned long"] = "u64",
        ["size_t"] = "u64",
    };

    private static readonly Dictionary<Type, string> s_managed = new()
    {
        [typeof(void)] = "void",
        [typeof(sbyte)] = "char",
        [typeof(byte)] = "u8",
        [typeof(ushort)] = "u16",
        [typeof(int)] = "i32",
        [typeof(uint)] = "u32",
        [typeof(long)] = "i64",
        [typeof(ulong)] = "u64",
        [typeof(nuint)] = "u64",
    };

    /// <summary>A type as clang spells it, typedefs of callbacks resolved.</summary>
    internal static string OfC(string type)
    {
        string text = type.Replace("const ", "", StringComparison.Ordinal)
            .Replace("struct ", "", StringComparison.Ordinal)
            .Replace("enum ", "", StringComparison.Ordinal).Trim();
        int function = text.IndexOf("(*)(", StringComparison.Ordinal);
        if (function >= 0)
        {
            string returns = OfC(text[..function]);
            string[] parameters = text[(function + 4)..^1].Split(',', StringSplitOptions.TrimEntries);
            return $"{returns}({string.Join(',', parameters.Select(OfC))})*";
        }

        if (text.EndsWith('*'))
        {
            return OfC(text[..^1]) + "*";
        }

        int array = text.IndexOf('[', StringComparison.Ordinal);
        return array >= 0 ? OfC(text[..array]) + text[array..] : s_c.GetValueOrDefault(text, text);
    }

    /// <summary>A managed type.</summary>
    internal static string OfManaged(Type type)
    {
        if (type.IsFunctionPointer)
        {
            if (!type.IsUnmanagedFunctionPointer)
            {
                return $"managed {type}";
            }

            string parameters = string.Join(',', type.GetFunctionPointerParameterTypes().Select(OfManaged));
            return $"{OfManaged(type.GetFunctionPointerReturnType())}({parameters})*";
        }

        if (type.IsPointer)
        {
            return OfManaged(type.GetElementType()!) + "*";
        }

        if (type.GetCustomAttribute<InlineArrayAttribute>() is { } array)
        {
            return $"{OfManaged(type.GetFields(BindingFlags.Instance | BindingFlags.Public)[0].FieldType)}[{array.Length}]";
        }

        return s_managed.GetValueOrDefault(type, type.Name);
    }
}

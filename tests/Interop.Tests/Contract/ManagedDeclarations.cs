using System;
using System.Linq;
using System.Reflection;
using System.Reflection.Emit;
using System.Runtime.InteropServices;
using Interop.Sessions.Native;
using Xunit;

namespace Interop.Sessions.Interop.Tests.Contract;

/// <summary>The managed side: the generated types and P/Invokes, and the exports of src/Interop.</summary>
internal static class ManagedDeclarations
{
    private const string ManagedPrefix = "interop_sessions_managed_";

    /// <summary>What C/life.c asks, and no host can.</summary>
    private const string OfTheLibraryAlone = "interop_sessions_managed_libraries";

    private const BindingFlags All =
        BindingFlags.Static | BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic;

    private static Assembly Assembly => typeof(InteropSessionsNative).Assembly;

    /// <summary>What the generator made of the header.</summary>
    internal static Declarations Generated()
    {
        Declarations read = ReadTypes();
        foreach (MethodInfo method in typeof(InteropSessionsNative).GetMethods(All).Where(IsImport))
        {
            read.Functions[method.Name] = SignatureOf(method);
        }

        return read;
    }

    /// <summary>The functions that are C alone: they start no runtime.</summary>
    internal static string[] PlainFunctions { get; } =
    [
        "interop_sessions_abi_version", "interop_sessions_access_point_kind_name",
        "interop_sessions_connection_state_name", "interop_sessions_end_reason_name",
        "interop_sessions_fence_check", "interop_sessions_free", "interop_sessions_lease_check",
        "interop_sessions_session_state_name", "interop_sessions_status_name", "interop_sessions_version",
    ];

    /// <summary>The same types, and what stands in src/Interop behind the exports, each of which is C.</summary>
    internal static Declarations Exported()
    {
        Declarations read = ReadTypes();
        foreach (MethodInfo method in Assembly.GetTypes().SelectMany(type => type.GetMethods(All)))
        {
            if (method.GetCustomAttribute<UnmanagedCallersOnlyAttribute>()?.EntryPoint is { } name && name != OfTheLibraryAlone)
            {
                Assert.StartsWith(ManagedPrefix, name, StringComparison.Ordinal);
                read.Functions["interop_sessions_" + name[ManagedPrefix.Length..]] = SignatureOf(method);
            }
        }

        return read;
    }

    private static bool IsImport(MethodInfo method) => method.Attributes.HasFlag(MethodAttributes.PinvokeImpl);

    private static Declarations ReadTypes()
    {
        Declarations read = new();
        foreach (Type type in Assembly.GetTypes().Where(type =>
            type.Namespace == "Interop.Sessions.Native" && type.Name.StartsWith("interop_sessions_", StringComparison.Ordinal)))
        {
            if (type.IsEnum)
            {
                read.Enums[type.Name] = new(type.GetFields(BindingFlags.Static | BindingFlags.Public)
                    .ToDictionary(field => field.Name, field => Convert.ToInt64(field.GetRawConstantValue(), null)));
            }
            else
            {
                read.Structs[type.Name] = LayoutOf(type);
            }
        }

        return read;
    }

    private static StructLayout LayoutOf(Type type) => new(
        SizeOf(type),
        [.. type.GetFields(BindingFlags.Instance | BindingFlags.Public)
            .Select(field => new Field(field.Name, TypeNames.OfManaged(field.FieldType), OffsetOf(type, field)))]);

    private static Signature SignatureOf(MethodInfo method) => new(
        TypeNames.OfManaged(method.ReturnType),
        [.. method.GetParameters().Select(p => $"{TypeNames.OfManaged(p.ParameterType)} {p.Name}")]);

    // The runtime's own layout, which is what crosses the boundary; Marshal.SizeOf tells the marshaller's.
    private static int SizeOf(Type type) => Run(il => il.Emit(OpCodes.Sizeof, type));

    private static int OffsetOf(Type type, FieldInfo field) => Run(il =>
    {
        LocalBuilder instance = il.DeclareLocal(type);
        il.Emit(OpCodes.Ldloca, instance);
        il.Emit(OpCodes.Ldflda, field);
        il.Emit(OpCodes.Conv_U);
        il.Emit(OpCodes.Ldloca, instance);
        il.Emit(OpCodes.Conv_U);
        il.Emit(OpCodes.Sub);
        il.Emit(OpCodes.Conv_I4);
    });

    private static int Run(Action<ILGenerator> emit)
    {
        DynamicMethod method = new("layout", typeof(int), [], typeof(ManagedDeclarations).Module, skipVisibility: true);
        ILGenerator il = method.GetILGenerator();
        emit(il);
        il.Emit(OpCodes.Ret);
        return method.CreateDelegate<Func<int>>()();
    }
}

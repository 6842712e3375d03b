using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Interop.Sessions.Boundary;
using Interop.Sessions.Hooks;
using Interop.Sessions.Native;
using Microsoft.Extensions.Logging;

namespace Interop.Sessions.Exports;

/// <summary>The part "Library" of the C header; what needs no runtime is C, in <c>C/plain.c</c>.</summary>
internal static unsafe partial class LibraryExports
{
    // A log that is not kept C/life.c gives back, when it holds no lock any more.
    [Export("initialize")]
    private static void Initialize(interop_sessions_options* options, interop_sessions_library* library)
    {
        interop_sessions_options chosen = Arguments.ReadStruct(options, "options");
        Arguments.RequirePointer(library, "library");
        library->value = Library.Initialize(chosen);
    }

    /// <summary>For C/life.c: the first user says how the threads are made. This call cannot fail, so it needs no frame.</summary>
    [UnmanagedCallersOnly(EntryPoint = "interop_sessions_managed_libraries", CallConvs = [typeof(CallConvCdecl)])]
    internal static int Libraries() => Library.Count;

    [Export("shutdown")]
    private static void Shutdown(interop_sessions_library library, uint timeout_ms) =>
        Library.Shutdown(library, Arguments.ReadEndTimeout(timeout_ms));

    [Export("set_log_level")]
    private static void SetLogLevel(
        interop_sessions_library library, interop_sessions_string category, interop_sessions_log_level level)
    {
        Library target = Library.Of(library);
        string name = Arguments.ReadString(category, "category", Limits.MaxLogCategoryBytes);
        LogLevels.RequireValid(level, "level");
        target.SetLogLevel(name, (LogLevel)level);
    }

    [Export("library_get_statistics")]
    private static void Statistics(interop_sessions_library library, interop_sessions_library_statistics* statistics) =>
        Results.WriteStruct(statistics, Library.Of(library).Statistics, "statistics");
}

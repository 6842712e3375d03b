using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Reflection;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Emit;

namespace Interop.Sessions.Mutants.Tests;

/// <summary>
/// The product's cores and the simulator with all faults in them, of which at most one is present while a history runs.
/// </summary>
/// <remarks>
/// They are compiled together, since compiling takes far longer than noticing a fault: a body that faults change is there
/// once as it is and once for each of them, below a switch (mutant schemata: Untch, Offutt and Harrold 1993).
/// </remarks>
internal sealed class Product
{
    private static readonly Lazy<Product> s_instance = new(() => new Product());

    /// <summary>Why a fault is not in it.</summary>
    private readonly Dictionary<Fault, string> _misfits = [];
    private readonly Func<ulong, Action<string>?, object> _run;
    private readonly PropertyInfo _failure;
    private readonly FieldInfo _present;

    private Product()
    {
        Assembly all = Load();
        MethodInfo run = all.GetType("Interop.Sessions.Simulator.History", throwOnError: true)!
            .GetMethod("Run", BindingFlags.Static | BindingFlags.NonPublic)!;
        _run = run.CreateDelegate<Func<ulong, Action<string>?, object>>();
        _failure = run.ReturnType.GetProperty("Failure")!;
        _present = all.GetType(Schema.SwitchType, throwOnError: true)!.GetField("Number", BindingFlags.Static | BindingFlags.NonPublic)!;
    }

    internal static Product Instance => s_instance.Value;

    /// <summary>What is broken in the history of a seed, or null. One caller at a time.</summary>
    /// <param name="fault">What is wrong; null: nothing.</param>
    /// <param name="seed">Of the history.</param>
    /// <exception cref="FormatException">The fault does not fit the sources, or not any more.</exception>
    internal string? Failure(Fault? fault, ulong seed)
    {
        if (fault != null && _misfits.TryGetValue(fault, out string? misfit))
        {
            throw new FormatException($"{fault.Name}.patch {misfit}");
        }

        _present.SetValue(null, fault == null ? 0 : NumberOf(fault));
        return ((Exception?)_failure.GetValue(_run(seed, null)))?.Message;
    }

    private static int NumberOf(Fault fault) => 1 + Array.IndexOf([.. Fault.All], fault);

    private Assembly Load()
    {
        while (true)
        {
            using MemoryStream assembly = new();
            EmitResult result = WithFaults().Emit(assembly);
            if (result.Success)
            {
                return Assembly.Load(assembly.ToArray());
            }

            if (!FindWhatDoesNotCompile())
            {
                throw new InvalidOperationException(ErrorsOf(result.Diagnostics));
            }
        }
    }

    private CSharpCompilation WithFaults()
    {
        CSharpCompilation all = Sources.Sound.AddSyntaxTrees(Sources.Parse("", Schema.Switch));
        foreach (IGrouping<string, Fault> faults in Fault.All.Where(fault => !_misfits.ContainsKey(fault)).GroupBy(fault => fault.Path))
        {
            Schema? schema = Sources.Trees.TryGetValue(faults.Key, out SyntaxTree? tree) ? new Schema(tree) : null;
            foreach (Fault fault in faults)
            {
                try
                {
                    (schema ?? throw new FormatException($"no longer fits: {fault.Path} is not there")).Add(NumberOf(fault), Patched(fault));
                }
                catch (FormatException misfit)
                {
                    _misfits.Add(fault, misfit.Message);
                }
            }

            all = schema == null ? all : all.ReplaceSyntaxTree(tree!, Sources.Parse(faults.Key, schema.Merge()));
        }

        return all;
    }

    private static SyntaxTree Patched(Fault fault) =>
        Sources.Parse(fault.Path, fault.ApplyTo(Sources.Trees[fault.Path].GetText().ToString()));

    /// <summary>Each fault alone, as somebody would have made it.</summary>
    private bool FindWhatDoesNotCompile()
    {
        int before = _misfits.Count;
        foreach (Fault fault in Fault.All.Where(fault => !_misfits.ContainsKey(fault)))
        {
            string errors = ErrorsOf(Sources.Sound.ReplaceSyntaxTree(Sources.Trees[fault.Path], Patched(fault)).GetDiagnostics());
            if (errors.Length > 0)
            {
                _misfits.Add(fault, $"does not compile:\n{errors}");
            }
        }

        return _misfits.Count > before;
    }

    private static string ErrorsOf(IEnumerable<Diagnostic> diagnostics) =>
        string.Join('\n', diagnostics.Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error));
}

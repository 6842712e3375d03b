using System;
using Xunit;

namespace Interop.Sessions.Mutants.Tests;

/// <summary>A patch says of itself what is wrong with it; it is never left out without a word.</summary>
public sealed class FaultTests
{
    private const string Patch = """
        The clock is trusted.

        --- a/src/Core/Sum.cs
        +++ b/src/Core/Sum.cs
        @@ -1,3 +1,3 @@
         class Sum
         {
        -    int Of(int a, int b) => a + b;
        +    int Of(int a, int b) => a;
        """;

    [Fact]
    public void A_patch_is_applied_wherever_its_lines_have_moved_to()
    {
        Fault fault = Fault.Parse("Example", Patch);

        Assert.Equal("The clock is trusted.", fault.Mistake);
        Assert.Equal(
            "// new\n\nclass Sum\n{\n    int Of(int a, int b) => a;\n}\n",
            fault.ApplyTo("// new\n\nclass Sum\n{\n    int Of(int a, int b) => a + b;\n}\n"));
    }

    [Fact]
    public void A_patch_that_no_longer_fits_says_where_and_what_is_gone()
    {
        FormatException misfit = Assert.Throws<FormatException>(
            () => Fault.Parse("Example", Patch).ApplyTo("class Sum\n{\n    int Of(int a, int b) => b + a;\n}\n"));

        Assert.Contains("no longer fits: src/Core/Sum.cs has the lines of its hunk 1 0 times", misfit.Message, StringComparison.Ordinal);
        Assert.Contains("int Of(int a, int b) => a + b;", misfit.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_patch_that_fits_in_two_places_is_refused()
    {
        const string Once = "class Sum\n{\n    int Of(int a, int b) => a + b;\n}\n";

        Assert.Contains(
            "hunk 1 2 times",
            Assert.Throws<FormatException>(() => Fault.Parse("Example", Patch).ApplyTo(Once + Once)).Message,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("nothing is said")]
    [InlineData("--- a/src/Core/Sum.cs\n+++ b/src/Core/Sum.cs\n@@ -1 +1 @@\n-a\n+b\n")]
    [InlineData("It does nothing.\n--- a/src/Core/Sum.cs\n+++ b/src/Core/Sum.cs\n@@ -1 +1 @@\n a\n")]
    [InlineData("Two files.\n--- a/a.cs\n+++ b/a.cs\n@@ -1 +1 @@\n-a\n+b\ndiff --git a/b.cs b/b.cs\n")]
    public void What_is_no_patch_of_one_file_is_refused(string text) => Assert.Throws<FormatException>(() => Fault.Parse("Example", text));

    [Fact]
    public void A_fault_that_cannot_be_switched_is_refused()
    {
        Schema schema = new(Sources.Parse("", "class Sum { int Of(int a) => a; }"));

        Assert.Throws<FormatException>(() => schema.Add(1, Sources.Parse("", "class Sum { long Of(int a) => a; }")));
    }

    [Fact]
    public void Each_body_that_faults_change_is_there_once_for_each_of_them()
    {
        Schema schema = new(Sources.Parse("", "class Sum { int Of(int a) => a; void No() => Of(1); int P { get; } = 1; int Q => 1; }"));
        schema.Add(1, Sources.Parse("", "class Sum { int Of(int a) { return a + 1; } void No() => Of(1); int P { get; } = 2; int Q => 1; }"));
        schema.Add(2, Sources.Parse("", "class Sum { int Of(int a) => throw null; void No() => Of(2); int P { get; } = 1; int Q => 2; }"));

        Assert.Equal(
            "class Sum { int Of(int a) { if (F(2)) { throw null; } else { if (F(1)) { return a + 1; } else { return a; } } } " +
            "void No() { if (F(2)) { Of(2); } else { Of(1); } } int P { get; } = F(1) ? (2) : (1); " +
            "int Q { get { if (F(2)) { return 2; } else { return 1; } } } }",
            schema.Merge().Replace("global::Interop.Sessions.PresentFault.Is", "F", StringComparison.Ordinal).Replace('\n', ' '));
    }
}

using System.Collections.Generic;
using System.Text;
using Interop.Sessions.Protocol;
using Xunit;

namespace Interop.Sessions.Master.Tests.Server.Rights;

/// <summary>Which content of a file is in force, look by look.</summary>
public sealed class ChangingFileTests
{
    private readonly List<string> _inForce = [];
    private readonly List<string> _told = [];
    private readonly ChangingFile _file;
    private string? _content = "first";

    public ChangingFileTests()
    {
        _file = new ChangingFile(
            () => Encoding.UTF8.GetBytes(_content ?? throw new SessionException(SessionStatus.InvalidArgument, "there is none")),
            content =>
            {
                string text = Encoding.UTF8.GetString(content);
                _inForce.Add(text.StartsWith("bad", System.StringComparison.Ordinal)
                    ? throw new SessionException(SessionStatus.InvalidArgument, text)
                    : text);
            },
            problem => _told.Add(problem?.Message ?? "in force"));
        _file.Begin();
    }

    [Fact]
    public void A_content_counts_when_two_looks_have_found_it()
    {
        Look("first", "first", "sec", "second", "second", "second");
        Assert.Equal(["first", "second"], _inForce);
        Assert.Equal(["in force"], _told);
    }

    [Fact]
    public void What_is_bad_for_a_moment_is_not_told()
    {
        Look("bad", "first", "bad", "second", "second");
        Assert.Equal(["first", "second"], _inForce);
        Assert.Equal(["in force"], _told);
    }

    [Fact]
    public void What_stays_bad_is_told_once_and_again_after_it_was_mended()
    {
        Look("bad", "bad", "bad", "bad", "first", "bad", "bad");
        Assert.Equal(["first"], _inForce);
        Assert.Equal(["bad", "bad"], _told);
    }

    [Fact]
    public void Another_problem_is_told_too()
    {
        Look("bad 1", "bad 1", "bad 2", "bad 2", null, null, "second", "second");
        Assert.Equal(["first", "second"], _inForce);
        Assert.Equal(["bad 1", "bad 2", "there is none", "in force"], _told);
    }

    private void Look(params string?[] contents)
    {
        foreach (string? content in contents)
        {
            _content = content;
            _file.Look();
        }
    }
}

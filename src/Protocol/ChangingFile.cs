using System;

namespace Interop.Sessions.Protocol;

/// <summary>
/// A file whose content is in force, and is followed while it changes. A new content counts when two looks have found the same, so
/// that none counts that is being written; one that makes no sense is told of once, and the former stays in force.
/// </summary>
/// <param name="read">Reads it; throws a <see cref="SessionException"/> where it cannot be read.</param>
/// <param name="take">Puts a content into force; throws a <see cref="SessionException"/> where it makes no sense.</param>
/// <param name="told">Told of each change: what is wrong with it; null: it is in force.</param>
public sealed class ChangingFile(Func<byte[]> read, Action<byte[]> take, Action<SessionException?> told)
{
    private byte[] _inForce = [];
    private byte[]? _seen;
    private string? _toldProblem;

    /// <summary>Reads it for the first time, and puts it into force.</summary>
    /// <exception cref="SessionException">It cannot be read, or makes no sense.</exception>
    public void Begin()
    {
        byte[] content = read();
        take(content);
        _inForce = content;
    }

    /// <summary>Looks at it again; by one thread at a time.</summary>
    public void Look()
    {
        try
        {
            byte[] content = read();
            bool isStill = _seen != null && content.AsSpan().SequenceEqual(_seen);
            _seen = content;
            if (content.AsSpan().SequenceEqual(_inForce))
            {
                _toldProblem = null;
            }
            else if (isStill)
            {
                take(content);
                (_inForce, _toldProblem) = (content, null);
                told(null);
            }
        }
        catch (SessionException problem)
        {
            if (problem.Message != _toldProblem)
            {
                _toldProblem = problem.Message;
                told(problem);
            }
        }
    }
}

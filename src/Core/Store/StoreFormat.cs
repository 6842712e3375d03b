using System;

namespace Interop.Sessions.Master;

/// <summary>
/// Of what kind a store or an export is. Newer releases add to it what older ones skip, and count <see cref="Format"/>; what
/// an older one must not skip raises <see cref="MinReader"/>, once all masters know it.
/// </summary>
/// <param name="Format">The highest format whose writers have written into it.</param>
/// <param name="MinReader">The lowest format whose readers may read it, and lead on it.</param>
public readonly record struct StoreFormat(int Format, int MinReader)
{
    /// <summary>What this release writes, and knows to read.</summary>
    public const int Known = 1;

    /// <summary>The lowest format whose readers may read what this release writes by itself.</summary>
    public const int LowestReader = 1;

    /// <summary>
    /// min_reader of a store that an import fills. No release ever knows a format of this number, so a reader that knows nothing
    /// of imports refuses the store as well; and since no second mark stands beside it, none can contradict it. The highest
    /// number of all is left free, because a damaged number is read as that one.
    /// </summary>
    private const int KnownToNobody = int.MaxValue - 1;

    /// <summary>Of a store that this release makes.</summary>
    public static StoreFormat New => new(Known, LowestReader);

    /// <summary>Does an import fill it, or has one been interrupted? Then a part of a cluster may be all that is there.</summary>
    public bool IsImporting => MinReader == KnownToNobody;

    /// <summary>The same while an import fills the store. Who has written into it does not change by that.</summary>
    public StoreFormat AsImporting() => this with { MinReader = KnownToNobody };

    /// <summary>
    /// The format of the store once a leadership of this release has begun: neither number ever goes back. An import alone takes
    /// the mark of an import away: the store then holds nothing but what comes with it.
    /// </summary>
    public StoreFormat LedBy(LeadRequest request)
    {
        int minReader = Math.Max(IsImporting ? LowestReader : MinReader, request.MinReader);
        return new StoreFormat(Math.Max(Math.Max(Format, Known), minReader), minReader);
    }

    /// <summary>Why this release must not read it; null: it may.</summary>
    public string? Refusal() =>
        IsImporting
            ? "an import into it is under way or was interrupted, so a part of the cluster may be all that is there: run the import " +
              "again, which begins anew"
        : MinReader < 1 || Format < MinReader ? $"format {Format} with min_reader {MinReader} makes no sense"
        : MinReader > Known
            ? $"format {Format} is for releases that know format {MinReader} or later (min_reader {MinReader}); this library " +
              $"knows {Known}: use the release that wrote it, or a later one"
        : null;

    /// <summary>Nothing is read of what might be misread.</summary>
    /// <exception cref="SessionException">StoreFailed, naming both numbers.</exception>
    public void RequireReadable(string where)
    {
        if (Refusal() is { } refusal)
        {
            throw new SessionException(SessionStatus.StoreFailed, $"{where}: {refusal}");
        }
    }
}

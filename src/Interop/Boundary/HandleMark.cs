namespace Interop.Sessions.Boundary;

/// <summary>Of handles that say, when they are stale, that what they named is over; the one kind is not taken for the other.</summary>
internal enum HandleMark
{
    Registration = 1,
    Operation = 2,
}

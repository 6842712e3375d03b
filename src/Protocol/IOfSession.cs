namespace Interop.Sessions.Protocol.V1;

/// <summary>A request of whoever holds a session.</summary>
public interface IOfSession
{
    /// <summary>The session; null: the request names none.</summary>
    SessionKey Session { get; }
}

/// <content/>
public sealed partial class CloseSessionRequest : IOfSession;

/// <content/>
public sealed partial class SetItemRequest : IOfSession;

/// <content/>
public sealed partial class RemoveItemRequest : IOfSession;

/// <content/>
public sealed partial class ApplyItemsRequest : IOfSession;

/// <content/>
public sealed partial class GetItemRequest : IOfSession;

/// <content/>
public sealed partial class ListItemsRequest : IOfSession;

/// <content/>
public sealed partial class FindAccessPointRequest : IOfSession;

/// <content/>
public sealed partial class ReleaseAccessPointRequest : IOfSession;

/// <content/>
public sealed partial class ReportDataRequest : IOfSession;

/// <content/>
public sealed partial class ListSessionsRequest : IOfSession;

/// <content/>
public sealed partial class FindSessionRequest : IOfSession;

/// <content/>
public sealed partial class ListSessionItemsRequest : IOfSession;

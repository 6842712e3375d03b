using System;
using System.Collections.Generic;
using Interop.Sessions.Master;

namespace Interop.Sessions.Tests.Support.Stores;

/// <summary>A master, as far as its store knows of it. To dispose of it leaves nothing open, whatever became of it.</summary>
public interface IStoreMaster : IDisposable
{
    /// <summary>Wins the leadership, where masters are elected, and begins it on the store.</summary>
    StoreSnapshot Lead(LeadRequest request);

    /// <summary>As the store's own.</summary>
    void Commit(IReadOnlyList<StoreChange> changes, ulong revision);

    /// <summary>Ends its leadership as it should be ended: the next one may lead at once.</summary>
    void Leave();
}

using Interop.Sessions.Master;
using Interop.Sessions.Master.Store.Etcd;
using Xunit;

namespace Interop.Sessions.Etcd.Tests.Store;

/// <summary>How much one transaction does, whatever few operations it is.</summary>
public sealed class EtcdTransactionTests
{
    private readonly EtcdTransaction _transaction = new(new EtcdKeys("/test"), new EtcdLimits());

    [Fact]
    public void It_deletes_no_more_assignments_than_etcd_does_in_a_moment()
    {
        const int Each = Limits.EtcdAssignmentsPerTransaction / 4;
        for (ulong session = 1; session <= 4; session++)
        {
            Assert.True(_transaction.TryAdd(new StoreChange.RemoveSession(session, 1) { Assignments = Each }));
        }

        Assert.False(_transaction.TryAdd(new StoreChange.RemoveSession(5, 1) { Assignments = 1 }));
        Assert.True(_transaction.TryAdd(new StoreChange.RemoveSession(6, 1)));
    }

    [Fact]
    public void It_takes_one_change_whatever_it_is()
    {
        Assert.True(_transaction.TryAdd(
            new StoreChange.RemoveSession(1, 1) { Assignments = 2 * Limits.EtcdAssignmentsPerTransaction }));
        Assert.False(_transaction.TryAdd(new StoreChange.RemoveSession(2, 1) { Assignments = 1 }));
    }
}

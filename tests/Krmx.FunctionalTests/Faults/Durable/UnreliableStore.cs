using Krmx.Storage;

namespace Krmx.FunctionalTests.Faults.Durable;

/// <summary>A store that is away when a test says so.</summary>
/// <param name="store">The store that there is otherwise.</param>
internal sealed class UnreliableStore(IRoomStore store) : DelegatingStore(store)
{
    /// <summary>Whether it does nothing of what it is asked.</summary>
    public volatile bool IsAway;

    protected override IRoomStore Store => IsAway ? throw new RoomStoreException("The store is away.") : base.Store;
}

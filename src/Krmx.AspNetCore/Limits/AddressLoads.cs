using System.Runtime.InteropServices;

namespace Krmx.Limits;

/// <summary>What the connections of each address take of an endpoint; an address that takes nothing is not kept. Safe from any thread.</summary>
internal sealed class AddressLoads(KrmxConnectionOptions options)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<NetworkAddress, Load> _loads = [];

    /// <summary>How many addresses take anything.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
                return _loads.Count;
        }
    }

    /// <summary>Counts an unlinked connection that comes, where there may be another.</summary>
    public bool TryAddUnlinked(NetworkAddress address) => TryChange(address, load =>
    {
        if (load.Unlinked >= options.MaxUnlinkedPerAddress && options.MaxUnlinkedPerAddress > 0)
            return false;
        load.Unlinked++;
        return true;
    });

    /// <summary>Counts a connection that became unlinked, however many there may be; or, with -1, one that is not any more.</summary>
    public void AddUnlinked(NetworkAddress address, int count) => TryChange(address, load =>
    {
        load.Unlinked += count;
        return true;
    });

    /// <summary>Counts a connection into a room, where there may be a connection of the address in another.</summary>
    public bool TryEnterRoom(NetworkAddress address, string room) => TryChange(address, load =>
    {
        if (load.Rooms.Count >= options.MaxRoomsPerAddress && options.MaxRoomsPerAddress > 0 && !load.Rooms.ContainsKey(room))
            return false;
        CollectionsMarshal.GetValueRefOrAddDefault(load.Rooms, room, out _)++;
        return true;
    });

    /// <summary>Counts a connection out of a room.</summary>
    public void LeaveRoom(NetworkAddress address, string room) => TryChange(address, load =>
    {
        if (--CollectionsMarshal.GetValueRefOrNullRef(load.Rooms, room) == 0)
            load.Rooms.Remove(room);
        return true;
    });

    private bool TryChange(NetworkAddress address, Func<Load, bool> change)
    {
        lock (_gate)
        {
            if (!_loads.TryGetValue(address, out Load? load))
                _loads.Add(address, load = new Load());
            bool isDone = change(load);
            if (load.Unlinked == 0 && load.Rooms.Count == 0)
                _loads.Remove(address);
            return isDone;
        }
    }

    private sealed class Load
    {
        public int Unlinked { get; set; }

        /// <summary>How many connections are in each room that there are any in.</summary>
        public Dictionary<string, int> Rooms { get; } = new(StringComparer.Ordinal);
    }
}

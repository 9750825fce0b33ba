namespace Krmx.Limits;

/// <summary>A connection's place in the counts of its endpoint, from the handshake until nothing of it is left; it is unlinked at first.</summary>
/// <remarks>For one thread at a time: the request's until its room knows of the connection, then the room's turns.</remarks>
internal sealed class Admission(EndpointLoad load, NetworkAddress? address)
{
    private bool _isLinked;
    private string? _room;

    /// <summary>Counts the connection into a room, where its address may have connections in another.</summary>
    public bool TryEnterRoom(string name)
    {
        if (address is NetworkAddress known && load.Addresses is AddressLoads addresses)
        {
            if (!addresses.TryEnterRoom(known, name))
                return false;
            _room = name;
        }
        return true;
    }

    /// <summary>The connection has been linked.</summary>
    public void Linked()
    {
        _isLinked = true;
        load.AddUnlinked(address, -1);
    }

    /// <summary>The connection is not linked any more.</summary>
    public void Unlinked()
    {
        _isLinked = false;
        load.AddUnlinked(address, 1);
    }

    /// <summary>Counts the connection out; called once.</summary>
    public void Leave()
    {
        if (_room is not null)
            load.Addresses!.LeaveRoom(address!.Value, _room);
        if (!_isLinked)
            load.AddUnlinked(address, -1);
        load.Leave();
    }
}

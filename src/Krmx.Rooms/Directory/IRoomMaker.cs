namespace Krmx.Rooms;

/// <summary>Makes and ends the rooms of a directory.</summary>
internal interface IRoomMaker<TRoom>
    where TRoom : class
{
    /// <summary>Makes a room that can be entered; takes as long as what the application loads for it.</summary>
    /// <param name="name">Its name.</param>
    /// <returns>Fails as the application's code did; nothing of the room is left then.</returns>
    Task<TRoom> MakeAsync(string name);

    /// <summary>Whether a room is worth keeping when nobody is in it any more: somebody has been linked in it.</summary>
    bool IsWorthKeeping(TRoom room);

    /// <summary>Whether a room goes on by itself; one that does not is ended before anybody is let in.</summary>
    bool IsAlive(TRoom room);

    /// <summary>Ends a room.</summary>
    /// <param name="room">The room.</param>
    /// <param name="code">What connections are told that are still there.</param>
    /// <returns>Completes when nothing of it is left; never fails.</returns>
    Task EndAsync(TRoom room, CloseCode code);
}

using System.Runtime.CompilerServices;
using Krmx.Rooms;

namespace Krmx.Storage;

/// <summary>Reads rooms again whose history is kept (<see cref="KrmxStorageOptions.History"/>), open or not, without opening them.</summary>
/// <param name="store">Where they are.</param>
public sealed class RoomHistoryReader(IRoomStore store)
{
    private const int TurnsAtOnce = 256;

    /// <summary>Reads what a user was sent, turn by turn.</summary>
    /// <remarks>
    /// Exactly what went to the user's connections, and so nothing that others were sent. What may be lost is not kept. A turn is kept before what it sends leaves, so
    /// of the last ones before a crash it may be that they never left.
    /// </remarks>
    /// <param name="room">The room.</param>
    /// <param name="username">The user.</param>
    /// <param name="upTo">The number of the last turn to read. Default: the last one there is.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>The turns in which the user was sent something.</returns>
    /// <exception cref="KrmxException">There is no such room, its history was not kept from the beginning, or it is damaged.</exception>
    public IAsyncEnumerable<ReplayedTurn> ReadAsync(
        RoomKey room, string username, long upTo = long.MaxValue, CancellationToken cancellationToken = default) =>
        ReadAsync(room, username, upTo, interval: null, cancellationToken);

    /// <summary>Reads what a user was sent, turn by turn, and goes on as the room does.</summary>
    /// <param name="room">The room.</param>
    /// <param name="username">The user.</param>
    /// <param name="interval">How long it waits between two looks at the store. At least 1 ms.</param>
    /// <param name="cancellationToken">Ends it, which nothing else does.</param>
    /// <returns>The turns in which the user was sent something.</returns>
    /// <exception cref="KrmxException">There is no such room, its history was not kept from the beginning, or it is damaged.</exception>
    public IAsyncEnumerable<ReplayedTurn> FollowAsync(RoomKey room, string username, TimeSpan interval, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(interval, TimeSpan.FromMilliseconds(1));
        return ReadAsync(room, username, long.MaxValue, interval, cancellationToken);
    }

    private async IAsyncEnumerable<ReplayedTurn> ReadAsync(
        RoomKey room, string username, long upTo, TimeSpan? interval, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(username);
        var replay = new RoomReplay(username);
        await foreach (StoredTurn turn in ReadTurnsAsync(room, upTo, interval, cancellationToken).ConfigureAwait(false))
        {
            IReadOnlyList<ReadOnlyMemory<byte>> frames = replay.Read(TurnEnvelope.Open(room, turn).Content);
            if (frames.Count > 0)
                yield return new ReplayedTurn { Number = turn.Number, Frames = frames };
        }
    }

    /// <summary>Reads how a room was after a turn, as the server saw it.</summary>
    /// <param name="room">The room.</param>
    /// <param name="number">The number of the turn; one beyond the last is the last.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="KrmxException">There is no such room, its history was not kept from the beginning, or it is damaged.</exception>
    public async Task<RoomReplay> ReadStateAsync(RoomKey room, long number = long.MaxValue, CancellationToken cancellationToken = default)
    {
        var replay = new RoomReplay(username: null);
        await foreach (StoredTurn turn in ReadTurnsAsync(room, number, interval: null, cancellationToken).ConfigureAwait(false))
            replay.Read(TurnEnvelope.Open(room, turn).Content);
        return replay;
    }

    private async IAsyncEnumerable<StoredTurn> ReadTurnsAsync(
        RoomKey room, long upTo, TimeSpan? interval, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        long last = 0;
        while (last < upTo)
        {
            IReadOnlyList<StoredTurn> turns = await store.ReadTurnsAsync(room, last, TurnsAtOnce, cancellationToken).ConfigureAwait(false);
            if (turns.Count == 0 && last == 0)
                throw new KrmxException($"there is no history of the room {room}: no such room is stored, or nothing of it is kept but what it needs to go on. Set Storage.History");
            foreach (StoredTurn turn in turns)
            {
                if (turn.Number != last + 1)
                {
                    throw new KrmxException(last == 0
                        ? $"the history of the room {room} begins with turn {turn.Number}: it was not kept before, and cannot be read without what was then"
                        : $"turn {last + 1} of the room {room} is missing in the store");
                }
                last = turn.Number;
                if (last > upTo)
                    yield break;
                yield return turn;
            }
            if (turns.Count > 0)
                continue;
            if (interval is not TimeSpan wait)
                yield break;
            await Task.Delay(wait, cancellationToken).ConfigureAwait(false);
        }
    }
}

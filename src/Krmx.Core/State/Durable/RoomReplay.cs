using System.Text.Json;
using Krmx.State;

namespace Krmx.Rooms;

/// <summary>Reads the turns of a room again, in order: what one user was sent, and how everything was after each.</summary>
/// <remarks>A user is shown what was sent to its connections, and so nothing that was not its own to know. The states are what the server sees.</remarks>
/// <param name="username">The user; null where nobody's frames are wanted.</param>
public sealed class RoomReplay(string? username)
{
    private readonly Dictionary<string, Seat> _seats = new(StringComparer.Ordinal);

    // What went to connections that have no seat yet: it may be the beginning of what its user was sent.
    private readonly Dictionary<string, List<ReadOnlyMemory<byte>>> _unseated = new(StringComparer.Ordinal);
    private readonly Dictionary<string, JsonTree> _states = new(StringComparer.Ordinal);
    private readonly List<string> _users = [];

    /// <summary>The users, in the order they joined, after the turn that was read last.</summary>
    public IReadOnlyList<string> Users => _users;

    /// <summary>
    /// What the room kept after the turn that was read last, as JSON by what it is, such as <c>value 'round'</c>, <c>projection 'board'</c> or <c>atoms</c>. Of a
    /// stream, its events.
    /// </summary>
    public IReadOnlyDictionary<string, JsonTree> States => _states;

    /// <summary>Reads a turn.</summary>
    /// <param name="turn">What it has written.</param>
    /// <returns>The frames that the user was sent, in order.</returns>
    /// <exception cref="JsonException">It is not what a room writes.</exception>
    public IReadOnlyList<ReadOnlyMemory<byte>> Read(ReadOnlyMemory<byte> turn)
    {
        var frames = new List<ReadOnlyMemory<byte>>();
        foreach (RoomChange change in RoomChange.ReadAll(turn))
        {
            switch (change.Kind)
            {
                case RoomHistory.SeatsGone:
                    _seats.Clear();
                    _unseated.Clear();
                    break;
                case RoomHistory.Sent:
                    ReadSent(change, frames);
                    break;
                case RoomChange.Joined:
                    _users.Add(change.Text(0));
                    break;
                case RoomChange.Left:
                    _users.Remove(change.Text(0));
                    break;
                case RoomChange.Part:
                    ReadPart(change.Text(0), change.Raw(1));
                    break;
            }
        }
        return frames;
    }

    private void ReadSent(in RoomChange sent, List<ReadOnlyMemory<byte>> frames)
    {
        switch (sent.Text(0))
        {
            case RoomHistory.To:
                for (int i = 2; i < sent.Count; i++)
                    Take(sent.Text(1), sent.Raw(i), frames);
                break;
            case RoomHistory.Some:
                for (int i = 2; i < sent.Count; i++)
                    Take(sent.Text(i), sent.Raw(1), frames);
                break;
            case RoomHistory.All:
                var audience = (RoomAudience)sent.Number(1);
                if (_seats.Values.Any(seat => seat.IsOwn && (audience == RoomAudience.Everybody || audience == seat.Audience)))
                    frames.Add(sent.Raw(2));
                break;
            case RoomHistory.Except:
                string except = sent.Text(1);
                if (_seats.Any(seat => seat.Value.IsOwn && seat.Key != except))
                    frames.Add(sent.Raw(2));
                break;
            case RoomHistory.Seat:
                bool isOwn = sent.Text(3) == username;
                _seats[sent.Text(1)] = new Seat(isOwn, (RoomAudience)sent.Number(2));
                if (_unseated.Remove(sent.Text(1), out List<ReadOnlyMemory<byte>>? before) && isOwn)
                    frames.AddRange(before);
                break;
            case RoomHistory.Unseat:
                // What follows, that it has left say, is its user's still.
                if (_seats.TryGetValue(sent.Text(1), out Seat seat))
                    _seats[sent.Text(1)] = seat with { Audience = null };
                break;
        }
    }

    private void Take(string connection, ReadOnlyMemory<byte> frame, List<ReadOnlyMemory<byte>> frames)
    {
        // Somebody's link begins with this, and has its seat only behind what a newcomer is told.
        if (frame.Span.StartsWith("{\"type\":\"krmx/accepted\""u8))
            _seats.Remove(connection);
        if (_seats.TryGetValue(connection, out Seat seat))
        {
            if (seat.IsOwner)
                frames.Add(frame);
            return;
        }
        if (!_unseated.TryGetValue(connection, out List<ReadOnlyMemory<byte>>? before))
            _unseated.Add(connection, before = []);
        before.Add(frame);
    }

    private void ReadPart(string name, ReadOnlyMemory<byte> change)
    {
        JsonTree written = JsonTree.Parse(change.Span, JsonTree.MaxDepth);
        bool isKnown = _states.TryGetValue(name, out JsonTree? state);
        if (written.Kind == JsonValueKind.Null)
            _states.Remove(name);
        else if (written is JsonMembers && (isKnown || !StateChange.IsDelta(written)))
            _states[name] = StateChange.Apply(state ?? JsonTree.Null, written);
        else if (name == "atoms" && written is JsonItems atom)
            _states[name] = WithAtom(state, atom);
        else if (name.StartsWith("stream ", StringComparison.Ordinal))
            _states[name] = written is JsonItems events ? new JsonItems([.. (state as JsonItems)?.Items ?? [], .. events.Items]) : new JsonItems([]);
    }

    private static JsonMembers WithAtom(JsonTree? atoms, JsonItems atom)
    {
        string key = atom.Items[0].Text!;
        IEnumerable<KeyValuePair<string, JsonTree>> others = ((atoms as JsonMembers)?.Members ?? []).Where(member => member.Key != key);
        return JsonMembers.Create([.. others, .. atom.Items.Skip(1).Select(value => new KeyValuePair<string, JsonTree>(key, value))]);
    }

    /// <summary>A connection that was linked.</summary>
    /// <param name="IsOwner">Whether it was linked to the user last.</param>
    /// <param name="Audience">Whose broadcasts go to it; null where it is not linked any more.</param>
    private readonly record struct Seat(bool IsOwner, RoomAudience? Audience)
    {
        public bool IsOwn => IsOwner && Audience is not null;
    }
}

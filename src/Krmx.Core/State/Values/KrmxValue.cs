using System.Text.Json;
using Krmx.Rooms;

namespace Krmx.State;

/// <summary>A value of a room that only the server sees; in a durable room it is stored with the turn that changes it, and outlives the process.</summary>
/// <typeparam name="T">An immutable type: what is changed within a value is not seen.</typeparam>
/// <remarks>Belongs to the room's turns, as the room does.</remarks>
public sealed class KrmxValue<T> : IRoomPart
{
    private readonly KrmxRoomCore _room;
    private readonly DurableState<T>? _durable; // null where the room is not durable
    private T _value;

    internal KrmxValue(KrmxRoomCore room, string name, T initial, ValueOptions options)
    {
        _room = room;
        Name = name;
        _value = initial;
        IReadOnlyList<ReadOnlyMemory<byte>>? changes = room.Claim(this);
        if (!room.IsDurable)
            return;
        _durable = new DurableState<T>(PartName, options.Json ?? room.Json, changes, () => initial, options.Upgrade);
        _value = _durable.State;
    }

    /// <summary>Its name in the room.</summary>
    public string Name { get; }

    /// <summary>The value.</summary>
    /// <exception cref="InvalidOperationException">Used outside the room's turns.</exception>
    /// <exception cref="JsonException">Of a durable room, when it is set: it cannot be written as JSON. It stays as it was then.</exception>
    public T Value
    {
        get
        {
            _room.VerifyUse();
            return _value;
        }
        set
        {
            _room.VerifyUse();
            bool hasChanged = _durable is not null && _durable.Set(value);
            _value = value;
            if (hasChanged)
                _room.Changed(this);
        }
    }

    string IRoomPart.Name => PartName;

    private string PartName => $"value '{Name}'";

    /// <summary>Sets the value to what follows from it.</summary>
    /// <param name="change">Given the value, returns the next one; what it throws comes out here, and nothing has changed then.</param>
    /// <returns>The value.</returns>
    public T Update(Func<T, T> change)
    {
        ArgumentNullException.ThrowIfNull(change);
        return Value = change(Value);
    }

    /// <summary>The value as text.</summary>
    public override string ToString() => $"{Name}: {_value}";

    void IRoomPart.WriteChanges(RoomRecorder recorder) => _durable!.WriteChanges(recorder);

    void IRoomPart.WriteWhole(RoomRecorder recorder) => _durable!.WriteWhole(recorder);
}

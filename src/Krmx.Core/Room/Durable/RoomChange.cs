using System.Text.Json;
using Krmx.Protocol;

namespace Krmx.Rooms;

/// <summary>One change of what a durable room keeps, as it is written down: an array of its kind and of what it needs.</summary>
internal readonly struct RoomChange
{
    public const string Accepts = "accepts";
    public const string Joined = "joined";
    public const string Meta = "meta";
    public const string Linked = "linked";
    public const string Unlinked = "unlinked";
    public const string Left = "left";
    public const string Pending = "pending";
    public const string SessionBegun = "session";
    public const string SessionResumed = "resumed";
    public const string SessionReady = "ready";
    public const string SessionReader = "reader";
    public const string SessionEnded = "ended";
    public const string SessionsForgotten = "forgotten";
    public const string Received = "received";
    public const string Confirmed = "confirmed";
    public const string Journal = "journal";
    public const string KeptEntry = "kept";
    public const string EntryForAll = "all";
    public const string EntryExcept = "except";
    public const string EntryOnly = "only";
    public const string AlarmSet = "alarm";
    public const string AlarmGone = "no alarm";
    public const string Asked = "asked";
    public const string Answered = "answered";
    public const string Part = "part";

    private readonly List<ReadOnlyMemory<byte>> _values;

    private RoomChange(string kind, List<ReadOnlyMemory<byte>> values)
    {
        Kind = kind;
        _values = values;
    }

    public string Kind { get; }

    /// <summary>How many values there are behind the kind.</summary>
    public int Count => _values.Count;

    /// <summary>Reads what one turn, or a snapshot, has written.</summary>
    /// <exception cref="JsonException">It is not what a room writes.</exception>
    public static List<RoomChange> ReadAll(ReadOnlyMemory<byte> turn)
    {
        var changes = new List<RoomChange>();
        var reader = new Utf8JsonReader(turn.Span, FrameReader.AnyDepth);
        Demand(reader.Read() && reader.TokenType == JsonTokenType.StartArray);
        while (reader.Read() && reader.TokenType == JsonTokenType.StartArray)
        {
            Demand(reader.Read() && reader.TokenType == JsonTokenType.String);
            string kind = reader.GetString()!;
            var values = new List<ReadOnlyMemory<byte>>();
            while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            {
                int start = (int)reader.TokenStartIndex;
                reader.Skip();
                values.Add(turn[start..(int)reader.BytesConsumed]);
            }
            changes.Add(new RoomChange(kind, values));
        }
        Demand(reader.TokenType == JsonTokenType.EndArray);
        return changes;
    }

    /// <summary>A value as it was written.</summary>
    public ReadOnlyMemory<byte> Raw(int index) => _values[index];

    public string Text(int index) => Read(index).GetString()!;

    public long Number(int index) => Read(index).GetInt64();

    public bool Truth(int index) => Read(index).GetBoolean();

    /// <summary>All values from one on, as numbers.</summary>
    public long[] Numbers(int from)
    {
        long[] numbers = new long[Count - from];
        for (int i = 0; i < numbers.Length; i++)
            numbers[i] = Number(from + i);
        return numbers;
    }

    private Utf8JsonReader Read(int index)
    {
        var reader = new Utf8JsonReader(_values[index].Span);
        reader.Read();
        return reader;
    }

    private static void Demand(bool condition)
    {
        if (!condition)
            throw new JsonException("It is no array of changes.");
    }
}

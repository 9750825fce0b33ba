namespace Krmx.Sqlite;

/// <summary>A value for a statement's parameter.</summary>
internal readonly struct SqlValue
{
    private SqlValue(SqlKind kind, long number = 0, string? text = null, ReadOnlyMemory<byte> bytes = default)
    {
        Kind = kind;
        Number = number;
        Text = text;
        Bytes = bytes;
    }

    public enum SqlKind
    {
        Null,
        Number,
        Text,
        Bytes,
    }

    public SqlKind Kind { get; }

    public long Number { get; }

    public string? Text { get; }

    public ReadOnlyMemory<byte> Bytes { get; }

    public static implicit operator SqlValue(long number) => new(SqlKind.Number, number);

    public static implicit operator SqlValue(bool value) => new(SqlKind.Number, value ? 1 : 0);

    public static implicit operator SqlValue(string text) => new(SqlKind.Text, text: text);

    public static implicit operator SqlValue(ReadOnlyMemory<byte> bytes) => new(SqlKind.Bytes, bytes: bytes);

    // To the tick, and in an order that is the numbers' own.
    public static implicit operator SqlValue(DateTimeOffset time) => new(SqlKind.Number, time.UtcTicks);

    public static implicit operator SqlValue(DateTimeOffset? time) => time is DateTimeOffset given ? given : new SqlValue();
}
